// What differs between two trees of a repository, proved: folders are read only where their names differ, and each is hashed.
import type { Reading, TreeEntry } from "../github/reading.ts";
import type { RepoId, Sha } from "../ids.ts";
import { isFolder, type TreeChild, treeSha } from "../patches/git-objects.ts";
import { err, ok, type Result } from "../result.ts";
import type { Change, Changes, Entry } from "./changes.ts";

/** Ours: a pull request that touches more folders or paths is judged by nobody. */
const MOST_FOLDERS = 1_000;
const MOST_PATHS = 3_000;

export type TreesPort = Pick<Reading, "folder">;

/** Why two trees cannot be compared whole. */
export type NotWhole = "truncated" | "other_tree" | "too_large";

type Folder = ReadonlyMap<string, TreeChild>;
type Pair = Readonly<{ path: string; before: Sha | null; after: Sha | null }>;

const childOf = ({ path, mode, sha }: TreeEntry): TreeChild => ({ name: path, mode: mode.replace(/^0+/, ""), sha });

const read = async (port: TreesPort, repo: RepoId, tree: Sha | null): Promise<Result<Folder, NotWhole>> => {
  if (tree === null) return ok(new Map());
  const { items, complete } = await port.folder(repo, tree);
  if (!complete) return err("truncated");
  const children = items.map(childOf);
  // A listing that gives the tree's own name has neither lost nor gained a line, whoever sent it.
  if (treeSha(children) !== tree) return err("other_tree");
  return ok(new Map(children.map((child) => [child.name, child])));
};

const leaf = (child: TreeChild | undefined): Entry | null =>
  child === undefined || isFolder(child) ? null : { mode: child.mode, sha: child.sha };
const folder = (child: TreeChild | undefined): Sha | null =>
  child === undefined || !isFolder(child) ? null : child.sha;

/** Throws GitHubError. */
export async function compareTrees(
  port: TreesPort,
  repo: RepoId,
  before: Sha,
  after: Sha,
): Promise<Result<Changes, NotWhole>> {
  const changes = new Map<string, Change>();
  const waiting: Pair[] = before === after ? [] : [{ path: "", before, after }];
  let folders = 0;
  for (const pair of waiting) {
    folders += Number(pair.before !== null) + Number(pair.after !== null);
    if (folders > MOST_FOLDERS) return err("too_large");
    const [old, now] = [await read(port, repo, pair.before), await read(port, repo, pair.after)];
    if (!old.ok) return old;
    if (!now.ok) return now;
    for (const name of new Set([...old.value.keys(), ...now.value.keys()])) {
      const [was, is] = [old.value.get(name), now.value.get(name)];
      if (was?.sha === is?.sha && was?.mode === is?.mode) continue;
      const path = pair.path === "" ? name : `${pair.path}/${name}`;
      if (leaf(was) !== null || leaf(is) !== null) changes.set(path, { before: leaf(was), after: leaf(is) });
      if (folder(was) !== null || folder(is) !== null) waiting.push({ path, before: folder(was), after: folder(is) });
      if (changes.size > MOST_PATHS) return err("too_large");
    }
  }
  return ok(changes);
}
