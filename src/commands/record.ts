// Writes what became of commands: rows, ledger, questions to the machine and answers, in one transaction.
import type { Database, Tx } from "../db/database.ts";
import { commands } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Actor, Origin } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import { lockDelivery } from "../delivery/store.ts";
import { CommandId, type IssueNumber, type RepoId, type UserId, type WebhookGuid } from "../ids.ts";
import { type Clock, type Instant, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { deliveryChain } from "../ledger/entry.ts";
import { unreachable } from "../result.ts";
import type { Conversation } from "./find-delivery.ts";
import type { Judged, Ruling } from "./judge.ts";

export type RecordDeps = Readonly<{ db: Database; clock: Clock }>;

/** Who said it and where, as the rows keep it. */
export type Saying = Readonly<{
  conversation: Conversation;
  origin: Origin;
  /** Where to react. */
  repoId: RepoId;
  issueNumber: IssueNumber;
  webhookGuid: WebhookGuid;
  person: Readonly<{ id: UserId; login: string; role: string }>;
}>;

export type Recorded = "already_recorded" | "nothing" | "recorded";

const idOf = (origin: Origin): number => {
  switch (origin.kind) {
    case "comment":
      return origin.commentId;
    case "button":
      return origin.checkRunId;
    case "review":
      return origin.reviewId;
    default:
      return unreachable(origin);
  }
};

/** Approvals first: an approval and a revision in one comment are about different repositories, and a revision leaves the gate. */
const approvalsFirst = (judged: readonly Judged[]): readonly Judged[] => [
  ...judged.filter(({ name }) => name === "approve"),
  ...judged.filter(({ name }) => name !== "approve"),
];

/**
 * `judge` is asked under the delivery's lock, with its state as it then is; `already_recorded` ends it before. A comment, click or review that was
 * recorded by another run leaves everything as it is.
 */
export const record = (
  deps: RecordDeps,
  saying: Saying,
  judge: (tx: Tx, delivery: Delivery) => Promise<readonly Judged[] | "already_recorded">,
  /** What else follows from having looked, after the words. */
  also: (tx: Tx, delivery: Delivery) => Promise<void>,
): Promise<Recorded> =>
  deps.db.transaction(async (tx) => {
    const stored = await lockDelivery(tx, saying.conversation.deliveryId);
    if (stored === null) throw new Error(`delivery ${saying.conversation.deliveryId} is gone`);
    const judged = await judge(tx, stored.delivery);
    if (judged === "already_recorded") return judged;
    if (judged.length === 0) return "nothing";
    const at = deps.clock();
    for (const one of approvalsFirst(judged)) await keep(tx, saying, one, at);
    await also(tx, stored.delivery);
    return "recorded";
  });

const keep = async (tx: Tx, saying: Saying, judged: Judged, at: Date): Promise<void> => {
  const { conversation, origin, person, webhookGuid } = saying;
  const { ruling, name, position, args } = judged;
  const verdict = verdictOf(ruling);
  const refusal = "refusal" in ruling ? ruling.refusal : null;
  const [row] = await tx.sql
    .insert(commands)
    .values({
      deliveryId: conversation.deliveryId,
      originKind: origin.kind,
      originId: idOf(origin),
      position,
      repoId: saying.repoId,
      issueNumber: saying.issueNumber,
      webhookGuid,
      name,
      args,
      actorId: person.id,
      actorLogin: person.login,
      actorRole: person.role,
      receivedAt: at,
      verdict,
      refusal,
      decidedAt: verdict === "waiting" ? null : at,
    })
    .returning({ id: commands.id });
  if (row === undefined) throw new Error("the command was not inserted");
  const commandId = CommandId.parse(row.id);
  const actor: Actor = { kind: "human", id: person.id, login: person.login };

  await append(tx, deliveryChain(conversation.deliveryId), [
    {
      deliveryId: conversation.deliveryId,
      at: instant(at),
      actor,
      action: "command_received",
      entity: { kind: "command", id: String(commandId) },
      before: null,
      after: { name, args, origin, position, login: person.login, role: person.role, verdict, refusal },
      note: refusal === null ? null : `refused: ${refusal.code}`,
      traceId: conversation.traceId,
    },
  ]);
  await goOn(tx, saying, judged, commandId, actor, instant(at));
};

const verdictOf = (ruling: Ruling): "waiting" | "accepted" | "refused" => {
  switch (ruling.kind) {
    case "asked":
      return "waiting";
    case "answered":
      return "accepted";
    case "refused":
    case "unheard":
      return "refused";
    default:
      return unreachable(ruling);
  }
};

const goOn = async (
  tx: Tx,
  { conversation: { deliveryId }, origin, webhookGuid }: Saying,
  { ruling, name, position }: Judged,
  commandId: CommandId,
  actor: Actor,
  at: Instant,
): Promise<void> => {
  if (ruling.kind === "asked") {
    const event = { type: "command", commandId, ask: ruling.ask, origin } as const;
    const dedupeKey = `${origin.kind}:${idOf(origin)}:${position}`;
    await report(tx, deliveryId, { event, actor, at, dedupeKey, webhookGuid });
    return;
  }
  if (ruling.kind === "unheard") return;
  await tx.enqueue("answer", { commandId });
  if (name === "status" && ruling.kind === "answered") await tx.enqueue("publish", { deliveryId });
};
