// Reads what an approval needs to know of its gate, and tells the machine of what was found to be wrong with it.
import { and, desc, eq, inArray, isNotNull, ne } from "drizzle-orm";
import type { Sql, Tx } from "../db/database.ts";
import { artifacts, deliveries, patchSets, publications } from "../db/schema.ts";
import { standsFor } from "../delivery/code.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Actor } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import { loadDelivery } from "../delivery/store.ts";
import { DeliveryId, type Digest, deliveryName, IssueNumber } from "../ids.ts";
import { type Clock, instant, olderThan } from "../instant.ts";
import { lookAtGate } from "../thread/gate-comments.ts";
import { subjectOfKey } from "../thread/key.ts";
import type { Conversation } from "./find-delivery.ts";
import { type Elsewhere, type GateFacts, isForeign, stillTouched, type TouchedGate } from "./gate-facts.ts";
import { type HearingDeps, readingOf, type Spot } from "./hearing.ts";
import { shownNow } from "./shown-now.ts";

export type GateDeps = HearingDeps & Readonly<{ db: Readonly<{ sql: Sql }>; clock: Clock }>;

/** Whom nobody needs to name: what we found out ourselves. */
const SYSTEM: Actor = { kind: "system", id: "commands" };

/** Throws GitHubError. */
export const readGate = async (
  deps: GateDeps,
  spot: Spot,
  conversation: Conversation,
  codes: readonly string[],
): Promise<GateFacts> => {
  const { sql } = deps.db;
  const stored = await loadDelivery({ sql }, conversation.deliveryId);
  if (stored === null) return { touched: [], unsettled: [], elsewhere: [] };
  const { delivery } = stored;
  await deps.crash("commands.before.read_gate");
  const reading = await readingOf(deps, spot, conversation.primary);
  const touched: TouchedGate[] = [];
  const unsettled: Digest[] = [];
  for (const { repoId, subject, used } of shownNow(delivery)) {
    const { digest, shown } = subject;
    if (shown === null || used) continue;
    const look = await lookAtGate({ sql, comment: reading.comment }, delivery.id, shown);
    if (look.kind === "unsettled") unsettled.push(digest);
    if (look.kind === "touched") touched.push({ repoId, digest, shownIn: shown.commentId, ...look.touched });
  }
  const foreign = codes.filter((code) => isForeign(delivery, code));
  return { touched, unsettled, elsewhere: await findElsewhere(sql, spot, conversation, foreign) };
};

/** Whoever quotes a code from further back is told that it is not known: nobody has more threads of one repository open. */
const DELIVERIES_SEARCHED = 200;

type Shown = Readonly<{ id: number; issue: number; digest: Digest }>;

/**
 * Among the newest deliveries of the same repository, and only where the words stand in that repository: whoever reads the thread may
 * read those threads too, and learns of no other.
 */
const findElsewhere = async (
  sql: Sql,
  spot: Spot,
  { deliveryId, primary }: Conversation,
  codes: readonly string[],
): Promise<readonly Elsewhere[]> => {
  if (codes.length === 0 || spot.repoId !== primary.repoId) return [];
  const others = await sql
    .select({ id: deliveries.id, issue: deliveries.issueNumber })
    .from(deliveries)
    .where(and(eq(deliveries.repoId, primary.repoId), ne(deliveries.id, deliveryId)))
    .orderBy(desc(deliveries.createdAt))
    .limit(DELIVERIES_SEARCHED);
  const shown = await shownBy(sql, new Map(others.map(({ id, issue }) => [id, issue])));
  return codes.flatMap((code) => {
    const found = shown.find(({ digest }) => standsFor(code, digest));
    if (found === undefined) return [];
    return [{ code, delivery: deliveryName(DeliveryId.parse(found.id)), issue: IssueNumber.parse(found.issue) }];
  });
};

/** Versions that people were shown, newest deliveries first. */
const shownBy = async (sql: Sql, issues: ReadonlyMap<number, number>): Promise<readonly Shown[]> => {
  const ids = [...issues.keys()];
  if (ids.length === 0) return [];
  const published = await sql
    .select({ id: publications.deliveryId, key: publications.key })
    .from(publications)
    .where(
      and(inArray(publications.deliveryId, ids), eq(publications.kind, "comment"), isNotNull(publications.remoteId)),
    );
  const seen = new Set(
    published.flatMap(({ id, key }) => {
      const subject = subjectOfKey(key);
      return subject === null ? [] : [`${id} ${subject.kind} ${subject.version}`];
    }),
  );
  const plans = await sql
    .select({ id: artifacts.deliveryId, version: artifacts.version, digest: artifacts.hash })
    .from(artifacts)
    .where(and(inArray(artifacts.deliveryId, ids), eq(artifacts.kind, "plan")));
  const sets = await sql
    .select({ id: patchSets.deliveryId, version: patchSets.version, digest: patchSets.digest })
    .from(patchSets)
    .where(inArray(patchSets.deliveryId, ids));
  const isSeen = (kind: string) => (row: Readonly<{ id: number; version: number }>) =>
    seen.has(`${row.id} ${kind} ${row.version}`);
  return [...plans.filter(isSeen("plan")), ...sets.filter(isSeen("patchset"))]
    .toSorted((a, b) => b.id - a.id)
    .map(({ id, digest }) => ({ id, digest, issue: issues.get(id) ?? 0 }));
};

/**
 * Under the delivery's lock, after the words were recorded: a refusal changes nothing, but that a gate was changed or has grown old is a
 * fact of its own, and the machine shows it again.
 */
export const followGate = async (
  tx: Tx,
  deps: Pick<GateDeps, "clock">,
  delivery: Delivery,
  gate: GateFacts,
  ttl: number | null,
): Promise<void> => {
  const at = instant(deps.clock());
  for (const { repoId, commentId, changedAt } of stillTouched(delivery, gate)) {
    const what = changedAt === null ? "deleted" : "edited";
    await report(tx, delivery.id, {
      event: { type: "gate_tampered", repoId, note: `comment ${commentId} was ${what}` },
      actor: SYSTEM,
      at,
      // The same as when the webhook tells of it.
      dedupeKey: `gate_tampered:${commentId}:${changedAt ?? "deleted"}:${repoId ?? "plan"}`,
    });
  }
  const isOld = shownNow(delivery).some(
    ({ subject, used }) => !used && ttl !== null && subject.shown !== null && olderThan(subject.shown.at, ttl, at),
  );
  if (ttl === null || !isOld) return;
  await report(tx, delivery.id, {
    event: { type: "gate_expired", ttl },
    actor: SYSTEM,
    at,
    dedupeKey: `gate_expired:${delivery.version}:${ttl}`,
  });
};
