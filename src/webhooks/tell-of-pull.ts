// Reads one pull request of a delivery and what it holds, and tells the machine until it is so; what was found is on record first.
import type { Delivery } from "../delivery/delivery.ts";
import type { Actor, MachineEvent } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import type { GitHub } from "../github/github.ts";
import type { PullFacts, Reading } from "../github/reading.ts";
import type { Sha, WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { factOfHead } from "../provenance/facts.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { isApproved, type Judged, withPusher } from "../provenance/verdict.ts";
import { unreachable } from "../result.ts";
import { proveCriteria, withUnproven } from "../verify/criteria.ts";
import { factOn } from "../verify/decide.ts";
import { keepProvenance } from "../verify/keep.ts";
import { look } from "../verify/look.ts";
import type { Opened, OpenedPull } from "../verify/opened.ts";
import { actorOf, type IntakeDeps } from "./intake.ts";
import type { Sender } from "./payloads.ts";
import { isKnownHead, pullNews } from "./pull-news.ts";
import { settle } from "./settle.ts";

export type PullDeps = IntakeDeps &
  Readonly<{
    github: Pick<GitHub, "reading" | "self">;
    judgePull: JudgePull;
    /** Contexts of commit statuses that are ours. */
    ownStatusNames: readonly string[];
  }>;

export type Happening = Readonly<{
  /** `looked`: nobody told, and only what the machine does not know yet is news. */
  kind: "pull_closed" | "pull_reopened" | "pull_base_changed" | "pull_synchronized" | "base_rewritten" | "looked";
  /** The head that was told of, which the sender pushed where something was pushed. */
  headSha: Sha | null;
  /** Null where nobody told. */
  sender: Sender | null;
  /** Names the happening, so that a replay tells nothing twice. */
  key: string;
}>;

const LOOKED: Actor = { kind: "system", id: "reconcile" };

export type Pull = Readonly<{ opened: Opened; pull: OpenedPull }>;

type Told = Readonly<{
  events: readonly MachineEvent[];
  judged: Judged | null;
  /** Whether those who watch the checks have something new to look at. */
  isForWatchers: boolean;
}>;

/** Pure. One cause is told at a time, and what the pull request holds after it. */
export function pullFacts(
  kind: Exclude<Happening["kind"], "looked">,
  { repoId, baseBranch }: Pick<OpenedPull, "repoId" | "baseBranch">,
  pull: PullFacts,
  judged: Judged | null,
): readonly MachineEvent[] {
  if (pull.state === "closed") return [{ type: "pull_closed", repoId, pullRequest: pull.number }];
  const isOnBase = pull.baseRef === baseBranch;
  // Of two pushes the second may be judged before the machine has heard of the first.
  const holds = judged === null || !isOnBase ? [] : [factOfHead(repoId, judged)];
  switch (kind) {
    case "pull_closed":
    case "pull_reopened":
      return [{ type: "pull_reopened", repoId, pullRequest: pull.number }, ...holds];
    case "pull_base_changed":
      return isOnBase
        ? [{ type: "pull_target_restored", repoId }, ...holds]
        : [{ type: "pull_retargeted", repoId, note: `onto ${pull.baseRef}`.slice(0, 300) }];
    case "pull_synchronized":
    case "base_rewritten":
      return holds;
    default:
      return unreachable(kind);
  }
}

const isWatched = ({ phase, runStatus, holds }: Delivery): boolean =>
  phase === "verify" && runStatus === "running" && holds.length === 0;

/** The watch judges a merge together with the checks; where nobody watches any more it is done here. */
async function ofMerge(deps: PullDeps, reading: Reading, { opened, pull }: Pull): Promise<Told> {
  if (isWatched(opened.delivery)) return { events: [], judged: null, isForWatchers: true };
  const { appId } = await deps.github.self();
  const ours = { appIds: [appId], statusNames: deps.ownStatusNames };
  const seen = await look({ sql: deps.db.sql, judgePull: deps.judgePull }, reading, opened, pull, ours, deps.clock());
  const fact = factOn(seen, opened.delivery.attempt);
  if (fact === null) return { events: [], judged: seen.provenance, isForWatchers: false };
  const { unproven } = await proveCriteria(deps.db.sql, opened.delivery, [seen]);
  return { events: [withUnproven(fact.event, unproven)], judged: seen.provenance, isForWatchers: false };
}

const pusherOf = ({ kind, headSha, sender }: Happening, pull: PullFacts) =>
  kind === "pull_synchronized" && headSha === pull.headSha && sender?.type === "User"
    ? { id: sender.id, login: sender.login }
    : null;

const reader = (deps: PullDeps, reading: Reading, at: Pull, happening: Happening) => {
  const { delivery } = at.opened;
  const { repoId, target, written } = at.pull;
  const known = new Map<string, Judged | null>();
  return async (): Promise<Told | null> => {
    await deps.crash("intake.before.read_pull");
    const pull = await reading.pull(repoId, written.pullRequest);
    if (pull === null) return null;
    if (pull.merged) return ofMerge(deps, reading, at);
    if (happening.kind === "looked" && isKnownHead(target, pull.headSha)) {
      return { events: pullNews(delivery, at.pull, pull, null), judged: null, isForWatchers: false };
    }
    const state = `${pull.state} ${pull.headSha} ${pull.baseRef}`;
    if (!known.has(state)) {
      const found = await deps.judgePull(
        reading,
        { deliveryId: delivery.id, repoId, target, baseRef: pull.baseRef },
        pull,
      );
      known.set(state, found === null ? null : withPusher(found, pusherOf(happening, pull)));
    }
    const judged = known.get(state) ?? null;
    const { kind } = happening;
    if (kind === "looked") return { events: pullNews(delivery, at.pull, pull, judged), judged, isForWatchers: false };
    const events = pullFacts(kind, at.pull, pull, judged);
    return { events, judged, isForWatchers: isApproved(judged) && isWatched(delivery) };
  };
};

const stateOf = (event: MachineEvent): string => {
  if (event.type === "pull_merged") return `${event.type}:${event.approvedTree}:${event.green}`;
  if (event.type === "head_unapproved" || event.type === "head_restored") return `${event.type}:${event.head}`;
  return event.type === "pull_retargeted" ? `${event.type}:${event.note}` : event.type;
};

export async function tellOfPull(
  deps: PullDeps,
  guid: WebhookGuid | undefined,
  reading: Reading,
  at: Pull,
  happening: Happening,
): Promise<void> {
  const { delivery } = at.opened;
  await settle(reader(deps, reading, at, happening), async (told, round) => {
    if (told === null) return "nothing";
    await deps.crash("intake.before.tell_pull");
    await deps.db.transaction(async (tx) => {
      const now = deps.clock();
      const isNew = await keepProvenance(tx, at.opened, [{ pull: at.pull, provenance: told.judged }], now);
      if (isNew) await tx.enqueue("publish", { deliveryId: delivery.id });
      if (told.isForWatchers) await tx.enqueue("watch", { deliveryId: delivery.id, attempt: delivery.attempt });
      for (const event of told.events) {
        await report(tx, delivery.id, {
          event,
          actor: happening.sender === null ? LOOKED : actorOf(happening.sender),
          at: instant(now),
          // A replay brings the same time of change, and finds the same state.
          dedupeKey: `${happening.key}:${stateOf(event)}:${round}`,
          webhookGuid: guid,
        });
      }
    });
    await deps.crash("intake.after.tell_pull");
    return happening.kind === "looked" && told.events.length === 0 ? "nothing" : "told";
  });
}
