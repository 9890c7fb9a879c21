// An issue was closed, reopened, relabeled, edited, deleted or moved: tells its live delivery how the issue stands now.
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { sameLabel } from "../admission/trigger-label.ts";
import { DEFAULT_CONFIG } from "../config/schema.ts";
import { writtenDigest } from "../context/issue-snapshot.ts";
import type { Sql, Tx } from "../db/database.ts";
import { constraintSnapshots, contextPackets, deliveryRepos } from "../db/schema.ts";
import { report } from "../delivery/inbox.ts";
import type { Reading } from "../github/reading.ts";
import {
  type DeliveryId,
  Digest,
  deliveryName,
  type InstallationId,
  type IssueNumber,
  PullNumber,
  type RepoId,
  type WebhookGuid,
} from "../ids.ts";
import { instant } from "../instant.ts";
import type { Occasion } from "./align-parts.ts";
import type { DomainEvent } from "./domain-event.ts";
import { alignHolds, type Wanted } from "./holds.ts";
import { actorOf, endWebhook, type IntakeDeps, markProcessed, readingOf } from "./intake.ts";
import { liveOfIssue } from "./live-deliveries.ts";
import { settle } from "./settle.ts";

export type IssueEvent = Extract<
  DomainEvent,
  {
    kind:
      | "issue_labeled"
      | "issue_unlabeled"
      | "issue_closed"
      | "issue_reopened"
      | "issue_edited"
      | "issue_deleted"
      | "issue_transferred";
  }
>;

type IssuePort = Pick<Reading, "issue" | "pull">;

/** What admission stored of the issue and of the label that started it. */
const Started = z.object({
  config: z.object({
    label: z.string(),
    labels: z.object({ plan_only: z.string().default(DEFAULT_CONFIG.labels.plan_only) }),
  }),
});
const Snapshot = z.object({ issue: z.object({ written: Digest }) });
type AsStarted = Readonly<{ label: string; planOnly: string; written: Digest }>;

export async function loadAsStarted(sql: Sql, deliveryId: DeliveryId): Promise<AsStarted> {
  const [constraints] = await sql
    .select({ content: constraintSnapshots.content })
    .from(constraintSnapshots)
    .where(eq(constraintSnapshots.deliveryId, deliveryId))
    .orderBy(asc(constraintSnapshots.version))
    .limit(1);
  const [packet] = await sql
    .select({ content: contextPackets.content })
    .from(contextPackets)
    .where(eq(contextPackets.deliveryId, deliveryId))
    .orderBy(asc(contextPackets.version))
    .limit(1);
  const { written } = Snapshot.parse(packet?.content).issue;
  const { label, labels } = Started.parse(constraints?.content).config;
  return { label, planOnly: labels.plan_only, written };
}

/** Ends the webhook. */
export async function followIssue(deps: IntakeDeps, guid: WebhookGuid, event: IssueEvent): Promise<void> {
  const { repoId } = event.place;
  const deliveryId = await liveOfIssue(deps.db.sql, repoId, event.issue.number);
  if (deliveryId === null) return endWebhook(deps, guid, "no_live_delivery");
  if (event.kind === "issue_deleted" || event.kind === "issue_transferred") {
    return issueGone(deps, guid, event, deliveryId);
  }
  await settleIssue(deps, issueHappening(guid, event), deliveryId, "keep_unlabeled");
  await endWebhook(deps, guid, `told ${deliveryName(deliveryId)}`);
}

async function issueGone(
  deps: IntakeDeps,
  guid: WebhookGuid,
  event: IssueEvent,
  deliveryId: DeliveryId,
): Promise<void> {
  await deps.crash("intake.before.issue_gone");
  await deps.db.transaction(async (tx) => {
    await report(tx, deliveryId, {
      event: { type: "source_gone", note: event.kind === "issue_deleted" ? "issue deleted" : "issue transferred" },
      actor: actorOf(event.sender),
      at: event.at,
      dedupeKey: `source_gone:issue:${event.issue.id}`,
      webhookGuid: guid,
    });
    await markProcessed(tx, guid, deps.clock(), `told ${deliveryName(deliveryId)}`);
  });
  await deps.crash("intake.after.issue_gone");
}

type IssueNow =
  | Readonly<{ kind: "gone" }>
  /** `edited` names the text that is there instead of the one that was snapshotted. */
  | Readonly<{ kind: "there"; closed: boolean; labeled: boolean; planOnly: boolean; edited: Digest | null }>;

