import { describe } from "vitest";
import { listsPaths } from "../found.ts";

describe("code-owners", () => {
  listsPaths(
    "code-owners",
    "block",
    [
      "CODEOWNERS",
      ".github/CODEOWNERS",
      "docs/CODEOWNERS",
      "docs/CodeOwners",
      "C\u041eDEOWNERS",
      "pkg/OWNERS",
      "OWNERS_ALIASES",
    ],
    ["src/owners/index.ts", "CODEOWNERS.md", "src/codeowners.ts"],
  );
});
