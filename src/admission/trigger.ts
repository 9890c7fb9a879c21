// A label was put on: everything from there to a delivery, a refusal that is said, or nothing. admit.ts alone judges.
import type { Ceiling } from "../config/ceiling.ts";
import { controlIssueOf } from "../control/rows.ts";
import type { Tx } from "../db/database.ts";
import { deferTrigger, endDeferred, followFreezes, isDeferred } from "../freeze/follow.ts";
import { standingOver } from "../freeze/standing.ts";
import type { GitHub } from "../github/github.ts";
import { type DeliveryId, deliveryName, type InstallationId, type WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { repositoryChain } from "../ledger/entry.ts";
import { unreachable } from "../result.ts";
import type { LabelEvent } from "../webhooks/domain-event.ts";
import { endWebhook, type IntakeDeps, readingOf } from "../webhooks/intake.ts";
import { issueHappening, loadAsStarted, settleIssue } from "../webhooks/issue-facts.ts";
import { liveOfIssue } from "../webhooks/live-deliveries.ts";
import { type NotReadable, presentOf, readRepository } from "../webhooks/present.ts";
import { meetSource, sourceState, traceOf } from "../webhooks/source-rows.ts";
import { type AdmissionFacts, admit, type Candidate } from "./admit.ts";
import { beginDelivery } from "./begin-delivery.ts";
import { liveCounts } from "./counts.ts";
import { type Gathered, gather, type Snapshots, startsDeliveries, takeSnapshots } from "./gather.ts";
import { readPinned, writePins } from "./pin-rows.ts";
import type { AdmissionRefusal } from "./refusal.ts";
import { noteRepeated } from "./repeated.ts";
import type { SayRefusal } from "./say-refusal.ts";
import {
  type Decision,
  earlierDecision,
  REFUSED,
  refusedEntity,
  type TriggerKey,
  triggerKey,
  triggerKeyWhile,
} from "./trigger-key.ts";
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
  const { outcome, ends } = await consider(deps, { guid, event, key: triggerKey(event.issue.id, event.at) });
  if (ends === "for_good") return endWebhook(deps, guid, outcome);
  await deps.crash("admission.before.put_off");
  await deps.db.transaction((tx) => endDeferred(tx, guid, deps.clock(), outcome));
  await deps.crash("admission.after.put_off");
}

type Considered = Readonly<{ outcome: string; ends: "for_good" | "until_lifted" }>;

async function consider(deps: AdmissionDeps, trigger: Trigger): Promise<Considered> {
  const outcome = await outcomeOf(deps, trigger);
  return typeof outcome === "string" ? { outcome, ends: "for_good" } : outcome;
}

async function outcomeOf(deps: AdmissionDeps, trigger: Trigger): Promise<string | Considered> {
  const { place, issue } = trigger.event;
  const earlier = await earlierDecision(deps.db.sql, place.repoId, issue.number, trigger.key);
  if (earlier !== null) return conclude(deps, trigger, earlier);
  const meant = await isMeant(deps, trigger.event);
  if (typeof meant !== "string") {
    await settleIssue(deps, issueHappening(trigger.guid, trigger.event), meant.shortens, "keep_unlabeled");
    return `told ${deliveryName(meant.shortens)}`;
  }
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
  const snapshots = likely.kind === "admitted" ? await takeSnapshots(reading, trigger.event, likely, deps.crash) : null;

  await deps.crash("admission.before.decide");
  const decision = await deps.db.transaction((tx) => decide(tx, deps, trigger, gathered, snapshots));
  await deps.crash("admission.after.decide");
  return conclude(deps, trigger, decision);
}

/** A live delivery knows the label that started it; else the repository's configuration is asked. */
async function isMeant(
  deps: AdmissionDeps,
  { place, issue, label }: LabelEvent,
): Promise<"meant" | "other_label" | NotReadable["kind"] | Readonly<{ shortens: DeliveryId }>> {
  const { installationId, repoId } = place;
  const running = await liveOfIssue(deps.db.sql, repoId, issue.number);
  if (running !== null) {
    const started = await loadAsStarted(deps.db.sql, running);
    if (sameLabel(started.label, label)) return "meant";
    return sameLabel(started.planOnly, label) ? { shortens: running } : "other_label";
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
    isControl: (await controlIssueOf(sql, repoId))?.issueNumber === event.issue.number,
    freezes: await standingOver(sql, { repoId, installationId }),
    repository: gathered.repository,
    secondaries: await secondariesNow(sql, installationId, gathered),
    live: await liveOfIssue(sql, repoId, event.issue.number),
    liveCounts: await liveCounts(sql, installationId, repoId),
    installationLimit: deps.installationLimit,
  };
}

