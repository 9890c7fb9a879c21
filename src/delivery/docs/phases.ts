// The page docs/phases.md: for each phase who does what, its gate, its deadline, what can be said in it and how it ends. Pure.
import { CATALOGUE, COMMAND_NAMES, usageOf } from "../../commands/catalogue.ts";
import { deadlineSeconds } from "../../config/deadline.ts";
import { AVAILABLE_EXITS } from "../../config/exit-phase.ts";
import { ConfigFile } from "../../config/schema.ts";
import { type Delivery, isTerminal, PHASES, type Phase, type RunStatus } from "../delivery.ts";
import { ASK_NAMES } from "../event.ts";
import { askExamples } from "../examples/asks.ts";
import type { Graph } from "../explore.ts";
import { OUTCOMES, outcomeOf } from "../outcome.ts";
import { Reason } from "../reason.ts";
import { rule } from "../transitions/table.ts";
import { REASONS } from "./reasons.ts";
import { code } from "./rows.ts";

type Told = Readonly<{ system: string; agent: string; people: string; gate: string }>;

/** What no table of the code says. */
const TOLD: Readonly<Record<Phase, Told>> = {
  intake: {
    system: "admits the issue; keeps its text, the configuration and the base commits",
    agent: "says GO, NO-GO or DEFER, with reasons",
    people: "may overrule that",
    gate: "G0: GO",
  },
  plan: {
    system: "chooses what the model may see; judges whether the plan is complete",
    agent: "plans: tasks, criteria, risks, questions",
    people: "decide on the plan",
    gate: "G1: the plan is complete. Then it is shown, and waits for approval",
  },
  implement: {
    system:
      "makes diffs of the edits, judges them by policy, looks for secrets; of a rollback it computes what undoes the merge",
    agent:
      "brings edits for each task; a second role judges them. Of a rollback it is asked only where later commits changed the same lines",
    people: "nothing",
    gate: "G2: every repository's patch set is sound, and no rule blocks it",
  },
  review: {
    system: "shows each patch set whole",
    agent: "nothing",
    people: "decide on each patch set",
    gate: "G3: all of them are approved",
  },
  verify: {
    system: "writes what was approved, opens the pull requests, watches their checks",
    agent: "on red checks: what failed, and a fix, which is reviewed like the first patches",
    people: "nothing, or they ask for changes in a review, which is `/revise`, or they merge",
    gate: "G4: the checks are green, the head is what was approved, and each criterion has evidence or was accepted",
  },
  deploy: {
    system: "looks whether it can be merged, and shows what merging would do",
    agent: "nothing",
    people: "decide on the merge",
    gate: "it is ready. Then it is shown, and waits for approval",
  },
  observe: {
    system: "merges and deploys, then watches both for a while",
    agent: "nothing",
    people: "may undo it",
    gate: "G5: the window passed clean",
  },
  close: {
    system: "publishes the result and the evidence; closes the issue where the exit asks for it",
    agent: "nothing",
    people: "may undo what was merged",
    gate: "none",
  },
};

const EXITS: Readonly<Record<(typeof AVAILABLE_EXITS)[number], string>> = {
  plan: "with an approved plan; no patches are made",
  review: "with approved patches; nothing is written",
  verify: "with green pull requests; the merge is people's, and closes the issue",
  deploy:
    "merged and deployed, and not watched: in the configuration alone, since what is watched is no matter of one delivery",
  observe: "merged, deployed, and watched for the window",
  close: "as `observe`",
};

const STANDS = {
  pending: "at work",
  running: "at work",
  succeeded: "waiting for people",
  failed: "failed",
  blocked: "blocked",
  canceled: "over",
} as const satisfies Record<RunStatus, string>;

const HOUR = 3_600;
const MINUTE = 60;
const UNITS = [
  [86_400, "day"],
  [HOUR, "hour"],
  [MINUTE, "minute"],
] as const;

const amount = (count: number, name: string): string => `${count} ${name}${count === 1 ? "" : "s"}`;

/** The largest unit, and what it leaves in the next that has any: "24 hours and 30 minutes". A whole day and a bit is told in hours. */
const span = (seconds: number): string => {
  const whole = UNITS.find(([size]) => seconds % size === 0);
  if (whole === undefined) return amount(seconds, "second");
  const [unit, name] = whole;
  const hours = Math.floor(seconds / HOUR);
  return unit === MINUTE && hours > 0
    ? `${amount(hours, "hour")} and ${amount((seconds % HOUR) / MINUTE, "minute")}`
    : amount(seconds / unit, name);
};

