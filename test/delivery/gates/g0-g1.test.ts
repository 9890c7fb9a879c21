// G0 and G1: what triage's decision means, and when a plan is one that can be decided on.
import { describe, expect, it } from "vitest";
import type { PlanDocument, PlanTask } from "../../../src/artifacts/plan.ts";
import { g0 } from "../../../src/delivery/gates/g0.ts";
import { g1 } from "../../../src/delivery/gates/g1.ts";

describe("G0", () => {
  it.each([
    ["GO", true],
    ["NO_GO", false],
    ["DEFER", false],
  ] as const)("%s passes: %s", (decision, passed) => {
    expect(g0({ decision, reasons: ["because"] })).toEqual({
      gate: "G0",
      verdict: decision,
      passed,
      evidence: { reasons: ["because"] },
    });
  });
});

const task = (part: Partial<PlanTask> = {}): PlanTask => ({
  id: "T1",
  title: "Keep hyphens",
  repository: "acme/shop",
  files: ["src/slug.ts"],
  description: "Change the pattern.",
  dependsOn: [],
  ...part,
});

const plan = (part: Partial<PlanDocument> = {}): PlanDocument => ({
  title: "Keep hyphens in slugs",
  cause: "The pattern drops them.",
  change: "Widen the pattern.",
  size: "1 file",
  scope: ["slugs"],
  nonGoals: [],
  architecture: "One function.",
  diagram: null,
  tasks: [task()],
  criteria: [{ id: "AC-1", text: "Hyphens stay", check: "unit test" }],
  qualityGates: [],
  risks: [],
  questions: [],
  ...part,
});

const REPOSITORIES = ["acme/shop", "acme/docs"];
const problems = (part: Partial<PlanDocument>): readonly string[] => g1(plan(part), REPOSITORIES).evidence.problems;

describe("G1", () => {
  it("passes a complete plan", () => {
    expect(g1(plan(), REPOSITORIES)).toEqual({
      gate: "G1",
      verdict: "complete",
      passed: true,
      evidence: { problems: [], questions: [], tasks: 1, criteria: 1 },
    });
  });

  it("knows a repository by its name in any case", () => {
    expect(problems({ tasks: [task({ repository: "Acme/Shop" })] })).toEqual([]);
  });

  const incomplete: readonly (readonly [string, Partial<PlanDocument>, RegExp])[] = [
    ["a repository that does not take part", { tasks: [task({ repository: "acme/bank" })] }, /T1 is for acme\/bank/],
    ["a task that is there twice", { tasks: [task(), task()] }, /T1 is there more than once/],
    ["a dependency on nothing", { tasks: [task({ dependsOn: ["T9"] })] }, /T1 depends on T9/],
    ["a task that waits for itself", { tasks: [task({ dependsOn: ["T1"] })] }, /circle: T1\./],
    [
      "a circle of three, and not what merely hangs on it",
      {
        tasks: [
          task({ id: "T1", dependsOn: ["T3"] }),
          task({ id: "T2", dependsOn: ["T1"] }),
          task({ id: "T3", dependsOn: ["T2"] }),
          task({ id: "T4" }),
        ],
      },
      /circle: T1, T2, T3\./,
    ],
    ["a task without files and without a word on why", { tasks: [task({ files: [] })] }, /T1 names no files/],
    ["a task whose only file is blank", { tasks: [task({ files: [" "] })] }, /T1 names no files/],
    [
      "a criterion that is there twice",
      { criteria: [0, 1].map(() => ({ id: "AC-1", text: "a", check: "b" })) },
      /AC-1 is there more than once/,
    ],
    ["a criterion without a check", { criteria: [{ id: "AC-1", text: "a", check: "  " }] }, /AC-1 does not say/],
  ];
  it.each(incomplete)("finds %s", (_, part, problem) => {
    const judgement = g1(plan(part), REPOSITORIES);
    expect([judgement.verdict, judgement.passed]).toEqual(["incomplete", false]);
    expect(judgement.evidence.problems).toEqual([expect.stringMatching(problem)]);
  });

  it("takes a reason for the absence of files", () => {
    expect(problems({ tasks: [task({ files: [], description: "No files: only the release notes change." })] })).toEqual(
      [],
    );
    expect(problems({ tasks: [task({ files: [], description: "No files:" })] })).toHaveLength(1);
  });

  it("takes tasks in any order, as long as there is one", () => {
    const tasks = [
      task({ id: "T2", dependsOn: ["T1", "T3"] }),
      task({ id: "T3", dependsOn: ["T1"] }),
      task({ id: "T1" }),
    ];
    expect(problems({ tasks })).toEqual([]);
  });

  it("asks first: a question that changes the plan comes before what is incomplete", () => {
    const questions = [
      { text: "Which separator?", changesPlan: true },
      { text: "Any hurry?", changesPlan: false },
    ];
    const judgement = g1(plan({ questions, tasks: [task({ files: [] })] }), REPOSITORIES);
    expect(judgement).toMatchObject({
      verdict: "questions",
      passed: false,
      evidence: { questions: ["Which separator?"] },
    });
    expect(g1(plan({ questions: questions.slice(1) }), REPOSITORIES).passed).toBe(true);
  });
});
