import { describe, expect, it } from "vitest";
import { fileChange } from "../../patches/file-changes.ts";
import { changed, created, found } from "../found.ts";

const moded = (oldMode: "100644" | "100755", newMode: "100644" | "100755") =>
  fileChange("run", { before: "x", after: "x", oldMode, newMode });

describe("mode-change", () => {
  it("finds a mode that changes, in either direction", async () => {
    expect(await found("mode-change", moded("100644", "100755"))).toMatchObject([{ severity: "block", path: "run" }]);
    expect((await found("mode-change", moded("100755", "100644")))[0]?.message).toContain("from 100755 to 100644");
  });

  it("leaves kept and new modes alone", async () => {
    expect(await found("mode-change", [changed("a", "x", "y"), created("b")])).toEqual([]);
  });
});
