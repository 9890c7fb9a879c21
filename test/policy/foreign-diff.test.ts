import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { renderDiff } from "../../src/patches/diff.ts";
import { readForeignDiff } from "../../src/policy/foreign-diff.ts";
import { type Proposal, proposalOf } from "../../src/policy/proposal.ts";
import { fileChange } from "../patches/file-changes.ts";
import { emptyGit, type Git } from "../patches/git.ts";
import { wildText } from "../patches/random-edits.ts";
import { runs } from "../support/runs.ts";

const bytes = (text: string) => Buffer.from(text, "utf8");
const read = (text: string | Uint8Array): Proposal => {
  const result = readForeignDiff(typeof text === "string" ? bytes(text) : text);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const error = (text: string) => {
  const result = readForeignDiff(bytes(text));
  return result.ok ? null : result.error;
};

/** By the name of a case what is said of it. */
const UNUSABLE = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL("unusable-diffs.json", import.meta.url), "utf8")));

const plain = [
  "diff --git a/x b/x",
  "index 1..2 100644",
  "--- a/x",
  "+++ b/x",
  "@@ -1,2 +1,2 @@",
  " a",
  "-b",
  "+c",
  "",
].join("\n");

describe("readForeignDiff", () => {
  it("reads what git writes", () => {
    expect(read(plain).files).toEqual([
      {
        kind: "modify",
        path: "x",
        previousPath: null,
        oldMode: "100644",
        newMode: "100644",
        content: "text",
        before: null,
        after: null,
        added: [{ number: 2, text: "c" }],
        removed: [{ number: 2, text: "b" }],
      },
    ]);
  });

  it("reads what diff -u, diff -r, Subversion and format-patch write around it", () => {
    const hunk = "@@ -1 +1 @@\n-b\n+c\n";
    const path = (text: string) => read(text).files.map((file) => file.path);
    expect(path(`--- a/x\t2026-01-01 10:00:00.0 +0000\n+++ b/x\t2026-01-01 10:00:01.0 +0000\n${hunk}`)).toEqual(["x"]);
    expect(path(`--- x\n+++ x\n${hunk}--- y\n+++ y\n${hunk}`)).toEqual(["x", "y"]);
    expect(path(`--- old/src/x\n+++ new/src/x\n${hunk}`)).toEqual(["src/x"]);
    expect(
      path(`diff -ru old/x new/x\n--- old/x\n+++ new/x\n${hunk}diff -ru old/y new/y\n--- old/y\n+++ new/y\n${hunk}`),
    ).toEqual(["x", "y"]);
    expect(path(`Index: x\n${"=".repeat(67)}\n--- x\n+++ x\n${hunk}`)).toEqual(["x"]);
    expect(
      path(`From 0123 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n---\n x | 2 +-\n\n${plain}-- \n2.40.1\n\n`),
    ).toEqual(["x"]);
    expect(path(`--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+c\n`)).toEqual(["x"]);
    expect(path(plain.replaceAll("a/x", "x").replaceAll("b/x", "x"))).toEqual(["x"]);
  });

  it("has the whole text of what comes and goes", () => {
    const create = renderDiff(fileChange("x", { after: "a\nb" }));
    expect(read(create).files[0]).toMatchObject({
      kind: "create",
      before: null,
      after: "a\nb",
      oldMode: null,
      newMode: "100644",
    });
    const remove = renderDiff(fileChange("x", { before: "a\nb\n" }));
    expect(read(remove).files[0]).toMatchObject({ kind: "delete", before: "a\nb\n", after: null, newMode: null });
  });

  it("is not misled by content that looks like headers", () => {
    const before = "-- a/safe\n-- x\n@@ -1 +1 @@\ndiff --git a/q b/q\n";
    const diff = renderDiff(fileChange("x", { before, after: "++ b/evil\nIndex: y\n" }));
    expect(diff).toContain("\n--- a/safe\n");
    expect(read(diff).files).toMatchObject([
      { path: "x", removed: [{ text: "-- a/safe" }, {}, {}, {}], added: [{ text: "++ b/evil" }, {}] },
    ]);
  });

  it("reads a diff that was saved with the line ends of Windows, and leaves those of the file as they are", () => {
    expect(read(plain.replaceAll("\n", "\r\n"))).toEqual(read(plain));
    const kept = read(plain.replace("-b\n+c\n", "-b\r\n+c\r\n")).files[0];
    expect(kept).toMatchObject({ added: [{ text: "c\r" }], removed: [{ text: "b\r" }] });
  });

  it("reads the prefixes of diff.mnemonicPrefix, and folders of such names", () => {
    for (const [old, now] of [
      ["i", "w"],
      ["c", "w"],
      ["c", "i"],
      ["o", "w"],
      ["1", "2"],
      ["b", "a"],
      ["w", "c"],
    ]) {
      const text = plain
        .replaceAll("a/x", "OLD")
        .replaceAll("b/x", "NOW")
        .replaceAll("OLD", `${old}/x`)
        .replaceAll("NOW", `${now}/x`);
      expect(read(text).files).toMatchObject([{ path: "x" }]);
    }
    const moved = "diff --git i/x w/x\nsimilarity index 100%\nrename from i/x\nrename to w/x\n";
    expect(read(moved).files).toMatchObject([{ path: "w/x", previousPath: "i/x" }]);
    expect(error(plain.replaceAll("a/x", "q/x").replaceAll("b/x", "r/x"))).not.toBeNull();
    expect(error(plain.replace("--- a/x", "--- i/x"))).not.toBeNull();
  });

  it("takes a copy for a new file, so that a copied program is a new program", () => {
    const copy =
      "diff --git a/x b/y\nsimilarity index 90%\ncopy from x\ncopy to y\nindex 1..2 100755\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n";
    expect(read(copy).files).toMatchObject([
      { kind: "create", path: "y", oldMode: null, newMode: "100755", after: null },
    ]);
  });

  it("knows what comes and goes in a plain diff, under names with prefixes", () => {
    const file = (text: string) => read(text).files[0];
    const nothing = { previousPath: null, oldMode: null, newMode: null, content: "text" };
    expect(file("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+c\n")).toMatchObject({
      ...nothing,
      kind: "create",
      path: "x",
      after: "c\n",
    });
    expect(file("--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-c\n")).toMatchObject({
      ...nothing,
      kind: "delete",
      path: "x",
      before: "c\n",
    });
    expect(file("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-c\n+d\n")).toMatchObject({ ...nothing, kind: "modify", path: "x" });
    expect(file("--- b/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-c\n")).toMatchObject({ path: "b/x" });
    expect(file("--- /dev/null\n+++ a/x\n@@ -0,0 +1 @@\n+c\n")).toMatchObject({ path: "a/x" });
  });

  it("knows the modes of what comes, goes and moves", () => {
    const modes = (text: string) => read(text).files.map(({ kind, oldMode, newMode }) => [kind, oldMode, newMode]);
    const head = "diff --git a/x b/x\n";
    expect(modes(`${head}new file mode 100755\nindex 0..e69de29\n`)).toEqual([["create", null, "100755"]]);
    expect(modes(`${head}deleted file mode 100755\nindex e69de29..0\n`)).toEqual([["delete", "100755", null]]);
    expect(modes(`${head}old mode 100644\nnew mode 100755\n`)).toEqual([["modify", "100644", "100755"]]);
    expect(modes(`${head}index 1..1 100644\n`)).toEqual([["modify", "100644", "100644"]]);
    expect(modes("diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n")).toEqual([
      ["rename", null, null],
    ]);
    const rest = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-c\n+d\n";
    expect(modes(`${head}${rest}`)).toEqual([["modify", null, null]]);
    expect(modes(`${head}index 1..2 100644\n${rest}`)).toEqual([["modify", "100644", "100644"]]);
  });

  it("reads the end of texts without a newline", () => {
    const open = "\\ No newline at end of file\n";
    const ends = (text: string) =>
      read(`--- a/x\n+++ b/x\n${text}`).files.map(({ added, removed }) =>
        [added, removed].map((all) => all.map((line) => line.text)),
      );
    expect(ends(`@@ -1 +1 @@\n-a\n${open}+b\n`)).toEqual([[["b"], ["a"]]]);
    expect(ends(`@@ -1 +1 @@\n-a\n+b\n${open}`)).toEqual([[["b"], ["a"]]]);
    expect(ends(`@@ -1,2 +1 @@\n-a\n b\n${open}`)).toEqual([[[], ["a"]]]);
    const whole = (text: string) => read(text).files.map(({ before, after }) => [before, after]);
    expect(whole(`--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n${open}`)).toEqual([[null, "a"]]);
    expect(whole("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n")).toEqual([[null, "a\n"]]);
    expect(whole(`--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n${open}`)).toEqual([["a", null]]);
    expect(whole("--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")).toEqual([["a\n", null]]);
  });

  it("reads words around it: a mail, a version, a byte order mark", () => {
    const paths = (text: string) => read(text).files.map(({ path }) => path);
    expect(paths(`words @@ of a diff --cc of it\n${plain}`)).toEqual(["x"]);
    expect(paths(`${plain}\n\n`)).toEqual(["x"]);
    expect(paths(`${plain}-- \n2.40.1 (Apple Git-1)\n`)).toEqual(["x"]);
    expect(paths(plain.trimEnd())).toEqual(["x"]);
    expect(error(`\ufeff--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n`)).not.toBeNull();
    expect(read(plain.replace("+c", "+\ufeffc")).files[0]?.added[0]?.text).toBe("\ufeffc");
  });

  it("reads bytes that are not UTF-8 and says so", () => {
    const latin = Buffer.concat([bytes("--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+"), Buffer.from([0xe9]), bytes("\n")]);
    expect(read(latin).files[0]).toMatchObject({ content: "not_utf8", added: [{ number: 2, text: "\ufffd" }] });
    expect(read("--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+\ufffd\n").files[0]).toMatchObject({ content: "text" });
  });
});

