// What a delivery has spent and may spend, from the calls that were set aside and settled.
import { and, desc, eq, ne, sql as raw, sum } from "drizzle-orm";
import { z } from "zod";
import { allowedTo } from "../agent/budget/reservations.ts";
import { BudgetRules, deliveryLimits } from "../agent/budget/rules.ts";
import type { Sql } from "../db/database.ts";
import { reservations } from "../db/schema.ts";
import { Shortage } from "../delivery/shortage.ts";
import type { DeliveryId } from "../ids.ts";
import type { BudgetView } from "./delivery-view.ts";

const Snapshot = z.object({ config: z.object({ budget: BudgetRules }).prefault({}) }).prefault({});

/** What is under way is not spent yet. Throws ZodError on a snapshot that is none. */
export async function loadBudget(sql: Sql, id: DeliveryId, snapshot: unknown): Promise<BudgetView> {
  const rules = Snapshot.parse(snapshot).config.budget;
  const estimated = raw`case when ${reservations.state} = 'lost' then ${reservations.estimatedTokens} else 0 end`;
  const [row] = await sql
    .select({
      tokens: raw`coalesce(sum(${reservations.inputTokens} + ${reservations.outputTokens} + ${estimated}), 0)`.mapWith(
        Number,
      ),
      micros:
        raw`coalesce(sum(case when ${reservations.state} = 'lost' then ${reservations.estimatedMicros} else ${reservations.costMicros} end), 0)`.mapWith(
          Number,
        ),
      estimated: raw`coalesce(sum(${estimated}), 0)`.mapWith(Number),
      ms: raw`coalesce(${sum(reservations.durationMs)}, 0)`.mapWith(Number),
      lost: raw`count(*) filter (where ${reservations.state} = 'lost')`.mapWith(Number),
    })
    .from(reservations)
    .where(eq(reservations.deliveryId, id));
  const [newest] = await sql
    .select({ over: reservations.over })
    .from(reservations)
    .where(and(eq(reservations.deliveryId, id), ne(reservations.state, "lost")))
    .orderBy(desc(reservations.id))
    .limit(1);
  const { tokens = 0, micros = 0, ms = 0, lost = 0, estimated: guessed = 0 } = row ?? {};
  return {
    spent: { tokens, micros, ms, lost, estimated: guessed },
    limits:
      rules.mode === "off" ? { tokens: null, micros: null, ms: null } : deliveryLimits(rules, await allowedTo(sql, id)),
    over:
      rules.mode === "warn"
        ? Shortage.nullable()
            .catch(null)
            .parse(newest?.over ?? null)
        : null,
  };
}
