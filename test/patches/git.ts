// The real git in an empty folder: what our own computing is compared with.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TreeEntry } from "../../src/github/reading.ts";
import { Sha } from "../../src/ids.ts";

const ENV = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "t",
  GIT_AUTHOR_EMAIL: "t@example.com",
  GIT_COMMITTER_NAME: "t",
  GIT_COMMITTER_EMAIL: "t@example.com",
};

export type Git = Readonly<{
  folder: string;
  run: (args: readonly string[], input?: string | Uint8Array) => string;
  write: (path: string, text: string | Uint8Array, mode?: "100644" | "100755") => void;
  /** Everything in the folder as a tree. */
  writeTree: () => Sha;
  /** As GitHub lists it: recursive, with directories. */
  list: (tree: Sha) => TreeEntry[];
  drop: () => void;
}>;

export const emptyGit = (): Git => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-git-"));
  const run: Git["run"] = (args, input) =>
    execFileSync("git", ["-c", "core.autocrlf=false", "-c", "core.safecrlf=false", ...args], {
      cwd: folder,
      env: ENV,
      input,
      maxBuffer: 64_000_000,
      stdio: ["pipe", "pipe", "pipe"],
    }).toString("utf8");
  run(["init", "-q"]);
  return {
    folder,
    run,
    write: (path, text, mode = "100644") => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      chmodSync(join(folder, path), mode === "100755" ? 0o755 : 0o644);
    },
    writeTree: () => {
      run(["add", "-A", "-f"]);
      return Sha.parse(run(["write-tree"]).trim());
    },
    list: (tree) =>
      run(["ls-tree", "-r", "-t", "-z", tree])
        .split("\0")
        .filter(Boolean)
        .map((line): TreeEntry => {
          const [, mode, type, sha, path] = /^(\d+) (blob|tree|commit) ([0-9a-f]{40})\t(.*)$/s.exec(line) ?? [];
          if (mode === undefined || path === undefined) throw new Error(`unreadable: ${line}`);
          const kind = type === "tree" ? "tree" : type === "commit" ? "commit" : "blob";
          return { path, mode, type: kind, sha: Sha.parse(sha), size: null };
        }),
    drop: () => rmSync(folder, { recursive: true, force: true }),
  };
};
