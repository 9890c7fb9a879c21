// Which evidence a criterion is bound to, by the words of the plan: what they name must be there, and nothing wider stands in.
import { describe, expect, it } from "vitest";
import { bindCriteria, type KnownCheck } from "../../../src/delivery/gates/criteria.ts";
import { RepoId } from "../../../src/ids.ts";

const repoId = RepoId.parse(7);
const check = (name: string, part: Partial<KnownCheck> = {}): KnownCheck => ({
  repoId,
  name,
  meaning: "passed",
  url: `https://ci.example/${name}`,
  counts: true,
  status: false,
  report: "",
  ...part,
});
const files = [
  { repoId, path: "docs/slugs.md", line: 12 },
  { repoId, path: "test/slug.test.ts", line: 3 },
];

const bound = (words: string, checks: readonly KnownCheck[]) => {
  const [one] = bindCriteria({ criteria: [{ id: "AC-1", check: words }], checks, files });
  if (one === undefined) return "";
  const { proof, lacks } = one;
  if (proof === null) return `none: ${lacks?.kind}${lacks?.kind === "check" ? ` ${lacks.name}` : ""}`;
  switch (proof.kind) {
    case "check":
      return `check ${proof.name}`;
    case "test":
      return `test ${proof.test} in ${proof.name}`;
    case "checks":
      return `checks ${proof.checks.map(({ name }) => name).join(" ")}${proof.file === null ? "" : ` of ${proof.file}`}`;
    case "file":
      return `file ${proof.path}:${proof.line}`;
  }
};

const GREEN = [check("test (20)"), check("lint")];
const REPORT = [check("test (20)", { report: "✓ keeps digits in slugs\n✓ drops accents" })];

describe("a criterion is bound to", () => {
  it.each<[string, string, readonly KnownCheck[], string]>([
    ["the check that is named", "the check `lint`", GREEN, "check lint"],
    ["the job that is named", "`lint` job", GREEN, "check lint"],
    ["a check by its name alone", "`test (20)` passes", GREEN, "check test (20)"],
    ["nothing, where that check never ran", "the job `types`", GREEN, "none: check types"],
    [
      "a check of an app that the gate does not count",
      "the check `e2e`",
      [check("test"), check("e2e", { counts: false })],
      "check e2e",
    ],
    [
      "nothing, where only a status that the gate does not count has that name: anybody reports those",
      "the check `e2e`",
      [check("test"), check("e2e", { counts: false, status: true })],
      "none: check e2e",
    ],
    ["a status that the gate counts", "the check `e2e`", [check("e2e", { status: true })], "check e2e"],
    [
      "nothing, where that check is red",
      "the check `lint`",
      [check("test"), check("lint", { meaning: "failed", counts: false })],
      "none: check lint",
    ],
    [
      "nothing, where one of two names is red",
      "checks: `test` and `lint` job",
      [check("test"), check("lint", { meaning: "waiting" })],
      "none: check lint",
    ],
    [
      "the test that a report names",
      "a test: `keeps digits in slugs`",
      REPORT,
      "test keeps digits in slugs in test (20)",
    ],
    ["all checks, where no report names the test", "a test: `keeps digits`", GREEN, "checks test (20) lint"],
    [
      "all checks, where a check that does not count names the test",
      "a test: `keeps digits in slugs`",
      [check("test"), check("stranger", { counts: false, report: "keeps digits in slugs" })],
      "checks test",
    ],
    [
      "the checks that run a test file",
      "test/slug.test.ts, which fails today",
      GREEN,
      "checks test (20) lint of test/slug.test.ts",
    ],
    ["all checks for tests at large", "the other tests, unchanged", GREEN, "checks test (20) lint"],
    ["all checks for a command of tests", "`npm test`", GREEN, "checks test (20) lint"],
    ["nothing, where no check passed", "the tests", [], "none: checks"],
    [
      "nothing, where one that counts is not green",
      "the tests",
      [check("a"), check("b", { meaning: "held" })],
      "none: checks",
    ],
    ["a file that changes", "docs/slugs.md says so", GREEN, "file docs/slugs.md:12"],
    ["a file that a person looks at", "a look at docs/slugs.md", GREEN, "file docs/slugs.md:12"],
    ["a person, where no file of the change is named", "a look at the page", GREEN, "none: person"],
    ["a person, where tests are looked at by eye", "look at the tests by hand", GREEN, "none: person"],
    ["a person, where another file is named", "README.md says so", GREEN, "none: person"],
    ["a person, where nothing is named", "the shop is faster", GREEN, "none: person"],
  ])("%s", (_, words, checks, expected) => {
    expect(bound(words, checks)).toBe(expected);
  });
});
