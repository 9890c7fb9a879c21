// What names one putting-on of a label, whichever webhook tells of it: a replay under a new GUID is the same trigger.
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { deliveries, ledger, webhooks } from "../db/schema.ts";
import { DeliveryId, type IssueNumber, type RepoId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { repositoryChain } from "../ledger/entry.ts";
import { AdmissionRefusal } from "./refusal.ts";

export type TriggerKey = string & z.BRAND<"TriggerKey">;
const TriggerKey = z.string().brand<"TriggerKey">();

/** `at` is when GitHub changed the issue, by its clock. */
export const triggerKey = (issueId: number, at: Instant): TriggerKey => TriggerKey.parse(`${issueId}:${at}`);

/** Names what is said of a trigger that is not decided yet. */
export const triggerKeyWhile = (key: TriggerKey, state: "frozen"): TriggerKey => TriggerKey.parse(`${key}:${state}`);
/** Of a label that no webhook told of: should its webhook come after all, it is decided on as if nothing had been said. */
export const unheardKey = (issueId: number, at: Instant): TriggerKey => TriggerKey.parse(`unheard:${issueId}:${at}`);

/** The action under which a refusal stands in the ledger, and what it was about. */
export const REFUSED = "admission_refused";
export const refusedEntity = (key: TriggerKey) => ({ kind: "trigger", id: key }) as const;
export const Refused = z.object({ refusal: AdmissionRefusal });

export type Decision = Earlier | Readonly<{ kind: "repeated"; deliveryId: DeliveryId }>;
type Earlier =
  | Readonly<{ kind: "admitted"; deliveryId: DeliveryId }>
  | Readonly<{ kind: "refused"; refusal: AdmissionRefusal }>;

const Labeled = z.object({ issue: z.object({ id: z.number(), updated_at: z.string() }) });

/** What was decided of this trigger before: by a run that was killed, or on another webhook that told of it. */
export async function earlierDecision(
  sql: Sql,
  repoId: RepoId,
  issue: IssueNumber,
  key: TriggerKey,
): Promise<Earlier | null> {
  const born = await sql
    .select({ id: deliveries.id, payload: webhooks.payload })
    .from(deliveries)
    .innerJoin(webhooks, eq(webhooks.guid, deliveries.triggerGuid))
    .where(and(eq(deliveries.repoId, repoId), eq(deliveries.issueNumber, issue)))
    .orderBy(asc(deliveries.id));
  for (const { id, payload } of born) {
    const labeled = Labeled.safeParse(payload);
    if (!labeled.success) continue;
    const { id: issueId, updated_at } = labeled.data.issue;
    if (triggerKey(issueId, instant(updated_at)) === key) return { kind: "admitted", deliveryId: DeliveryId.parse(id) };
  }
  const refusal = await refusalOf(sql, repoId, key);
  return refusal === null ? null : { kind: "refused", refusal };
}

/** Null where it was not refused. */
export async function refusalOf(sql: Sql, repoId: RepoId, key: TriggerKey): Promise<AdmissionRefusal | null> {
  const entity = refusedEntity(key);
  const [said] = await sql
    .select({ after: ledger.after })
    .from(ledger)
    .where(
      and(
        eq(ledger.chain, repositoryChain(repoId)),
        eq(ledger.action, REFUSED),
        eq(ledger.entityKind, entity.kind),
        eq(ledger.entityId, entity.id),
      ),
    )
    .limit(1);
  return said === undefined ? null : Refused.parse(said.after).refusal;
}
