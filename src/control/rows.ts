// The row of a repository's control issue: whether one is wanted, which it is, and what we last put there.
import { and, eq, isNull } from "drizzle-orm";
import type { Sql, Tx } from "../db/database.ts";
import { controlIssues } from "../db/schema.ts";
import { type Digest, IssueNumber, type RepoId } from "../ids.ts";

export type ControlIssue = Readonly<{
  wanted: "on" | "off";
  /** Null while there is none. */
  issueNumber: IssueNumber | null;
  issueId: number | null;
  bodyHash: Digest | null;
}>;

export async function controlIssueOf(sql: Sql, repoId: RepoId): Promise<ControlIssue | null> {
  const [row] = await sql.select().from(controlIssues).where(eq(controlIssues.repoId, repoId));
  if (row === undefined) return null;
  const { wanted, issueNumber, issueId, bodyHash } = row;
  return { wanted, issueNumber: issueNumber === null ? null : IssueNumber.parse(issueNumber), issueId, bodyHash };
}

/** What the configuration says now. A repository that never wanted one gets no row. */
export async function putWanted(tx: Tx, repoId: RepoId, wanted: "on" | "off", now: Date): Promise<void> {
  if (wanted === "off") {
    await tx.sql.update(controlIssues).set({ wanted }).where(eq(controlIssues.repoId, repoId));
    return;
  }
  await tx.sql
    .insert(controlIssues)
    .values({ repoId, wanted, createdAt: now })
    .onConflictDoUpdate({ target: controlIssues.repoId, set: { wanted } });
}

/** The receipt of the issue that was opened, or found. One that another run received before stays. */
export async function receiveIssue(
  tx: Tx,
  repoId: RepoId,
  issue: Readonly<{ number: IssueNumber; id: number; bodyHash: Digest | null; at: Date }>,
): Promise<"kept" | "there"> {
  const changed = await tx.sql
    .update(controlIssues)
    .set({ issueNumber: issue.number, issueId: issue.id, bodyHash: issue.bodyHash, drawnAt: issue.at })
    .where(and(eq(controlIssues.repoId, repoId), isNull(controlIssues.issueNumber)))
    .returning({ repoId: controlIssues.repoId });
  return changed.length > 0 ? "kept" : "there";
}

/** `bodyHash` null before an edit: what stands there is not known until its receipt. */
export async function receiveBody(tx: Tx, repoId: RepoId, bodyHash: Digest | null, at: Date): Promise<void> {
  await tx.sql.update(controlIssues).set({ bodyHash, drawnAt: at }).where(eq(controlIssues.repoId, repoId));
}

/** It was deleted, or moved elsewhere: the next run opens another one. */
export async function forgetIssue(tx: Tx, repoId: RepoId, issueNumber: IssueNumber): Promise<void> {
  await tx.sql
    .update(controlIssues)
    .set({ issueNumber: null, issueId: null, bodyHash: null })
    .where(and(eq(controlIssues.repoId, repoId), eq(controlIssues.issueNumber, issueNumber)));
}