/** On what occasion an issue is looked at, and which. */
export type IssueHappening = Occasion &
  Readonly<{
    installationId: InstallationId;
    repoId: RepoId;
    issue: Readonly<{ id: number; number: IssueNumber }>;
    note: string;
  }>;

export const issueHappening = (guid: WebhookGuid, { place, issue, sender, kind }: IssueEvent): IssueHappening => ({
  installationId: place.installationId,
  repoId: place.repoId,
  issue,
  actor: actorOf(sender),
  guid,
  key: guid,
  note: kind,
});

/**
 * Reads the issue and brings the delivery's holds in line with it. A label that is back lifts its hold only where the
 * caller knows that the person who put it on may: `lift_unlabeled`.
 */
export async function settleIssue(
  deps: IntakeDeps,
  happening: IssueHappening,
  deliveryId: DeliveryId,
  label: "lift_unlabeled" | "keep_unlabeled",
): Promise<void> {
  const { installationId, repoId, issue: about } = happening;
  const started = await loadAsStarted(deps.db.sql, deliveryId);
  const reading = await readingOf(deps, installationId, repoId);
  const read = async (): Promise<IssueNow> => {
    await deps.crash("intake.before.read_issue");
    const issue = await reading.issue(repoId, about.number);
    // A transferred issue is answered by its new self, under another id.
    if (issue === null || issue.id !== about.id) return { kind: "gone" };
    const closed = issue.state === "closed" && !(await mergedByPull(deps.db.sql, reading, deliveryId, repoId));
    const written = writtenDigest(issue);
    return {
      kind: "there",
      closed,
      labeled: issue.labels.some((name) => sameLabel(name, started.label)),
      planOnly: issue.labels.some((name) => sameLabel(name, started.planOnly)),
      edited: written === started.written ? null : written,
    };
  };
  await settle(read, async (now, round) => {
    await deps.crash("intake.before.tell_issue");
    const told = await deps.db.transaction((tx) => tell(tx, deps, { happening, deliveryId, label, now, round }));
    await deps.crash("intake.after.tell_issue");
    return told;
  });
}

type Telling = Readonly<{
  happening: IssueHappening;
  deliveryId: DeliveryId;
  label: "lift_unlabeled" | "keep_unlabeled";
  now: IssueNow;
  round: number;
}>;

async function tell(tx: Tx, deps: IntakeDeps, telling: Telling): Promise<"told" | "nothing"> {
  const { happening, deliveryId, now, round } = telling;
  const { actor, guid: webhookGuid, key, note, issue } = happening;
  const because = { actor, at: instant(deps.clock()), webhookGuid };
  if (now.kind === "gone") {
    const dedupeKey = `source_gone:issue:${issue.id}`;
    await report(tx, deliveryId, { event: { type: "source_gone", note: "issue gone" }, dedupeKey, ...because });
    return "nothing";
  }
  const wanted: Wanted = {
    issue_closed: now.closed,
    ...(now.labeled && telling.label === "keep_unlabeled" ? {} : { unlabeled: !now.labeled }),
  };
  if (now.edited !== null) {
    const dedupeKey = `issue_edited:${now.edited}`;
    await report(tx, deliveryId, { event: { type: "issue_edited" }, dedupeKey, ...because });
  }
  if (now.planOnly) {
    // Once is enough: what is brought nearer is never put off, and the label may be taken off again.
    const event = { type: "exit_shortened", exitPhase: "plan" } as const;
    await report(tx, deliveryId, { event, dedupeKey: "exit_shortened:plan", ...because });
  }
  return alignHolds(tx, deliveryId, wanted, { ...because, key, round, note });
}

/** A merge of the delivery's own pull request closes the issue: that is its end, not somebody's objection. */
async function mergedByPull(sql: Sql, reading: IssuePort, deliveryId: DeliveryId, repoId: RepoId): Promise<boolean> {
  const [row] = await sql
    .select({ pull: deliveryRepos.pullNumber })
    .from(deliveryRepos)
    .where(and(eq(deliveryRepos.deliveryId, deliveryId), eq(deliveryRepos.repoId, repoId)));
  if (row === undefined || row.pull === null) return false;
  return (await reading.pull(repoId, PullNumber.parse(row.pull)))?.merged === true;
}
