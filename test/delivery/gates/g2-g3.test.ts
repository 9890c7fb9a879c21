// G2 and G3: sound patch sets, and approvals for all of them.
import { describe, expect, it } from "vitest";
import { type G2Input, g2 } from "../../../src/delivery/gates/g2.ts";
import { g3 } from "../../../src/delivery/gates/g3.ts";
import type { PolicyViolation } from "../../../src/policy/violation.ts";
import { go, ofTwo } from "../reach.ts";

const change = (path: string, tasks = ["T1"]) => ({ path, previousPath: null, tasks });
const violation = (severity: PolicyViolation["severity"]): PolicyViolation => ({
  rule: "ci-files",
  severity,
  path: ".github/workflows/test.yml",
  line: 12,
  message: "CI is not changed",
});

const sound: G2Input = {
  tasks: [
    { id: "T1", repository: "acme/shop" },
    { id: "T2", repository: "acme/docs" },
  ],
  wanted: ["acme/shop", "acme/docs"],
  proposed: [
    { repository: "acme/shop", changes: [change("src/slug.ts")] },
    { repository: "acme/docs", changes: [change("README.md", ["T2"])] },
  ],
  violations: [],
};

describe("G2", () => {
  it("passes what is sound, and counts", () => {
    expect(g2({ ...sound, violations: [violation("warn")] })).toEqual({
      gate: "G2",
      verdict: "sound",
      passed: true,
      evidence: { problems: [], blocks: [], warnings: 1, files: 2, criteria: [] },
    });
  });

  it("stops what a second role finds not met, but says first what a rule or a task says", () => {
    const verdicts = (["PASS", "FAIL", "NOT_HERE"] as const).map((verdict, at) => ({
      criterion: `AC-${at + 1}`,
      because: "so",
      verdict,
    }));
    const reports = [{ repository: "acme/shop", verdicts }];
    const judged = g2({ ...sound, reports });
    expect(judged).toMatchObject({ verdict: "qa_failed", passed: false });
    expect(judged.evidence.criteria).toHaveLength(3);
    expect(g2({ ...sound, reports: [{ repository: "acme/shop", verdicts: [] }] }).verdict).toBe("sound");
    expect(g2({ ...sound, reports, proposed: [] }).verdict).toBe("unsound");
    expect(g2({ ...sound, reports, violations: [violation("block")] }).verdict).toBe("policy_block");
  });

  const unsound: readonly (readonly [string, Partial<G2Input>, RegExp])[] = [
    [
      "a repository that has tasks and nothing proposed",
      { proposed: sound.proposed.slice(0, 1) },
      /acme\/docs has tasks/,
    ],
    [
      "a change that serves no task",
      { proposed: [{ repository: "acme/shop", changes: [change("a", [])] }], wanted: [] },
      /a serves no task/,
    ],
    [
      "a change for a task of another repository",
      { proposed: [{ repository: "acme/shop", changes: [change("a", ["T2"])] }], wanted: [] },
      /T2, which is no task of acme\/shop/,
    ],
    ["an empty patch set", { proposed: [{ repository: "acme/shop", changes: [] }], wanted: [] }, /is empty/],
    [
      "a repository without tasks",
      { proposed: [{ repository: "acme/bank", changes: [change("a")] }], wanted: [] },
      /no task/,
    ],
    ["nothing at all", { proposed: [], wanted: [] }, /Nothing is proposed/],
  ];
  it.each(unsound)("finds %s", (_, part, problem) => {
    const judgement = g2({ ...sound, ...part });
    expect([judgement.verdict, judgement.passed]).toEqual(["unsound", false]);
    expect(judgement.evidence.problems).toEqual([expect.stringMatching(problem)]);
  });

  it("wants only what was sent back, and of that only what has tasks", () => {
    expect(g2({ ...sound, wanted: ["Acme/Shop", "acme/bank"], proposed: sound.proposed.slice(0, 1) }).passed).toBe(
      true,
    );
  });

  it("is blocked by one block, whatever else is right or wrong", () => {
    expect(g2({ ...sound, violations: [violation("block")] })).toMatchObject({
      verdict: "policy_block",
      passed: false,
    });
    expect(g2({ ...sound, proposed: [], violations: [violation("block")] }).verdict).toBe("policy_block");
  });
});

describe("G3", () => {
  const reviewed = go(
    ofTwo(),
    "triaged, GO",
    "plan_made",
    "gate_published, plan",
    "/approve",
    "patches_made",
    "gate_published, review",
  );

  it("is open until the last approval", () => {
    const one = go(reviewed, "/approve R");
    expect(g3(one.targets)).toMatchObject({ verdict: "open", passed: false });
    expect(g3(one.targets).evidence.patchSets.map(({ approved, approvals }) => [approved, approvals])).toEqual([
      [true, 1],
      [false, 0],
    ]);
    expect(g3(go(one, "/approve").targets).passed).toBe(true);
  });

  it("is not passed by having nothing to approve", () => {
    expect(g3(ofTwo().targets)).toEqual({ gate: "G3", verdict: "open", passed: false, evidence: { patchSets: [] } });
  });
});
