// The page docs/machine.md: diagrams and tables of every transition, made by asking the machine itself. Pure.
import { DeliveryId, RepoId } from "../ids.ts";
import { birth, birthOfRollback } from "./birth.ts";
import { type Delivery, EXIT_PHASES, isTerminal, PHASES } from "./delivery.ts";
import { type Answer, answersIn } from "./docs/answers.ts";
import { phaseDiagram, phasesDiagram } from "./docs/diagram.ts";
import { groupBy } from "./docs/group-by.ts";
import { hasPull, stateName } from "./docs/naming.ts";
import { code, type Row, rowsOf } from "./docs/rows.ts";
import { RULES } from "./docs/rules.ts";
import { explore, type Graph } from "./explore.ts";
import { workIn } from "./work.ts";

type Counters = Pick<Delivery, "revisionsLeft" | "fixesLeft" | "restartsLeft">;

const SOME: Counters = { revisionsLeft: 1, fixesLeft: 1, restartsLeft: 1 };

/** One repository shows every rule; with several the same is said of each, and gates wait for the last. */
const start = (exitPhase: Delivery["exitPhase"], counters: Counters): Delivery => ({
  ...birth({
    id: DeliveryId.parse(1),
    exitPhase,
    maxRevisions: 1,
    maxFixes: 1,
    targets: [{ repoId: RepoId.parse(1), role: "primary" }],
  }).delivery,
  ...counters,
});

/** Each named state as it is come to by the shortest way: what else a long history leaves standing is not told here. */
const walk = (exitPhase: Delivery["exitPhase"], counters: Counters): Graph =>
  explore([start(exitPhase, counters)], {
    follow: ({ label }) => !isAside(label),
    simplify: (d) => ({ ...d, ...counters }),
    // A fix goes the way of a first patch set, and then is written where a pull request is open.
    keyOf: (d) => `${stateName(d)} ${hasPull(d)}`,
  });

const isAside = (event: string): boolean => /^(\/hold|hold_|\/exit|exit_)/.test(event);

/** A rollback begins where patch sets are made; what comes after that is told of all alike. */
const beginningOfRollback = (): Graph => {
  const { delivery } = birthOfRollback(
    {
      id: DeliveryId.parse(2),
      exitPhase: "observe",
      maxRevisions: 1,
      maxFixes: 0,
      targets: [{ repoId: RepoId.parse(1), role: "primary" }],
    },
    DeliveryId.parse(1),
  );
  const isOwn = (d: Delivery): boolean => workIn(d) === "revert";
  const { states, edges } = explore([{ ...delivery, ...SOME }], {
    follow: ({ label }) => !isAside(label),
    simplify: (d) => ({ ...d, ...SOME }),
    keyOf: stateName,
  });
  return { states: states.filter(isOwn), edges: edges.filter(({ from }) => isOwn(from)) };
};

export const graph = (): Graph => {
  const walks = [
    ...EXIT_PHASES.map((exitPhase) => walk(exitPhase, SOME)),
    walk("verify", { ...SOME, revisionsLeft: 0 }),
    walk("observe", { ...SOME, revisionsLeft: 0 }),
    walk("observe", { ...SOME, fixesLeft: 0 }),
    walk("observe", { ...SOME, restartsLeft: 0 }),
    beginningOfRollback(),
  ];
  return { states: walks.flatMap(({ states }) => states), edges: walks.flatMap(({ edges }) => edges) };
};

/** What is answered alike in every live state, so that it is told once. */
const answersEverywhere = (answers: readonly Answer[], states: number): ReadonlyMap<string, string> =>
  new Map(
    groupBy(answers, ({ event }) => event).flatMap((group) => {
      const [first, ...others] = groupBy(group, ({ becomes }) => `${becomes}`);
      const becomes = first?.[0]?.becomes ?? null;
      const alike = others.length === 0 && becomes !== null && group.length >= states;
      return group.slice(0, 1).flatMap(({ event }) => (alike ? [[event, becomes] as const] : []));
    }),
  );

const list = (values: readonly string[]): string => values.map(code).join(", ");

const table = (rows: readonly Row[]): string =>
  [
    "| state | event | becomes | besides |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ states, events, becomes, effects }) => {
      const there = becomes.startsWith("the same") || becomes.startsWith("unchanged") ? becomes : code(becomes);
      return `| ${states} | ${list(events)} | ${there} | ${list(effects)} |`;
    }),
  ].join("\n");

const INTRODUCTION = `# The machine

Generated from \`src/delivery/\` by \`npm run generate\`, by asking \`transition\` about every event in every state that can be
come to; not to be edited. Rules are in \`src/delivery/transitions/\`, one file a family of events.

A state is \`phase/runStatus(reason)\`; after a dot stands what else tells states of one name apart: the work that is done,
\`showing\` (made, and being put up as a gate), \`made\` (a plan is kept), \`unwritten\` (something is still to be written; a \`fix\`
onto an open pull request). Each is shown as it is come to by the shortest way, with one repository.

A command that is not listed is refused with what applies, and changes nothing. An event that is not listed, or that names another
attempt, is recorded as stale, and changes nothing. Every change adds 1 to the version, is drawn in the thread and answered where
a command asked for it; *besides* lists what else it causes. \`work\` is always that of the new state, under a new attempt.

While a hold stands, events are recorded and states change as listed, but no work starts and nothing is drawn; of commands only
\`/hold\`, \`/resume\` and \`/cancel\` apply. When the last hold goes, the work of the state starts again. The exit phase may be brought nearer
(\`exit_shortened\` by a label, \`/exit\`) until it is passed.`;

export const machinePage = (): string => {
  const { states, edges } = graph();
  const answers = states.filter((d) => !isTerminal(d)).flatMap(answersIn);
  const everywhere = answersEverywhere(answers, states.filter((d) => !isTerminal(d)).length);
  const isShown = (event: string): boolean => !everywhere.has(event) && !isAside(event);
  const told = states.flatMap(answersIn).filter(({ event }) => isShown(event));
  const drawn = edges.filter(({ example }) => isShown(example.label));
  const alike = groupBy([...everywhere], ([, becomes]) => becomes);
  return `${[
    INTRODUCTION,
    RULES,
    "## The phases",
    phasesDiagram(drawn),
    "## In every live state",
    [
      "| event | becomes |",
      "| --- | --- |",
      ...alike.map((group) => `| ${list(group.map(([event]) => event))} | ${group[0]?.[1] ?? ""} |`),
    ].join("\n"),
    ...PHASES.flatMap((phase) => [
      `## ${phase}`,
      phaseDiagram(drawn, phase),
      table(rowsOf(told.filter(({ from }) => from.phase === phase))),
    ]),
  ].join("\n\n")}\n`;
};
