// Finds issues whose label no webhook told of. Nothing begins without GitHub's signature, so people are asked to put it on again, once.
import { eq } from "drizzle-orm";
import type { AdmissionRefusal } from "../admission/refusal.ts";
import type { SayRefusal } from "../admission/say-refusal.ts";
import { REFUSED, refusalOf, refusedEntity, type TriggerKey, unheardKey } from "../admission/trigger-key.ts";
import { triggerLabelOf } from "../admission/trigger-label.ts";
import { CONFIG_PATH } from "../config/schema.ts";
import { sources } from "../db/schema.ts";
import type { IssueFacts, LabelPut, Reading } from "../github/reading.ts";
import { InstallationId, type RepoId, TraceId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import { repositoryChain } from "../ledger/entry.ts";
import type { IntakeDeps } from "../webhooks/intake.ts";
import { liveOfIssue } from "../webhooks/live-deliveries.ts";
import { lastLook } from "../webhooks/missed/look.ts";
import { lookFrom } from "../webhooks/missed/missed.ts";
import { readRepository } from "../webhooks/present.ts";
import { isToldOf, keepLabelLook, labelsSettledUntil, newestPut } from "../webhooks/reconcile/labels.ts";
import { comparableUntil } from "../webhooks/reconcile/unheard.ts";
import type { Handler } from "./handler.ts";

export type FindLabeledDeps = IntakeDeps & Readonly<{ sayRefusal: SayRefusal }>;

/** Issues that are asked about, and told of, in one look: the rest is for the next, an hour later. */
const MOST = { asked: 50, told: 20 } as const;

type Span = Readonly<{ from: Instant; until: Instant }>;
type Unheard = Readonly<{ issue: IssueFacts; put: LabelPut; key: TriggerKey }>;
/** `settled`: what changed before is looked through. */
type Found = Readonly<{ unheard: readonly Unheard[]; settled: Instant }>;

/** Killed anywhere and run again, it leaves one ledger entry and one comment for each label. */
export const findLabeledJob =
  (deps: FindLabeledDeps): Handler<"find_labeled"> =>
  async ({ repoId }, { signal }) => {
    const { sql } = deps.db;
    const [source] = await sql.select().from(sources).where(eq(sources.repoId, repoId));
    const from = await labelsSettledUntil(sql, repoId);
    if (source === undefined || from === null) return;
    const installationId = InstallationId.parse(source.installationId);
    const startedAt = deps.clock();
    const until = comparableUntil((await lastLook(sql))?.settledUntil ?? null, instant(startedAt));
    let settled = from;
    if (until !== null && until > from) {
      await deps.crash("find_labeled.before.read");
      const read = await readRepository(deps, installationId, repoId, (reading) =>
        find(deps, reading, repoId, { from, until }),
      );
      if (read.kind === "read") {
        for (const one of read.value.unheard) {
          signal.throwIfAborted();
          await tell(deps, installationId, repoId, one, startedAt);
        }
        settled = read.value.settled;
      }
    }
    await deps.crash("find_labeled.before.keep");
    await deps.db.transaction((tx) => keepLabelLook(tx, repoId, startedAt, settled));
  };

const byChange = (a: IssueFacts, b: IssueFacts): number => (a.updatedAt < b.updatedAt ? -1 : 1);

async function find(
  { db: { sql }, clock }: FindLabeledDeps,
  reading: Reading,
  repoId: RepoId,
  { from, until }: Span,
): Promise<Found> {
  const facts = await reading.repository(repoId);
  if (facts === null || facts.archived) return { unheard: [], settled: until };
  const file = await reading.file(repoId, CONFIG_PATH, facts.defaultBranch);
  const label = triggerLabelOf(file?.text ?? null);
  const labeled = (await reading.labeledIssues(repoId, label, from)).items.toSorted(byChange);
  // What GitHub has forgotten by now, nobody can ask it to hand over; it may be older than the app here.
  const since = lookFrom(null, clock());
  const unheard: Unheard[] = [];
  for (const [at, issue] of labeled.entries()) {
    // Whatever changed before this one was looked through.
    if (at === MOST.asked || unheard.length === MOST.told) return { unheard, settled: issue.updatedAt };
    if (issue.isPullRequest || (await liveOfIssue(sql, repoId, issue.number)) !== null) continue;
    const put = newestPut((await reading.labelPuts(repoId, issue.number)).items, label);
    if (put === null || put.at < since || put.at >= until) continue;
    if (await isToldOf(sql, repoId, issue.number, put)) continue;
    const key = unheardKey(issue.id, put.at);
    if ((await refusalOf(sql, repoId, key)) === null) unheard.push({ issue, put, key });
  }
  return { unheard, settled: until };
}

/** Said first and written down after: said twice it is one comment, and what is written down is not said again. */
async function tell(
  deps: FindLabeledDeps,
  installationId: InstallationId,
  repoId: RepoId,
  { issue, put, key }: Unheard,
  at: Date,
): Promise<void> {
  const refusal: AdmissionRefusal = { code: "label_unheard", login: put.by?.login ?? null, at: put.at };
  await deps.sayRefusal({ installationId, repoId, issue: issue.number, key, refusal });
  await deps.crash("find_labeled.before.write_down");
  await deps.db.transaction((tx) =>
    append(tx, repositoryChain(repoId), [
      {
        deliveryId: null,
        at: instant(at),
        actor: { kind: "system", id: "find_labeled" },
        action: REFUSED,
        entity: refusedEntity(key),
        before: null,
        after: {
          refusal,
          issue: issue.number,
          labeler: put.by === null ? null : { id: put.by.id, login: put.by.login },
        },
        note: null,
        traceId: TraceId.parse(digestOf({ trace: key }).slice(0, 32)),
      },
    ]),
  );
}
