// The rows of `writes`: the intent before the first call, and a receipt after each, with the ledger in the same transaction.
import { and, eq, isNull } from "drizzle-orm";
import type { Database, Sql, Tx } from "../db/database.ts";
import { deliveryRepos, writes } from "../db/schema.ts";
import { deliveryName, PullNumber, RepoId, type Sha, WriteId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import type { DeploymentFacts, MergeFacts, PatchSetFacts, PermitFacts } from "./permit-facts.ts";

type WriteRow = typeof writes.$inferSelect;

export type Receipts = Readonly<{
  id: WriteId;
  subjectKind: string;
  subjectId: number;
  digest: string;
  repoId: RepoId;
  treeSha: Sha | null;
  commitSha: Sha | null;
  branchAt: Date | null;
  pullNumber: PullNumber | null;
  deploymentId: number | null;
}>;

const receiptsOf = (row: WriteRow): Receipts => ({
  id: WriteId.parse(row.id),
  subjectKind: row.subjectKind,
  subjectId: row.subjectId,
  digest: row.digest,
  repoId: RepoId.parse(row.repoId),
  treeSha: row.treeSha,
  commitSha: row.commitSha,
  branchAt: row.branchAt,
  pullNumber: row.pullNumber === null ? null : PullNumber.parse(row.pullNumber),
  deploymentId: row.deploymentId,
});

const record = (tx: Tx, facts: PermitFacts, at: Date, action: string, after: object) =>
  append(tx, deliveryName(facts.deliveryId), [
    {
      deliveryId: facts.deliveryId,
      at: instant(at),
      actor: { kind: "system", id: "write-gate" },
      action,
      entity: { kind: "write", id: facts.writeId },
      before: null,
      after,
      note: null,
      traceId: facts.traceId,
    },
  ]);

/** The branch that is written to. */
const branchOf = (facts: PermitFacts): string =>
  facts.subjectKind === "patchset" ? facts.content.branch : facts.content.baseBranch;

const contentOf = (facts: PermitFacts): object => {
  if (facts.subjectKind !== "patchset") return { ship: facts.ship, ...facts.content };
  return { parent: facts.content.parentSha, tree: facts.content.tree };
};

const evidenceOf = (facts: PermitFacts) => {
  const { subjectKind, subjectId, digest, repoId, attempt, approvals } = facts;
  return {
    ...contentOf(facts),
    subjectKind,
    subjectId,
    digest,
    repoId,
    attempt,
    branch: branchOf(facts),
    approvals: approvals.map(({ id, by }) => ({ id, person: by.id, login: by.login })),
  };
};

const rowOf = async (sql: Sql, id: WriteId): Promise<Receipts | null> => {
  const [row] = await sql.select().from(writes).where(eq(writes.id, id));
  return row === undefined ? null : receiptsOf(row);
};

const theRow = async (sql: Sql, id: WriteId): Promise<Receipts> => {
  const row = await rowOf(sql, id);
  if (row === null) throw new Error(`write ${id} has no row`);
  return row;
};

/** What an earlier run left; null where there was none. */
export const readReceipts = ({ sql }: Pick<Database, "sql">, id: WriteId): Promise<Receipts | null> => rowOf(sql, id);

/**
 * Before the first call to GitHub: a row for each permit, which the database takes only with an approval of the same
 * subject and digest. A row that is there already stays as it is. Answers the rows.
 */
export const intend = (db: Database, clock: Clock, permits: readonly PermitFacts[]): Promise<readonly Receipts[]> =>
  db.transaction(async (tx) => {
    const rows: Receipts[] = [];
    for (const facts of permits) {
      const [approval] = facts.approvals;
      if (approval === undefined) throw new Error("a permit without an approval");
      const at = clock();
      const inserted = await tx.sql
        .insert(writes)
        .values({
          id: facts.writeId,
          deliveryId: facts.deliveryId,
          approvalId: approval.id,
          subjectKind: facts.subjectKind,
          subjectId: facts.subjectId,
          digest: facts.digest,
          ...(facts.subjectKind === "patchset" ? {} : { shipId: facts.ship.id, shipDigest: facts.ship.digest }),
          repoId: facts.repoId,
          branch: branchOf(facts),
          intendedAt: at,
        })
        .onConflictDoNothing()
        .returning({ id: writes.id });
      await record(tx, facts, at, inserted.length > 0 ? "write_intended" : "write_resumed", evidenceOf(facts));
      rows.push(await theRow(tx.sql, facts.writeId));
    }
    return rows;
  });

type Receipt = Readonly<{
  action: string;
  column: "treeSha" | "commitSha" | "branchAt" | "pullNumber" | "deploymentId";
  values: Partial<typeof writes.$inferInsert>;
  after: object;
}>;

/** Fills in one receipt, unless another run did before; answers what then stands. */
const receive = (db: Database, clock: Clock, facts: PermitFacts, receipt: Receipt): Promise<Receipts> =>
  db.transaction(async (tx) => {
    const at = clock();
    const changed = await tx.sql
      .update(writes)
      .set(receipt.values)
      .where(and(eq(writes.id, facts.writeId), isNull(writes[receipt.column])))
      .returning({ id: writes.id });
    if (changed.length > 0) {
      await record(tx, facts, at, receipt.action, { repoId: facts.repoId, ...receipt.after });
      if (receipt.column === "pullNumber") await nameOnRepository(tx, facts, receipt);
    }
    return theRow(tx.sql, facts.writeId);
  });

const nameOnRepository = async (tx: Tx, facts: PermitFacts, { values }: Receipt): Promise<void> => {
  const { commitSha } = await theRow(tx.sql, facts.writeId);
  await tx.sql
    .update(deliveryRepos)
    .set({ pullNumber: values.pullNumber ?? null, headSha: commitSha })
    .where(and(eq(deliveryRepos.deliveryId, facts.deliveryId), eq(deliveryRepos.repoId, facts.repoId)));
};

export const receiveTree = (db: Database, clock: Clock, facts: PatchSetFacts, treeSha: Sha): Promise<Receipts> =>
  receive(db, clock, facts, { action: "tree_compared", column: "treeSha", values: { treeSha }, after: { treeSha } });

/** Of two runs at once the first one's commit is the write's; the other is never pointed at. */
export const receiveCommit = (
  db: Database,
  clock: Clock,
  facts: PatchSetFacts,
  commitSha: Sha,
  verified: boolean,
): Promise<Receipts> =>
  receive(db, clock, facts, {
    action: "commit_created",
    column: "commitSha",
    values: { commitSha },
    after: { commitSha, verified },
  });

export const receiveBranch = (db: Database, clock: Clock, facts: PatchSetFacts, head: Sha): Promise<Receipts> =>
  receive(db, clock, facts, {
    action: facts.onTopOf === null ? "branch_created" : "branch_advanced",
    column: "branchAt",
    values: { branchAt: clock() },
    after: { branch: facts.content.branch, head },
  });

export const receivePull = (
  db: Database,
  clock: Clock,
  facts: PatchSetFacts,
  pullNumber: PullNumber,
  how: "opened" | "found",
): Promise<Receipts> =>
  receive(db, clock, facts, {
    action: `pull_request_${how}`,
    column: "pullNumber",
    values: { pullNumber, finishedAt: clock() },
    after: { pullNumber },
  });

/** `how`: merged by us in this run, or found merged: by a run that died, or by a person who was faster. */
export const receiveMerge = (
  db: Database,
  clock: Clock,
  facts: MergeFacts,
  { commit, tree }: Readonly<{ commit: Sha; tree: Sha }>,
  how: "made" | "found",
): Promise<Receipts> =>
  receive(db, clock, facts, {
    action: `merge_${how}`,
    column: "commitSha",
    values: { commitSha: commit, treeSha: tree, finishedAt: clock() },
    after: { commitSha: commit, treeSha: tree, pullRequest: facts.content.pullRequest },
  });

export const receiveDeployment = (
  db: Database,
  clock: Clock,
  facts: DeploymentFacts,
  { id, commit }: Readonly<{ id: number; commit: Sha }>,
  how: "made" | "found",
): Promise<Receipts> =>
  receive(db, clock, facts, {
    action: `deployment_${how}`,
    column: "deploymentId",
    values: { deploymentId: id, commitSha: commit, finishedAt: clock() },
    after: { deploymentId: id, commitSha: commit, environment: facts.content.environment },
  });
