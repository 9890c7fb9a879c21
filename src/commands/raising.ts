// Whether a budget may be raised by so much: within the operator's ceiling, and only where there is a limit. Pure.
import type { Raise } from "../delivery/shortage.ts";
import { err, ok, type Result } from "../result.ts";
import type { Amount } from "./amount.ts";
import type { CommandRefusal } from "./refusal.ts";

/** In the unit of the limit. `now` null: there is no limit to raise. `stored`: what of `now` the configuration does not give. */
export type Raisable = Readonly<{ now: number | null; most: number; stored: number }>;

/** The limits of a delivery as they are now, by today's configuration and the operator's ceiling. */
export type BudgetFacts = Readonly<Record<Amount["unit"], Raisable>>;

export const raiseOf = ({ unit, raise }: Amount, facts: BudgetFacts): Result<Raise, CommandRefusal> => {
  const { now, most, stored } = facts[unit];
  if (now === null) return err({ code: "budget_unlimited", unit });
  const wanted = now + raise.tokens + raise.micros + raise.ms;
  if (wanted > most) return err({ code: "budget_ceiling", unit, now, most });
  return ok({ ...raise, most: most - (now - stored) });
};
