// An analysis shows only lines that were shown to it, of checks that failed, and names only repositories that can change.
import { expect, it } from "vitest";
import { type AnalysisDocument, analysisProblems } from "../../src/artifacts/failure-analysis.ts";

const shown = [{ name: "test", text: "ok 1\nnot ok 2 -   the   rest\n" }];
const good: AnalysisDocument = {
  evidence: [{ check: "test", line: "not ok 2 - the rest" }],
  cause: "It is wrong.",
  remedy: "change",
  wouldFix: "Mend it.",
  repositories: ["Acme/Shop"],
};
const problems = (change: Partial<AnalysisDocument>, texts = shown) =>
  analysisProblems({ ...good, ...change }, texts, ["acme/shop"]);

it("takes lines as they were shown, whatever their white space", () => expect(problems({})).toEqual([]));

it.each<[string, Partial<AnalysisDocument>, RegExp]>([
  [
    "a line that was not shown",
    { evidence: [{ check: "test", line: "segfault" }] },
    /does not stand in what test says/,
  ],
  [
    "a check that did not fail",
    { evidence: [{ check: "lint", line: "not ok 2" }] },
    /lint is none of the failed checks/,
  ],
  ["no line where there are some", { evidence: [] }, /Show at least one line/],
  ["another repository", { repositories: ["acme/api"] }, /acme\/api has no open pull request here/],
  ["a change of nothing", { repositories: [] }, /Name the repositories/],
  ["a repository where nothing has to change", { remedy: "rerun" }, /no repository is named/],
])("does not take %s", (_, change, words) => expect(problems(change).join(" ")).toMatch(words));

it("asks for no line of checks that say nothing", () =>
  expect(problems({ evidence: [], remedy: "rerun", repositories: [] }, [{ name: "ci", text: "" }])).toEqual([]));
