// Has a plan made from the issue and the repositories at their base commits; gate G1 says whether a human can decide on it.

import { type Assignment, loadAssignment, questionsAsked } from "../agent/assignment.ts";
import { keepForecast } from "../agent/budget/keep-forecast.ts";
import { checkPlan } from "../agent/check-plan.ts";
import { recordArtifact } from "../agent/record.ts";
import { planner } from "../agent/roles/planner.ts";
import { type RunDeps, runRole } from "../agent/run-role.ts";
import { type SettleDeps, settle, tell } from "../agent/settle.ts";
import type { ReadWorkRules } from "../agent/work-rules.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { briefDelivery } from "../context/brief.ts";
import { savePacket } from "../context/save-packet.ts";
import { g1 } from "../delivery/gates/g1.ts";
import { recordGate } from "../delivery/record-gate.ts";
import type { GitHub } from "../github/github.ts";
import { remembered } from "../github/remembered.ts";
import type { Handler } from "./handler.ts";

export type PlanDeps = SettleDeps &
  RunDeps &
  Readonly<{ model: string; github: Pick<GitHub, "reading">; ceiling: Ceiling; workRules: ReadWorkRules }>;

const aboutPlan = (assignment: Assignment): Assignment["feedback"] =>
  assignment.feedback.filter(({ scope }) => scope === "plan");

export const planJob =
  (deps: PlanDeps): Handler<"plan"> =>
  async ({ deliveryId, attempt }, { tries, signal }) => {
    const wanted = await loadAssignment(deps.db.sql, deliveryId, attempt, "plan");
    if (wanted === null || wanted.delivery.plan !== null) return;
    const started = { type: "effect_started", attempt } as const;
    await deps.db.transaction((tx) => tell(tx, deps.clock, deliveryId, "plan", started));
    const giveUp = (note: string) =>
      deps.db.transaction((tx) => tell(tx, deps.clock, deliveryId, "plan", { type: "effect_dead", attempt, note }));

    const github = remembered(deps.github);
    const rules = await deps.workRules(wanted, signal, github);
    const out = rules.whyOut(wanted.repos.map(({ repoId }) => repoId));
    if (out !== null) return giveUp(out);
    // The constraints, and who sees the repositories, may be others by now.
    const assignment = await loadAssignment(deps.db.sql, deliveryId, attempt, "plan");
    if (assignment === null) return;
    const { traceId, repos } = assignment;
    await deps.crash("plan.before.read");
    const briefed = await briefDelivery(
      { ...deps, github },
      assignment,
      { repos, feedback: aboutPlan(assignment), plan: null, required: [] },
      signal,
    );
    if (!briefed.ok) return giveUp(briefed.error.why);
    const { texts, look } = briefed.value;
    const asked = await questionsAsked(deps.db.sql, deliveryId);
    const packet = { ...briefed.value.packet, ...(asked.length === 0 ? {} : { asked: [...asked] }) };
    const contextHash = await deps.db.transaction((tx) =>
      savePacket(tx, { deliveryId, traceId, at: deps.clock(), packet }),
    );

    const names = repos.map(({ name }) => name);
    const model = assignment.models.planner ?? deps.model;
    const [primary] = repos;
    if (primary === undefined) throw new Error(`delivery ${deliveryId} has no repository`);
    const { installationId } = primary;
    const models = {
      proposer: assignment.models.proposer ?? deps.model,
      judge: assignment.models.judge ?? deps.model,
    };
    const forecasting = { installationId, models, judging: assignment.judging, costOf: deps.costOf };
    await deps.crash("plan.before.model");
    const run = await runRole(
      deps,
      planner,
      { packet, texts },
      {
        assignment,
        contextHash,
        model,
        signal,
        look,
        check: (plan) => checkPlan(plan, names),
      },
    );
    await settle(deps, "plan", run, tries, async (tx, runId, plan) => {
      const at = deps.clock();
      const saved = await recordArtifact(tx, { deliveryId, traceId, runId, kind: "plan", content: plan, at });
      const judged = g1(plan, names);
      await recordGate(tx, { deliveryId, traceId, attempt, at }, judged);
      if (judged.verdict === "questions") return { type: "plan_has_questions", attempt };
      await keepForecast(tx, { planId: saved.id, plan, packet, texts, ...forecasting });
      return { type: "plan_made", attempt, version: saved.version, digest: saved.hash };
    });
  };
