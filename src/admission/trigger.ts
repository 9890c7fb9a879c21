// A label was put on: everything from there to a delivery, a refusal that is said, or nothing. admit.ts alone judges.
import type { Ceiling } from "../config/ceiling.ts";
import type { Tx } from "../db/database.ts";
import type { GitHub } from "../github/github.ts";
import { deliveryName, type InstallationId, type WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { repositoryChain } from "../ledger/entry.ts";
import { unreachable } from "../result.ts";
import type { LabelEvent } from "../webhooks/domain-event.ts";
import { endWebhook, type IntakeDeps, readingOf } from "../webhooks/intake.ts";
import { loadAsStarted, settleIssue } from "../webhooks/issue-facts.ts";
import { liveOfIssue } from "../webhooks/live-deliveries.ts";
import { type NotReadable, presentOf, readRepository } from "../webhooks/present.ts";
import { meetSource, sourceState, traceOf } from "../webhooks/source-rows.ts";
import { type AdmissionFacts, admit, type Candidate } from "./admit.ts";
import { bear } from "./bear.ts";
import { liveCounts } from "./counts.ts";
import {
  type Dowry,
  type Gathered,
  type GatheredSecondaries,
  gather,
  gatherDowry,
  startsDeliveries,
} from "./gather.ts";
import type { AdmissionRefusal } from "./refusal.ts";
import { noteRepeated } from "./repeated.ts";
import type { SayRefusal } from "./say-refusal.ts";
import { type Decision, earlierDecision, REFUSED, refusedEntity, type TriggerKey, triggerKey } from "./trigger-key.ts";
import { sameLabel } from "./trigger-label.ts";

export type AdmissionDeps = IntakeDeps &
  Readonly<{
    github: Pick<GitHub, "reading" | "find">;
    ceiling: Ceiling;
    /** How many deliveries of one installation may be live at once, whatever its repositories allow. */
    installationLimit: number;
    sayRefusal: SayRefusal;
  }>;

export type Trigger = Readonly<{ guid: WebhookGuid; event: LabelEvent; key: TriggerKey }>;

/** Ends the webhook. Killed anywhere and run again it leaves one delivery, or one ledger entry and one comment. */
export async function considerTrigger(deps: AdmissionDeps, guid: WebhookGuid, event: LabelEvent): Promise<void> {
  const outcome = await consider(deps, { guid, event, key: triggerKey(event.issue.id, event.at) });
  await endWebhook(deps, guid, outcome);
}

async function consider(deps: AdmissionDeps, trigger: Trigger): Promise<string> {
  const { place, issue } = trigger.event;
  const earlier = await earlierDecision(deps.db.sql, place.repoId, issue.number, trigger.key);
  if (earlier !== null) return conclude(deps, trigger, earlier);
  const meant = await isMeant(deps, trigger.event);
  if (meant !== "meant") return meant;

  await deps.crash("admission.before.read_repository");
  const present = await presentOf(deps, place.installationId, place.repoId);
  if (present.kind !== "readable") return present.kind;
  // Nobody can be told either: an archived repository takes no comments.
  if (present.facts.archived) return "archived";

  const reading = await readingOf(deps, place.installationId, place.repoId);
  const gathered = await gather(deps, reading, trigger.event, present.facts);
  if (typeof gathered === "string") return gathered;
  const likely = admit(await factsNow(deps, trigger, gathered, deps.db));
  const dowry = likely.kind === "admitted" ? await gatherDowry(reading, trigger.event, likely, deps.crash) : null;

  await deps.crash("admission.before.decide");
  const decision = await deps.db.transaction((tx) => decide(tx, deps, trigger, gathered, dowry));
  await deps.crash("admission.after.decide");
  return conclude(deps, trigger, decision);
}

/** A live delivery knows the label that started it; else the repository's configuration is asked. */
async function isMeant(
  deps: AdmissionDeps,
  { place, issue, label }: LabelEvent,
): Promise<"meant" | "other_label" | NotReadable["kind"]> {
  const { installationId, repoId } = place;
  const running = await liveOfIssue(deps.db.sql, repoId, issue.number);
  if (running !== null) {
    return sameLabel((await loadAsStarted(deps.db.sql, running)).label, label) ? "meant" : "other_label";
  }
  await deps.crash("admission.before.read_label");
  const read = await readRepository(deps, installationId, repoId, (reading) => startsDeliveries(reading, place, label));
  if (read.kind !== "read") return read.kind;
  return read.value ? "meant" : "other_label";
}

async function factsNow(deps: AdmissionDeps, { event }: Trigger, gathered: Gathered, { sql }: Pick<Tx, "sql">) {
  const { installationId, repoId } = event.place;
  return {
    source: await sourceState(sql, installationId, repoId),
    config: gathered.config,
    labeler: gathered.labeler,
    issue: gathered.issue,
    repository: gathered.repository,
    secondaries: await secondariesNow(sql, installationId, gathered.secondaries),
    live: await liveOfIssue(sql, repoId, event.issue.number),
    liveCounts: await liveCounts(sql, installationId, repoId),
    installationLimit: deps.installationLimit,
  };
}

async function secondariesNow(
  sql: Tx["sql"],
  installationId: InstallationId,
  gathered: GatheredSecondaries,
): Promise<AdmissionFacts["secondaries"]> {
  if (gathered.kind !== "named") return gathered;
  const repositories: Candidate[] = [];
  for (const { found, ...named } of gathered.repositories) {
    const source = found === null ? "inactive" : await sourceState(sql, installationId, found.facts.id);
    repositories.push({ ...named, found: found === null ? null : { ...found, source } });
  }
  return { kind: "named", repositories };
}

/** One transaction: the decision, and all that it leaves in the database. */
async function decide(
  tx: Tx,
  deps: AdmissionDeps,
  trigger: Trigger,
  gathered: Gathered,
  dowry: Dowry | null,
): Promise<Decision> {
  const { guid, event, key } = trigger;
  const { installationId, repoId, ownerId, owner } = event.place;
  const now = deps.clock();
  const state = await sourceState(tx.sql, installationId, repoId);
  const met = { installationId, accountId: ownerId, accountLogin: owner, guid, now };
  await meetSource(tx, { ...met, facts: gathered.repository, state });
  // Under the lock: the same trigger may have been decided on another webhook meanwhile.
  const earlier = await earlierDecision(tx.sql, repoId, event.issue.number, key);
  if (earlier !== null) return earlier;
  const verdict = admit(await factsNow(deps, trigger, gathered, tx));
  switch (verdict.kind) {
    case "repeated":
      return verdict;
    case "refused":
      await writeDown(tx, trigger, verdict.refusal, now);
      return verdict;
    case "admitted":
      if (dowry === null) throw new Error("what stood in the way of the trigger is gone: to be read again");
      for (const { facts } of verdict.secondaries) await meetSource(tx, { ...met, facts, state: "active" });
      return {
        kind: "admitted",
        deliveryId: await bear(tx, trigger, { ...gathered, secondaries: verdict.secondaries }, dowry, now),
      };
    default:
      return unreachable(verdict);
  }
}

async function writeDown(tx: Tx, { guid, event, key }: Trigger, refusal: AdmissionRefusal, now: Date): Promise<void> {
  const { sender, issue, place } = event;
  await append(tx, repositoryChain(place.repoId), [
    {
      deliveryId: null,
      at: instant(now),
      actor: { kind: "system", id: "admission" },
      action: REFUSED,
      entity: refusedEntity(key),
      before: null,
      after: { refusal, issue: issue.number, labeler: { id: sender.id, login: sender.login }, webhook: guid },
      note: null,
      traceId: traceOf(guid),
    },
  ]);
}

/** What is left to do outside the decision's transaction, also by a run that comes after one that was killed. */
async function conclude(deps: AdmissionDeps, trigger: Trigger, decision: Decision): Promise<string> {
  const { guid, event, key } = trigger;
  const { installationId, repoId } = event.place;
  switch (decision.kind) {
    case "admitted": {
      // What happened to the issue while it was admitted found no delivery to tell.
      const live = await liveOfIssue(deps.db.sql, repoId, event.issue.number);
      if (live === decision.deliveryId) await settleIssue(deps, guid, event, live, "keep_unlabeled");
      return `admitted ${deliveryName(decision.deliveryId)}`;
    }
    case "repeated":
      await noteRepeated(deps, trigger, decision.deliveryId);
      await settleIssue(deps, guid, event, decision.deliveryId, "lift_unlabeled");
      return `repeated ${deliveryName(decision.deliveryId)}`;
    case "refused": {
      const { refusal } = decision;
      const said = await deps.sayRefusal({ installationId, repoId, issue: event.issue.number, key, refusal });
      return said === "said" ? `refused ${refusal.code}` : `refused ${refusal.code}, unsaid`;
    }
    default:
      return unreachable(decision);
  }
}
