// What goes back to a proposer: the rule that stops it, else the criteria that are not met, else nothing.
import { expect, it } from "vitest";
import { mendOf } from "../../src/agent/mend.ts";
import type { QaReport } from "../../src/artifacts/qa-report.ts";
import { ArtifactId, RepoId } from "../../src/ids.ts";
import type { PolicyViolation } from "../../src/policy/violation.ts";

const violation = (severity: "warn" | "block"): PolicyViolation => ({
  rule: "ci-files",
  severity,
  path: ".github/workflows/test.yml",
  line: 12,
  message: "Changes what runs.",
});
const report = (verdict: "PASS" | "FAIL"): QaReport => ({
  repoId: RepoId.parse(1),
  edits: ArtifactId.parse(1),
  verdicts: [{ criterion: "AC-1", because: "no test of it", verdict }],
});

it("is nothing where policy only warns, and every criterion is met or nobody was asked", () => {
  expect(mendOf({ violations: [violation("warn")], report: report("PASS") }, 3, 1)).toBeNull();
  expect(mendOf({ violations: [], report: null }, 3, 1)).toBeNull();
});

it("names rule and place, and says the same in every attempt", () => {
  const mend = mendOf({ violations: [violation("block")], report: report("FAIL") }, 3, 1);
  expect(mend).toEqual({
    attempt: null,
    round: 1,
    problems: [
      {
        source: expect.stringContaining(
          "ci-files, which nobody may approve away at .github/workflows/test.yml, line 12",
        ),
        words: "Changes what runs.",
      },
    ],
  });
});

it("names the criterion and why, for this attempt alone", () => {
  expect(mendOf({ violations: [], report: report("FAIL") }, 3, 2)).toEqual({
    attempt: 3,
    round: 2,
    problems: [{ source: expect.stringContaining("AC-1"), words: "no test of it" }],
  });
});
