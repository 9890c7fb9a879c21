// Which engines there are: each has a file of its own beside this one, and one line here.
import type { ModelEnv } from "../../env.ts";
import type { FindsSecret } from "../../secrets/leak.ts";
import type { Engine } from "../engine.ts";
import { openai } from "./openai.ts";

/** Made once a process, of what the operator's environment says. */
type OpenEngine = (env: ModelEnv, findsSecret: FindsSecret) => Engine;

const ENGINES = {
  openai,
} satisfies Readonly<Record<string, OpenEngine>>;

/** For roles that no configuration names an engine for. */
export const DEFAULT_ENGINE: keyof typeof ENGINES = "openai";

/** By the name that a configuration gives them. */
export type Engines = ReadonlyMap<string, Engine>;

export const openEngines = (env: ModelEnv, findsSecret: FindsSecret): Engines =>
  new Map(Object.entries(ENGINES).map(([name, open]) => [name, open(env, findsSecret)]));
