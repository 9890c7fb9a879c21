import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { applyDiff, lineChanges, renderDiff } from "../../src/patches/diff.ts";
import type { FileChange } from "../../src/patches/patch-set.ts";
import { runs } from "../support/runs.ts";
import { fileChange } from "./file-changes.ts";
import { emptyGit } from "./git.ts";
import { wildText } from "./random-edits.ts";

describe("renderDiff", () => {
  it("shows a change as git does", () => {
    const change = fileChange("src/a.ts", { before: "1\n2\n3\n4\n5\n6\n", after: "1\n2\n3\n4\nfive\n6\n7\n" });
    expect(renderDiff(change)).toBe(
      [
        "diff --git a/src/a.ts b/src/a.ts",
        `index ${change.oldBlob}..${change.newBlob} 100644`,
        "--- a/src/a.ts",
        "+++ b/src/a.ts",
        "@@ -2,5 +2,6 @@",
        " 2",
        " 3",
        " 4",
        "-5",
        "+five",
        " 6",
        "+7",
        "",
      ].join("\n"),
    );
    expect(change).toMatchObject({ additions: 2, deletions: 1 });
  });

  it("says when the last line has no newline, and keeps carriage returns", () => {
    const diff = renderDiff(fileChange("a", { before: "a\r\nb", after: "a\r\nB" }));
    expect(diff).toContain(" a\r\n-b\n\\ No newline at end of file\n+B\n\\ No newline at end of file\n");
  });

  it("shows new, deleted, renamed and re-moded files", () => {
    expect(renderDiff(fileChange("n", { after: "x\n", newMode: "100755" }))).toMatch(
      /^diff --git a\/n b\/n\nnew file mode 100755\nindex 0{40}\.\.[0-9a-f]{40}\n--- \/dev\/null\n\+\+\+ b\/n\n@@ -0,0 \+1 @@\n\+x\n$/,
    );
    expect(renderDiff(fileChange("n", { before: "x\n" }))).toMatch(
      /^diff --git a\/n b\/n\ndeleted file mode 100644\nindex .*\n--- a\/n\n\+\+\+ \/dev\/null\n@@ -1 \+0,0 @@\n-x\n$/,
    );
    expect(renderDiff(fileChange("new", { previousPath: "old", before: "x\n", after: "x\n" }))).toBe(
      "diff --git a/old b/new\nsimilarity index 100%\nrename from old\nrename to new\n",
    );
    expect(renderDiff(fileChange("n", { before: "x\n", after: "x\n", oldMode: "100644", newMode: "100755" }))).toBe(
      "diff --git a/n b/n\nold mode 100644\nnew mode 100755\n",
    );
  });

  it("quotes names that would break a line", () => {
    const diff = renderDiff(fileChange('a\n"b"\\c\x01', { after: "x\n" }));
    expect(diff.split("\n")[0]).toBe('diff --git "a/a\\n\\"b\\"\\\\c\\001" "b/a\\n\\"b\\"\\\\c\\001"');
    expect(renderDiff(fileChange("a b", { after: "x\n" }))).toContain("+++ b/a b\t\n");
  });
});

describe("lineChanges", () => {
  it("numbers removed lines in the old text and added ones in the new", () => {
    expect(lineChanges("a\nb\nc\n", "a\nB\nBB\nc\nd")).toEqual({
      added: [
        { number: 2, text: "B" },
        { number: 3, text: "BB" },
        { number: 5, text: "d" },
      ],
      removed: [{ number: 2, text: "b" }],
    });
    expect(lineChanges("", "x")).toEqual({ added: [{ number: 1, text: "x" }], removed: [] });
    expect(lineChanges("x\n", "")).toEqual({ added: [], removed: [{ number: 1, text: "x" }] });
  });
});

