// Git's objects in memory, with git's own names, computed here independently of src/.
import { createHash } from "node:crypto";

export type File = Readonly<{ mode: string; sha: string }>;
export type Commit = Readonly<{ tree: string; parents: readonly string[]; message: string; at: number }>;

type Child = Readonly<{ name: string; mode: string; sha: string }>;

const named = (type: string, body: Buffer): string =>
  createHash("sha1").update(`${type} ${body.length}\0`).update(body).digest("hex");

export class GitModel {
  readonly blobs = new Map<string, Buffer>();
  readonly trees = new Map<string, readonly Child[]>();
  readonly commits = new Map<string, Commit>();

  blob(content: Buffer): string {
    const sha = named("blob", content);
    this.blobs.set(sha, content);
    return sha;
  }

  /** Every commit has a name of its own, like on GitHub, where each has another time. */
  commit(tree: string, parents: readonly string[], message: string): string {
    const at = this.commits.size;
    const body = `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join("")}at ${at}\n\n${message}`;
    const sha = named("commit", Buffer.from(body));
    this.commits.set(sha, { tree, parents, message, at });
    return sha;
  }

  tree(files: ReadonlyMap<string, File>): string {
    const children = new Map<string, Child>();
    const folders = new Map<string, Map<string, File>>();
    for (const [path, file] of files) {
      const [name = "", ...rest] = path.split("/");
      if (rest.length === 0) children.set(name, { name, ...file });
      else folders.set(name, (folders.get(name) ?? new Map()).set(rest.join("/"), file));
    }
    for (const [name, inside] of folders) children.set(name, { name, mode: "40000", sha: this.tree(inside) });
    const key = (child: Child) => Buffer.from(child.mode === "40000" ? `${child.name}/` : child.name);
    const sorted = [...children.values()].sort((a, b) => Buffer.compare(key(a), key(b)));
    const body = sorted.map((child) =>
      Buffer.concat([Buffer.from(`${child.mode} ${child.name}\0`), Buffer.from(child.sha, "hex")]),
    );
    const sha = named("tree", Buffer.concat(body));
    this.trees.set(sha, sorted);
    return sha;
  }

  files(tree: string, under = ""): Map<string, File> {
    const all = new Map<string, File>();
    for (const { name, mode, sha } of this.trees.get(tree) ?? []) {
      if (mode !== "40000") all.set(`${under}${name}`, { mode, sha });
      else for (const [path, file] of this.files(sha, `${under}${name}/`)) all.set(path, file);
    }
    return all;
  }

  /** Texts by path. */
  texts(commit: string): Readonly<Record<string, string>> {
    const tree = this.commits.get(commit)?.tree ?? "";
    const texts = [...this.files(tree)].map(([path, { sha }]) => [path, this.blobs.get(sha)?.toString("utf8") ?? ""]);
    return Object.fromEntries(texts);
  }

  isAncestor(ancestor: string, of: string): boolean {
    return ancestor === of || (this.commits.get(of)?.parents ?? []).some((parent) => this.isAncestor(ancestor, parent));
  }

  /** A commit of whole texts. */
  snapshot(texts: Readonly<Record<string, string>>, parents: readonly string[], message: string): string {
    const files = Object.entries(texts).map(([path, text]): [string, File] => [
      path,
      { mode: "100644", sha: this.blob(Buffer.from(text)) },
    ]);
    return this.commit(this.tree(new Map(files)), parents, message);
  }
}
