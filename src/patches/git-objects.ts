// Git's object names, computed here: what a blob and a tree are called before any of them exists.
import { createHash } from "node:crypto";
import { Sha } from "../ids.ts";

const nameOf = (type: "blob" | "tree", body: Uint8Array): Sha =>
  Sha.parse(createHash("sha1").update(`${type} ${body.length}\0`).update(body).digest("hex"));

/** The name of a file's content; text is taken as UTF-8. */
export const blobSha = (content: string | Uint8Array): Sha =>
  nameOf("blob", typeof content === "string" ? Buffer.from(content, "utf8") : content);

/** One line of a tree object. Modes are without leading zeros, as git hashes them: a directory is `40000`. */
export type TreeChild = Readonly<{ name: string; mode: string; sha: Sha }>;

export const isFolder = (child: TreeChild): boolean => child.mode === "40000";

/** Git sorts by bytes, a directory as if its name ended in a slash. */
const sortKey = (child: TreeChild): Buffer => Buffer.from(isFolder(child) ? `${child.name}/` : child.name, "utf8");

/** The name of a tree with these children, in whatever order they come. */
export const treeSha = (children: Iterable<TreeChild>): Sha =>
  nameOf(
    "tree",
    Buffer.concat(
      [...children]
        .map((child) => ({ child, key: sortKey(child) }))
        .sort((a, b) => Buffer.compare(a.key, b.key))
        .flatMap(({ child }) => [Buffer.from(`${child.mode} ${child.name}\0`, "utf8"), Buffer.from(child.sha, "hex")]),
    ),
  );
