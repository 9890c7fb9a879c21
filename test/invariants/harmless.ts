// What a model says that means no harm: one task, one file.
import type { PlanDocument } from "../../src/artifacts/plan.ts";

export const harmlessPlan = (repository: string): PlanDocument => ({
  title: "Do it",
  cause: "It is not done.",
  change: "It will be done.",
  size: "1 file",
  scope: ["All of it."],
  nonGoals: [],
  architecture: "None.",
  diagram: null,
  tasks: [{ id: "T1", title: "Do it", repository, files: ["src/a.js"], description: "Do it.", dependsOn: [] }],
  criteria: [{ id: "AC-1", text: "It is done.", check: "the tests" }],
  qualityGates: [],
  risks: [],
  questions: [],
});
