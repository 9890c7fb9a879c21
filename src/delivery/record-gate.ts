// Keeps what a gate judged, with its evidence, in the transaction of whoever reports it.
import type { Tx } from "../db/database.ts";
import { gates } from "../db/schema.ts";
import { type DeliveryId, deliveryName, type TraceId } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import type { Gate, Judgement } from "./gates/judgement.ts";

export type GateFacts = Readonly<{ deliveryId: DeliveryId; traceId: TraceId; attempt: number; at: Date }>;

export async function recordGate(tx: Tx, facts: GateFacts, judged: Judgement<Gate, string, unknown>): Promise<void> {
  const { gate, verdict, passed, evidence } = judged;
  const { deliveryId, traceId, attempt, at } = facts;
  await tx.sql
    .insert(gates)
    .values({ deliveryId, gate, attempt, passed, evidence: { verdict, ...evidence }, judgedAt: at });
  await append(tx, deliveryName(deliveryId), [
    {
      deliveryId,
      at: instant(at),
      actor: { kind: "system", id: "gates" },
      action: "gate_judged",
      entity: { kind: "gate", id: gate },
      before: null,
      after: { attempt, verdict, passed, evidence },
      note: null,
      traceId,
    },
  ]);
}
