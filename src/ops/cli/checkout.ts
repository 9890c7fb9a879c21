// Files of a local checkout, as a tree listing with the bytes: of git's HEAD, or of the folder as it lies there. Nothing of it is run.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TreeEntry } from "../../github/reading.ts";
import { Sha } from "../../ids.ts";
import { blobSha } from "../../patches/git-objects.ts";
import { err, ok, type Result } from "../../result.ts";

export type Checkout = Readonly<{ entries: readonly TreeEntry[]; bytes: ReadonlyMap<Sha, Uint8Array> }>;

const MOST_FILES = 100_000;
/** Larger ones are listed and not read. */
const MOST_FILE_BYTES = 1_000_000;
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * A checkout's own configuration could name programs: for hooks, for what is missing, for looking after the index. With those
 * shut off, listing a tree and reading blobs runs nothing, whoever owns the folder.
 */
const SAFE_GIT = [
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "safe.directory=*",
  "--no-pager",
  "--no-replace-objects",
];
const SAFE_ENVIRONMENT = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
} as const;

const run = promisify(execFile);
const git = async (folder: string, args: readonly string[]): Promise<Buffer> => {
  const options = { encoding: "buffer", env: SAFE_ENVIRONMENT, maxBuffer: MOST_BYTES } as const;
  return (await run("git", [...SAFE_GIT, "-C", folder, ...args], options)).stdout;
};

const TREE_LINE = /^(\d{6}) (blob|commit) ([0-9a-f]{40}) +(\d+|-)\t([\s\S]+)$/;

/** Null where git is not there, or the folder is no repository to it. */
async function ofHead(folder: string): Promise<Checkout | null> {
  try {
    const listing = (await git(folder, ["ls-tree", "-r", "-z", "--long", "--full-tree", "HEAD"])).toString("utf8");
    const entries = listing.split("\0").flatMap((line): TreeEntry[] => {
      const [, mode = "", type = "", sha = "", size = "", path = ""] = TREE_LINE.exec(line) ?? [];
      if (path === "") return [];
      const isBlob = type === "blob";
      return [
        { path, mode, type: isBlob ? "blob" : "commit", sha: Sha.parse(sha), size: isBlob ? Number(size) : null },
      ];
    });
    const bytes = new Map<Sha, Uint8Array>();
    const wanted = entries.filter(({ size, mode }) => size !== null && size <= MOST_FILE_BYTES && mode !== "120000");
    for (const [sha, content] of await contentsOf(folder, [...new Set(wanted.map(({ sha }) => sha))]))
      bytes.set(sha, content);
    return { entries, bytes };
  } catch {
    return null;
  }
}

const contentsOf = (folder: string, shas: readonly Sha[]): Promise<readonly (readonly [Sha, Uint8Array])[]> =>
  new Promise((resolve, reject) => {
    const options = { encoding: "buffer", env: SAFE_ENVIRONMENT, maxBuffer: MOST_BYTES } as const;
    const child = execFile("git", [...SAFE_GIT, "-C", folder, "cat-file", "--batch"], options, (error, stdout) => {
      if (error !== null) return reject(error);
      const found: (readonly [Sha, Uint8Array])[] = [];
      for (let at = 0; at < stdout.length; ) {
        const end = stdout.indexOf(10, at);
        const [sha = "", type, size] = stdout.subarray(at, end).toString().split(" ");
        if (type !== "blob") return reject(new Error(`git does not have ${sha}`));
        found.push([Sha.parse(sha), stdout.subarray(end + 1, end + 1 + Number(size))]);
        at = end + 2 + Number(size);
      }
      resolve(found);
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(shas.map((sha) => `${sha}\n`).join(""));
  });

/** A link is not followed, also when it takes the place of a file just now. */
const contentOf = async (path: string): Promise<Buffer> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
};

/** Neither git's own folder nor what a package manager put there is anybody's source. */
const SKIPPED = new Set([".git", "node_modules"]);

async function ofFolder(folder: string): Promise<Result<Checkout, string>> {
  const entries: TreeEntry[] = [];
  const bytes = new Map<Sha, Uint8Array>();
  const pending = [""];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const found of await readdir(join(folder, at), { withFileTypes: true })) {
      const path = at === "" ? found.name : `${at}/${found.name}`;
      if (SKIPPED.has(found.name.toLowerCase())) continue;
      if (entries.length >= MOST_FILES) return err(`there are more than ${MOST_FILES} files in it`);
      if (found.isDirectory()) pending.push(path);
      if (!found.isFile()) continue;
      const { size, mode } = await lstat(join(folder, path));
      const content =
        size <= MOST_FILE_BYTES ? await contentOf(join(folder, path)) : Buffer.from(`large ${path} ${size}`);
      const sha = blobSha(content);
      if (size <= MOST_FILE_BYTES) bytes.set(sha, content);
      entries.push({ path, mode: (mode & 0o100) === 0 ? "100644" : "100755", type: "blob", sha, size });
    }
  }
  return ok({ entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)), bytes });
}

/** HEAD of a folder that is a git repository, whatever lies in it besides; else the folder. The error is a sentence. */
export async function readCheckout(folder: string): Promise<Result<Checkout, string>> {
  const kind = await lstat(folder).catch(() => null);
  if (kind === null || !kind.isDirectory()) return err(`${folder}: is not a folder that can be read`);
  const isRepository = (await lstat(join(folder, ".git")).catch(() => null)) !== null;
  const head = isRepository ? await ofHead(folder) : null;
  if (head !== null) return ok(head);
  const files = await ofFolder(folder).catch(() => err("not all of it can be read"));
  return files.ok ? files : err(`${folder}: ${files.error}`);
}
