// Which live deliveries something concerns: by issue, pull request, commit, repository, installation. Reads only.
import { and, asc, desc, eq, exists, inArray, isNotNull, or, sql as raw, type SQL } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos, provenance } from "../db/schema.ts";
import { DeliveryId, InstallationId, type IssueNumber, type PullNumber, RepoId, type Sha } from "../ids.ts";

/** Rule M10, as the index `deliveries_one_live` has it; one that is being rolled back lives, too. */
export const live = raw`${deliveries.runStatus} <> 'canceled' and not (${deliveries.phase} = 'close' and ${deliveries.runStatus} = 'succeeded')`;

export type TakesPart = Readonly<{
  deliveryId: DeliveryId;
  repoId: RepoId;
  installationId: InstallationId;
  role: "primary" | "secondary";
  baseBranch: string;
  baseSha: Sha;
  headSha: Sha | null;
  pull: number | null;
}>;

async function takingPart(sql: Sql, where: SQL | undefined): Promise<TakesPart[]> {
  const rows = await sql
    .select({
      deliveryId: deliveries.id,
      repoId: deliveryRepos.repoId,
      installationId: deliveryRepos.installationId,
      role: deliveryRepos.role,
      baseBranch: deliveryRepos.baseBranch,
      baseSha: deliveryRepos.baseSha,
      headSha: deliveryRepos.headSha,
      pull: deliveryRepos.pullNumber,
    })
    .from(deliveryRepos)
    .innerJoin(deliveries, eq(deliveries.id, deliveryRepos.deliveryId))
    .where(and(live, where))
    .orderBy(asc(deliveries.id));
  return rows.map((row) => ({
    ...row,
    deliveryId: DeliveryId.parse(row.deliveryId),
    repoId: RepoId.parse(row.repoId),
    installationId: InstallationId.parse(row.installationId),
    role: row.role === "primary" ? "primary" : "secondary",
  }));
}

/** The one live delivery of an issue; where one is being rolled back, the one that does it. */
export async function liveOfIssue(sql: Sql, repoId: RepoId, issue: IssueNumber): Promise<DeliveryId | null> {
  const [row] = await sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(live, eq(deliveries.repoId, repoId), eq(deliveries.issueNumber, issue)))
    .orderBy(desc(deliveries.id))
    .limit(1);
  return row === undefined ? null : DeliveryId.parse(row.id);
}

/** The delivery that opened a pull request, over or not. */
export async function openedBy(sql: Sql, repoId: RepoId, pull: PullNumber): Promise<readonly DeliveryId[]> {
  const rows = await sql
    .select({ id: deliveryRepos.deliveryId })
    .from(deliveryRepos)
    .where(and(eq(deliveryRepos.repoId, repoId), eq(deliveryRepos.pullNumber, pull)))
    .orderBy(asc(deliveryRepos.deliveryId));
  return rows.map(({ id }) => DeliveryId.parse(id));
}

export const liveByBase = (sql: Sql, repoId: RepoId, branch: string): Promise<TakesPart[]> =>
  takingPart(sql, and(eq(deliveryRepos.repoId, repoId), eq(deliveryRepos.baseBranch, branch)));

export const liveByRepos = (sql: Sql, repos: readonly RepoId[]): Promise<TakesPart[]> =>
  takingPart(sql, inArray(deliveryRepos.repoId, [...repos]));

/** All repositories of one live delivery. */
export const partsOf = (sql: Sql, delivery: DeliveryId): Promise<TakesPart[]> =>
  takingPart(sql, eq(deliveries.id, delivery));

export const liveByInstallation = (sql: Sql, installation: InstallationId): Promise<TakesPart[]> =>
  takingPart(sql, eq(deliveryRepos.installationId, installation));

/** Deliveries, over or not, with a pull request onto this branch. */
export async function openedOnto(sql: Sql, repoId: RepoId, branch: string): Promise<readonly DeliveryId[]> {
  const rows = await sql
    .select({ id: deliveryRepos.deliveryId })
    .from(deliveryRepos)
    .where(
      and(eq(deliveryRepos.repoId, repoId), eq(deliveryRepos.baseBranch, branch), isNotNull(deliveryRepos.pullNumber)),
    )
    .orderBy(asc(deliveryRepos.deliveryId));
  return rows.map(({ id }) => DeliveryId.parse(id));
}

type Watching = Readonly<{ job: "watch" | "assess" | "observe"; deliveryId: DeliveryId; attempt: number }>;

/**
 * Those that watch what is said of this commit, with the attempt that fences their job: our own head, one that holds the same, or
 * what was made of it by the merge.
 */
export async function watchingHead(sql: Sql, repoId: RepoId, head: Sha): Promise<readonly Watching[]> {
  const rows = await sql
    .select({ deliveryId: deliveries.id, attempt: deliveries.attempt, phase: deliveries.phase })
    .from(deliveryRepos)
    .innerJoin(deliveries, eq(deliveries.id, deliveryRepos.deliveryId))
    .where(
      and(
        eq(deliveryRepos.repoId, repoId),
        or(eq(deliveryRepos.headSha, head), exists(approvedHead(sql, head))),
        watching,
      ),
    );
  return rows.map(({ deliveryId, attempt, phase }) => ({
    job: phase === "verify" ? "watch" : phase === "deploy" ? "assess" : "observe",
    deliveryId: DeliveryId.parse(deliveryId),
    attempt,
  }));
}
const approvedHead = (sql: Sql, head: Sha) =>
  sql
    .select({ one: raw`1` })
    .from(provenance)
    .where(
      and(
        eq(provenance.deliveryId, deliveryRepos.deliveryId),
        eq(provenance.repoId, deliveryRepos.repoId),
        eq(provenance.commitSha, head),
        eq(provenance.verdict, "approved"),
      ),
    );

/** A deploy gate that waits for people is looked after, too. */
const watching = or(
  and(inArray(deliveries.phase, ["verify", "observe"]), eq(deliveries.runStatus, "running")),
  and(eq(deliveries.phase, "deploy"), inArray(deliveries.runStatus, ["pending", "running", "succeeded"])),
);
