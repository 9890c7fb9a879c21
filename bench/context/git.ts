// Reads the history of a local git repository by git's own plumbing. Nothing is checked out.
import { execFileSync } from "node:child_process";

const MOST_BYTES = 1 << 30;

export const git = (repository: string, args: readonly string[], input = ""): Buffer =>
  execFileSync("git", ["-C", repository, ...args], { input, maxBuffer: MOST_BYTES, stdio: ["pipe", "pipe", "ignore"] });

export type Entry = Readonly<{ path: string; blob: string; bytes: number }>;

/** Regular files of a commit. */
export const filesOf = (repository: string, commit: string): readonly Entry[] =>
  git(repository, ["ls-tree", "-r", "-z", "--long", commit])
    .toString("utf8")
    .split("\0")
    .flatMap((line) => {
      const [facts = "", path = ""] = line.split("\t");
      const [mode = "", , blob = "", bytes = ""] = facts.split(/ +/);
      return mode.startsWith("100") ? [{ path, blob, bytes: Number(bytes) }] : [];
    });

/** Texts by blob; those that are not text are left out. */
export const textsOf = (repository: string, blobs: readonly string[]): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  if (blobs.length === 0) return texts;
  const out = git(repository, ["cat-file", "--batch"], `${blobs.join("\n")}\n`);
  let at = 0;
  for (const blob of blobs) {
    const endOfHead = out.indexOf(10, at);
    const bytes = Number(out.subarray(at, endOfHead).toString().split(" ")[2]);
    const content = out.subarray(endOfHead + 1, endOfHead + 1 + bytes);
    if (!content.includes(0)) texts.set(blob, content.toString("utf8"));
    at = endOfHead + bytes + 2;
  }
  return texts;
};
