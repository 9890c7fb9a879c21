// Reads what `/budget` is judged by: the limits of the delivery, today's configuration, and the operator's ceiling.
import { allowedTo } from "../agent/budget/reservations.ts";
import { BudgetRules, deliveryLimits, microsOf, msOf } from "../agent/budget/rules.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { MOST_DOLLARS, MOST_MINUTES, MOST_TOKENS } from "../config/schema-agent.ts";
import type { Database } from "../db/database.ts";
import type { DeliveryId } from "../ids.ts";
import type { Rules } from "./hearing.ts";
import type { BudgetFacts } from "./raising.ts";

/** Where the operator's file sets no bound, the configuration's own is the highest. Null where today's rules cannot be used. */
export const readBudget = async (
  deps: Readonly<{ db: Pick<Database, "sql">; ceiling: Ceiling }>,
  id: DeliveryId,
  rules: Rules,
): Promise<BudgetFacts | null> => {
  if (rules.kind !== "config") return null;
  const { config: bound, sets } = deps.ceiling;
  const allowed = await allowedTo(deps.db.sql, id);
  const limits = deliveryLimits(BudgetRules.parse(rules.config.budget), allowed);
  const { dollars, minutes } = bound.budget.delivery;
  return {
    tokens: {
      now: limits.tokens,
      most: sets.has("agent.max_tokens") ? bound.agent.max_tokens : MOST_TOKENS,
      stored: allowed.tokens,
    },
    money: { now: limits.micros, most: microsOf(dollars ?? MOST_DOLLARS), stored: allowed.micros },
    time: { now: limits.ms, most: msOf(minutes ?? MOST_MINUTES), stored: allowed.ms },
  };
};
