// The operator's ceiling: a file of the same schema that bounds what a repository may loosen. The stricter always wins.
import { z } from "zod";
import { type PolicySettings, stricter } from "../policy/settings.ts";
import { err, ok, type Result } from "../result.ts";
import { BOUNDS } from "./ceiling-bounds.ts";
import { understand } from "./parse.ts";
import { type Config, DEFAULT_CONFIG } from "./schema.ts";
import type { ConfigProblem } from "./yaml-document.ts";

/** Only what the file itself sets is a bound, by dotted key: `policy.max_files`. Its defaults bound nothing. */
export type Ceiling = Readonly<{ config: Config; sets: ReadonlySet<string> }>;

export const NO_CEILING: Ceiling = { config: DEFAULT_CONFIG, sets: new Set() };

/** A key that the ceiling made stricter: what the repository asked for, and what is in force. */
export type Tightened = Readonly<{ key: string; asked: unknown; given: unknown }>;

const POLICY = "policy.";
const bounds = (key: string): boolean => Object.hasOwn(BOUNDS, key) || key.startsWith(POLICY);

const Group = z.record(z.string(), z.unknown());

const leavesOf = (data: unknown, prefix: string): readonly string[] => {
  const group = Group.safeParse(data);
  if (!group.success) return [prefix];
  return Object.entries(group.data).flatMap(([key, value]) =>
    leavesOf(value, prefix === "" ? key : `${prefix}.${key}`),
  );
};

/** A key that cannot bound is refused rather than ignored: an operator must not believe in a bound that is none. */
export const parseCeiling = (text: string): Result<Ceiling, readonly ConfigProblem[]> => {
  const understood = understand(text);
  if (!understood.ok) return understood;
  const { config, data, lineOf } = understood.value;
  const sets = leavesOf(data, "");
  const problems = sets
    .filter((key) => !bounds(key))
    .map((key) => ({ line: lineOf(key.split(".")), key, message: "is nothing that a ceiling can bound" }));
  return problems.length > 0 ? err(problems) : ok({ config, sets: new Set(sets) });
};

const boundPolicy = (policy: PolicySettings, ceiling: Ceiling): PolicySettings => {
  const set = Object.entries(ceiling.config.policy).filter(([key]) => ceiling.sets.has(POLICY + key));
  return set.length === 0 ? policy : stricter(policy, { ...policy, ...Object.fromEntries(set) });
};

/** Keys that are held to a bound which another key of the ceiling sets. */
const boundWith = (key: string, config: Config): readonly string[] =>
  key === "agent.allowed_models" ? Object.keys(config.agent.models).map((role) => `agent.models.${role}`) : [key];

const valueAt = (config: Config, key: string): unknown =>
  key.split(".").reduce<unknown>((value, part) => Group.safeParse(value).data?.[part], config);

/** Both at once. `tightened` names what differs from what the repository's file says. */
export const withinCeiling = (
  config: Config,
  ceiling: Ceiling,
): Readonly<{ config: Config; tightened: readonly Tightened[] }> => {
  let held: Config = { ...config, policy: boundPolicy(config.policy, ceiling) };
  for (const key of ceiling.sets) held = BOUNDS[key]?.(held, ceiling.config) ?? held;
  const tightened = [...new Set([...ceiling.sets].flatMap((key) => boundWith(key, config)))]
    .map((key) => ({ key, asked: valueAt(config, key), given: valueAt(held, key) }))
    .filter(({ asked, given }) => JSON.stringify(asked) !== JSON.stringify(given));
  return { config: held, tightened };
};
