// Which word about a repository is the newest: GitHub tells of comments late, twice, and in any order, and none says so itself.
import { and, desc, eq, or, sql as raw } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { commands } from "../db/schema.ts";
import type { CommentId, RepoId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";

/** A comment and when it was written, by GitHub's clock. */
export type Said = Readonly<{ commentId: CommentId; writtenAt: Instant }>;

/** Rows of earlier builds do not have it. Those were received later than they were written, which errs towards frozen. */
const writtenAt = raw<string | Date>`coalesce((${commands.args} ->> 'writtenAt')::timestamptz, ${commands.receivedAt})`;

/** Of those that say that it shall be frozen: one that found it frozen already says so too. */
const counts = or(eq(commands.verdict, "accepted"), raw`${commands.refusal} ->> 'code' = 'already_frozen'`);

/** An approver's `/freeze` of the repository that was written after this; null where there is none. Only for who holds the lock. */
export async function newerFreeze(
  sql: Sql,
  repoId: RepoId,
  said: Said,
): Promise<Readonly<{ login: string; at: Instant }> | null> {
  // GitHub's clock has whole seconds; within one, ids of comments tell what came first.
  const newer = raw`(${writtenAt}, ${commands.originId}) > (${said.writtenAt}::timestamptz, ${said.commentId}::bigint)`;
  const [row] = await sql
    .select({ login: commands.actorLogin, at: writtenAt })
    .from(commands)
    .where(
      and(eq(commands.repoId, repoId), eq(commands.originKind, "comment"), eq(commands.name, "freeze"), counts, newer),
    )
    .orderBy(desc(writtenAt), desc(commands.originId))
    .limit(1);
  return row === undefined ? null : { login: row.login, at: instant(row.at) };
}
