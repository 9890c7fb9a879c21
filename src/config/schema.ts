// The schema of `.github/countersign.yml`: every key with its bounds, its default and its sentence for the reference.
import { z } from "zod";
import { GlobPattern } from "../policy/glob.ts";
import { PolicySettings } from "../policy/settings.ts";
import { approvers } from "./approvers.ts";
import { duration } from "./duration.ts";
import { exitPhase } from "./exit-phase.ts";
import { agent, budget } from "./schema-agent.ts";
import { approvals, gateApprovers } from "./schema-people.ts";
import { acceptFrom, repos } from "./schema-repositories.ts";
import { deploy, merge, observe } from "./schema-shipping.ts";
import { label, onOff, whole } from "./schema-values.ts";

export const CONFIG_PATH = ".github/countersign.yml";

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
  deploy: duration("5m", "14d")
    .prefault("24h")
    .describe("How long a green pull request may take to become ready to merge."),
  observe: duration("5m", "14d")
    .prefault("24h")
    .describe("How long merging, deploying and the checks after it may take, beside `observe.window`."),
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

const ci = z.strictObject({
  max_fix_attempts: whole(0, 5)
    .default(2)
    .describe(
      "How many times red checks of one delivery are analysed by the model and answered with a proposed fix, which people review like any other patch set. 0: red checks go to people at once.",
    ),
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
  plan_only: label
    .default("countersign:plan-only")
    .describe(
      "A label that people put on an issue, before or after the one that starts: the delivery then ends with the approved plan, as with `exit_phase: plan`.",
    ),
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
      "Where a delivery ends: `plan` (an approved plan, no patches), `review` (approved patches, nothing written), `verify` (a pull request with green checks), `deploy` (merged and deployed, after one more approval), `observe` (the same, and watched for `observe.window`) or `close` (the end of all). A repository beside the issue's is merged only where its own file says one of the last three.",
    ),
  approvers: approvers
    .nullable()
    .default(null)
    .describe(
      "Who may approve: a list of logins, numeric ids and `organization/team`, or `users` and `teams`. They need write access to the repository too. Who is listed is mentioned when something waits for a decision. Default: everyone with the role maintain or admin, and nobody is mentioned.",
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
  accept_from: acceptFrom
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
  control_issue: onOff
    .prefault("off")
    .describe(
      "Whether the app keeps one issue about the repository: what is live and waits for whom, what the day has cost, and the commands `/freeze` and `/unfreeze` for approvers.",
    ),
  max_revisions: whole(0, 50)
    .default(5)
    .describe("How many times `/revise` may ask for a new version in one delivery."),
  policy: PolicySettings.extend({ frozen: z.array(GlobPattern).max(100).default([]) }).prefault({}),
  limits: limits.prefault({}),
  deadlines: deadlines.prefault({}),
  verify: verify.prefault({}),
  ci: ci.prefault({}),
  merge: merge.prefault({}),
  deploy: deploy.prefault({}),
  observe: observe.prefault({}),
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
