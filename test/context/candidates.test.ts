// Which files are read for a briefing, and which of them first where there are too many.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { byPath, candidates } from "../../src/context/candidates.ts";
import { neverSend } from "../../src/context/never-send.ts";
import type { TreeEntry } from "../../src/github/reading.ts";
import { Sha } from "../../src/ids.ts";

const named = (text: string) => Sha.parse(createHash("sha1").update(text).digest("hex"));
const entry = (path: string, over: Partial<TreeEntry> = {}): TreeEntry => ({
  path,
  mode: "100644",
  type: "blob",
  sha: named(path),
  size: 40,
  ...over,
});

describe("candidates", () => {
  it("keeps regular text files of a readable size", () => {
    const kept = candidates(
      [
        entry("src/a.ts"),
        entry("bin/run", { mode: "100755" }),
        entry("link", { mode: "120000" }),
        entry("module", { mode: "160000", type: "commit" }),
        entry("src", { type: "tree", mode: "040000", size: null }),
        entry("logo.png"),
        entry("big.csv", { size: 200_001 }),
        entry("node_modules/x/index.js"),
        entry("package-lock.json"),
        entry(".env"),
      ],
      neverSend(),
    );
    expect(kept.map(({ path }) => path)).toEqual(["src/a.ts", "bin/run"]);
  });

  it("leaves out a copy of what is never sent, under whatever name; empty files are no secret", () => {
    const [secret, empty] = [named("secret"), named("")];
    const kept = candidates(
      [
        entry(".env", { sha: secret }),
        entry("docs/example.txt", { sha: secret }),
        entry("config/.env.test", { sha: empty, size: 0 }),
        entry("src/__init__.py", { sha: empty, size: 0 }),
      ],
      neverSend(),
    );
    expect(kept.map(({ path }) => path)).toEqual(["src/__init__.py"]);
  });
});

describe("byPath", () => {
  const all = candidates(
    ["README.md", "src/user/login.ts", "src/slug.ts", "src/zebra.ts", "test/slug.test.ts"].map((p) => entry(p)),
    () => false,
  );
  const order = (title: string, first: readonly string[] = []) =>
    byPath(all, { title, body: "" }, first).map(({ path }) => path);

  it("puts required files first, in their order, then those that the text names, then shared words", () => {
    expect(order("zebra.ts breaks the slug", ["test/slug.test.ts", "src/user/login.ts", "no.ts"])).toEqual([
      "test/slug.test.ts",
      "src/user/login.ts",
      "src/zebra.ts",
      "src/slug.ts",
      "README.md",
    ]);
  });

  it("is the same whatever the order of the tree", () => {
    const question = { title: "nothing in common", body: "" };
    expect(byPath(all.toReversed(), question, [])).toEqual(byPath(all, question, []));
  });
});
