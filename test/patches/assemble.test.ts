import { afterAll, describe, expect, it } from "vitest";
import { assemblePatchSet } from "../../src/patches/assemble.ts";
import { contentOf } from "./contents.ts";
import { fileChange } from "./file-changes.ts";
import { emptyGit } from "./git.ts";

const git = emptyGit();
afterAll(git.drop);
git.write("a", "one\n");
const baseTree = git.writeTree();
const entries = git.list(baseTree);
git.write("a", "two\n");
const expected = git.writeTree();

const { tree: _, ...draft } = contentOf([fileChange("a", { before: "one\n", after: "two\n" })], { baseTree });

describe("assemblePatchSet", () => {
  it("adds the tree that the write must produce", () => {
    expect(assemblePatchSet(draft, entries)).toEqual({ ok: true, value: { ...draft, tree: expected } });
  });

  it("refuses changes that do not fit the base, and words that cannot be written", () => {
    const other = [fileChange("b", { before: "one\n", after: "two\n" })];
    expect(assemblePatchSet({ ...draft, changes: other }, entries)).toMatchObject({ error: { code: "not_in_base" } });
    expect(assemblePatchSet(draft, [])).toMatchObject({ error: { code: "not_in_base" } });
    expect(assemblePatchSet({ ...draft, pullTitle: "a\nb" }, entries)).toMatchObject({
      error: { code: "not_one_line" },
    });
  });
});
