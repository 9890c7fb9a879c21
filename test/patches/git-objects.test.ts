import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { blobSha, treeSha } from "../../src/patches/git-objects.ts";
import { runs } from "../support/runs.ts";
import { emptyGit } from "./git.ts";

const git = emptyGit();
afterAll(git.drop);

it("blobSha is what git hash-object says", () => {
  const known = ["", "a", "a\r\nb\n", "ä\u{1f389}\n", "\ufeffmark", "x".repeat(100_000)];
  for (const text of known) expect(blobSha(text)).toBe(git.run(["hash-object", "--stdin"], text).trim());
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(blobSha(bytes)).toBe(git.run(["hash-object", "--stdin"], bytes).trim());
    }),
    runs(10),
  );
});

it("treeSha sorts as git does: by bytes, folders as if they ended in a slash", () => {
  const blob = blobSha("x");
  git.run(["hash-object", "-w", "--stdin"], "x");
  const folder = git.run(["mktree"], `100644 blob ${blob}\tf\n`).trim();
  const names = ["a", "a.b", "a-b", "a0", "A", "ab", "a b", "ä", "é", "z", "𝒳", "\uffee", "日本", ".x", "-"];
  const children = names.map((name, at) => {
    const mode = at % 3 === 0 ? "40000" : at % 3 === 1 ? "100755" : "120000";
    return { name, mode, sha: mode === "40000" ? folder : blob };
  });
  const lines = children.map(
    ({ name, mode, sha }) => `${mode} ${mode === "40000" ? "tree" : "blob"} ${sha}\t${name}\0`,
  );
  const all = children.map((child) => ({
    ...child,
    sha: child.sha === blob ? blob : treeSha([{ name: "f", mode: "100644", sha: blob }]),
  }));
  expect(treeSha(all)).toBe(git.run(["mktree", "-z"], lines.join("")).trim());
});

it("the empty tree has its well-known name", () => {
  expect(treeSha([])).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
});
