// The schema of `.github/countersign.yml`: every key with its bounds, its default and its sentence for the reference.
import { z } from "zod";
import { EFFORTS } from "../agent/engine.ts";
import { RepoId } from "../ids.ts";
import { GlobPattern } from "../policy/glob.ts";
import { PolicySettings } from "../policy/settings.ts";
import { approvers } from "./approvers.ts";
import { duration } from "./duration.ts";
import { exitPhase } from "./exit-phase.ts";
import { REPOSITORY } from "./repository-patterns.ts";

export const CONFIG_PATH = ".github/countersign.yml";

const whole = (least: number, most: number) => z.int().min(least).max(most);

/** `on` and `off` are text to YAML 1.2 and booleans to editors that still speak 1.1: both are taken. */
const onOff = z
  .union([z.enum(["on", "off"]), z.boolean()], { error: "must be on or off" })
  .transform((value) => value === true || value === "on");

/** GitHub's limit for the name of a label is 50 characters. */
const label = z
  .string()
  .max(50)
  .regex(/^[^\s,\p{C}](?:[^,\p{C}]*[^\s,\p{C}])?$/u, "is not the name of a label");

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

/** A star stands for anything, so that dates and sizes need not be named. */
const modelPattern = z
  .string()
  .regex(/^[A-Za-z0-9*][A-Za-z0-9._:/@*-]{0,99}$/, "is not the name of a model, nor one with *");

const approvals = z.strictObject({
  plan: whole(1, 10).default(1).describe("How many people must approve a plan."),
  review: whole(1, 10).default(1).describe("How many people must approve each patch set."),
  deploy: whole(1, 10).default(1).describe("How many people must approve a merge and deployment."),
  code: z
    .enum(["optional", "required"])
    .default("optional")
    .describe("Whether `/approve` must quote the code of the version that is shown."),
  ttl: duration("1h", "365d")
    .nullable()
    .default(null)
    .describe(
      "How long an approval counts. What was not written by then is shown again, to be approved again. Default: without an end.",
    ),
  requester: z
    .enum(["counts", "not_alone"])
    .default("counts")
    .describe(
      "Whether the person who put the label on may be the only one who approves a gate: with `not_alone`, somebody else must approve it too.",
    ),
});

const gateApprovers = z.strictObject({
  plan: approvers.nullable().default(null).describe("Who may approve plans. Default: `approvers`."),
  review: approvers.nullable().default(null).describe("Who may approve patch sets. Default: `approvers`."),
  deploy: approvers.nullable().default(null).describe("Who may approve a merge and deployment. Default: `approvers`."),
});

/** `*` stands for every repository of the owner. */
const REPOSITORY_OR_ALL =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?(?:_[A-Za-z0-9]{1,12})?\/(?:\*|[A-Za-z0-9._-]{1,100})$/;

/** The primary repository and this many beside it: more pull requests than that nobody reviews as one change. */
export const MOST_SECONDARY = 9;

const repository = z
  .string({ error: "must be owner/name of a repository" })
  .regex(REPOSITORY, "is not owner/name of a repository");
const repositories = z.array(repository).max(MOST_SECONDARY);
const repositoryPattern = z
  .string({ error: "must be owner/name of a repository, or owner/*" })
  .regex(REPOSITORY_OR_ALL, "is neither owner/name of a repository nor owner/*");

const repos = z.union(
  [
    repositories.transform((include) => ({ include, allow: [] as readonly string[] })),
    z.strictObject({
      include: repositories.default([]).describe("Repositories that take part in every delivery, in this order."),
      allow: z
        .array(repositoryPattern)
        .max(100)
        .default([])
        .describe(
          "Repositories that a line `Repos: owner/name` in an issue may add, by name or as owner/*. Those of `include` need not be named again.",
        ),
    }),
  ],
  { error: "must be a list of owner/name, or include and allow" },
);

const context = z.strictObject({
  never_send: z
    .array(GlobPattern)
    .max(100)
    .default([])
    .describe(
      "Globs of files that no model is ever shown, beside those for keys, credentials and environment files that are always in force.",
    ),
  doctrine: z
    .array(GlobPattern)
    .max(50)
    .default([])
    .describe(
      "Globs of files that every model is shown first because they govern the work, beside `AGENTS.md`, `CONTRIBUTING.md` and `README.md`. Together they take at most a quarter of the room.",
    ),
});

const limits = z.strictObject({
  live_deliveries: whole(1, 1000).default(20).describe("How many deliveries of the repository may be live at once."),
  issue_characters: whole(100, 65_536)
    .default(20_000)
    .describe("How many characters title and text of an issue may have, together, to be admitted."),
});

const deadlines = z.strictObject({
  intake: duration("1m", "7d").prefault("30m").describe("How long triage may take."),
  plan: duration("1m", "7d").prefault("1h").describe("How long making and showing a plan may take."),
  implement: duration("1m", "7d").prefault("2h").describe("How long making the patches may take."),
  review: duration("1m", "7d").prefault("30m").describe("How long showing the patch sets may take."),
  verify: duration("5m", "14d")
    .prefault("24h")
    .describe("How long writing and the checks of the pull request may take."),
  gate: duration("1h", "90d")
    .prefault("7d")
    .describe(
      "How long a gate waits for people. At half of it they are reminded once; at its end the thread says so, and the gate stays open.",
    ),
});

