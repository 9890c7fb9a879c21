// The limits that a delivery's newest configuration and the operator set, in the units that are counted. Pure.
import { z } from "zod";
import type { Limits } from "./amounts.ts";

const amount = z.number().positive().nullable().default(null);

/** As a constraint snapshot has it; those of before there were budgets lack it all. */
export const BudgetRules = z
  .object({
    mode: z.enum(["strict", "warn", "off"]).default("strict"),
    run: z.object({ tokens: amount, dollars: amount, minutes: amount }).prefault({}),
    delivery: z.object({ dollars: amount, minutes: amount }).prefault({}),
  })
  .prefault({});
export type BudgetRules = z.infer<typeof BudgetRules>;

/** What `/budget` allowed beyond them. `tokens` is the whole limit, as it was given at the label and raised since. */
export type Allowed = Readonly<{ tokens: number; micros: number; ms: number }>;

export const microsOf = (dollars: number): number => Math.round(dollars * 1_000_000);
export const msOf = (minutes: number): number => minutes * 60_000;

const limit = (value: number | null, in_: (value: number) => number): number | null =>
  value === null ? null : in_(value);

export const runLimits = ({ run }: BudgetRules): Limits => ({
  tokens: run.tokens,
  micros: limit(run.dollars, microsOf),
  ms: limit(run.minutes, msOf),
});

export const deliveryLimits = ({ delivery }: BudgetRules, allowed: Allowed): Limits => ({
  tokens: allowed.tokens,
  micros: limit(delivery.dollars, (dollars) => microsOf(dollars) + allowed.micros),
  ms: limit(delivery.minutes, (minutes) => msOf(minutes) + allowed.ms),
});

/** The UTC day of an instant, `2026-11-21`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** When the next UTC day begins. */
export const dayEnd = (at: Date): Date =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1));
