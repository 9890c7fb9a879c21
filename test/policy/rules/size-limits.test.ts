import { describe, expect, it } from "vitest";
import { changed, created, deleted, found } from "../found.ts";

const lines = (count: number) => "x\n".repeat(count);

describe("size-limits", () => {
  it("counts files", async () => {
    const files = [created("a"), created("b"), created("c")];
    expect(await found("size-limits", files, { max_files: 3 })).toEqual([]);
    expect(await found("size-limits", files, { max_files: 2 })).toMatchObject([
      { severity: "block", path: null, line: null },
    ]);
  });

  it("counts added and removed lines", async () => {
    const files = [created("a", lines(6)), deleted("b", lines(4))];
    expect(await found("size-limits", files, { max_lines: 10 })).toEqual([]);
    expect((await found("size-limits", files, { max_lines: 9 }))[0]?.message).toBe("10 lines change, 9 may.");
  });

  it("counts bytes, not characters", async () => {
    expect(await found("size-limits", created("a", "ä".repeat(50)), { max_bytes: 101 })).toEqual([]);
    expect(await found("size-limits", created("a", "ä".repeat(50)), { max_bytes: 100 })).toHaveLength(1);
  });

  it("looks at the whole file afterwards", async () => {
    const change = changed("a", lines(100), `${lines(100)}y\n`);
    expect(await found("size-limits", change, { max_file_bytes: 202 })).toEqual([]);
    expect(await found("size-limits", change, { max_file_bytes: 201 })).toMatchObject([{ path: "a", line: null }]);
  });

  it("names each added line that is too long, and no other", async () => {
    const change = changed(
      "a",
      `${"o".repeat(50)}\nb\n`,
      `${"o".repeat(50)}\nb\n${"n".repeat(41)}\n${"n".repeat(40)}\n`,
    );
    expect(await found("size-limits", change, { max_line_length: 40 })).toMatchObject([{ path: "a", line: 3 }]);
  });

  it("says what there is and what may be", async () => {
    const said = async (settings: Parameters<typeof found>[2], ...files: Parameters<typeof created>[]) =>
      (
        await found(
          "size-limits",
          files.map((given) => created(...given)),
          settings,
        )
      ).map(({ path, line, message }) => `${path}:${line} ${message}`);
    expect(await said({ max_files: 1 }, ["a"], ["b"])).toEqual(["null:null 2 files change, 1 may."]);
    expect(await said({ max_bytes: 3 }, ["a", "abc\n"])).toEqual([
      "null:null The changed lines have 4 bytes, 3 are allowed.",
    ]);
    expect(await said({ max_file_bytes: 3 }, ["a", "\u00e4b\n"])).toEqual([
      "a:null The file would have 4 bytes, 3 are allowed.",
    ]);
    expect(await said({ max_line_length: 40 }, ["a", `x\n${"y".repeat(41)}\n`])).toEqual([
      "a:2 The line has 41 characters, 40 are allowed.",
    ]);
  });

  it("has defaults that a page of work stays under", async () => {
    expect(await found("size-limits", [created("a", lines(500)), changed("b", lines(200), lines(300))])).toEqual([]);
    expect(await found("size-limits", created("min.js", `${"a".repeat(1_001)}\n`))).toMatchObject([{ line: 1 }]);
  });
});
