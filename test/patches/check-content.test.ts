import { describe, expect, it } from "vitest";
import { checkContent } from "../../src/patches/check-content.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import type { FileChange, PatchSetContent } from "../../src/patches/patch-set.ts";
import { contentOf } from "./contents.ts";
import { fileChange } from "./file-changes.ts";

const change = fileChange("a", { before: "one\n", after: "two\n" });
const created = fileChange("n", { after: "x\n" });
const deleted = fileChange("d", { before: "x\n" });
const renamed = fileChange("to", { previousPath: "from", before: "x\n", after: "x\n" });

it("finds nothing wrong with sound content", () => {
  expect(checkContent(contentOf([change, created, deleted, renamed]))).toBeNull();
});

describe("finds", () => {
  it.each<[string, FileChange, string]>([
    ["an altered text", { ...change, after: "tvo\n" }, "blob_is_not_text"],
    ["an altered old text", { ...change, before: "onE\n" }, "blob_is_not_text"],
    ["an altered blob", { ...change, newBlob: blobSha("x") }, "blob_is_not_text"],
    ["a hidden addition", { ...change, additions: 0 }, "wrong_counts"],
    ["a hidden deletion", { ...change, deletions: 0 }, "wrong_counts"],
    ["a new file with an old text", { ...change, kind: "create" }, "contradictory_change"],
    ["a deleted file with a new text", { ...change, kind: "delete" }, "contradictory_change"],
    ["a rename without an old name", { ...change, kind: "rename" }, "contradictory_change"],
    ["a change with an old name", { ...change, previousPath: "b" }, "contradictory_change"],
    ["a rename to itself", { ...renamed, previousPath: "to" }, "contradictory_change"],
    ["a new file without a mode", { ...created, newMode: null }, "contradictory_change"],
    ["a deleted file with a mode", { ...deleted, newMode: "100644" }, "contradictory_change"],
    ["a change of nothing", fileChange("a", { before: "x", after: "x" }), "contradictory_change"],
    ["a zero byte", fileChange("a", { after: "a\0" }), "unstorable_text"],
    ["half a character", fileChange("a", { after: "\ud83c" }), "unstorable_text"],
    ["half a character in a path", fileChange("\ud83c", { after: "x" }), "unstorable_text"],
  ])("%s", (_, wrong, code) => {
    expect(checkContent(contentOf([wrong]))).toEqual({ code, where: wrong.path });
  });

  it("one path in two changes", () => {
    expect(checkContent(contentOf([change, change]))).toEqual({ code: "path_twice", where: "a" });
    expect(checkContent(contentOf([renamed, fileChange("from", { after: "x" })]))?.code).toBe("path_twice");
  });

  it.each<[keyof PatchSetContent, string, string]>([
    ["commitHeadline", "a\nCo-authored-by: x", "not_one_line"],
    ["commitHeadline", " ", "not_one_line"],
    ["pullTitle", "a\u2028b", "not_one_line"],
    ["branch", "a\nb", "not_one_line"],
    ["pullBody", "a\0", "unstorable_text"],
    ["commitBody", "\udc00", "unstorable_text"],
  ])("a bad %s: %j", (field, value, code) => {
    expect(checkContent(contentOf([change], { [field]: value }))).toEqual({ code, where: field });
  });
});
