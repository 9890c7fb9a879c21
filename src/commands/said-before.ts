// Whether a comment, click or review was recorded before: however often GitHub tells of it, it is one.
import { and, count, eq, gt, isNull, max, or, sql as raw } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { approvals, commands, webhooks } from "../db/schema.ts";
import type { CheckRunId, CommentId, DeliveryId, ReviewId, UserId, WebhookGuid } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import type { Button } from "./button.ts";

type Click = Readonly<{ webhookGuid: WebhookGuid; checkRunId: CheckRunId; sender: Readonly<{ id: UserId }> }>;

const isSaid = async (sql: Sql, kind: "comment" | "review", id: number): Promise<boolean> => {
  const rows = await sql
    .select({ id: commands.id })
    .from(commands)
    .where(and(eq(commands.originKind, kind), eq(commands.originId, id)))
    .limit(1);
  return rows.length > 0;
};

export const isRecorded = (sql: Sql, commentId: CommentId): Promise<boolean> => isSaid(sql, "comment", commentId);

export const isReviewRecorded = (sql: Sql, reviewId: ReviewId): Promise<boolean> => isSaid(sql, "review", reviewId);

/**
 * GitHub gives a click no identity. The same message again is the same click; so is the same button pressed again by the same person
 * while what it did is not decided, or stands. Any other click may be repeated: what refused or voided the first may be gone.
 */
export const isClicked = async (sql: Sql, click: Click, button: Button): Promise<boolean> => {
  const rows = await sql
    .select({ guid: commands.webhookGuid, verdict: commands.verdict, name: commands.name, standing: approvals.id })
    .from(commands)
    .leftJoin(approvals, and(eq(approvals.commandId, commands.id), isNull(approvals.voidedAt)))
    .where(
      and(
        eq(commands.originKind, "button"),
        eq(commands.originId, click.checkRunId),
        or(eq(commands.webhookGuid, click.webhookGuid), eq(commands.actorId, click.sender.id)),
      ),
    );
  return rows.some(
    ({ guid, verdict, name, standing }) =>
      guid === click.webhookGuid || (name === button.name && (verdict === "waiting" || standing !== null)),
  );
};

/** One button can be pressed by several people. Only for who holds the delivery's lock. */
export const nextPosition = async (sql: Sql, checkRunId: CheckRunId): Promise<number> => {
  const [row] = await sql
    .select({ last: max(commands.position) })
    .from(commands)
    .where(and(eq(commands.originKind, "button"), eq(commands.originId, checkRunId)));
  return row?.last === null || row === undefined ? 0 : row.last + 1;
};

export const receivedAt = async (sql: Sql, guid: WebhookGuid): Promise<Instant> => {
  const [row] = await sql.select({ at: webhooks.receivedAt }).from(webhooks).where(eq(webhooks.guid, guid));
  if (row === undefined) throw new Error("a click without its webhook");
  return instant(row.at);
};

/** Each comment of a stranger costs some five requests and a reaction, of which an installation has only so many an hour. */
const STRANGER_PATIENCE = { comments: 5, withinMs: 3_600_000 } as const;

/** Whether a person was found to be a stranger so often of late that nobody asks GitHub about them again for a while. */
export const isFlooding = async (sql: Sql, deliveryId: DeliveryId, person: UserId, now: Date): Promise<boolean> => {
  const [row] = await sql
    .select({ turnedAway: count() })
    .from(commands)
    .where(
      and(
        eq(commands.deliveryId, deliveryId),
        eq(commands.actorId, person),
        gt(commands.receivedAt, new Date(now.getTime() - STRANGER_PATIENCE.withinMs)),
        raw`${commands.refusal} ->> 'code' = 'stranger'`,
      ),
    );
  return (row?.turnedAway ?? 0) >= STRANGER_PATIENCE.comments;
};
