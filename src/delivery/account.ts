// What the ledger says of an event: one entry each, also where nothing changed. Pure.

import { deliveryName, type TraceId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { LedgerDraft } from "../ledger/entry.ts";
import { unreachable } from "../result.ts";
import type { Delivery } from "./delivery.ts";
import type { MachineEvent, Recorded } from "./event.ts";
import type { Step } from "./step.ts";

type Changed = Readonly<Record<string, unknown>>;

/**
 * `before` and `after` hold the top-level keys of the delivery that changed: put on one another they give its state. A key that is
 * there no more is null.
 */
export function accountOf(
  before: Delivery,
  recorded: Recorded,
  step: Step,
  traceId: TraceId,
  at: Instant,
): LedgerDraft {
  const changed = step.kind === "moved" ? difference(before, step.next) : null;
  return {
    deliveryId: before.id,
    at,
    actor: recorded.actor,
    action: actionOf(recorded.event),
    entity: { kind: "delivery", id: deliveryName(before.id) },
    before: changed?.before ?? null,
    after: changed?.after ?? null,
    note: noteOf(recorded.event, step),
    traceId,
  };
}

/** The event's type; of a command its name, as `command.approve`. */
export const actionOf = (event: MachineEvent): string =>
  event.type === "command" ? `command.${event.ask.name}` : event.type;

export function difference(before: Delivery, next: Delivery): Readonly<{ before: Changed; after: Changed }> {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(next));
  const keys = [...new Set([...is.keys(), ...was.keys()])].filter(
    (key) => digestOf(is.get(key) ?? null) !== digestOf(was.get(key) ?? null),
  );
  return {
    before: Object.fromEntries(keys.map((key) => [key, was.get(key) ?? null])),
    after: Object.fromEntries(keys.map((key) => [key, is.get(key) ?? null])),
  };
}

function noteOf(event: MachineEvent, step: Step): string | null {
  const said = "note" in event ? event.note : null;
  switch (step.kind) {
    case "moved":
      return said;
    case "noted":
      return said ?? "noted";
    case "refused":
      return `refused: ${step.refusal.code}`;
    case "stale":
      return said === null ? "stale" : `stale: ${said}`;
    default:
      return unreachable(step);
  }
}
