// What changed between two versions of a patch set: told from the contents, never from the diffs.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Sha } from "../../src/ids.ts";
import { deltaBetween } from "../../src/patches/delta.ts";
import { applyDiff } from "../../src/patches/diff.ts";
import { runs } from "../support/runs.ts";
import { contentOf } from "./contents.ts";
import { fileChange } from "./file-changes.ts";
import { wildText } from "./random-edits.ts";

const sha = (digit: string) => Sha.parse(digit.repeat(40));
const how = (delta: ReturnType<typeof deltaBetween>) =>
  Object.fromEntries(delta.files.map((file) => [file.path, file.how]));

const A = fileChange("a.ts", { before: "1\n2\n3\n", after: "1\ntwo\n3\n" });
const B = fileChange("b.ts", { after: "new\n" });

describe("the files", () => {
  it("are as before, different, new, or no longer part of it", () => {
    const now = contentOf([
      fileChange("a.ts", { before: "1\n2\n3\n", after: "1\nTWO\n3\n" }),
      B,
      fileChange("d.ts", { after: "d\n" }),
    ]);
    const delta = deltaBetween(contentOf([A, B, fileChange("c.ts", { before: "c\n" })]), now);
    expect(how(delta)).toEqual({ "a.ts": "different", "b.ts": "same", "d.ts": "added", "c.ts": "dropped" });
    expect(delta.files[0]?.diff).toMatch(
      /^diff --git a\/a\.ts b\/a\.ts\nindex .*\n--- .*\n\+\+\+ .*\n@@ -1,3 \+1,3 @@\n 1\n-two\n\+TWO\n 3\n$/,
    );
    expect(delta.files.slice(1).map(({ diff }) => diff)).toEqual(["", "", ""]);
  });

  it("are told by what they leave: a deletion that becomes a change shows as a new file, and the other way round", () => {
    const gone = fileChange("a.ts", { before: "1\n2\n3\n" });
    expect(deltaBetween(contentOf([gone]), contentOf([A])).files).toEqual([
      { path: "a.ts", how: "different", diff: expect.stringMatching(/\nnew file mode 100644\n[\s\S]*\n\+two\n/) },
    ]);
    expect(deltaBetween(contentOf([A]), contentOf([gone])).files[0]?.diff).toContain("deleted file mode 100644");
  });

  it("count a mode as a difference", () => {
    const run = fileChange("b.ts", { after: "new\n", newMode: "100755" });
    expect(deltaBetween(contentOf([B]), contentOf([run])).files).toEqual([
      { path: "b.ts", how: "different", diff: "diff --git a/b.ts b/b.ts\nold mode 100644\nnew mode 100755\n" },
    ]);
  });

  it("have both names of a rename", () => {
    const renamed = fileChange("new.ts", { previousPath: "old.ts", before: "x\n", after: "x\n" });
    expect(how(deltaBetween(contentOf([A]), contentOf([renamed])))).toEqual({
      "old.ts": "added",
      "new.ts": "added",
      "a.ts": "dropped",
    });
    expect(how(deltaBetween(contentOf([renamed]), contentOf([renamed])))).toEqual({
      "old.ts": "same",
      "new.ts": "same",
    });
  });
});

it("names the texts that changed", () => {
  const now = contentOf([A], { commitBody: "Other words.\n", pullTitle: "Other" });
  expect(deltaBetween(contentOf([A]), now).texts).toEqual(["rest of the commit message", "title of the pull request"]);
  expect(deltaBetween(now, now).texts).toEqual([]);
});

it.each([
  ["same_base", {}, {}],
  ["other_base", {}, { baseSha: sha("7"), parentSha: sha("7") }],
  ["on_top", {}, { parentSha: sha("8") }],
  ["same_base", { parentSha: sha("8") }, { parentSha: sha("8") }],
] as const)("says %s", (stands, was, now) => {
  expect(deltaBetween(contentOf([A], was), contentOf([A], now)).stands).toBe(stands);
});

it("leads from what the one leaves to what the other leaves, whatever stands in the files", () => {
  fc.assert(
    fc.property(wildText, wildText, wildText, (base, one, other) => {
      const leaves = (after: string) => contentOf([fileChange("a", { before: base, after })]);
      const [file] = deltaBetween(leaves(one), leaves(other)).files;
      if (one === other) expect(file).toEqual({ path: "a", how: "same", diff: "" });
      else expect(applyDiff(one, file?.diff ?? "")).toEqual({ ok: true, value: other });
    }),
    runs(200),
  );
});
