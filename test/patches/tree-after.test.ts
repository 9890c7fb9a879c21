import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { TreeEntry } from "../../src/github/reading.ts";
import { Sha } from "../../src/ids.ts";
import { applyEdits } from "../../src/patches/apply.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import type { FileChange } from "../../src/patches/patch-set.ts";
import { treeAfter, treeEdits } from "../../src/patches/tree-after.ts";
import { runs } from "../support/runs.ts";
import { fileChange } from "./file-changes.ts";
import { emptyGit } from "./git.ts";
import { randomScenario } from "./random-edits.ts";

const git = emptyGit();
afterAll(git.drop);

const fresh = (files: Iterable<readonly [string, string, "100644" | "100755"]>): Sha => {
  git.run(["rm", "-r", "-q", "-f", "--cached", "--ignore-unmatch", "."]);
  git.run(["clean", "-f", "-d", "-q", "-x"]);
  for (const [path, text, mode] of files) git.write(path, text, mode);
  return git.writeTree();
};

const FILES = [
  ["README.md", "read\n", "100644"],
  ["src/a.ts", "a\n", "100644"],
  ["src/deep/er/b.ts", "b\n", "100644"],
  ["src.ts", "s\n", "100644"],
  ["run", "#!/bin/sh\n", "100755"],
  ["lib/only", "o\n", "100644"],
] as const;
const base = fresh(FILES);
const listing = git.list(base);

const treeOf = (changes: FileChange[], entries: readonly TreeEntry[] = listing, tree: Sha = base) =>
  treeAfter(tree, entries, changes);

describe("treeAfter", () => {
  it("is what git write-tree says after the same changes", () => {
    const changes = [
      fileChange("README.md", { before: "read\n", after: "READ\n" }),
      fileChange("docs/new/x.md", { after: "new\n" }),
      fileChange("src/deep/er/b.ts", { before: "b\n" }),
      fileChange("go", { previousPath: "run", before: "#!/bin/sh\n", after: "#!/bin/sh\n", oldMode: "100755" }),
    ];
    const expected = fresh([
      ["README.md", "READ\n", "100644"],
      ["docs/new/x.md", "new\n", "100644"],
      ["src/a.ts", "a\n", "100644"],
      ["src.ts", "s\n", "100644"],
      ["go", "#!/bin/sh\n", "100755"],
      ["lib/only", "o\n", "100644"],
    ]);
    expect(treeOf(changes)).toEqual({ ok: true, value: expected });
  });

  it("keeps links, submodules and strange modes where they are", () => {
    const commit = Sha.parse("9".repeat(40));
    const link = git.run(["hash-object", "-w", "--stdin"], "a.ts").trim();
    const odd = git.run(["hash-object", "-w", "--stdin"], "x").trim();
    const sub = Sha.parse(git.run(["mktree"], `120000 blob ${link}\tlink\n160000 commit ${commit}\tmod\n`).trim());
    const root = (readme: string) =>
      Sha.parse(
        git.run(["mktree"], `100644 blob ${readme}\tREADME\n040000 tree ${sub}\tsub\n100755 blob ${odd}\trun\n`).trim(),
      );
    const [old, now] = ["old\n", "new\n"].map((text) => git.run(["hash-object", "-w", "--stdin"], text).trim());
    const tree = root(old ?? "");
    const result = treeOf([fileChange("README", { before: "old\n", after: "new\n" })], git.list(tree), tree);
    expect(result).toEqual({ ok: true, value: root(now ?? "") });
  });

  it("leaves no empty folder, and the empty tree when all goes", () => {
    expect(treeOf([fileChange("lib/only", { before: "o\n" })])).toEqual({
      ok: true,
      value: fresh(FILES.filter(([path]) => path !== "lib/only")),
    });
    const all = FILES.map(([path, before, oldMode]) => fileChange(path, { before, oldMode }));
    expect(treeOf(all)).toEqual({ ok: true, value: "4b825dc642cb6eb9a060e54bf8d69288fbee4904" });
  });

  it("lets a file take the place of an emptied folder, and the other way round", () => {
    const changes = [fileChange("lib/only", { before: "o\n" }), fileChange("lib", { after: "file\n" })];
    const swapped = fresh([...FILES.filter(([path]) => path !== "lib/only"), ["lib", "file\n", "100644"]]);
    expect(treeOf(changes)).toEqual({ ok: true, value: swapped });
    const back = [fileChange("src.ts", { before: "s\n" }), fileChange("src.ts/x", { after: "x\n" })];
    const folder = fresh([...FILES.filter(([path]) => path !== "src.ts"), ["src.ts/x", "x\n", "100644"]]);
    expect(treeOf(back)).toEqual({ ok: true, value: folder });
  });

  it("is git's for random edits on random files", () => {
    fc.assert(
      fc.property(randomScenario, ({ base: files, edits }) => {
        const result = applyEdits(files, edits);
        if (!result.ok) return;
        const texts = [...files].flatMap(([path, file]) =>
          file.kind === "text" ? [[path, file.text, file.mode] as const] : [],
        );
        const before = fresh(texts);
        const entries = git.list(before);
        const now = new Map(texts.map((file) => [file[0], file]));
        for (const { path, previousPath } of result.value)
          for (const gone of [path, previousPath ?? path]) now.delete(gone);
        for (const { path, after: text, newMode } of result.value) {
          if (text !== null && newMode !== null) now.set(path, [path, text, newMode]);
        }
        expect(treeAfter(before, entries, result.value)).toEqual({ ok: true, value: fresh(now.values()) });
      }),
      runs(15),
    );
  });
});

