// What the machine was told and does not keep, read from the inbox: the words behind its reason, and facts for people.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { inbox } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { type MachineEvent, type MachineEventType, Recorded } from "../delivery/event.ts";
import type { Reason } from "../delivery/reason.ts";
import { isUnderWay } from "../delivery/work.ts";
import type { DeliveryId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { FactsView, HoldView } from "./delivery-view.ts";

type Told = Readonly<{ recorded: Recorded; moved: boolean }>;

const readInbox = async (sql: Sql, id: DeliveryId): Promise<readonly Told[]> => {
  const rows = await sql
    .select({ recorded: inbox.recorded, step: inbox.step })
    .from(inbox)
    .where(and(eq(inbox.deliveryId, id), isNotNull(inbox.appliedAt)))
    .orderBy(asc(inbox.id));
  return rows.flatMap(({ recorded, step }) => {
    const parsed = Recorded.safeParse(recorded);
    // What the machine could not read either, or dropped as stale, is no fact.
    return parsed.success && step !== "stale" ? [{ recorded: parsed.data, moved: step === "moved" }] : [];
  });
};

/** Which event brings each reason, where it carries words. */
const BEHIND: Readonly<Partial<Record<Reason, readonly MachineEventType[]>>> = {
  effect_dead: ["effect_dead"],
  plan_incomplete: ["plan_incomplete"],
  model_unusable: ["model_unusable"],
  ci_red: ["checks_red"],
  regressed: ["regressed"],
  rollback_ended: ["rollback_ended"],
  policy: ["policy_blocked", "policy_now_blocks"],
  qa_failed: ["qa_failed"],
  budget: ["resource_refused"],
  endpoint: ["resource_refused"],
  injection: ["injection_found"],
  write_refused: ["write_refused"],
  not_ready: ["not_ready"],
  partial_merge: ["partly_shipped"],
  retargeted: ["pull_retargeted"],
  source_gone: ["source_gone"],
};

const wordsOf = (event: MachineEvent): string | null => ("note" in event && event.note !== "" ? event.note : null);

const noteOf = (state: Delivery, told: readonly Told[]): string | null => {
  const { reason } = state;
  if (reason === null) return null;
  if (reason === "rejected") {
    const last = told.findLast(({ recorded: { event } }) => event.type === "command" && event.ask.name === "reject");
    const event = last?.recorded.event;
    return event?.type === "command" && event.ask.name === "reject" ? event.ask.why : null;
  }
  const types = BEHIND[reason] ?? [];
  // What is missing is told again and again; only the deadline moves anything.
  const last = told.findLast(
    ({ recorded: { event }, moved }) => (moved || reason === "not_ready") && types.includes(event.type),
  );
  return last === undefined ? null : wordsOf(last.recorded.event);
};

const refusedOf = (state: Delivery, told: readonly Told[]): Pick<FactsView, "shortage" | "askedAgain"> => {
  if (state.reason !== "budget" && state.reason !== "endpoint") return {};
  const last = told.findLast(({ recorded, moved }) => moved && recorded.event.type === "resource_refused")?.recorded;
  if (last?.event.type !== "resource_refused") return {};
  return state.reason === "budget" ? { shortage: last.event.shortage } : { askedAgain: last.event.until };
};

const holdsOf = (state: Delivery, told: readonly Told[]): readonly HoldView[] =>
  state.holds.map((hold) => {
    const last = told.findLast(
      ({ recorded: { event } }) =>
        (event.type === "hold_added" && event.hold === hold) ||
        (hold === "hold" && event.type === "command" && event.ask.name === "hold"),
    );
    if (last === undefined) return { hold, since: null, login: null };
    const { actor, at } = last.recorded;
    return { hold, since: at, login: actor.kind === "human" ? actor.login : null };
  });

const shownAt = (state: Delivery): readonly Instant[] => {
  if (state.runStatus !== "succeeded") return [];
  if (state.phase === "plan") return state.plan?.shown == null ? [] : [state.plan.shown.at];
  if (state.phase === "deploy") return state.ship?.shown == null ? [] : [state.ship.shown.at];
  if (state.phase !== "review") return [];
  return state.targets.flatMap(({ patchSet }) =>
    patchSet?.shown == null || patchSet.approved ? [] : [patchSet.shown.at],
  );
};

/** Work that stumbled over the endpoint and is tried again by itself. */
const pausedOf = (state: Delivery, told: readonly Told[]): FactsView["paused"] => {
  if (!isUnderWay(state)) return null;
  const failed = told.filter(
    ({ recorded: { event } }) => event.type === "effect_failed" && event.attempt === state.attempt,
  );
  const last = failed.at(-1);
  return last === undefined ? null : { tries: failed.length, last: last.recorded.at };
};

const expiredOf = (told: readonly Told[]): FactsView["expired"] => {
  const last = told.findLast(({ recorded, moved }) => moved && recorded.event.type === "gate_expired")?.recorded;
  return last?.event.type === "gate_expired" ? { at: last.at, ttl: last.event.ttl } : undefined;
};

/** Told while the same is put up again, and no longer. */
const mergeRefusedOf = ({ phase }: Delivery, told: readonly Told[]): string | undefined => {
  const last = told.findLast(({ recorded, moved }) => moved && recorded.event.type === "merge_refused")?.recorded;
  return phase === "deploy" && last?.event.type === "merge_refused" ? last.event.note : undefined;
};

/** `changedAt`: of the delivery's row. */
export const loadFacts = async (
  sql: Sql,
  state: Delivery,
  changedAt: Instant,
): Promise<Readonly<{ facts: FactsView; holds: readonly HoldView[] }>> => {
  const told = await readInbox(sql, state.id);
  const events = told.map(({ recorded }) => recorded.event);
  return {
    facts: {
      note: noteOf(state, told),
      ...refusedOf(state, told),
      since: shownAt(state).toSorted().at(0) ?? changedAt,
      issueEdited: events.some(({ type }) => type === "issue_edited"),
      triggerRepeated: events.some(({ type }) => type === "trigger_repeated"),
      overdue:
        state.runStatus === "succeeded" &&
        events.some((event) => event.type === "deadline" && event.attempt === state.attempt),
      paused: pausedOf(state, told),
      expired: expiredOf(told),
      mergeRefused: mergeRefusedOf(state, told),
      baseMoved: events.flatMap((event) => (event.type === "base_moved" ? [event.repoId] : [])),
    },
    holds: holdsOf(state, told),
  };
};
