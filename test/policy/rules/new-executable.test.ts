import { describe, expect, it } from "vitest";
import { fileChange } from "../../patches/file-changes.ts";
import { created, found } from "../found.ts";

describe("new-executable", () => {
  it("finds a file that comes or becomes executable", async () => {
    expect(await found("new-executable", fileChange("run", { after: "x", newMode: "100755" }))).toMatchObject([
      { severity: "block", path: "run" },
    ]);
    expect(
      await found("new-executable", fileChange("run", { before: "x", after: "y", newMode: "100755" })),
    ).toHaveLength(1);
  });

  it("leaves one that was so, and ordinary files, alone", async () => {
    expect(await found("new-executable", fileChange("run", { before: "x", after: "y", oldMode: "100755" }))).toEqual(
      [],
    );
    expect(await found("new-executable", fileChange("run", { before: "x", oldMode: "100755" }))).toEqual([]);
    expect(await found("new-executable", created("a"))).toEqual([]);
  });
});
