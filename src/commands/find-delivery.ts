// Which delivery people speak to in a comment, with a button or in a review. Reads only.
import { and, asc, desc, eq, exists, or, sql as raw, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos, publications, webhooks } from "../db/schema.ts";
import {
  type CheckRunId,
  DeliveryId,
  InstallationId,
  IssueNumber,
  type PullNumber,
  RepoId,
  type TraceId,
  UserId,
} from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { live } from "../webhooks/live-deliveries.ts";

export type Participant = Readonly<{
  repoId: RepoId;
  installationId: InstallationId;
  owner: string;
  name: string;
}>;

export type Conversation = Readonly<{
  deliveryId: DeliveryId;
  traceId: TraceId;
  /** Where the issue is: its configuration and its roles count. */
  primary: Participant;
  issueNumber: IssueNumber;
  /** Who put the label on. */
  requester: UserId;
  repositories: readonly Participant[];
  /** When it was triggered, by GitHub's clock: what was said before is about something else. */
  startedAt: Instant;
}>;

/** GitHub notes the label's time as the issue's last change. */
const Trigger = z.object({ issue: z.object({ updated_at: z.iso.datetime({ offset: true }) }) });

const isCanceledRollback = raw`(${deliveries.undoes} is not null and ${deliveries.runStatus} = 'canceled')`;

/** The live delivery of an issue, or of one of the pull requests that it opened; else the newest that ended there. */
export const deliveryOfThread = async (
  sql: Sql,
  repoId: RepoId,
  issue: Readonly<{ number: number; isPullRequest: boolean }>,
): Promise<Conversation | null> => {
  const about = and(eq(deliveries.repoId, repoId), eq(deliveries.issueNumber, issue.number));
  return newest(sql, issue.isPullRequest ? or(about, hasOpened(sql, repoId, issue.number)) : about);
};

/** The live delivery that opened a pull request; else the newest that did. */
export const deliveryOfPull = (sql: Sql, repoId: RepoId, pull: PullNumber): Promise<Conversation | null> =>
  newest(sql, hasOpened(sql, repoId, pull));

const hasOpened = (sql: Sql, repoId: RepoId, pull: number): SQL =>
  exists(
    sql
      .select({ one: raw`1` })
      .from(deliveryRepos)
      .where(
        and(
          eq(deliveryRepos.deliveryId, deliveries.id),
          eq(deliveryRepos.repoId, repoId),
          eq(deliveryRepos.pullNumber, pull),
        ),
      ),
  );

const newest = async (sql: Sql, where: SQL | undefined): Promise<Conversation | null> => {
  const [found] = await sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(where)
    // A rollback that was canceled leaves its parent to speak to.
    .orderBy(desc(live), asc(isCanceledRollback), desc(deliveries.id))
    .limit(1);
  return found === undefined ? null : conversation(sql, DeliveryId.parse(found.id));
};

/** The delivery whose check run this is. */
export const deliveryOfCheckRun = async (
  sql: Sql,
  repoId: RepoId,
  checkRun: CheckRunId,
): Promise<Conversation | null> => {
  const [found] = await sql
    .select({ id: publications.deliveryId })
    .from(publications)
    .where(
      and(eq(publications.kind, "check_run"), eq(publications.remoteId, checkRun), eq(publications.repoId, repoId)),
    );
  return found === undefined ? null : conversation(sql, DeliveryId.parse(found.id));
};

const conversation = async (sql: Sql, deliveryId: DeliveryId): Promise<Conversation> => {
  const rows = await sql
    .select({
      traceId: deliveries.traceId,
      issueNumber: deliveries.issueNumber,
      requesterId: deliveries.requesterId,
      createdAt: deliveries.createdAt,
      trigger: webhooks.payload,
      role: deliveryRepos.role,
      repoId: deliveryRepos.repoId,
      installationId: deliveryRepos.installationId,
      owner: deliveryRepos.owner,
      name: deliveryRepos.name,
    })
    .from(deliveryRepos)
    .innerJoin(deliveries, eq(deliveries.id, deliveryRepos.deliveryId))
    .innerJoin(webhooks, eq(webhooks.guid, deliveries.triggerGuid))
    .where(eq(deliveryRepos.deliveryId, deliveryId))
    .orderBy(deliveryRepos.role, deliveryRepos.repoId);
  const repositories = rows.map((row) => ({
    role: row.role,
    repoId: RepoId.parse(row.repoId),
    installationId: InstallationId.parse(row.installationId),
    owner: row.owner,
    name: row.name,
  }));
  const primary = repositories.find(({ role }) => role === "primary");
  const [row] = rows;
  if (primary === undefined || row === undefined) throw new Error(`delivery ${deliveryId} has no primary repository`);
  return {
    deliveryId,
    traceId: row.traceId,
    issueNumber: IssueNumber.parse(row.issueNumber),
    requester: UserId.parse(row.requesterId),
    primary,
    repositories,
    startedAt: instant(Trigger.safeParse(row.trigger).data?.issue.updated_at ?? row.createdAt),
  };
};
