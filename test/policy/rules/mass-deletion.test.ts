import { describe, expect, it } from "vitest";
import { changed, created, deleted, found } from "../found.ts";

const lines = (count: number) => Array.from({ length: count }, (_, at) => `${at}\n`).join("");

describe("mass-deletion", () => {
  it("counts deleted files", async () => {
    const files = ["a", "b", "c", "d", "e"].map((path) => deleted(path));
    expect(await found("mass-deletion", files)).toEqual([]);
    expect(await found("mass-deletion", [...files, deleted("f")])).toMatchObject([{ severity: "block", path: null }]);
    expect(await found("mass-deletion", deleted("a"), { max_deleted_files: 0 })).toHaveLength(1);
  });

  it("counts emptied files with the deleted ones", async () => {
    const files = ["a", "b", "c"].flatMap((path) => [deleted(path), changed(`${path}2`, "x\n", "")]);
    expect(await found("mass-deletion", files)).toHaveLength(1);
    expect(await found("mass-deletion", files.slice(1))).toEqual([]);
    const others = ["p", "q", "r"].flatMap((path) => [changed(path, "x\n", "y\n"), created(`${path}2`, "")]);
    expect(await found("mass-deletion", [...files.slice(1), ...others])).toEqual([]);
  });

  it("counts lines that are lost in a file, whatever comes in another", async () => {
    const lost = changed("a", lines(600), lines(100));
    expect(await found("mass-deletion", lost)).toEqual([]);
    expect(await found("mass-deletion", [changed("a", lines(601), lines(100)), created("b", lines(900))])).toHaveLength(
      1,
    );
    expect(await found("mass-deletion", deleted("a", lines(501)))).toHaveLength(1);
    expect(await found("mass-deletion", changed("a", lines(600), `new\n`.repeat(600)))).toEqual([]);
  });
});
