// What is said of heads that no delivery brought, and whether a repository asks for it. Pure.
import { type Ceiling, withinCeiling } from "../config/ceiling.ts";
import { parseConfig } from "../config/parse.ts";
import { DEFAULT_CONFIG } from "../config/schema.ts";

/** A pull request of somebody else; one from a branch that is named as ours are; a commit that the merge queue made. */
export type Vouched = Readonly<{ as: "pull" | "imitation" | "queue" }>;

/** Only our own pull requests come from a branch of such a name. */
export const standingOf = (branch: string): "pull" | "imitation" =>
  /^countersign\/d-\d+$/i.test(branch.normalize("NFKC")) ? "imitation" : "pull";

/** The pull request whose turn it is, by the name that GitHub gives to the queue's branch. */
export const queuedPull = (ref: string): number | null => {
  const number = /\/pr-(\d+)-[0-9a-f]{40}$/.exec(ref)?.[1];
  return number === undefined ? null : Number(number);
};

/**
 * By the configuration file as it stands on the default branch; null where there is none. One that cannot be used must not take
 * the check away from every pull request, the one that mends it among them: then its own line decides.
 */
export const isRequired = (text: string | null, ceiling: Ceiling): boolean => {
  const parsed = text === null ? ({ ok: true, value: DEFAULT_CONFIG } as const) : parseConfig(text);
  if (parsed.ok) return withinCeiling(parsed.value, ceiling).config.provenance === "required";
  const wish = /^provenance:[ \t]*["']?required["']?[ \t]*(#.*)?$/m.test(text ?? "");
  return wish || withinCeiling(DEFAULT_CONFIG, ceiling).config.provenance === "required";
};