describe("unusable", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["empty lines", "\n\n"],
    ["prose", "please change the file\n"],
    ["JSON", '{"verdict": "pass"}\n'],
    ["a hunk without a file", "@@ -1 +1 @@\n-a\n+b\n"],
    ["a header alone", "diff --git a/x b/x\n"],
    ["an index alone", "diff --git a/x b/x\nindex 1..2 100644\n"],
    ["a new file without its text", "diff --git a/x b/x\nnew file mode 100644\nindex 0..2\n"],
    ["an index line alone", "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n"],
    ["a hunk that ends early", plain.split("\n").slice(0, -2).join("\n")],
    ["a hunk with too many lines", plain.replace("-1,2 +1,2", "-1,1 +1,1")],
    ["a hunk with too few lines", plain.replace("-1,2 +1,2", "-1,3 +1,3")],
    ["a line without a mark", plain.replace("\n a\n", "\na\n")],
    ["an empty hunk", "--- a/x\n+++ b/x\n@@ -0,0 +0,0 @@\n"],
    ["a hunk that goes back", `${plain}@@ -1 +1 @@\n-b\n+c\n`],
    ["hunks of another file than the header", plain.replace("+++ b/x", "+++ b/.github/workflows/x.yml")],
    ["old and new lines of another file", plain.replace("--- a/x", "--- a/y").replace("+++ b/x", "+++ b/y")],
    ["a header that names two files", plain.replace("diff --git a/x b/x", "diff --git a/x b/y")],
    ["a rename that the header does not name", "diff --git a/x b/y\nrename from x\nrename to .git/config\n"],
    ["half a rename", "diff --git a/x b/y\nrename from x\n"],
    ["two renames", "diff --git a/x b/y\nrename from x\nrename to y\nrename to z\n"],
    ["a rename that is a copy", "diff --git a/x b/y\nrename from x\nrename to y\ncopy from x\ncopy to y\n"],
    ["a new file with an old side", plain.replace("index 1..2 100644", "new file mode 100644")],
    ["a deleted file with a new side", plain.replace("index 1..2 100644", "deleted file mode 100644")],
    ["a new file that is deleted", "diff --git a/x b/x\nnew file mode 100644\ndeleted file mode 100644\n"],
    ["no side although it is not new", plain.replace("--- a/x", "--- /dev/null")],
    ["a mode that is none", "diff --git a/x b/x\nold mode 100644\nnew mode rwxr-xr-x\n"],
    ["half a mode change", "diff --git a/x b/x\nnew mode 100755\n"],
    ["an unknown header", plain.replace("index 1..2 100644", "future header 1")],
    ["words between files", `${plain}now the next\n${plain.replaceAll("/x", "/y")}`],
    ["words after the last file", `${plain}that is all\n`],
    ["another commit after the first", `${plain}\ncommit 0123\n\n${plain}`],
    ["a combined diff", "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n"],
    ["a context diff before it", `*** a/y\n--- b/y\n***************\n${plain}`],
    ["an ed script before it", `1,2d\n${plain}`],
    ["an indented diff before it", `  --- a/y\n  +++ b/y\n  @@ -1 +1 @@\n${plain}`],
    ["line ends of Windows in the headers alone", plain.replace("--- a/x\n+++ b/x\n", "--- a/x\r\n+++ b/x\r\n")],
    ["names that differ", "--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n"],
    ["a backup's name", "--- x.orig\n+++ x\n@@ -1 +1 @@\n-a\n+b\n"],
    ["no name on either side", "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n"],
    ["an open quote", plain.replaceAll("a/x", '"a/x')],
    ["a quoted name that says another", plain.replace("diff --git a/x b/x", 'diff --git "a/\\170" "b/y"')],
    ["a heading of another file", "Index: y\n===\n--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n"],
    ["a very long header", `--- a/${"x".repeat(20_000)}\n+++ b/${"x".repeat(20_000)}\n@@ -1 +1 @@\n-a\n+b\n`],
    ["a mark without a line", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n\\ No newline at end of file\n-a\n+b\n"],
    ["a log of submodules", "Submodule vendor 0123..4567:\n  > more\n"],
    ["a header that comes twice", plain.replace("index 1..2 100644", "index 1..2 100644\nindex 1..2 100644")],
    ["a mode of more than six digits", "diff --git a/x b/x\nold mode 1006441\nnew mode 100755\n"],
    ["half a copy", "diff --git a/x b/y\ncopy to y\n"],
    ["a rename from another file", "diff --git a/x b/y\nrename from z\nrename to y\n"],
    ["names without a name", "--- \n+++ \n@@ -1 +1 @@\n-a\n+b\n"],
    ["an old side without a name", "--- \n+++ x\n@@ -1 +1 @@\n-a\n+b\n"],
    ["a new side without a name", "--- x\n+++ \n@@ -1 +1 @@\n-a\n+b\n"],
    ["an old side with an open quote", '--- "x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n'],
    ["a new side with an open quote", '--- x\n+++ "x\n@@ -1 +1 @@\n-a\n+b\n'],
    ["sides without a hunk", "--- a/x\n+++ b/x\n"],
    ["a heading alone", "Index: x\n===\n"],
    ["a heading and one side", "diff -u x x\n--- x\n"],
    [
      "a file that git heads, with sides and no hunk",
      "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n",
    ],
    ["a hunk with too many old lines", plain.replace("-b\n+c\n", "-b\n-b\n+c\n")],
    ["a hunk with too many new lines", plain.replace("-b\n+c\n", "+c\n+c\n")],
    ["a header that is one letter too long", `--- ${"x".repeat(9_997)}\n+++ x\n@@ -1 +1 @@\n-a\n+b\n`],
    ["a version of git without its mark", `${plain}2.40.1\n`],
    ["a mark with words", `${plain}-- \nthe 2.40.1\n`],
    ["a mark with more words", `${plain}-- \n2.40.1\nmore\n`],
    ["a mark with a sentence", `${plain}-- \n2.40.1; more\n`],
    ["two words", `${plain}and\n2.40.1\n`],
    ["a combined diff of another name", "diff --combined x\n--- a/x\n+++ b/x\n"],
    ["a sentence of binary files with more", "diff --git a/x b/x\nBinary files a/x and b/x differ, too\n"],
    ["words before a sentence of binary files", "diff --git a/x b/x\nThe Binary files a/x and b/x differ\n"],
    [
      "a hunk behind a sentence of binary files",
      "diff --git a/x b/x\nBinary files a/x and b/x differ\n@@ -1 +1 @@\n-a\n+b\n",
    ],
  ];

  it.each(cases)("%s", (name, text) => {
    const found = error(text);
    expect(found).not.toBeNull();
    expect(`${found?.line == null ? "" : `line ${found.line}: `}${found?.message}`).toBe(UNUSABLE[name]);
  });

  it("takes a header as long as it may be", () => {
    const name = "x".repeat(9_996);
    expect(read(`--- ${name}\n+++ ${name}\n@@ -1 +1 @@\n-a\n+b\n`).files).toMatchObject([{ path: name }]);
  });

  it("bounds bytes and lines", () => {
    const bytesOf = (count: number) => readForeignDiff(Buffer.alloc(count, "x"));
    expect(bytesOf(20_000_001)).toEqual({
      ok: false,
      error: { line: null, message: "it has more than 20000000 bytes" },
    });
    expect(bytesOf(20_000_000)).toMatchObject({ error: { message: "there is no unified diff in it" } });
    const linesOf = (count: number) => error("x\n".repeat(count));
    expect(linesOf(500_001)).toEqual({ line: null, message: "it has more than 500000 lines" });
    expect(linesOf(500_000)).toEqual({ line: null, message: "there is no unified diff in it" });
  });

  it("names the line", () => {
    expect(error(plain.replace("+++ b/x", "+++ b/y"))).toEqual({
      line: 5,
      message: "the lines above the hunks name another file than the header",
    });
  });

  it("however a diff is cut within a hunk", () => {
    const diff = renderDiff(
      fileChange("x", { before: "1\n2\n3\n4\n5\n6\n7\n8\n", after: "1\nb\n3\n4\n5\n6\n7\nh\n" }),
    ).split("\n");
    for (let length = 0; length < diff.length - 1; length++)
      expect(error(diff.slice(0, length).join("\n")), `${length}`).not.toBeNull();
  });

  it("never throws, whatever the bytes are", () => {
    const piece = fc.constantFrom(
      "diff --git a/x b/x",
      "--- a/x",
      "+++ b/x",
      "@@ -1 +1 @@",
      "@@ -0,0 +1,2 @@",
      "+a",
      "-b",
      " c",
      "",
      "\\ No newline at end of file",
      "rename from x",
      "rename to y",
      "new file mode 100644",
      "Binary files a/x and b/x differ",
      "GIT binary patch",
      "literal 3",
      '"a/\\777"',
      "-- ",
      "Index: x",
      "===",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 80 }),
          fc.array(piece, { maxLength: 12 }).map((lines) => bytes(lines.join("\n"))),
        ),
        (any) => {
          expect(readForeignDiff(any)).toHaveProperty("ok");
        },
      ),
      runs(1_000),
    );
  });
});

