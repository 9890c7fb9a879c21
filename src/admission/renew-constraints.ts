// Takes a new ConstraintSnapshot when the configurations are no longer what the newest one says: work starts under the rules of its day.
import { asc, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Ceiling } from "../config/ceiling.ts";
import { ConfigFile } from "../config/schema.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Sql } from "../db/database.ts";
import { constraintSnapshots, deliveryRepos } from "../db/schema.ts";
import type { GitHub } from "../github/github.ts";
import { type DeliveryId, Digest, deliveryName, InstallationId, RepoId, type TraceId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import { PolicyInForce, policyFor } from "../policy/in-force.ts";
import type { PolicySettings } from "../policy/settings.ts";
import { moveParts } from "../webhooks/source-rows.ts";
import type { Secondary } from "./admit.ts";
import { approversInForce } from "./approvers-in-force.ts";
import { type Constraints, constraintsOf, type SecondaryConstraints, sourcesOf } from "./constraints.ts";
import { judgeBeside, type OutOfIt, readPrimary } from "./today.ts";

export type RenewDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading">;
  clock: Clock;
  crash: CrashPoint;
  ceiling: Ceiling;
}>;

export type Renewed = Readonly<{
  hash: Digest;
  /** In force for each repository. */
  policyFor: (repoId: RepoId) => PolicySettings;
  /** Repositories that may take part no longer: nothing of them is to be read or proposed. */
  out: readonly OutOfIt[];
}>;

type Newest = Readonly<{ version: number; hash: Digest; content: unknown }>;

async function newest(sql: Sql, id: DeliveryId): Promise<Newest> {
  const [row] = await sql
    .select()
    .from(constraintSnapshots)
    .where(eq(constraintSnapshots.deliveryId, id))
    .orderBy(desc(constraintSnapshots.version))
    .limit(1);
  if (row === undefined) throw new Error(`delivery ${id} has no constraint snapshot`);
  return { version: row.version, hash: row.hash, content: row.content };
}

const inForce = ({ hash, content }: Pick<Newest, "hash" | "content">, out: readonly OutOfIt[]): Renewed => {
  const policies = PolicyInForce.parse(content);
  return { hash, out, policyFor: (repoId) => policyFor(policies, repoId) };
};

/** What an older snapshot says that still holds where today's configuration cannot be used. */
const Before = z.object({
  config: ConfigFile.pick({ repos: true, allow_public_output: true }).loose(),
  secondaries: z.array(z.looseObject({ repoId: RepoId, from: z.unknown(), policyVersion: z.string() })).default([]),
});
type Before = z.infer<typeof Before>;

/** A snapshot in which some repositories may keep the part that they had. */
type Kept = Omit<Constraints, "secondaries"> &
  Readonly<{ secondaries: readonly (SecondaryConstraints | Before["secondaries"][number])[] }>;

/**
 * The constraints in force for the work that starts now, and who is out of it. A configuration that cannot be used, or a
 * repository that is gone, leaves those of before in force: the WriteGate asks again before anything is written. Throws
 * GitHubError.
 */
export async function renewConstraints(
  deps: RenewDeps,
  { id, traceId }: Readonly<{ id: DeliveryId; traceId: TraceId }>,
  signal: AbortSignal,
): Promise<Renewed> {
  const before = await newest(deps.db.sql, id);
  const said = Before.parse(before.content);
  const [row, ...others] = await deps.db.sql
    .select()
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, id))
    .orderBy(asc(deliveryRepos.position), asc(deliveryRepos.repoId));
  if (row === undefined) throw new Error(`delivery ${id} has no repository`);
  await deps.crash("constraints.before.read");
  const primary = await readPrimary(deps, row, signal);
  if (primary === null) return inForce(before, []);
  const { facts, config: used } = primary;
  const admits = used.kind === "config" ? used.config : said.config;

  const secondaries: Secondary[] = [];
  const out: OutOfIt[] = [];
  for (const other of others) {
    const judged = await judgeBeside(deps, { row, facts, admits }, other, signal);
    if (judged.kind === "in") secondaries.push(judged.secondary);
    else out.push(judged.out);
  }
  // A webhook may be late or lost, and who sees a repository decides what may be said in it.
  const installationId = InstallationId.parse(row.installationId);
  await deps.db.transaction(async (tx) => {
    for (const one of [facts, ...secondaries.map((each) => each.facts)]) await moveParts(tx, installationId, one);
  });
  if (used.kind !== "config") return inForce(before, out);

  const people = await approversInForce(primary.reading, used.config, facts.owner);
  const constraints = constraintsOf(facts.id, used, people, secondaries);
  // What was in force for those that are out of it stays in the account: their patch sets may stand.
  const kept = said.secondaries.filter(({ repoId }) => out.some((one) => one.repoId === repoId));
  const content: Kept = { ...constraints, secondaries: [...constraints.secondaries, ...kept] };
  const hash = Digest.parse(digestOf(content));
  if (hash !== before.hash) await take(deps, { id, traceId }, hash, content);
  return inForce({ hash, content }, out);
}

async function take(
  deps: RenewDeps,
  { id, traceId }: Readonly<{ id: DeliveryId; traceId: TraceId }>,
  hash: Digest,
  content: Kept,
): Promise<void> {
  const at = deps.clock();
  await deps.crash("constraints.before.commit");
  await deps.db.transaction(async (tx) => {
    const { version, hash: latest } = await newest(tx.sql, id);
    if (latest === hash) return;
    const next = { deliveryId: id, version: version + 1, hash, content, createdAt: at };
    const [saved] = await tx.sql.insert(constraintSnapshots).values(next).returning({ id: constraintSnapshots.id });
    await append(tx, deliveryName(id), [
      {
        deliveryId: id,
        at: instant(at),
        actor: { kind: "system", id: "admission" },
        action: "constraints_snapshotted",
        entity: { kind: "constraint_snapshot", id: String(saved?.id) },
        before: { version, hash: latest },
        after: { version: version + 1, hash, ...sourcesOf(content) },
        note: null,
        traceId,
      },
    ]);
  });
}
