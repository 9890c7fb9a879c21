// One repository's git objects, named and encoded as git does it; knows nothing of refs, people or HTTP.
import { createHash } from "node:crypto";

export type ObjectType = "blob" | "tree" | "commit";
export type TreeItem = Readonly<{ mode: string; name: string; sha: string }>;
export type FileEntry = Readonly<{ mode: string; sha: string }>;
export type Signature = Readonly<{ name: string; email: string; at: Date }>;
export type CommitFacts = Readonly<{
  tree: string;
  parents: readonly string[];
  author: Signature;
  committer: Signature;
  message: string;
  signed: boolean;
}>;

export const BLOB_MODES = ["100644", "100755", "120000"] as const;
const TREE_MODE = "040000";
const SUBMODULE_MODE = "160000";

export const objectTypeOf = (mode: string): ObjectType =>
  mode === TREE_MODE ? "tree" : mode === SUBMODULE_MODE ? "commit" : "blob";

/** The name git gives to an object: SHA-1 over type, length and bytes. */
const nameOf = (type: ObjectType, body: Buffer): string =>
  createHash("sha1").update(`${type} ${body.length}\0`).update(body).digest("hex");

const signatureLine = (who: Signature): string =>
  `${who.name} <${who.email}> ${Math.floor(who.at.getTime() / 1000)} +0000`;

/** git orders a folder as though its name ended in a slash. */
const sortKey = (item: TreeItem): Buffer => Buffer.from(item.mode === TREE_MODE ? `${item.name}/` : item.name);

const inOrder = (items: readonly TreeItem[]): TreeItem[] =>
  items.toSorted((a, b) => Buffer.compare(sortKey(a), sortKey(b)));

const encodeTree = (items: readonly TreeItem[]): Buffer =>
  Buffer.concat(
    items.flatMap((item) => [
      Buffer.from(`${item.mode.replace(/^0/, "")} ${item.name}\0`),
      Buffer.from(item.sha, "hex"),
    ]),
  );

// A signature that nobody made: GitHub signs what an app commits, and the header is part of what the SHA covers.
const MADE_UP_SIGNATURE = [
  "-----BEGIN PGP SIGNATURE-----",
  "",
  "bG9jYWwgR2l0SHViOiBubyByZWFsIHNpZ25hdHVyZQ==",
  "-----END PGP SIGNATURE-----",
  "",
];

const encodeCommit = (commit: CommitFacts): Buffer =>
  Buffer.from(
    [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${signatureLine(commit.author)}`,
      `committer ${signatureLine(commit.committer)}`,
      ...(commit.signed ? [`gpgsig ${MADE_UP_SIGNATURE.join("\n ")}`] : []),
      "",
      commit.message,
    ].join("\n"),
  );

export class GitObjects {
  readonly #raw = new Map<string, Readonly<{ type: ObjectType; body: Buffer }>>();
  readonly #trees = new Map<string, readonly TreeItem[]>();
  readonly #commits = new Map<string, CommitFacts>();

  putBlob(bytes: Uint8Array): string {
    return this.#put("blob", Buffer.from(bytes));
  }

  putTree(items: readonly TreeItem[]): string {
    const ordered = inOrder(items);
    const sha = this.#put("tree", encodeTree(ordered));
    this.#trees.set(sha, ordered);
    return sha;
  }

  putCommit(commit: CommitFacts): string {
    const sha = this.#put("commit", encodeCommit(commit));
    this.#commits.set(sha, commit);
    return sha;
  }

  typeOf(sha: string): ObjectType | null {
    return this.#raw.get(sha)?.type ?? null;
  }

  /** The object's bytes without git's header, as `git cat-file TYPE SHA` prints them. */
  raw(sha: string): Buffer | null {
    return this.#raw.get(sha)?.body ?? null;
  }

  blob(sha: string): Buffer | null {
    const found = this.#raw.get(sha);
    return found?.type === "blob" ? found.body : null;
  }

  tree(sha: string): readonly TreeItem[] | null {
    return this.#trees.get(sha) ?? null;
  }

  commit(sha: string): CommitFacts | null {
    return this.#commits.get(sha) ?? null;
  }

  /** Every file of a tree by its full path; submodules included, folders not. */
  files(tree: string): Map<string, FileEntry> {
    const found = new Map<string, FileEntry>();
    this.walk(tree, (path, item) => {
      if (item.mode !== TREE_MODE) found.set(path, { mode: item.mode, sha: item.sha });
    });
    return found;
  }

  /** Visits every entry below a tree, folders before what they hold. */
  walk(tree: string, visit: (path: string, item: TreeItem) => void, prefix = ""): void {
    for (const item of this.tree(tree) ?? []) {
      const path = prefix + item.name;
      visit(path, item);
      if (item.mode === TREE_MODE) this.walk(item.sha, visit, `${path}/`);
    }
  }

  /** Stores the trees that hold exactly these files and returns the root's SHA. */
  putFiles(files: ReadonlyMap<string, FileEntry>): string {
    const here: TreeItem[] = [];
    const folders = new Map<string, Map<string, FileEntry>>();
    for (const [path, entry] of files) {
      const slash = path.indexOf("/");
      if (slash < 0) {
        here.push({ name: path, ...entry });
        continue;
      }
      const folder = path.slice(0, slash);
      const inside = folders.get(folder) ?? new Map<string, FileEntry>();
      inside.set(path.slice(slash + 1), entry);
      folders.set(folder, inside);
    }
    for (const [name, inside] of folders) here.push({ name, mode: TREE_MODE, sha: this.putFiles(inside) });
    return this.putTree(here);
  }

  #put(type: ObjectType, body: Buffer): string {
    const sha = nameOf(type, body);
    if (!this.#raw.has(sha)) this.#raw.set(sha, { type, body });
    return sha;
  }
}
