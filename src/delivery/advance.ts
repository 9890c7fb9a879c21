// Rule M6, the one shell around the machine: lock, drain the inbox, and commit state, evidence, books and jobs together.
import { noticeMoved } from "../control/notice.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Tx } from "../db/database.ts";
import type { DeliveryId, TraceId } from "../ids.ts";
import { type Clock, type Instant, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { deliveryChain, type LedgerDraft } from "../ledger/entry.ts";
import { accountOf } from "./account.ts";
import { keepBooks } from "./apply-effects.ts";
import { type DeadlineOf, nextDeadline } from "./deadline.ts";
import type { Delivery } from "./delivery.ts";
import type { Effect } from "./effect.ts";
import type { Actor, Recorded } from "./event.ts";
import { g3 } from "./gates/g3.ts";
import { markApplied, report, type Waiting, waitingEvents } from "./inbox.ts";
import { followPhase } from "./phase-history.ts";
import { recordGate } from "./record-gate.ts";
import type { Step } from "./step.ts";
import { lockDelivery, newestSnapshot, type StoredDelivery, saveDelivery } from "./store.ts";
import { toParent } from "./to-parent.ts";
import { workOf } from "./work.ts";

export type AdvanceDeps = Readonly<{
  db: Database;
  clock: Clock;
  crash: CrashPoint;
  transition: (delivery: Delivery, recorded: Recorded) => Step;
  /** Rule M9, from the content of the delivery's newest ConstraintSnapshot (undefined while there is none). */
  deadlines: (snapshot: unknown) => DeadlineOf;
}>;

/** Events by what became of them. */
export type Advanced = Readonly<Record<Step["kind"], number>>;

/** Of one transaction: a flooded inbox is drained in several, so that none is long. */
const BATCH = 50;

const SYSTEM: Actor = { kind: "system", id: "machine" };

/** Drains one delivery's inbox. Killed anywhere and run again, each event is applied once. */
export async function advance(deps: AdvanceDeps, deliveryId: DeliveryId): Promise<Advanced> {
  const total = { moved: 0, noted: 0, refused: 0, stale: 0 };
  for (;;) {
    await deps.crash("advance.before.commit");
    const steps = await deps.db.transaction((tx) => drain(deps, tx, deliveryId));
    await deps.crash("advance.after.commit");
    for (const step of steps) total[step] += 1;
    if (steps.length < BATCH) return total;
  }
}

async function drain(deps: AdvanceDeps, tx: Tx, deliveryId: DeliveryId): Promise<readonly Step["kind"][]> {
  const stored = await lockDelivery(tx, deliveryId);
  if (stored === null) return [];
  const waiting = await waitingEvents(tx, deliveryId, BATCH);
  if (waiting.length === 0) return [];

  const now = deps.clock();
  const deadlineOf = deps.deadlines(await newestSnapshot(tx.sql, deliveryId));
  const applied = await applyAll({ deps, tx, stored, now, deadlineOf }, waiting);

  const { delivery, deadline, drafts, effects, steps, reviews } = applied;
  if (delivery.version !== stored.delivery.version) {
    const saved = await saveDelivery(tx, delivery, stored.delivery.version, deadline, now);
    if (!saved) throw new Error(`delivery ${deliveryId} changed under its lock`);
  }
  await append(tx, deliveryChain(deliveryId), drafts);
  // G3 is judged at the approval that completes it; the other gates by the jobs that bring the evidence.
  for (const { attempt, targets } of reviews) {
    await recordGate(tx, { deliveryId, traceId: stored.traceId, attempt, at: now }, g3(targets));
  }
  await markApplied(tx, steps, now);
  await tellParent(tx, stored.delivery, delivery, instant(now));
  await startJobs(tx, delivery, effects);
  if (delivery.version !== stored.delivery.version) await noticeMoved(tx, deliveryId);
  return steps.map(({ step }) => step);
}

type Draining = Readonly<{ deps: AdvanceDeps; tx: Tx; stored: StoredDelivery; now: Date; deadlineOf: DeadlineOf }>;

async function applyAll({ deps, tx, stored, now, deadlineOf }: Draining, waiting: readonly Waiting[]) {
  let { delivery, deadline } = stored;
  const { traceId } = stored;
  const at = instant(now);
  const drafts: LedgerDraft[] = [];
  const effects: Effect[] = [];
  const steps: { id: number; step: Step["kind"] }[] = [];
  const reviews: Delivery[] = [];
  for (const { id, dedupeKey, recorded } of waiting) {
    if (recorded === null) {
      drafts.push(notUnderstood(delivery, dedupeKey, traceId, at));
      steps.push({ id, step: "stale" });
      continue;
    }
    const before = delivery;
    const step = deps.transition(before, recorded);
    steps.push({ id, step: step.kind });
    drafts.push(accountOf(before, recorded, step, traceId, at));
    const { actor } = recorded;
    drafts.push(...(await keepBooks(tx, { deliveryId: before.id, traceId, actor, at }, step.effects)));
    effects.push(...step.effects);
    if (step.kind !== "moved") continue;
    delivery = step.next;
    deadline = nextDeadline(before, delivery, deadline, deadlineOf, now);
    await followPhase(tx, before, delivery, actor, now);
    if (passesReview(before, delivery)) reviews.push(delivery);
  }
  return { delivery, deadline, drafts, effects, steps, reviews };
}

/** In the same transaction: a rollback that is done, or canceled, and a parent that waits for it are never both seen. */
async function tellParent(tx: Tx, before: Delivery, next: Delivery, at: Instant): Promise<void> {
  const told = toParent(before, next);
  if (told === null) return;
  const { parent, event } = told;
  await tx.enqueue("publish", { deliveryId: parent });
  if (event === null) return;
  await report(tx, parent, { event, actor: SYSTEM, at, dedupeKey: `rollback:${next.id}:${event.type}` });
}

const passesReview = (before: Delivery, next: Delivery): boolean =>
  before.phase === "review" && (next.phase === "verify" || next.phase === "close");

const notUnderstood = (delivery: Delivery, dedupeKey: string, traceId: TraceId, at: Instant): LedgerDraft => ({
  deliveryId: delivery.id,
  at,
  actor: SYSTEM,
  action: "event_not_understood",
  entity: { kind: "event", id: dedupeKey },
  before: null,
  after: null,
  note: "written by another version of the app; left out",
  traceId,
});

/** Of many events in one go only the last state matters: one publish, and the work of the state that now is. */
async function startJobs(tx: Tx, delivery: Delivery, effects: readonly Effect[]): Promise<void> {
  const { id: deliveryId, attempt } = delivery;
  for (const effect of effects) {
    if (effect.kind === "answer") await tx.enqueue("answer", { commandId: effect.commandId });
    if (effect.kind === "start_rollback") await tx.enqueue("rollback", { deliveryId, commandId: effect.commandId });
  }
  if (effects.some(({ kind }) => kind === "publish")) await tx.enqueue("publish", { deliveryId });
  const work = workOf(delivery);
  const isWanted = (effect: Effect) => effect.kind === "work" && effect.work === work && effect.attempt === attempt;
  if (work !== null && effects.some(isWanted)) await tx.enqueue(work, { deliveryId, attempt });
}
