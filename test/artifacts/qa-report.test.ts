// A verdict for every criterion of the plan, once, and for nothing else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CriterionVerdict,
  evidenceProblems,
  mergedVerdicts,
  unmet,
  verdictProblems,
} from "../../src/artifacts/qa-report.ts";
import { runs } from "../support/runs.ts";

const criteria = [{ id: "AC-1" }, { id: "AC-2" }];
const said = (criterion: string, verdict: CriterionVerdict["verdict"] = "PASS"): CriterionVerdict => ({
  criterion,
  because: "it is so",
  verdict,
});
const problems = (verdicts: readonly CriterionVerdict[], isAlone = true) =>
  verdictProblems({ verdicts: [...verdicts] }, criteria, isAlone);

describe("what a judge brings", () => {
  it("is sent back when a criterion is missing, twice, or invented", () => {
    expect(problems([said("AC-1"), said("AC-2")])).toEqual([]);
    expect(problems([said("AC-1")])).toEqual(["AC-2 is not judged."]);
    expect(problems([said("AC-1"), said("AC-2"), said("AC-1", "FAIL")])).toEqual(["AC-1 is judged twice."]);
    expect(problems([said("AC-1"), said("AC-2"), said("AC-9")])).toEqual(["AC-9 is no criterion of the plan."]);
  });

  it("may leave a criterion to another repository only where there is one", () => {
    const verdicts = [said("AC-1"), said("AC-2", "NOT_HERE")];
    expect(problems(verdicts, false)).toEqual([]);
    expect(problems(verdicts)).toEqual(["AC-2: there is no other repository that could meet it."]);
  });

  it("is taken exactly when it names each criterion once", () => {
    const id = fc.constantFrom("AC-1", "AC-2", "AC-3");
    fc.assert(
      fc.property(fc.array(id, { maxLength: 4 }), (ids) => {
        const isWhole = [...ids].sort().join() === "AC-1,AC-2";
        expect(problems(ids.map((one) => said(one))).length === 0).toBe(isWhole);
      }),
      runs(200),
    );
  });

  it("fails by what it fails, not by what is elsewhere", () => {
    expect(unmet({ verdicts: [said("AC-1", "FAIL"), said("AC-2", "NOT_HERE")] })).toEqual([said("AC-1", "FAIL")]);
  });
});

describe("lines as evidence", () => {
  const files = new Map([
    ["src/a.js", 3],
    ["src/b.js", null],
  ]);
  const shown = (verdict: "PASS" | "FAIL", ...evidence: readonly (readonly [string, number])[]) =>
    evidenceProblems(
      {
        verdicts: [
          { criterion: "AC-1", because: "so", verdict, evidence: evidence.map(([path, line]) => ({ path, line })) },
        ],
      },
      files,
    );

  it("are lines that there are after the change", () => {
    expect(shown("PASS", ["src/a.js", 3], ["src/b.js", 400])).toEqual([]);
    expect(shown("PASS", ["src/a.js", 4])).toEqual(["AC-1: src/a.js has 3 lines only."]);
    expect(shown("FAIL", ["src/gone.js", 1])).toEqual(["AC-1: there is no file src/gone.js."]);
  });

  it("are owed for what is met; what is missing stands on no line", () => {
    expect(shown("PASS")).toEqual(["AC-1: name the lines that show it."]);
    expect(shown("FAIL")).toEqual([]);
  });
});

it("takes from a second look what it looked at, and the rest from the first", () => {
  const first = { verdicts: [said("AC-1", "FAIL"), said("AC-2")] };
  expect(mergedVerdicts(first, [said("AC-1")])).toEqual([said("AC-1"), said("AC-2")]);
  expect(mergedVerdicts(first, [])).toEqual(first.verdicts);
  expect(mergedVerdicts(null, [said("AC-2")])).toEqual([said("AC-2")]);
});