const DEFAULTS = ConfigFile.parse({});

const deadlineOf = (phase: Phase): string => {
  const work = deadlineSeconds(DEFAULTS, phase, "running");
  const gate = deadlineSeconds(DEFAULTS, phase, "succeeded");
  const parts = [
    ...(work === null ? [] : [`${span(work)} of work, then ${phase === "deploy" ? "people are asked" : "it fails"}`]),
    ...(gate === null ? [] : [`${span(gate)} at the gate: people are reminded once at half of it, and it stays open`]),
  ];
  return parts.join("; ");
};

const ORDER = ["at work", "waiting for people", "failed", "blocked", "over"] as const;

const standOf = (d: Delivery): (typeof ORDER)[number] => (isTerminal(d) ? "over" : STANDS[d.runStatus]);

/** By where it stands, in the words for it: in some state of that kind the command is taken. */
const commandsIn = (states: readonly Delivery[]): string =>
  ORDER.flatMap((stand) => {
    const taken = new Set(
      states
        .filter((d) => standOf(d) === stand)
        .flatMap((d) => askExamples(d).filter(({ recorded }) => rule(d, recorded).kind !== "refuse"))
        .map(({ recorded }) => recorded.event.ask.name),
    );
    const names = ASK_NAMES.filter((name) => taken.has(name));
    return names.length === 0 ? [] : [`- ${stand}: ${names.map((name) => code(`/${name}`)).join(", ")}`];
  }).join("\n");

const nextOf = ({ edges }: Graph, phase: Phase): string => {
  const next = new Set(
    edges.filter(({ from, to }) => from.phase === phase && to.phase !== phase).map(({ to }) => to.phase),
  );
  return (
    PHASES.filter((each) => next.has(each))
      .map(code)
      .join(", ") || "nothing"
  );
};

const outcomesIn = (states: readonly Delivery[]): string =>
  OUTCOMES.flatMap((outcome) => {
    const names = states
      .filter((d) => outcomeOf(d) === outcome)
      .map(({ runStatus, reason }) => `${runStatus}${reason === null ? "" : `(${reason})`}`);
    return names.length === 0 ? [] : [`- **${outcome}**: ${[...new Set(names)].sort().map(code).join(", ")}`];
  }).join("\n");

const section = (graph: Graph, phase: Phase): string => {
  const states = graph.states.filter((d) => d.phase === phase);
  const told = TOLD[phase];
  return [
    `## ${phase}`,
    [
      "| | |",
      "| --- | --- |",
      `| the system | ${told.system} |`,
      `| the agent | ${told.agent} |`,
      `| people | ${told.people} |`,
      `| gate | ${told.gate} |`,
      `| deadline | ${deadlineOf(phase)} |`,
      `| leads to | ${nextOf(graph, phase)} |`,
    ].join("\n"),
    `What can be said, by where it stands:\n\n${commandsIn(states)}`,
    `What it is to a person when nothing goes on by itself:\n\n${outcomesIn(states)}`,
  ].join("\n\n");
};

const exits = (): string =>
  ["| exit phase | ends |", "| --- | --- |", ...AVAILABLE_EXITS.map((exit) => `| \`${exit}\` | ${EXITS[exit]} |`)].join(
    "\n",
  );

const commands = (): string =>
  [
    "| command | does |",
    "| --- | --- |",
    ...COMMAND_NAMES.map((name) => `| ${code(usageOf(name, null).replaceAll("|", "\\|"))} | ${CATALOGUE[name].help} |`),
  ].join("\n");

export const phasesPage = (graph: Graph): string =>
  `${[
    `# The phases

Generated from the tables of the code by \`npm run generate\`; not to be edited. Deadlines are those of a repository that sets none
(\`deadlines\` in [configuration.md](configuration.md)). Every single transition is in [machine.md](machine.md), what each command takes in
[commands.md](commands.md).

${PHASES.map(code).join(" → ")}`,
    "## Where a delivery may end",
    exits(),
    ...PHASES.map((phase) => section(graph, phase)),
    "## What the words in brackets mean",
    Reason.options.map((reason) => `- ${code(reason)}: ${REASONS[reason]}`).join("\n"),
    "## The commands",
    [
      "`/status` and `/help` can be said by whoever may write to the repository; the others by approvers. Where `require_code_owners` asks for an owner,",
      "an owner of the paths may `/approve` too. `/resume` lifts what `/hold` put, in any phase that is not over.",
    ].join("\n"),
    commands(),
  ].join("\n\n")}\n`;
