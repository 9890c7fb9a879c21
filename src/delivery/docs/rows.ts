// The rows of the page's tables: answers, put together where they say the same.
import { isTerminal, RUN_STATUSES } from "../delivery.ts";
import type { Answer } from "./answers.ts";
import { groupBy } from "./group-by.ts";
import { CIRCUMSTANCES, statusName } from "./naming.ts";

export type Row = Readonly<{
  states: string;
  events: readonly string[];
  becomes: string;
  effects: readonly string[];
}>;

/** One event in one state. `kind` is the event without its variant: of `pull_merged, not green` the `pull_merged`. */
type Case = Readonly<{
  from: string;
  kind: string;
  event: string;
  becomes: string | null;
  effects: readonly string[];
}>;

const unique = (values: readonly string[]): string[] => [...new Set(values)];
const outcome = ({ becomes }: Pick<Answer, "becomes">): string => `${becomes}`;
const isOne = (answers: readonly Answer[]): boolean => groupBy(answers, outcome).length === 1;

const caseOf = (answers: readonly Answer[], when: string): readonly Case[] =>
  answers.slice(0, 1).map(({ from, event, becomes }) => ({
    from: statusName(from),
    kind: event.split(",")[0] ?? event,
    event: `${event}${when}`,
    becomes,
    effects: unique(answers.flatMap(({ effects }) => effects)),
  }));

/** Where one event leads to several states, what decides between them is looked for and added to its name. */
const casesOf = (answers: readonly Answer[], when = ""): readonly Case[] => {
  if (isOne(answers)) return caseOf(answers, when);
  const splits = CIRCUMSTANCES.map((nameOf) => groupBy(answers, ({ from }) => nameOf(from)));
  // What decides alone is told alone.
  const best = splits.findIndex((classes) => classes.every(isOne));
  const nameOf = CIRCUMSTANCES[best === -1 ? splits.findIndex((classes) => classes.some(isOne)) : best];
  if (nameOf === undefined) return groupBy(answers, outcome).flatMap((group) => caseOf(group, when));
  const classes = groupBy(answers, ({ from }) => nameOf(from));
  return groupBy(classes, (each) => unique(each.map(outcome)).sort().join()).flatMap((alike) => {
    const names = alike.flatMap(([answer]) => (answer === undefined ? [] : nameOf(answer.from)));
    return casesOf(alike.flat(), `${when} (${names.length > 2 ? "otherwise" : names.join(" or ")})`);
  });
};

/** Variants that are all answered alike are one event. */
const withoutVariants = (cases: readonly Case[]): readonly Case[] =>
  groupBy(cases, ({ from, kind }) => JSON.stringify([from, kind])).flatMap((variants) => {
    const alike = groupBy(variants, ({ becomes, effects }) => JSON.stringify([becomes, effects])).length === 1;
    return alike ? variants.slice(0, 1).map((each) => ({ ...each, event: each.kind })) : variants;
  });

const orderOf = (from: string): number => RUN_STATUSES.findIndex((status) => from.startsWith(status));

/** Sets of states that rows are about as a whole, the smallest first. */
const UNIVERSES: readonly (readonly [called: string, has: (name: string) => boolean])[] = [
  ["every live state, all written", (name) => !/write$|unwritten$/.test(name)],
  ["every live state with a pull request", (name) => !/· (write|unwritten)$/.test(name)],
  ["every live state", () => true],
];

/** All states but a few are told by those few, and all reasons of a status by the status. */
const shortened = (from: readonly string[], live: readonly string[]): string => {
  const [called, has] = UNIVERSES.find((universe) => from.every(universe[1])) ?? ["every live state", () => true];
  const universe = live.filter(has);
  const name = universe.length === live.length ? "every live state" : called;
  const others = universe.filter((each) => !from.includes(each));
  if (others.length === 0) return name;
  if (from.length > others.length * 3) return `${name}, but ${others.map(code).join(", ")}`;
  return ["failed", "blocked"]
    .reduce<readonly string[]>((names, status) => {
      const ofStatus = live.filter((name) => name.startsWith(`${status}(`));
      const whole = ofStatus.length > 1 && ofStatus.every((name) => names.includes(name));
      return whole ? [...names.filter((name) => !ofStatus.includes(name)), status] : names;
    }, from)
    .map(code)
    .join(", ");
};

export const code = (text: string): string => `\`${text}\``;

export const rowsOf = (answers: readonly Answer[]): readonly Row[] => {
  const live = unique(answers.flatMap(({ from }) => (isTerminal(from) ? [] : [statusName(from)])));
  const cases = groupBy(answers, ({ from, event }) => JSON.stringify([statusName(from), event])).flatMap((group) =>
    casesOf(group),
  );
  const told = withoutVariants(cases).flatMap(({ becomes, ...rest }) =>
    becomes === null ? [] : [{ ...rest, becomes }],
  );
  const rows = groupBy(told, ({ event, becomes }) => JSON.stringify([event, becomes])).flatMap((group) =>
    group.slice(0, 1).map(({ event, becomes }) => ({
      from: unique(group.map(({ from }) => from)).sort((a, b) => orderOf(a) - orderOf(b) || (a < b ? -1 : 1)),
      event,
      becomes,
      effects: unique(group.flatMap(({ effects }) => effects)),
    })),
  );
  return groupBy(rows, ({ from, becomes, effects }) => JSON.stringify([from, becomes, effects]))
    .flatMap((group) =>
      group.slice(0, 1).map(({ from, becomes, effects }) => ({
        order: from.length > 6 ? RUN_STATUSES.length : orderOf(from[0] ?? ""),
        row: { states: shortened(from, live), events: unique(group.map(({ event }) => event)), becomes, effects },
      })),
    )
    .sort((a, b) => a.order - b.order)
    .map(({ row }) => row);
};