describe("very different texts", () => {
  const text = (prefix: string, lines: number) =>
    Array.from({ length: lines }, (_, at) => `${prefix} ${at}\n`).join("");

  it("are shown as a replaced middle, which is true and does not take for ever", () => {
    const [before, after] = [`same\n${text("old", 3_000)}end`, `same\n${text("new", 2_500)}end`];
    const change = fileChange("big", { before, after });
    expect(change).toMatchObject({ additions: 2_500, deletions: 3_000 });
    expect(renderDiff(change)).toContain("@@ -1,3002 +1,2502 @@\n same\n-old 0\n");
    expect(applyDiff(before, renderDiff(change))).toEqual({ ok: true, value: after });
  });

  it("that begin or end alike are trimmed there only", () => {
    const [before, after] = [text("x", 10) + text("old", 2_500), text("x", 10) + text("new", 2_500)];
    const diff = renderDiff(fileChange("big", { before, after }));
    expect(diff).toContain("@@ -8,2503 +8,2503 @@\n x 7\n");
    expect(applyDiff(before, diff)).toEqual({ ok: true, value: after });
    const shrunk = fileChange("big", { before: text("x", 5_000), after: "" });
    expect(applyDiff(shrunk.before, renderDiff(shrunk))).toEqual({ ok: true, value: "" });
  });
});

describe("applyDiff", () => {
  it("refuses a text that the diff is not of", () => {
    const diff = renderDiff(fileChange("a", { before: "a\nb\nc\n", after: "a\nB\nc\n" }));
    expect(applyDiff("a\nx\nc\n", diff)).toEqual({ ok: false, error: "does_not_apply" });
    expect(applyDiff(null, diff)).toEqual({ ok: false, error: "does_not_apply" });
    expect(applyDiff("", renderDiff(fileChange("a", { after: "x" })))).toEqual({ ok: false, error: "does_not_apply" });
    const deletion = renderDiff(fileChange("a", { before: "a\n" }));
    expect(applyDiff("a\nb\n", deletion)).toEqual({ ok: false, error: "does_not_apply" });
  });
});

const anyChange: fc.Arbitrary<FileChange> = fc
  .record({
    before: fc.option(wildText),
    after: fc.option(wildText),
    path: fc.constantFrom("a", "d/b c.ts", "d/e/ä.md", 'q"x', "t\tab", "x", "a/b/+++ c"),
    moved: fc.boolean(),
    oldMode: fc.constantFrom("100644" as const, "100755" as const),
    newMode: fc.constantFrom("100644" as const, "100755" as const),
  })
  .filter(({ before, after }) => before !== null || after !== null)
  .map(({ before, after, path, moved, oldMode, newMode }) =>
    fileChange(path, {
      before,
      after,
      oldMode,
      newMode,
      ...(moved && before !== null && after !== null ? { previousPath: `old ${path}` } : {}),
    }),
  );

describe("round trip", () => {
  it("leads from the text before to the text after, whatever they are", () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        const diff = renderDiff(change);
        expect(applyDiff(change.before, diff)).toEqual({ ok: true, value: change.after });
        const shown = diff.slice(diff.search(/^@@ /m)).split("\n");
        const count = (mark: string) =>
          diff.includes("\n@@ ") ? shown.filter((line) => line.startsWith(mark)).length : 0;
        expect([count("+"), count("-")]).toEqual([change.additions, change.deletions]);
      }),
      runs(300),
    );
  });

  const git = emptyGit();
  afterAll(git.drop);

  it("is understood by git itself, byte for byte", () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        git.run(["rm", "-r", "-q", "-f", "--cached", "--ignore-unmatch", "."]);
        git.run(["clean", "-f", "-d", "-q", "-x"]);
        const old = change.previousPath ?? change.path;
        if (change.before !== null) {
          git.write(old, change.before, change.oldMode ?? "100644");
          git.run(["add", "-A", "-f"]);
        }
        const differs =
          change.oldBlob !== change.newBlob || change.oldMode !== change.newMode || change.previousPath !== null;
        if (!differs) return;
        git.run(["apply", "--index", "--whitespace=nowarn", "-"], renderDiff(change));
        const staged = git.run(["ls-files", "-s", "-z"]).split("\0").filter(Boolean);
        expect(staged).toEqual(change.after === null ? [] : [`${change.newMode} ${change.newBlob} 0\t${change.path}`]);
      }),
      runs(25),
    );
  });
});