describe("treeAfter refuses", () => {
  const modify = fileChange("src/a.ts", { before: "a\n", after: "A\n" });

  it.each<[string, FileChange[], string]>([
    ["a new file where one is", [fileChange("src/a.ts", { after: "x" })], "path_is_taken"],
    ["a new file where a folder is", [fileChange("src", { after: "x" })], "path_is_taken"],
    ["a new file under a file", [fileChange("src/a.ts/x", { after: "x" })], "path_is_taken"],
    [
      "a rename onto a file",
      [fileChange("src.ts", { previousPath: "src/a.ts", before: "a\n", after: "a\n" })],
      "path_is_taken",
    ],
    ["two changes of one file", [modify, modify], "path_is_taken"],
    ["a change of no file", [fileChange("none", { before: "x", after: "y" })], "not_in_base"],
    ["the removal of no file", [fileChange("none", { before: "x" })], "not_in_base"],
    ["the removal of a folder", [fileChange("src", { before: "x" })], "not_in_base"],
    ["a change of another text", [fileChange("src/a.ts", { before: "other\n", after: "A\n" })], "blob_differs"],
    ["a change of another mode", [fileChange("run", { before: "#!/bin/sh\n", after: "x" })], "mode_differs"],
    ...["../x", "a/../x", "/x", "a//x", "./x", "x/.", ".git/config", "a/.GIT/x", "", "a\0b", "\ud800"].map(
      (path): [string, FileChange[], string] => [
        `the path ${JSON.stringify(path)}`,
        [fileChange(path, { after: "x" })],
        "impossible_path",
      ],
    ),
    [
      "a rename from an impossible path",
      [fileChange("x", { previousPath: ".git/x", before: "x", after: "x" })],
      "impossible_path",
    ],
  ])("%s", (_, changes, code) => {
    expect(treeOf(changes)).toMatchObject({ ok: false, error: { code } });
  });

  it("a listing that was cut short, or is of another tree", () => {
    const cut = (path: string) => listing.filter((entry) => entry.path !== path);
    for (const missing of ["README.md", "src", "src/deep", "src.ts"]) {
      expect(treeOf([modify], cut(missing))).toMatchObject({ ok: false, error: { code: "listing_not_of_tree" } });
    }
    expect(treeOf([modify], listing, blobSha("x"))).toMatchObject({ error: { code: "listing_not_of_tree", path: "" } });
    const forged = listing.map((entry) => (entry.path === "README.md" ? { ...entry, sha: blobSha("forged") } : entry));
    expect(treeOf([modify], forged)).toMatchObject({ error: { code: "listing_not_of_tree" } });
  });
});

it("treeEdits takes the old name of a rename away", () => {
  const change = fileChange("new", { previousPath: "old", before: "x", after: "x" });
  expect(treeEdits([change, fileChange("gone", { before: "y" })])).toEqual([
    { path: "old", blob: null },
    { path: "new", blob: { sha: blobSha("x"), mode: "100644" } },
    { path: "gone", blob: null },
  ]);
});
