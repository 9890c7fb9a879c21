import { expect, it } from "vitest";
import { changesIn } from "../../bench/context/cases.ts";

it("numbers lines as they were before the commit, and added ones by the line above", () => {
  const diff = [
    "diff --git a/src/a.ts b/src/a.ts",
    "--- a/src/a.ts",
    "+++ b/src/a.ts",
    "@@ -3,2 +3 @@ function",
    "-one",
    "--- a/not/a/header",
    "+two",
    "@@ -10,0 +10,2 @@",
    "+three",
    "+four",
    "diff --git a/new.ts b/new.ts",
    "new file mode 100644",
    "--- /dev/null",
    "+++ b/new.ts",
    "@@ -0,0 +1 @@",
    "+hello",
    "diff --git a/b.ts b/b.ts",
    "--- a/b.ts",
    "+++ b/b.ts",
    "@@ -0,0 +1 @@",
    "+first line",
  ].join("\n");
  expect(changesIn(diff)).toEqual([
    { path: "src/a.ts", lines: [3, 4, 10] },
    { path: "b.ts", lines: [1] },
  ]);
});
