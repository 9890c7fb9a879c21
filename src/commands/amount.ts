// What `/budget` adds: tokens, dollars or minutes, told apart by how they are written. Pure.
import type { Raise } from "../delivery/shortage.ts";

/** How it is written, for the usage. */
export const AMOUNTS = "+50k | +$1.50 | +30min";

export type Amount = Readonly<{ unit: "tokens" | "money" | "time"; raise: Raise }>;

const TOKENS = /^\+([0-9]{1,8})(k?)$/i;
const DOLLARS = /^\+\$([0-9]{1,6})(?:\.([0-9]{1,2}))?$/;
const MINUTES = /^\+([0-9]{1,5})min$/i;

const NONE: Raise = { tokens: 0, micros: 0, ms: 0 };

const read = (word: string): Amount | null => {
  const tokens = TOKENS.exec(word);
  if (tokens !== null) {
    return { unit: "tokens", raise: { ...NONE, tokens: Number(tokens[1]) * (tokens[2] === "" ? 1 : 1_000) } };
  }
  const dollars = DOLLARS.exec(word);
  if (dollars !== null) {
    const cents = Number(dollars[1]) * 100 + Number((dollars[2] ?? "").padEnd(2, "0"));
    return { unit: "money", raise: { ...NONE, micros: cents * 10_000 } };
  }
  const minutes = MINUTES.exec(word);
  return minutes === null ? null : { unit: "time", raise: { ...NONE, ms: Number(minutes[1]) * 60_000 } };
};

/** Null where it is no amount, or none at all. */
export const amountOf = (word: string): Amount | null => {
  const amount = read(word);
  return amount === null || amount.raise.tokens + amount.raise.micros + amount.raise.ms === 0 ? null : amount;
};
