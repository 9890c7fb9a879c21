// Whether a plan is fit to be judged by people: complete, and short enough to be shown whole. The error is for the model.
import type { PlanDocument } from "../artifacts/plan.ts";
import { g1 } from "../delivery/gates/g1.ts";
import { err, ok, type Result } from "../result.ts";
import { planFits } from "../thread/render/plan.ts";

/** Questions are a good answer too: they go to people. Only what is incomplete goes back to the model. */
export const checkPlan = (plan: PlanDocument, repositories: readonly string[]): Result<null, string> => {
  const judged = g1(plan, repositories);
  if (judged.verdict === "incomplete") return err(`The plan is incomplete:\n${judged.evidence.problems.join("\n")}`);
  return planFits({ document: plan }, false)
    ? ok(null)
    : err("The plan is too long to be shown whole in one comment. Be brief.");
};
