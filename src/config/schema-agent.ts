// The part of the configuration that says which models work, how hard, and what they may cost.
import { z } from "zod";
import { EFFORTS } from "../agent/engine.ts";
import { RESETS } from "../agent/step.ts";
import { whole } from "./schema-values.ts";

const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}$/;

const model = (role: string) =>
  z
    .string()
    .regex(MODEL, "is not the name of a model")
    .nullable()
    .default(null)
    .describe(`Model of the ${role}. Default: the operator's.`);

/** Which engines there are is the operator's matter, so a name that is well formed may still be unknown there. */
const engine = (role: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,29}$/, "is not the name of an engine")
    .nullable()
    .default(null)
    .describe(`Engine of the ${role}. Default: \`openai\`.`);

const effort = (role: string) =>
  z
    .enum(EFFORTS)
    .nullable()
    .default(null)
    .describe(`How long the ${role} may think, where its model can be told. Default: the endpoint's.`);

const answers = (role: string, usual: number) =>
  whole(1, 5)
    .nullable()
    .default(null)
    .describe(
      `How many answers the ${role} may give in one run: the first, and those that mend what its checks found. Default: ${usual}.`,
    );

const resets = (role: string) =>
  z
    .enum(RESETS)
    .nullable()
    .default(null)
    .describe(
      `What a further answer of the ${role} begins without: \`broken_answers\` shows it the last one alone, \`nothing\` all of them. Default: \`broken_answers\`.`,
    );

/** A star stands for anything, so that dates and sizes need not be named. */
const modelPattern = z
  .string()
  .regex(/^[A-Za-z0-9*][A-Za-z0-9._:/@*-]{0,99}$/, "is not the name of a model, nor one with *");

/** Of one delivery, whoever raises it. */
export const MOST_TOKENS = 10_000_000;
export const MOST_DOLLARS = 100_000;
export const MOST_MINUTES = 10_080;

export const agent = z.strictObject({
  max_tokens: whole(1_000, MOST_TOKENS)
    .default(200_000)
    .describe(
      "How many tokens one delivery may use, in and out together. Counts from the label on; `/budget` raises it for one delivery.",
    ),
  models: z
    .strictObject({
      triage: model("triage"),
      planner: model("planner"),
      proposer: model("proposer"),
      judge: model("judge"),
      summariser: model("summariser"),
      analyst: model("analyst"),
    })
    .prefault({}),
  engines: z
    .strictObject({
      triage: engine("triage"),
      planner: engine("planner"),
      proposer: engine("proposer"),
      judge: engine("judge"),
      summariser: engine("summariser"),
      analyst: engine("analyst"),
    })
    .prefault({}),
  effort: z
    .strictObject({
      triage: effort("triage"),
      planner: effort("planner"),
      proposer: effort("proposer"),
      judge: effort("judge"),
      summariser: effort("summariser"),
      analyst: effort("analyst"),
    })
    .prefault({}),
  answers: z
    .strictObject({
      triage: answers("triage", 3),
      planner: answers("planner", 3),
      proposer: answers("proposer", 3),
      judge: answers("judge", 3),
      summariser: answers("summariser", 2),
      analyst: answers("analyst", 3),
    })
    .prefault({}),
  resets: z
    .strictObject({
      triage: resets("triage"),
      planner: resets("planner"),
      proposer: resets("proposer"),
      judge: resets("judge"),
      summariser: resets("summariser"),
      analyst: resets("analyst"),
    })
    .prefault({}),
  allowed_models: z
    .array(modelPattern)
    .max(100)
    .default(["*"])
    .describe(
      "Models that `agent.models` may name; `*` stands for any characters. For ceilings: in place of one that is not allowed the operator's model is used.",
    ),
  judge: z
    .enum(["skip", "light", "full"])
    .default("light")
    .describe(
      "Whether a second role judges patches by the plan's criteria before people see them: `light` reads the plan and the diffs of each repository, in one call; `full` reads the changed files whole and what stands around them, names the lines that decide, and looks once more at what it finds not met; `skip` asks nobody. An opinion: it approves nothing.",
    ),
  max_iterations: whole(0, 5)
    .default(2)
    .describe(
      "How many times the patches of a repository go back to the model because policy stops them or the judge finds a criterion not met. What then still fails goes to people.",
    ),
});

const dollars = (of: string) =>
  z
    .number({ error: "must be a number of US dollars" })
    .min(0.01)
    .max(MOST_DOLLARS)
    .nullable()
    .default(null)
    .describe(`US dollars that ${of} may cost. Needs a known price of the model. Default: no limit.`);
const minutes = (of: string) =>
  whole(1, MOST_MINUTES)
    .nullable()
    .default(null)
    .describe(
      `Minutes that the model calls of ${of} may take together. The call that passes it is the last. Default: no limit.`,
    );

export const budget = z.strictObject({
  mode: z
    .enum(["strict", "warn", "off"])
    .default("strict")
    .describe(
      "What these limits and `agent.max_tokens` do: `strict` refuses a call that would pass one, `warn` goes on and says so in the status comment, `off` only counts.",
    ),
  run: z
    .strictObject({
      tokens: whole(1_000, MOST_TOKENS)
        .nullable()
        .default(null)
        .describe("How many tokens one run of a role may use, its repairs included. Default: no limit."),
      dollars: dollars("one run of a role"),
      minutes: minutes("one run of a role"),
    })
    .prefault({}),
  delivery: z.strictObject({ dollars: dollars("one delivery"), minutes: minutes("one delivery") }).prefault({}),
});