const verify = z.strictObject({
  no_checks_after: duration("1m", "2d")
    .prefault("30m")
    .describe("How long a pull request may be without a single check before people are asked."),
  required_checks: z
    .array(z.string().min(1).max(200))
    .max(50)
    .default([])
    .describe("Checks that must be green, where the branch's own rules cannot be read. Empty: all that there are."),
});

/** Of one delivery, whoever raises it. */
export const MOST_TOKENS = 10_000_000;
export const MOST_DOLLARS = 100_000;
export const MOST_MINUTES = 10_080;

const agent = z.strictObject({
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
    })
    .prefault({}),
  engines: z
    .strictObject({
      triage: engine("triage"),
      planner: engine("planner"),
      proposer: engine("proposer"),
      judge: engine("judge"),
    })
    .prefault({}),
  effort: z
    .strictObject({
      triage: effort("triage"),
      planner: effort("planner"),
      proposer: effort("proposer"),
      judge: effort("judge"),
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
      "Whether a second role judges patches by the plan's criteria before people see them: `light` reads the plan and the diffs of each repository, `full` also the files that the proposer was shown, `skip` asks nobody. An opinion: it approves nothing.",
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

const budget = z.strictObject({
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

const commands = z.strictObject({
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, "must be a word of lower-case letters, digits and dashes, without the slash")
    .nullable()
    .default(null)
    .describe("A word before each command, where another bot has the same ones: `cs` makes it `/cs approve`."),
});

const thread = z.strictObject({
  show_cost: onOff
    .prefault("off")
    .describe("Whether cost and models are shown on a public repository. Private ones always show them."),
});

const labels = z.strictObject({
  state: onOff.prefault("on").describe("Whether issues carry labels that say what they wait for."),
  plan: label.default("countersign:plan").describe("Label of an issue whose plan waits for people."),
  review: label.default("countersign:review").describe("Label of an issue whose patches wait for people."),
  needs_human: label
    .default("countersign:needs-human")
    .describe("Label of an issue whose delivery cannot go on by itself."),
});

const checks = z.strictObject({
  proposals: onOff
    .prefault("on")
    .describe(
      "Whether plans and patch sets are shown as check runs on the base commit too. Switch it off where commits are deployed by their check state.",
    ),
});

export const ConfigFile = z.strictObject({
  label: label
    .default("countersign")
    .describe("The label that starts a delivery when somebody with write access puts it on an issue."),
  exit_phase: exitPhase
    .default("verify")
    .describe(
      "Where a delivery ends: `plan` (an approved plan, no patches), `review` (approved patches, nothing written) or `verify` (a pull request with green checks).",
    ),
  approvers: approvers
    .nullable()
    .default(null)
    .describe(
      "Who may approve: a list of logins, numeric ids and `organization/team`, or `users` and `teams`. They need write access to the repository too. Default: everyone with the role maintain or admin.",
    ),
  gate_approvers: gateApprovers
    .prefault({})
    .describe(
      "Other people than `approvers` for single gates: who is named here approves there, and nobody else. Every other command any approver may give, of whichever gate. They need write access to the repository too.",
    ),
  approvals: approvals.prefault({}),
  require_code_owners: onOff
    .prefault("off")
    .describe(
      "Whether a patch set that changes paths which CODEOWNERS assigns needs the approval of one of their owners too, who need write access and no place in `approvers`. Read from the default branch, never from a pull request.",
    ),
  repos: repos
    .prefault({})
    .describe(
      "Other repositories that take part: a list of owner/name, or `include` and `allow`. Pull requests are opened in this order, after the one of this repository. Each of them must name this repository in its own `accept_from`.",
    ),
  accept_from: z
    .array(z.union([repositoryPattern, RepoId], { error: "is neither owner/name, owner/* nor a numeric id" }))
    .max(100)
    .default([])
    .describe(
      "Repositories whose deliveries may read this one and propose changes to it: owner/name, owner/*, or the numeric id, which no other repository ever bears.",
    ),
  allow_public_output: onOff
    .prefault("off")
    .describe(
      "Whether deliveries may change repositories that more people see than the issue. Nothing of the issue, and no link to it, is shown there.",
    ),
  provenance: z
    .enum(["shown", "required"])
    .default("shown")
    .describe(
      "`required`: the check `countersign / provenance` is reported on every pull request and merge-queue head, neutral where it is not a delivery's, so that a ruleset can require it.",
    ),
  max_revisions: whole(0, 50)
    .default(5)
    .describe("How many times `/revise` may ask for a new version in one delivery."),
  policy: PolicySettings.extend({ frozen: z.array(GlobPattern).max(100).default([]) }).prefault({}),
  limits: limits.prefault({}),
  deadlines: deadlines.prefault({}),
  verify: verify.prefault({}),
  agent: agent.prefault({}),
  budget: budget.prefault({}),
  commands: commands.prefault({}),
  thread: thread.prefault({}),
  labels: labels.prefault({}),
  checks: checks.prefault({}),
  context: context.prefault({}),
});

/** A configuration with its defaults filled in. Durations are seconds, switches booleans. */
export type Config = z.output<typeof ConfigFile>;

export const DEFAULT_CONFIG: Config = ConfigFile.parse({});
