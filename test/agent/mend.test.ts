// What goes back to which task: the rule that stops its files, else the criteria that are not met in them, else nothing.
import { expect, it } from "vitest";
import { mendsOf } from "../../src/agent/mend.ts";
import type { PlanTask } from "../../src/artifacts/plan.ts";
import type { QaReport } from "../../src/artifacts/qa-report.ts";
import { ArtifactId, RepoId } from "../../src/ids.ts";
import type { FileChange } from "../../src/patches/patch-set.ts";
import type { PolicyViolation } from "../../src/policy/violation.ts";

const violation = (
  severity: "warn" | "block",
  path: string | null = ".github/workflows/test.yml",
): PolicyViolation => ({
  rule: "ci-files",
  severity,
  path,
  line: path === null ? null : 12,
  message: "Changes what runs.",
});
const report = (verdict: "PASS" | "FAIL", because = "no test of it"): QaReport => ({
  repoId: RepoId.parse(1),
  edits: ArtifactId.parse(1),
  unseen: 0,
  verdicts: [{ criterion: "AC-1", because, verdict }],
});
const task = (id: string, files: string[]): PlanTask => ({
  id,
  title: "t",
  repository: "acme/shop",
  files,
  description: "d",
  dependsOn: [],
});
const change = (path: string, ...tasks: string[]): FileChange => ({
  kind: "modify",
  path,
  previousPath: null,
  oldBlob: null,
  newBlob: null,
  oldMode: null,
  newMode: null,
  before: "a\n",
  after: "b\n",
  additions: 1,
  deletions: 1,
  tasks,
});

const ONE = [task("T1", ["src/slug.js"])];
const TWO = [...ONE, task("T2", ["test/slug.test.js"])];
const changes = [
  change(".github/workflows/test.yml", "T2"),
  change("src/slug.js", "T1"),
  change("test/slug.test.js", "T2"),
];

it("is nothing where policy only warns, and every criterion is met or nobody was asked", () => {
  const warned = { violations: [violation("warn")], report: report("PASS"), changes };
  expect(mendsOf(warned, TWO, 3, 1).size).toBe(0);
  expect(mendsOf({ violations: [], report: null, changes }, TWO, 3, 1).size).toBe(0);
});

it("names rule and place, says the same in every attempt, and goes to the task that changed the file", () => {
  const blocked = { violations: [violation("block")], report: report("FAIL"), changes };
  expect([...mendsOf(blocked, TWO, 3, 1)]).toEqual([
    [
      "T2",
      {
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
      },
    ],
  ]);
});

it("names the criterion and why, for this attempt alone", () => {
  expect(mendsOf({ violations: [], report: report("FAIL"), changes }, ONE, 3, 2).get("T1")).toEqual({
    attempt: 3,
    round: 2,
    problems: [{ source: expect.stringContaining("AC-1"), words: "no test of it" }],
  });
});

it.each([
  ["`slug()` in src/slug.js drops ł.", ["T1"]],
  ["Nothing in slug.test.js looks at ł.", ["T2"]],
  ["src/slug.js has no ł, and test/slug.test.js no test of it.", ["T1", "T2"]],
  ["T2 tests nothing.", ["T2"]],
  ["There is no ł.", ["T1", "T2"]],
])("goes to the tasks whose files it names, and to all where it names none: %s", (because, ids) => {
  const failed = { violations: [], report: report("FAIL", because), changes };
  expect([...mendsOf(failed, TWO, 1, 1).keys()]).toEqual(ids);
});

it("goes to all tasks where a rule is about the change as a whole", () => {
  const large = { violations: [violation("block", null)], report: null, changes };
  expect([...mendsOf(large, TWO, 1, 1).keys()]).toEqual(["T1", "T2"]);
});
