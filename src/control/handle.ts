// A person speaks in a control issue, or pulls its brake elsewhere: from the comment to a recorded command and what it does.
import { and, count, eq, gt, sql as raw } from "drizzle-orm";
import { authorise } from "../commands/authorise.ts";
import { deliveryOfThread } from "../commands/find-delivery.ts";
import type { CommentSpoken } from "../commands/handle.ts";
import { type HearingDeps, isUnchanged, type Rules, readComment, readRules } from "../commands/hearing.ts";
import { mayCommand, parseComment } from "../commands/parse.ts";
import type { CommandRefusal } from "../commands/refusal.ts";
import { isRecorded } from "../commands/said-before.ts";
import { DEFAULT_CONFIG } from "../config/schema.ts";
import type { Database, Sql, Tx } from "../db/database.ts";
import { commands, sources } from "../db/schema.ts";
import { freeze, lift } from "../freeze/change.ts";
import { standingOver } from "../freeze/standing.ts";
import { CommandId, type UserId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { repositoryChain } from "../ledger/entry.ts";
import { traceOf } from "../webhooks/source-rows.ts";
import { type ControlHearing, type ControlJudged, judgeControl } from "./judge.ts";
import { noticeFrozen } from "./notice.ts";
import { controlIssueOf } from "./rows.ts";

export type ControlHandlingDeps = HearingDeps & Readonly<{ db: Database; clock: Clock }>;

/** `not_control`: it is for others to hear. */
export type HandledControl = "recorded" | "already_recorded" | "no_command" | "flood" | "gone" | "not_control";

/**
 * Each comment of somebody who may not costs some requests and a reaction, of which an installation has only so many an hour. After
 * `refusals` of them nothing more is answered, and only a `/freeze` is still looked at: whoever was made an approver since must be
 * heard. After `freezes` not even that.
 */
const PATIENCE = { refusals: 5, freezes: 30, withinMs: 3_600_000 } as const;

const FREEZE = /(?:^|[\r\n])[ \t]*\/(?:[a-z][a-z0-9-]* )?freeze\b/i;
const BRAKE = /(?:^|[\r\n])\/(?:[a-z][a-z0-9-]* )?(?:un)?freeze\b/i;

type Where = ControlHearing["where"];

async function whereIs(sql: Sql, comment: CommentSpoken): Promise<Where | null> {
  const control = await controlIssueOf(sql, comment.repoId);
  if (control === null) return null;
  if (control.issueNumber === comment.issueNumber) return control.wanted === "on" ? "control" : "off";
  if (control.wanted === "off" || !BRAKE.test(comment.body)) return null;
  const thread = { number: comment.issueNumber, isPullRequest: comment.isPullRequest };
  return (await deliveryOfThread(sql, comment.repoId, thread)) === null ? "elsewhere" : null;
}

/** The row says what the file said when it was last read; today's file says more, where it can be used. */
const whereToday = (where: Where, rules: Rules): Where =>
  where === "elsewhere" || rules.kind === "problems" ? where : rules.config.control_issue ? "control" : "off";

/** `silent`: to be heard where an approver speaks, and not answered where nobody does. */
type Patience = "answered" | "silent" | "none";

const patienceWith = async (sql: Sql, { repoId, author, body }: CommentSpoken, now: Date): Promise<Patience> => {
  const since = gt(commands.receivedAt, new Date(now.getTime() - PATIENCE.withinMs));
  const unheard = raw`${commands.refusal} ->> 'code' in ('stranger', 'not_approver')`;
  const [row] = await sql
    .select({ refused: count() })
    .from(commands)
    .where(and(eq(commands.repoId, repoId), eq(commands.actorId, author.id), unheard, since));
  const refused = row?.refused ?? 0;
  if (refused < PATIENCE.refusals) return "answered";
  return refused < PATIENCE.freezes && FREEZE.test(body) ? "silent" : "none";
};

/** Throws GitHubError where trying again may help; run again, it leaves one of each effect. */
export async function handleControl(deps: ControlHandlingDeps, comment: CommentSpoken): Promise<HandledControl> {
  const { sql } = deps.db;
  if (comment.author.type !== "User") return "not_control";
  const where = await whereIs(sql, comment);
  if (where === null) return "not_control";
  if (!mayCommand(comment.body)) return "no_command";
  if (await isRecorded(sql, comment.commentId)) return "already_recorded";
  const patience = await patienceWith(sql, comment, deps.clock());
  if (patience === "none") return "flood";
  const { installationId, repoId } = comment;
  const [source] = await sql.select().from(sources).where(eq(sources.repoId, repoId));
  if (source === undefined) return "gone";
  const place = { repoId, installationId, owner: source.owner, name: source.name };

  const rules = await readRules(deps, comment, place);
  if (rules === null) return "gone";
  const repositories = [`${source.owner}/${source.name}`];
  const parsed = parseComment(comment.body, { prefix: rules.prefix, repositories });
  if (parsed.kind === "nothing") return "no_command";
  await deps.crash("commands.before.read_role");
  const reading = await deps.github.reading(installationId, [repoId]);
  const lists = rules.kind === "config" ? rules.config : DEFAULT_CONFIG;
  const asker = { ...comment.author, viaAppId: comment.viaAppId };
  const standing = await authorise(reading, asker, place, lists, new Map());
  const unchanged =
    standing.kind === "stranger" || isUnchanged(await readComment(deps, comment, comment.commentId), comment);
  const judged = judgeControl(parsed, { where: whereToday(where, rules), standing, rules, unchanged });
  if (judged.length === 0) return "no_command";

  await deps.crash("commands.before.commit");
  const role = standing.role;
  const person = { id: comment.author.id, login: standing.kind === "stranger" ? comment.author.login : standing.login };
  const recorded = await deps.db.transaction(async (tx) => {
    if (await isRecorded(tx.sql, comment.commentId)) return "already_recorded";
    const isAnswered = patience === "answered" || standing.kind === "approver";
    const saying = { comment, person, role, prefix: rules.prefix, at: deps.clock(), isAnswered };
    for (const one of judged) await keep(tx, saying, one);
    return "recorded";
  });
  await deps.crash("commands.after.commit");
  return recorded;
}

type Saying = Readonly<{
  comment: CommentSpoken;
  person: Readonly<{ id: UserId; login: string }>;
  role: string;
  /** For the answer. */
  prefix: string | null;
  at: Date;
  isAnswered: boolean;
}>;

/** The row first: a freeze names the command that it came from. Verdict, ledger, holds and answer follow in the same transaction. */
async function keep(tx: Tx, saying: Saying, judged: ControlJudged): Promise<void> {
  const { comment, person, role, at } = saying;
  const { name, position } = judged;
  const args = { ...judged.args, prefix: saying.prefix, writtenAt: comment.createdAt };
  const { repoId, issueNumber, webhookGuid, commentId } = comment;
  const [row] = await tx.sql
    .insert(commands)
    .values({
      originKind: "comment",
      originId: commentId,
      position,
      repoId,
      issueNumber,
      webhookGuid,
      name,
      args,
      actorId: person.id,
      actorLogin: person.login,
      actorRole: role,
      receivedAt: at,
      verdict: "waiting",
    })
    .returning({ id: commands.id });
  if (row === undefined) throw new Error("the command was not inserted");
  const commandId = CommandId.parse(row.id);
  const refusal = await carryOut(tx, saying, judged, commandId);
  const verdict = refusal === null ? "accepted" : "refused";
  await tx.sql.update(commands).set({ verdict, refusal, decidedAt: at }).where(eq(commands.id, commandId));
  await append(tx, repositoryChain(repoId), [
    {
      deliveryId: null,
      at: instant(at),
      actor: { kind: "human", id: person.id, login: person.login },
      action: "command_received",
      entity: { kind: "command", id: String(commandId) },
      before: null,
      after: { name, args, comment: commentId, issue: issueNumber, login: person.login, role, verdict, refusal },
      note: refusal === null ? null : `refused: ${refusal.code}`,
      traceId: traceOf(webhookGuid),
    },
  ]);
  if (saying.isAnswered) await tx.enqueue("answer", { commandId });
}

/** Null where it was done. */
async function carryOut(
  tx: Tx,
  { comment, person, at }: Saying,
  { ruling }: ControlJudged,
  commandId: CommandId,
): Promise<CommandRefusal | null> {
  if (ruling.kind === "refused") return ruling.refusal;
  const { repoId, installationId, webhookGuid } = comment;
  const frozen = { kind: "repository", repoId, installationId } as const;
  const said = { commentId: comment.commentId, writtenAt: comment.createdAt };
  const word = { by: "approver", person, commandId, webhookGuid, said } as const;
  const changing = { frozen, word, at, traceId: traceOf(webhookGuid) };
  if (ruling.kind === "freeze") {
    const put = await freeze(tx, changing, ruling.reason);
    if (put.kind === "already") return { code: "already_frozen", login: put.standing.login, since: put.standing.at };
  } else {
    const lifted = await lift(tx, changing);
    if (lifted.kind === "overtaken") return { code: "overtaken", by: "freeze", login: lifted.login, at: lifted.at };
    if (lifted.kind === "none") {
      const others = await standingOver(tx.sql, { repoId, installationId });
      return { code: "not_frozen", operator: others.length > 0 };
    }
  }
  await noticeFrozen(tx, frozen);
  return null;
}
