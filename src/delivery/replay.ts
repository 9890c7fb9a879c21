// Gives a delivery's state back from its ledger alone: what the entries say changed, put on one another. Pure.
import { z } from "zod";
import { digestOf } from "../ledger/canonical.ts";
import { err, ok, type Result } from "../result.ts";
import { Delivery } from "./delivery.ts";

/** Of the entries about the delivery itself, in order; those that changed nothing have null in both. */
export type StateChange = Readonly<{ before: unknown; after: unknown }>;

/** `entry` counts from 0. */
export type ReplayFault = Readonly<{
  entry: number;
  problem: "no_birth" | "born_twice" | "not_a_state" | "does_not_follow" | "version_skipped";
}>;

const Keys = z.record(z.string(), z.unknown());

/** Keys of a delivery that it may lack; an entry says null where one is there no more. */
const MAY_LACK: readonly string[] = Object.entries(Delivery.unwrap().shape).flatMap(([key, shape]) =>
  shape.safeParse(undefined).success ? [key] : [],
);

const present = (keys: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(keys).filter(([key, value]) => value !== null || !MAY_LACK.includes(key)));

/** Fails at the first entry whose `before` is not what came out of the entries ahead of it. */
export const replay = (changes: readonly StateChange[]): Result<Delivery, ReplayFault> => {
  let state: Delivery | null = null;
  for (const [entry, change] of changes.entries()) {
    if (change.after === null) continue;
    const next: Result<Delivery, ReplayFault["problem"]> = state === null ? born(change) : followed(state, change);
    if (!next.ok) return err({ entry, problem: next.error });
    state = next.value;
  }
  return state === null ? err({ entry: changes.length, problem: "no_birth" }) : ok(state);
};

const born = ({ before, after }: StateChange): Result<Delivery, ReplayFault["problem"]> => {
  if (before !== null) return err("no_birth");
  const state = Delivery.safeParse(after);
  return state.success ? ok(state.data) : err("not_a_state");
};

const followed = (state: Delivery, { before, after }: StateChange): Result<Delivery, ReplayFault["problem"]> => {
  if (before === null) return err("born_twice");
  const was = Keys.safeParse(before);
  const becomes = Keys.safeParse(after);
  if (!was.success || !becomes.success) return err("not_a_state");
  const values = new Map<string, unknown>(Object.entries(state));
  const follows = Object.entries(was.data).every(
    ([key, value]) => digestOf(value) === digestOf(values.get(key) ?? null),
  );
  if (!follows) return err("does_not_follow");
  const next = Delivery.safeParse(present({ ...state, ...becomes.data }));
  if (!next.success) return err("not_a_state");
  return next.data.version === state.version + 1 ? ok(next.data) : err("version_skipped");
};
