import { describe, expect, it } from "vitest";
import type { ProposedFile } from "../../../src/policy/proposal.ts";
import { created, deleted, found, foundIn, renamed, tree } from "../found.ts";

const file: ProposedFile = {
  kind: "modify",
  path: "a",
  previousPath: null,
  oldMode: "100644",
  newMode: "100644",
  content: "text",
  before: null,
  after: null,
  added: [],
  removed: [],
};
const judged = (over: Partial<ProposedFile>) => foundIn("file-kind", { files: [{ ...file, ...over }], base: null });

describe("file-kind", () => {
  it.each<[string, Partial<ProposedFile>, number | null]>([
    ["a new symbolic link", { kind: "create", oldMode: null, newMode: "120000" }, null],
    ["a file that becomes a link", { newMode: "120000" }, null],
    ["a removed link", { kind: "delete", oldMode: "120000", newMode: null }, null],
    ["a submodule", { kind: "create", oldMode: null, newMode: "160000" }, null],
    ["a submodule that moves", { oldMode: "160000", newMode: "160000" }, null],
    ["a mode that git does not know", { newMode: "100666" }, null],
    ["a folder as a file", { newMode: "040000" }, null],
    ["a binary", { content: "binary" }, null],
    ["a zero byte", { added: [{ number: 3, text: "a\0b" }] }, 3],
    ["a zero byte that stays", { before: "a\0b", after: "a\0b\nc" }, null],
    ["what is not UTF-8", { content: "not_utf8", added: [{ number: 2, text: "a\ufffdb" }] }, 2],
    [
      "what is not UTF-8, far down",
      {
        content: "not_utf8",
        added: [
          { number: 1, text: "a" },
          { number: 2, text: "\ufffd" },
        ],
      },
      2,
    ],
    ["what is not UTF-8 where nothing is added", { content: "not_utf8" }, null],
    ["half a character", { added: [{ number: 5, text: "\ud800" }] }, 5],
  ])("finds %s", async (_, over, line) => {
    expect(await judged(over)).toMatchObject([{ severity: "block", path: "a", line }]);
  });

  it("believes the tree rather than the change", async () => {
    const base = tree(["b"], { link: "120000" });
    const at = (path: string, previousPath: string | null) =>
      foundIn("file-kind", { files: [{ ...file, path, previousPath, kind: "rename" }], base });
    for (const [path, from] of [
      ["link", null],
      ["x", "link"],
      ["link", "b"],
    ] as const) {
      expect(await at(path, from)).toMatchObject([{ message: "This is a symbolic link, not an ordinary file." }]);
    }
    expect(await at("x", "b")).toEqual([]);
  });

  it("leaves ordinary text alone, the replacement character included", async () => {
    expect(await found("file-kind", [created("a", "\ufffd ä 🎉\n"), deleted("b"), renamed("c", "d")])).toEqual([]);
    expect(await judged({ oldMode: null, newMode: null })).toEqual([]);
    expect(await judged({ newMode: "100755" })).toEqual([]);
  });
});
