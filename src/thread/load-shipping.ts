// What the thread shows of merges and deployments: the ships that were shown, what is missing, and how the merge fares.
import { and, asc, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { gates } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { checkRegression, deploymentRegression } from "../delivery/gates/g5.ts";
import { RepoId, Sha } from "../ids.ts";
import { instant } from "../instant.ts";
import { newestReadiness } from "../shipping/kept-readiness.ts";
import { shipsOf } from "../shipping/store.ts";
import type { BrokenView, DeliveryView } from "./delivery-view.ts";

const Merge = z.object({
  repoId: RepoId,
  merge: Sha.nullable(),
  regressions: z.array(z.string()).default([]),
  deployments: z
    .array(z.object({ environment: z.string(), state: z.string(), url: z.string().nullable() }))
    .default([]),
  checks: z
    .array(z.object({ name: z.string(), meaning: z.string(), said: z.string(), url: z.string().nullable() }))
    .default([]),
});

const Evidence = z.object({ windowSeconds: z.number(), merges: z.array(Merge) });

/** The gate named each in words; what they speak of stands beside them. */
const brokenOf = ({ regressions, deployments, checks }: z.infer<typeof Merge>): readonly BrokenView[] => [
  ...deployments
    .filter(({ environment, state }) => regressions.includes(deploymentRegression(environment, state)))
    .map(({ environment, state, url }) => ({ what: "deployment", name: environment, said: state, url }) as const),
  ...checks
    .filter(({ name, said }) => regressions.includes(checkRegression(name, said)))
    .map(({ name, said, url }) => ({ what: "check", name, said, url }) as const),
];

/** Where it is over, the last attempt that watched. */
const loadObserved = async (sql: Sql, { id, phase, attempt }: Delivery): Promise<DeliveryView["observed"]> => {
  const all = and(eq(gates.deliveryId, id), eq(gates.gate, "G5"));
  const ofAttempt = (one: number) => and(all, eq(gates.attempt, one));
  const [last] = await sql
    .select()
    .from(gates)
    .where(phase === "close" ? all : ofAttempt(attempt))
    .orderBy(desc(gates.id))
    .limit(1);
  if (last === undefined) return null;
  const [first] = await sql.select().from(gates).where(ofAttempt(last.attempt)).orderBy(asc(gates.id)).limit(1);
  const { windowSeconds, merges } = Evidence.parse(last.evidence);
  const of = (...meanings: string[]): number =>
    merges.flatMap(({ checks }) => checks).filter(({ meaning }) => meanings.includes(meaning)).length;
  return {
    merges: merges.map((one) => ({ repoId: one.repoId, commit: one.merge, broken: brokenOf(one) })),
    since: instant((first ?? last).judgedAt),
    windowSeconds,
    deployments: merges.flatMap(({ deployments }) => deployments),
    checks: { passed: of("passed"), failed: of("failed"), waiting: of("waiting", "held") },
  };
};

export async function loadShipping(
  sql: Sql,
  state: Delivery,
): Promise<Pick<DeliveryView, "ships" | "readiness" | "observed">> {
  const ships = await shipsOf(sql, state.id);
  return {
    ships: ships.map(({ version, digest, content, madeAt }) => ({ version, digest, content, madeAt })),
    readiness: state.phase === "deploy" ? await newestReadiness(sql, state.id) : null,
    observed: state.phase === "observe" || state.phase === "close" ? await loadObserved(sql, state) : null,
  };
}