async function secondariesNow(
  sql: Tx["sql"],
  installationId: InstallationId,
  { repository, secondaries }: Gathered,
): Promise<AdmissionFacts["secondaries"]> {
  if (secondaries.kind !== "named") return secondaries;
  const home = { id: repository.id, name: `${repository.owner}/${repository.name}` };
  const repositories: Candidate[] = [];
  for (const { found, ...named } of secondaries.repositories) {
    if (found === null) repositories.push({ ...named, found });
    else {
      const source = await sourceState(sql, installationId, found.facts.id);
      const pinned = await readPinned(sql, home, { id: found.facts.id, name: named.name });
      repositories.push({ ...named, found: { ...found, source, pinned } });
    }
  }
  return { kind: "named", repositories };
}

/** One transaction: the decision, and all that it leaves in the database. */
async function decide(
  tx: Tx,
  deps: AdmissionDeps,
  trigger: Trigger,
  gathered: Gathered,
  snapshots: Snapshots | null,
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
      if (verdict.refusal.code === "frozen") await putOff(tx, trigger, verdict.refusal, now);
      else await writeDown(tx, trigger, REFUSED, verdict.refusal, now);
      return verdict;
    case "admitted":
      if (snapshots === null) throw new Error("what stood in the way of the trigger is gone: to be read again");
      for (const { facts, pins } of verdict.secondaries) {
        await meetSource(tx, { ...met, facts, state: "active" });
        await writePins(tx, pins, now);
      }
      return { kind: "admitted", deliveryId: await begin(tx, trigger, gathered, verdict, snapshots, now) };
    default:
      return unreachable(verdict);
  }
}

/** Where a repository beside the issue's is frozen, it is born on hold. */
async function begin(
  tx: Tx,
  trigger: Trigger,
  gathered: Gathered,
  { secondaries }: Extract<ReturnType<typeof admit>, { kind: "admitted" }>,
  snapshots: Snapshots,
  now: Date,
): Promise<DeliveryId> {
  const id = await beginDelivery(tx, trigger, { ...gathered, secondaries }, snapshots, now);
  await followFreezes(tx, [id], { actor: { kind: "system", id: "admission" }, at: now, key: `born:${id}` });
  return id;
}

/** Not decided: the label is considered again when the freeze is lifted. Once in the ledger, however often it was looked at. */
async function putOff(tx: Tx, trigger: Trigger, refusal: AdmissionRefusal, now: Date): Promise<void> {
  const { guid, event } = trigger;
  const { repoId, installationId } = event.place;
  if (await isDeferred(tx, guid)) return;
  await deferTrigger(tx, { guid, repoId, installationId, at: now });
  await writeDown(tx, trigger, "admission_deferred", refusal, now);
}

async function writeDown(
  tx: Tx,
  { guid, event, key }: Trigger,
  action: string,
  refusal: AdmissionRefusal,
  now: Date,
): Promise<void> {
  const { sender, issue, place } = event;
  await append(tx, repositoryChain(place.repoId), [
    {
      deliveryId: null,
      at: instant(now),
      actor: { kind: "system", id: "admission" },
      action,
      entity: refusedEntity(key),
      before: null,
      after: { refusal, issue: issue.number, labeler: { id: sender.id, login: sender.login }, webhook: guid },
      note: null,
      traceId: traceOf(guid),
    },
  ]);
}

/** What is left to do outside the decision's transaction, also by a run that comes after one that was killed. */
async function conclude(deps: AdmissionDeps, trigger: Trigger, decision: Decision): Promise<string | Considered> {
  const { guid, event, key } = trigger;
  const { installationId, repoId } = event.place;
  switch (decision.kind) {
    case "admitted": {
      // What happened to the issue while it was admitted found no delivery to tell.
      const live = await liveOfIssue(deps.db.sql, repoId, event.issue.number);
      if (live === decision.deliveryId) await settleIssue(deps, issueHappening(guid, event), live, "keep_unlabeled");
      return `admitted ${deliveryName(decision.deliveryId)}`;
    }
    case "repeated":
      await noteRepeated(deps, trigger, decision.deliveryId);
      await settleIssue(deps, issueHappening(guid, event), decision.deliveryId, "lift_unlabeled");
      return `repeated ${deliveryName(decision.deliveryId)}`;
    case "refused": {
      const { refusal } = decision;
      // What is said while it waits is another comment than what may be said of it afterwards.
      const about = refusal.code === "frozen" ? triggerKeyWhile(key, "frozen") : key;
      const said = await deps.sayRefusal({ installationId, repoId, issue: event.issue.number, key: about, refusal });
      const outcome = said === "said" ? `refused ${refusal.code}` : `refused ${refusal.code}, unsaid`;
      return refusal.code === "frozen" ? { outcome, ends: "until_lifted" } : outcome;
    }
    default:
      return unreachable(decision);
  }
}