describe("our own diffs", () => {
  const change = fc
    .record({
      before: fc.option(wildText),
      after: fc.option(wildText),
      path: fc.constantFrom("a", "d/b c.ts", "d/ä.md", 'q"x', "t\tab", "x b/x", "a/b/+++ c", "b/x b/x"),
      moved: fc.boolean(),
    })
    .filter(({ before, after }) => before !== after && (before !== null || after !== null))
    .map(({ before, after, path, moved }) =>
      fileChange(path, {
        before,
        after,
        ...(moved && before !== null && after !== null ? { previousPath: `old ${path}` } : {}),
      }),
    );

  it("come back as the same proposal", () => {
    fc.assert(
      fc.property(fc.uniqueArray(change, { minLength: 1, maxLength: 4, selector: ({ path }) => path }), (changes) => {
        const ours = proposalOf(changes).files;
        const theirs = read(changes.map(renderDiff).join("")).files;
        const seen = (files: typeof ours) =>
          files.map(({ kind, path, previousPath, added, removed }) => ({ kind, path, previousPath, added, removed }));
        expect(seen(theirs)).toEqual(seen(ours));
        for (const [at, file] of theirs.entries()) {
          if (file.kind === "create") expect(file.after).toBe(ours[at]?.after);
          if (file.kind === "delete") expect(file.before).toBe(ours[at]?.before);
        }
      }),
      runs(200),
    );
  });
});

