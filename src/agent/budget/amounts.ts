// Tokens, money and time of model calls: what is limited, what is used, and which limit a call would break. Pure.
import type { Scope, Shortage } from "../../delivery/shortage.ts";
import type { Instant } from "../../instant.ts";

/** What is used: tokens in and out together, millionths of a US dollar as far as prices are known, milliseconds of calls. */
export type Used = Readonly<{ tokens: number; micros: number; ms: number }>;

/** In the same units; null is without a limit. */
export type Limits = Readonly<{ tokens: number | null; micros: number | null; ms: number | null }>;

/** The most that a call may use. `micros` null: the price of the model is not known. How long it takes nobody knows before. */
export type Need = Readonly<{ tokens: number; micros: number | null; model: string }>;

/** `until`: when the account begins anew by itself. */
export type Account = Readonly<{ scope: Scope; limits: Limits; used: Used; until: Instant | null }>;

export const NOTHING: Used = { tokens: 0, micros: 0, ms: 0 };
export const UNLIMITED: Limits = { tokens: null, micros: null, ms: null };

export const plus = (a: Used, b: Used): Used => ({
  tokens: a.tokens + b.tokens,
  micros: a.micros + b.micros,
  ms: a.ms + b.ms,
});

/**
 * The first limit of this account that the call would break, or null. Tokens and money are set aside before a call, so they are
 * never passed; time is only looked at, so the last call may end after its limit.
 */
const shortOf = ({ scope, limits, used, until }: Account, need: Need): Shortage | null => {
  const said = { scope, model: need.model, until };
  if (limits.tokens !== null && used.tokens + need.tokens > limits.tokens) {
    return { ...said, unit: "tokens", limit: limits.tokens, used: used.tokens, needed: need.tokens };
  }
  if (limits.micros !== null && need.micros === null) {
    return { ...said, unit: "price", limit: limits.micros, used: used.micros, needed: 0 };
  }
  if (limits.micros !== null && used.micros + (need.micros ?? 0) > limits.micros) {
    return { ...said, unit: "money", limit: limits.micros, used: used.micros, needed: need.micros ?? 0 };
  }
  if (limits.ms !== null && used.ms >= limits.ms) {
    return { ...said, unit: "time", limit: limits.ms, used: used.ms, needed: 0 };
  }
  return null;
};

/** In the order of the accounts. */
export const shortageIn = (accounts: readonly Account[], need: Need): Shortage | null =>
  accounts.map((account) => shortOf(account, need)).find((short) => short !== null) ?? null;

export type Mode = "strict" | "warn" | "off";

/** `over` is what a `warn` lets pass and says. */
export type Verdict =
  | Readonly<{ kind: "pass"; over: Shortage | null }>
  | Readonly<{ kind: "refuse"; shortage: Shortage }>;

/** The repository chose the mode for its own limits; the operator's hold whatever it chose. */
export const judgeCall = (mode: Mode, own: readonly Account[], operators: readonly Account[], need: Need): Verdict => {
  const held = shortageIn(mode === "strict" ? [...own, ...operators] : operators, need);
  if (held !== null) return { kind: "refuse", shortage: held };
  return { kind: "pass", over: mode === "warn" ? shortageIn(own, need) : null };
};
