import { describe, expect, it } from "vitest";
import { PolicySettings } from "../../../src/policy/settings.ts";
import { listsPaths } from "../found.ts";

describe("own-configuration", () => {
  listsPaths(
    "own-configuration",
    "block",
    [
      ".github/countersign.yml",
      ".github/countersign.yaml",
      ".github/Countersign.YML",
      ".github/c\u043euntersign.yml",
      ".github/countersign.yml.bak",
      ".github/countersign/policy.yml",
      "countersign.yml",
    ],
    ["docs/countersign.md", ".github/other.yml"],
  );

  it("cannot be loosened", () => {
    expect(PolicySettings.safeParse({ "own-configuration": "warn" }).success).toBe(false);
  });
});