describe("git's diffs", () => {
  let git: Git;
  beforeAll(() => {
    git = emptyGit();
  });
  afterAll(() => git.drop());

  it("are read with their modes, renames, copies, links, submodules and binaries", () => {
    const long = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join("");
    git.write("keep b.txt", long);
    git.write("mode", "x\n");
    git.write("gone", "x\n");
    git.write("tö move", long.toUpperCase());
    git.write("bin", Buffer.from([0, 1, 2]));
    git.run(["add", "-A"]);
    git.run(["commit", "-q", "-m", "one"]);
    git.write("keep b.txt", `${long}more\n`);
    git.write("copy", long);
    git.write("mode", "x\n", "100755");
    git.write("bin", Buffer.from([0, 1, 3]));
    git.write("empty", "");
    git.run(["rm", "-q", "gone"]);
    git.run(["mv", "tö move", "moved"]);
    symlinkSync("/etc/passwd", join(git.folder, "link"));
    git.run(["add", "-A"]);
    git.run(["update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`]);
    const expected = [
      { path: "bin", kind: "modify", content: "binary" },
      { path: "copy", kind: "create", previousPath: null },
      { path: "empty", kind: "create", newMode: "100644", after: "" },
      { path: "gone", kind: "delete", before: "x\n" },
      { path: "keep b.txt", kind: "modify", added: [{ number: 31, text: "more" }] },
      { path: "link", kind: "create", newMode: "120000", after: "/etc/passwd" },
      { path: "mode", kind: "modify", oldMode: "100644", newMode: "100755" },
      { path: "moved", kind: "rename", previousPath: "tö move" },
      { path: "sub", kind: "create", newMode: "160000" },
    ];
    for (const options of [
      [],
      ["--binary"],
      ["-U0"],
      ["--full-index", "-U20"],
      ["-c", "core.quotePath=false"],
      ["--no-prefix"],
    ]) {
      const [config, rest] = options[0] === "-c" ? [options, []] : [[], options];
      const diff = git.run([...config, "diff", "--cached", "-M", "-C", "--find-copies-harder", ...rest, "HEAD"]);
      const files = [...read(diff).files].sort((a, b) => (a.path < b.path ? -1 : 1));
      expect(files).toMatchObject(expected);
    }
    expect(read(git.run(["diff", "--cached", "--no-renames", "HEAD"])).files).toHaveLength(10);
  });
});
