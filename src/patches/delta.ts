// What changed from one version of a patch set to the next: the content that each would leave, compared path by path. Pure.
import { renderDiff } from "./diff.ts";
import type { FileChange, PatchSetContent } from "./patch-set.ts";

export type DeltaFile = Readonly<{
  path: string;
  /** `added` and `dropped`: only one of the two versions touches it. */
  how: "different" | "added" | "dropped" | "same";
  /** From what the one leaves to what the other leaves; empty unless different. */
  diff: string;
}>;

const TEXTS = {
  commitHeadline: "first line of the commit message",
  commitBody: "rest of the commit message",
  pullTitle: "title of the pull request",
  pullBody: "text of the pull request",
} as const;

export type Delta = Readonly<{
  /**
   * `other_base`: what others changed in between is among the differences. `on_top`: the newer one stands on what was written
   * before it, so nothing of the older one is taken back by being left out.
   */
  stands: "same_base" | "other_base" | "on_top";
  files: readonly DeltaFile[];
  /** Texts that differ, by the words for them. */
  texts: readonly string[];
}>;

type Left = Readonly<{ blob: FileChange["newBlob"]; mode: FileChange["newMode"]; text: string | null }>;

/** What the repository has at each path that a version touches; the old path of a rename is left empty. */
const leftBy = ({ changes }: PatchSetContent): ReadonlyMap<string, Left> => {
  const left = new Map<string, Left>();
  for (const { previousPath } of changes)
    if (previousPath !== null) left.set(previousPath, { blob: null, mode: null, text: null });
  for (const { path, newBlob, newMode, after } of changes)
    left.set(path, { blob: newBlob, mode: newMode, text: after });
  return left;
};

const kindOf = (was: Left, now: Left): FileChange["kind"] => {
  if (was.text === null) return "create";
  return now.text === null ? "delete" : "modify";
};

const between = (path: string, was: Left, now: Left): string =>
  renderDiff({
    kind: kindOf(was, now),
    path,
    previousPath: null,
    oldBlob: was.blob,
    newBlob: now.blob,
    oldMode: was.mode,
    newMode: now.mode,
    before: was.text,
    after: now.text,
    additions: 0,
    deletions: 0,
    tasks: [],
  });

const compared = (path: string, was: Left | undefined, now: Left | undefined): DeltaFile => {
  if (was === undefined) return { path, how: "added", diff: "" };
  if (now === undefined) return { path, how: "dropped", diff: "" };
  const same = was.blob === now.blob && was.mode === now.mode;
  return same ? { path, how: "same", diff: "" } : { path, how: "different", diff: between(path, was, now) };
};

const standing = (was: PatchSetContent, now: PatchSetContent): Delta["stands"] => {
  if (was.parentSha === now.parentSha) return "same_base";
  return now.parentSha === now.baseSha ? "other_base" : "on_top";
};

/** Paths in the order of the newer version, then those that only the older one touches. */
export const deltaBetween = (was: PatchSetContent, now: PatchSetContent): Delta => {
  const [before, after] = [leftBy(was), leftBy(now)];
  const paths = [...new Set([...after.keys(), ...before.keys()])];
  return {
    stands: standing(was, now),
    files: paths.map((path) => compared(path, before.get(path), after.get(path))),
    texts: (["commitHeadline", "commitBody", "pullTitle", "pullBody"] as const)
      .filter((key) => was[key] !== now[key])
      .map((key) => TEXTS[key]),
  };
};
