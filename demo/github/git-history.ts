// What follows from git's graph: ancestry, merge bases, changed files, three-way merges. Reads objects, moves no ref.
import { structuredPatch } from "diff";
import type { CommitFacts, FileEntry, GitObjects } from "./git-objects.ts";

export type FileChange = Readonly<{
  filename: string;
  status: "added" | "removed" | "modified" | "renamed";
  previous_filename?: string;
  sha: string | null;
  additions: number;
  deletions: number;
  changes: number;
  patch?: string;
}>;

/** The commit and everything before it, nearest first. */
export const ancestors = (git: GitObjects, from: string): Set<string> => {
  const seen = new Set<string>([from]);
  for (const sha of seen) for (const parent of git.commit(sha)?.parents ?? []) seen.add(parent);
  return seen;
};

export const isAncestor = (git: GitObjects, older: string, newer: string): boolean => ancestors(git, newer).has(older);

export const mergeBase = (git: GitObjects, one: string, other: string): string | null => {
  const known = ancestors(git, one);
  for (const sha of ancestors(git, other)) if (known.has(sha)) return sha;
  return null;
};

/** Commits that `head` has and `base` has not, oldest first. */
export const commitsBetween = (git: GitObjects, base: string, head: string): string[] => {
  const known = ancestors(git, base);
  return [...ancestors(git, head)].filter((sha) => !known.has(sha)).reverse();
};

const filesOf = (git: GitObjects, commit: string | null): Map<string, FileEntry> => {
  const tree = commit === null ? undefined : git.commit(commit)?.tree;
  return tree === undefined ? new Map() : git.files(tree);
};

/** As git simplifies history: a merge that took a path from one of its sides as it was does not count for it. */
export const changesPath = (git: GitObjects, sha: string, path: string): boolean => {
  const at = (commit: string | null) => {
    const entry = filesOf(git, commit).get(path);
    return entry === undefined ? "" : `${entry.mode} ${entry.sha}`;
  };
  const parents = git.commit(sha)?.parents ?? [];
  return (parents.length === 0 ? [null] : parents).every((parent) => at(parent) !== at(sha));
};

const textOf = (git: GitObjects, entry: FileEntry | undefined): string | null => {
  if (entry === undefined) return "";
  const bytes = git.blob(entry.sha);
  return bytes === null || bytes.includes(0) ? null : bytes.toString("utf8");
};

/** Where a hunk stands, as git writes it: a count of one is left out, an empty side starts one line earlier. */
const span = (start: number, lines: number): string =>
  lines === 1 ? String(start) : lines === 0 ? `${start - 1},0` : `${start},${lines}`;

const linesOf = (
  git: GitObjects,
  before: FileEntry | undefined,
  after: FileEntry | undefined,
): Pick<FileChange, "additions" | "deletions" | "changes" | "patch"> => {
  const [old, now] = [textOf(git, before), textOf(git, after)];
  if (old === null || now === null) return { additions: 0, deletions: 0, changes: 0 };
  const hunks = structuredPatch("a", "b", old, now, undefined, undefined, { context: 3 }).hunks;
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const additions = lines.filter((line) => line.startsWith("+")).length;
  const deletions = lines.filter((line) => line.startsWith("-")).length;
  const patch = hunks
    .map((h) => `@@ -${span(h.oldStart, h.oldLines)} +${span(h.newStart, h.newLines)} @@\n${h.lines.join("\n")}`)
    .join("\n");
  return { additions, deletions, changes: additions + deletions, ...(patch === "" ? {} : { patch }) };
};

/** The files that differ between two commits, as GitHub lists them; `null` stands for the empty tree. */
export const changedFiles = (git: GitObjects, before: string | null, after: string): FileChange[] => {
  const [old, now] = [filesOf(git, before), filesOf(git, after)];
  const removed = [...old].filter(([path]) => !now.has(path));
  const changes: FileChange[] = [];
  const renamedFrom = new Set<string>();
  for (const [filename, entry] of now) {
    const was = old.get(filename);
    if (was?.sha === entry.sha && was.mode === entry.mode) continue;
    const source =
      was === undefined ? removed.find(([path, gone]) => gone.sha === entry.sha && !renamedFrom.has(path)) : undefined;
    if (source !== undefined) {
      renamedFrom.add(source[0]);
      const none = { additions: 0, deletions: 0, changes: 0 };
      changes.push({ filename, previous_filename: source[0], status: "renamed", sha: entry.sha, ...none });
      continue;
    }
    const status = was === undefined ? "added" : "modified";
    changes.push({ filename, status, sha: entry.sha, ...linesOf(git, was, entry) });
  }
  for (const [filename, entry] of removed) {
    if (!renamedFrom.has(filename))
      changes.push({ filename, status: "removed", sha: entry.sha, ...linesOf(git, entry, undefined) });
  }
  return changes.sort((a, b) => (a.filename < b.filename ? -1 : 1));
};

/** Puts what changed from `from` to `theirs` onto `ours`, whole file by whole file; null when both changed the same one. */
const threeWay = (git: GitObjects, from: string | null, ours: string, theirs: string): string | null => {
  const [old, mine, their] = [filesOf(git, from), filesOf(git, ours), filesOf(git, theirs)];
  const same = (a: FileEntry | undefined, b: FileEntry | undefined) => a?.sha === b?.sha && a?.mode === b?.mode;
  for (const path of new Set([...old.keys(), ...their.keys()])) {
    const [was, here, there] = [old.get(path), mine.get(path), their.get(path)];
    if (same(was, there) || same(here, there)) continue;
    if (!same(was, here)) return null;
    if (there === undefined) mine.delete(path);
    else mine.set(path, there);
  }
  return git.putFiles(mine);
};

/** The tree of merging `head` into `base`; null where they are in conflict. */
export const mergedTree = (git: GitObjects, base: string, head: string): string | null =>
  threeWay(git, mergeBase(git, base, head), base, head);

/** The tree of one commit's change put onto another commit; null where they are in conflict. */
export const pickedTree = (git: GitObjects, onto: string, commit: string): string | null =>
  threeWay(git, git.commit(commit)?.parents[0] ?? null, onto, commit);

/** Workflow files that a commit brings compared with its first parent: what GitHub refuses to apps without `workflows`. */
export const workflowChanges = (git: GitObjects, sha: string): string[] => {
  const commit: CommitFacts | null = git.commit(sha);
  return changedFiles(git, commit?.parents[0] ?? null, sha)
    .flatMap((change) => [change.filename, change.previous_filename ?? change.filename])
    .filter((path) => path.startsWith(".github/workflows/"));
};
