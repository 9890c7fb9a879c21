// What the thread shows of merges and deployments: the ships that were shown, what is missing, and how the merge fares.
import { and, asc, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { gates } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { instant } from "../instant.ts";
import { newestReadiness } from "../shipping/kept-readiness.ts";
import { shipsOf } from "../shipping/store.ts";
import type { DeliveryView } from "./delivery-view.ts";

const Evidence = z.object({
  windowSeconds: z.number(),
  merges: z.array(
    z.object({
      deployments: z
        .array(z.object({ environment: z.string(), state: z.string(), url: z.string().nullable() }))
        .default([]),
      checks: z.array(z.object({ meaning: z.string() })).default([]),
    }),
  ),
});

const loadObserved = async (sql: Sql, { id, attempt }: Delivery): Promise<DeliveryView["observed"]> => {
  const ofAttempt = and(eq(gates.deliveryId, id), eq(gates.gate, "G5"), eq(gates.attempt, attempt));
  const [first] = await sql.select().from(gates).where(ofAttempt).orderBy(asc(gates.id)).limit(1);
  const [last] = await sql.select().from(gates).where(ofAttempt).orderBy(desc(gates.id)).limit(1);
  if (first === undefined || last === undefined) return null;
  const { windowSeconds, merges } = Evidence.parse(last.evidence);
  const of = (...meanings: string[]): number =>
    merges.flatMap(({ checks }) => checks).filter(({ meaning }) => meanings.includes(meaning)).length;
  return {
    since: instant(first.judgedAt),
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
    observed: state.phase === "observe" ? await loadObserved(sql, state) : null,
  };
}
