// Asks whether the issue can be planned now; gate G0 says what the answer means.
import { loadAssignment } from "../agent/assignment.ts";
import { recordArtifact } from "../agent/record.ts";
import { triage } from "../agent/roles/triage.ts";
import { type RunDeps, runRole } from "../agent/run-role.ts";
import { type SettleDeps, settle, tell } from "../agent/settle.ts";
import type { ReadWorkRules } from "../agent/work-rules.ts";
import { savePacket } from "../context/save-packet.ts";
import { g0 } from "../delivery/gates/g0.ts";
import { recordGate } from "../delivery/record-gate.ts";
import { ok } from "../result.ts";
import type { Handler } from "./handler.ts";

export type TriageDeps = SettleDeps & RunDeps & Readonly<{ model: string; workRules: ReadWorkRules }>;

/** That of the label, whose rules admission has just read. */
const FIRST_ATTEMPT = 1;

export const triageJob =
  (deps: TriageDeps): Handler<"triage"> =>
  async ({ deliveryId, attempt }, { tries, signal }) => {
    const wanted = await loadAssignment(deps.db.sql, deliveryId, attempt, "intake");
    if (wanted === null) return;
    // Whoever tried again may have changed the rules before: a higher limit of a run, another model.
    if (attempt > FIRST_ATTEMPT) await deps.workRules(wanted, signal);
    const assignment = await loadAssignment(deps.db.sql, deliveryId, attempt, "intake");
    if (assignment === null) return;
    const { traceId, feedback } = assignment;
    const packet = { ...assignment.packet, plan: null, feedback: [...feedback], repositories: [] };
    const contextHash = await deps.db.transaction(async (tx) => {
      await tell(tx, deps.clock, deliveryId, "triage", { type: "effect_started", attempt });
      return savePacket(tx, { deliveryId, traceId, at: deps.clock(), packet });
    });
    await deps.crash("triage.before.model");

    const model = assignment.models.triage ?? deps.model;
    const run = await runRole(deps, triage, packet, { assignment, contextHash, model, signal, check: () => ok(null) });
    await settle(deps, "triage", run, tries, async (tx, runId, document) => {
      const at = deps.clock();
      await recordArtifact(tx, { deliveryId, traceId, runId, kind: "decision", content: document, at });
      const judged = g0(document);
      await recordGate(tx, { deliveryId, traceId, attempt, at }, judged);
      return { type: "triaged", attempt, passed: judged.passed, decision: judged.verdict };
    });
  };
