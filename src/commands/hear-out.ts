// What a comment, a click and a review have in common: the speaker is looked up, what is asked is judged under the lock, and all of it recorded.
import type { Tx } from "../db/database.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import type { DeliveryId } from "../ids.ts";
import { liveRollbackOf } from "../rollback/live-rollback.ts";
import type { Asker, Standing } from "./authorise.ts";
import type { CommandName } from "./catalogue.ts";
import type { Conversation, Participant } from "./find-delivery.ts";
import { NOTHING_FOUND } from "./gate-facts.ts";
import { type HearingDeps, type Rules, readStanding, readUnwritable, type Spot } from "./hearing.ts";
import type { Hearing, Judged } from "./judge.ts";
import { knownLogins } from "./known-logins.ts";
import { readBudget } from "./read-budget.ts";
import { followGate, readGate } from "./read-gate.ts";
import { readHeard } from "./read-needs.ts";
import { type RecordDeps, type Recorded, record, type Saying } from "./record.ts";

export type CommandDeps = HearingDeps &
  RecordDeps &
  Readonly<{
    /**
     * For `/retry` on what is blocked: whether the cause is gone, as far as it can be read; null where there is nothing to read.
     * Throws where trying again may tell.
     */
    causeGone: (delivery: Delivery) => Promise<boolean | null>;
  }>;

/** Something said in a conversation, whichever way it came. */
export type Utterance = Readonly<{
  spot: Spot;
  conversation: Conversation;
  rules: Rules;
  asker: Asker;
  asksFor: (wanted: CommandName) => boolean;
  /** Quoted in approvals. */
  codes: readonly string[];
  /** Repositories named or meant, beside the primary one. */
  others: readonly Participant[];
  /** Asked only where the speaker is not a stranger. Throws GitHubError. */
  isUnchanged: () => Promise<boolean>;
  /** Of a review: what it says. Asked only where the speaker is not a stranger. Throws GitHubError. */
  readWords?: () => Promise<NonNullable<Hearing["review"]>>;
  saying: Pick<Saying, "origin" | "repoId" | "issueNumber" | "webhookGuid">;
  judge: (tx: Tx, delivery: Delivery, hearing: Hearing) => Promise<readonly Judged[] | "already_recorded">;
}>;

/** Throws GitHubError where trying again may help; run again, it leaves one of each effect. */
export const hearOut = async (deps: CommandDeps, utterance: Utterance): Promise<Recorded> => {
  const { conversation, rules, asker, saying, judge } = utterance;
  const { hearing, approves } = await readHearing(deps, utterance);

  await deps.crash("commands.before.commit");
  const recorded = await record(
    deps,
    { ...saying, conversation, person: personOf(asker, hearing.standing) },
    (tx, delivery) => judge(tx, delivery, hearing),
    (tx, delivery) => followGate(tx, deps, delivery, hearing.gate, approves ? ttlOf(rules) : null),
  );
  await deps.crash("commands.after.commit");
  return recorded;
};

const readHearing = async (
  deps: CommandDeps,
  { spot, conversation, rules, asker, asksFor, codes, others, isUnchanged, readWords }: Utterance,
): Promise<Readonly<{ hearing: Hearing; approves: boolean }>> => {
  const { deliveryId } = conversation;
  const known = await knownLogins(deps.db.sql, deliveryId);
  const standing = await readStanding(deps, spot, conversation, asker, rules, known);
  const heard = standing.kind !== "stranger";
  const approves = heard && asksFor("approve");
  const hearing: Hearing = {
    ...(await readHeard(deps, { spot, conversation, rules, known, asker: asker.id, approves })),
    standing,
    rules,
    unchanged: !heard || (await isUnchanged()),
    unwritable: heard ? await readUnwritable(deps, spot, others, asker) : [],
    causeGone: heard && asksFor("retry") ? await readCause(deps, deliveryId) : null,
    budget: heard && asksFor("budget") ? await readBudget(deps, deliveryId, rules) : null,
    undoneBy: heard && asksFor("rollback") ? await liveRollbackOf(deps.db.sql, deliveryId) : null,
    newerHold: null,
    newerWrite: null,
    review: heard && readWords !== undefined ? await readWords() : null,
    gate: approves ? await readGate(deps, spot, conversation, codes) : NOTHING_FOUND,
  };
  return { hearing, approves };
};

/** What the row keeps of a person: the login as GitHub has it now. */
const personOf = ({ id, login }: Asker, standing: Standing) => ({
  id,
  login: standing.kind === "stranger" ? login : standing.login,
  role: standing.role,
});

const ttlOf = (rules: Rules): number | null => (rules.kind === "config" ? rules.config.approvals.ttl : null);

const readCause = async (deps: CommandDeps, deliveryId: DeliveryId): Promise<boolean | null> => {
  const stored = await loadDelivery(deps.db, deliveryId);
  if (stored === null || stored.delivery.runStatus !== "blocked") return null;
  await deps.crash("commands.before.read_cause");
  return deps.causeGone(stored.delivery);
};
