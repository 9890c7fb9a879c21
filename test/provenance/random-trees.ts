// Random trees of files, and the changes that lead from one to another; folders are made of them as git makes them.
import fc from "fast-check";
import type { TreeEntry } from "../../src/github/reading.ts";
import { RepoId, type Sha } from "../../src/ids.ts";
import { blobSha, treeSha } from "../../src/patches/git-objects.ts";
import type { Changes, Entry } from "../../src/provenance/changes.ts";
import type { TreesPort } from "../../src/provenance/compare-trees.ts";

export const REPO = RepoId.parse(7);

export type Files = ReadonlyMap<string, Entry>;

const name = fc.constantFrom("a", "b", "c.ts", "d.ts");
/** No file lies in another: a path is either. */
const path = fc.oneof(
  name.map((file) => `file-${file}`),
  fc.tuple(name, name).map(([folder, file]) => `dir-${folder}/file-${file}`),
  fc.tuple(name, name, name).map(([one, two, file]) => `dir-${one}/sub-${two}/file-${file}`),
);
const entry: fc.Arbitrary<Entry> = fc.record({
  mode: fc.constantFrom("100644", "100755", "120000", "160000"),
  sha: fc.nat(5).map((text) => blobSha(`content ${text}`)),
});

export const tree: fc.Arbitrary<Files> = fc.array(fc.tuple(path, entry), { maxLength: 12 }).map((all) => new Map(all));

/** Null takes the path away. */
export const edits = fc.array(fc.tuple(path, fc.option(entry)), { minLength: 1, maxLength: 6 });

export const edited = (files: Files, changes: readonly (readonly [string, Entry | null])[]): Files => {
  const next = new Map(files);
  for (const [at, is] of changes) {
    if (is === null) next.delete(at);
    else next.set(at, is);
  }
  return next;
};

/** Told from the lists of all files alone, without any folder. */
export const between = (before: Files, after: Files): Changes => {
  const changes = new Map<string, { before: Entry | null; after: Entry | null }>();
  for (const at of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(at) ?? null, after.get(at) ?? null];
    if (was?.sha !== is?.sha || was?.mode !== is?.mode) changes.set(at, { before: was, after: is });
  }
  return changes;
};

/** A repository's folders by their names; reading one that is not there fails. */
export type Folders = TreesPort &
  Readonly<{ put: (files: Files) => Sha; reads: string[]; kept: Map<Sha, TreeEntry[]> }>;

export const folders = (): Folders => {
  const kept = new Map<Sha, TreeEntry[]>();
  const reads: string[] = [];
  const put = (files: Files): Sha => {
    const here = new Map<string, TreeEntry>();
    const inside = new Map<string, Map<string, Entry>>();
    for (const [at, { mode, sha }] of files) {
      const slash = at.indexOf("/");
      if (slash < 0) {
        here.set(at, { path: at, mode, sha, type: mode === "160000" ? "commit" : "blob", size: null });
        continue;
      }
      const of = inside.get(at.slice(0, slash)) ?? new Map<string, Entry>();
      inside.set(at.slice(0, slash), of.set(at.slice(slash + 1), { mode, sha }));
    }
    // As GitHub writes it, with the leading zero that git does not hash.
    for (const [at, of] of inside) here.set(at, { path: at, mode: "040000", sha: put(of), type: "tree", size: null });
    const entries = [...here.values()];
    const sha = treeSha(
      entries.map(({ path: at, mode, sha: is }) => ({ name: at, mode: mode.replace(/^0/, ""), sha: is })),
    );
    kept.set(sha, entries);
    return sha;
  };
  return {
    put,
    reads,
    kept,
    folder: async (_repo, sha) => {
      reads.push(sha);
      const items = kept.get(sha);
      if (items === undefined) throw new Error(`no folder ${sha}`);
      return { items, complete: true };
    },
  };
};
