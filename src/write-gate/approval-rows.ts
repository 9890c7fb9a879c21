// Reads the approvals of a subject with what each came from: the command, and the webhook that GitHub signed.
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { approvals, commands, policyViolations, publications, webhooks } from "../db/schema.ts";
import type { Approvable } from "../delivery/event.ts";
import { ApprovalId, type DeliveryId, type Digest, type PatchSetId, RepoId, type ShipId, UserId } from "../ids.ts";
import { mustQuoteCode } from "../policy/rules.ts";
import { subjectOfKey } from "../thread/key.ts";

export type ApprovalRow = Readonly<{
  id: ApprovalId;
  person: Readonly<{ id: UserId; login: string }>;
  approvedAt: Date;
  command: Readonly<{
    deliveryId: number | null;
    name: string;
    verdict: string;
    actorId: number;
    position: number;
    repoId: RepoId;
    issueNumber: number;
    originKind: string;
    originId: number;
  }>;
  receipt: Readonly<{ event: string; action: string | null; payload: unknown; receivedAt: Date }>;
}>;

/** `row`: of a patch set or a ship, which the write's own row refers to as well; the digests of the others say all. */
export type SubjectKey = Readonly<{ kind: Approvable | "ship"; row: PatchSetId | ShipId | null; digest: Digest }>;

/** Those that were not voided, in the order in which they were given. */
export const standingApprovals = async (
  sql: Sql,
  deliveryId: DeliveryId,
  { kind, row, digest }: SubjectKey,
): Promise<readonly ApprovalRow[]> => {
  const rows = await sql
    .select({ approval: approvals, command: commands, receipt: webhooks })
    .from(approvals)
    .innerJoin(commands, eq(commands.id, approvals.commandId))
    .innerJoin(webhooks, eq(webhooks.guid, approvals.webhookGuid))
    .where(
      and(
        eq(approvals.deliveryId, deliveryId),
        eq(approvals.subjectKind, kind),
        row === null ? undefined : eq(approvals.subjectId, row),
        eq(approvals.digest, digest),
        isNull(approvals.voidedAt),
      ),
    )
    .orderBy(asc(approvals.id));
  return rows.map(({ approval, command, receipt }) => ({
    id: ApprovalId.parse(approval.id),
    person: { id: UserId.parse(approval.personId), login: approval.personLogin },
    approvedAt: approval.approvedAt,
    command: {
      deliveryId: command.deliveryId,
      name: command.name,
      verdict: command.verdict,
      actorId: command.actorId,
      position: command.position,
      repoId: RepoId.parse(command.repoId),
      issueNumber: command.issueNumber,
      originKind: command.originKind,
      originId: command.originId,
    },
    receipt: {
      event: receipt.event,
      action: receipt.action,
      payload: receipt.payload,
      receivedAt: receipt.receivedAt,
    },
  }));
};

/** Whether all of these still stand. */
export const allStand = async (sql: Sql, ids: readonly ApprovalId[]): Promise<boolean> => {
  const rows = await sql
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(inArray(approvals.id, [...ids]), isNull(approvals.voidedAt)));
  return rows.length === ids.length;
};

/** Which of these comments have a command that was already decided. */
export const decidedComments = async (sql: Sql, ids: readonly number[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const rows = await sql
    .select({ originId: commands.originId, position: commands.position, verdict: commands.verdict })
    .from(commands)
    .where(and(eq(commands.originKind, "comment"), inArray(commands.originId, [...ids])));
  return new Set(
    rows.filter(({ verdict }) => verdict !== "waiting").map(({ originId, position }) => `${originId}:${position}`),
  );
};

/** Which of these reviews were already heard and decided. */
export const decidedReviews = async (sql: Sql, ids: readonly number[]): Promise<ReadonlySet<number>> => {
  if (ids.length === 0) return new Set();
  const rows = await sql
    .select({ originId: commands.originId })
    .from(commands)
    .where(
      and(
        eq(commands.originKind, "review"),
        inArray(commands.originId, [...ids]),
        inArray(commands.verdict, ["accepted", "refused"]),
      ),
    );
  return new Set(rows.map(({ originId }) => originId));
};

/**
 * The check runs that show a plan, a patch set or a ship: its buttons, and no others, are of it. Heads have none. A ship is one
 * for all its repositories, and its run stands in one of them.
 */
export const runsShowing = async (
  sql: Sql,
  deliveryId: DeliveryId,
  { kind, repoId, version }: Readonly<{ kind: SubjectKey["kind"]; repoId: RepoId; version: number }>,
): Promise<readonly number[]> => {
  const rows = await sql
    .select({ key: publications.key, remoteId: publications.remoteId })
    .from(publications)
    .where(
      and(
        eq(publications.deliveryId, deliveryId),
        eq(publications.kind, "check_run"),
        kind === "ship" ? undefined : eq(publications.repoId, repoId),
      ),
    );
  return rows.flatMap(({ key, remoteId }) => {
    const subject = subjectOfKey(key);
    return subject?.kind === kind && subject.version === version && remoteId !== null ? [remoteId] : [];
  });
};

/** Whether policy warned of something for which an approval must quote the code, when the patch set was made. */
export const isRisky = async (sql: Sql, id: number): Promise<boolean> =>
  mustQuoteCode(
    await sql.select({ rule: policyViolations.rule }).from(policyViolations).where(eq(policyViolations.patchSetId, id)),
  );
