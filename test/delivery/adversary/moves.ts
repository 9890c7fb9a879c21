// Sequences of moves as fast-check picks them, and how a whole one is played.
import fc from "fast-check";
import { EXIT_PHASES } from "../../../src/delivery/delivery.ts";
import { isShowing, workOf } from "../../../src/delivery/work.ts";
import { tell } from "./books.ts";
import {
  changeRole,
  changeRules,
  disturb,
  happen,
  replayResult,
  shutOut,
  spoilRow,
  sweep,
  tamper,
} from "./mischief.ts";
import { type Oracle, openOracle } from "./oracle.ts";
import { approveNow, changeWords, click, helpOn, pick, speak } from "./speech.ts";
import { found, type Town, type TownFacts } from "./town.ts";
import { publish, run } from "./worker.ts";
import { goOnWriting } from "./write-gate.ts";

type Act = (town: Town, n: number, who: number) => void;

/** Puts the gate up; that it stands is told a little later. */
const putUp = (town: Town): void => {
  const event = publish(town);
  if (event !== null) town.onTheWay.push({ isSlow: false, arrive: () => tell(town, event) });
};

const arrive = (town: Town, index: number, again: boolean): void => {
  const delivered = town.onTheWay[index];
  if (delivered === undefined) return;
  if (!again) town.onTheWay.splice(index, 1);
  delivered.arrive();
};

/** The next thing that a world in which nobody is ill-disposed would do. */
const goOn: Act = (town, n, who) => {
  const { d } = town;
  const next = town.onTheWay.findIndex(({ isSlow }) => !isSlow);
  const job = town.jobs.findLast(({ work, attempt }) => work === workOf(d) && attempt === d.attempt);
  if (town.permits.length > 0) goOnWriting(town);
  else if (next >= 0) arrive(town, next, false);
  else if (job !== undefined) run(town, job, n);
  else if (isShowing(d)) putUp(town);
  else if (d.runStatus === "succeeded") approveNow(town, who, n);
  else helpOn(town, n);
};

const ACTS = {
  "go on": goOn,
  approve: (town, n, who) => approveNow(town, who, n),
  arrive: (town, n) => arrive(town, n % Math.max(1, town.onTheWay.length), false),
  "arrive twice": (town, n) => arrive(town, n % Math.max(1, town.onTheWay.length), true),
  speak: (town, n, who) => speak(town, who, n),
  click: (town, n, who) => click(town, who, n),
  "change words": changeWords,
  tamper,
  "put up": putUp,
  "any job": (town, n) => {
    const job = pick(town.jobs, n);
    if (job !== undefined) run(town, job, n);
  },
  "write on": goOnWriting,
  replay: replayResult,
  role: changeRole,
  "shut out": shutOut,
  rules: changeRules,
  disturb,
  spoil: spoilRow,
  happen,
  sweep,
} satisfies Readonly<Record<string, Act>>;

type Name = keyof typeof ACTS;

export type Move = Readonly<{ name: Name; n: number; who: number; lapse: number }>;

const often = (name: Name, weight: number): fc.WeightedArbitrary<Name> => ({ arbitrary: fc.constant(name), weight });

const MOVE: fc.Arbitrary<Move> = fc.record({
  name: fc.oneof(
    often("go on", 60),
    often("approve", 8),
    often("speak", 4),
    ...(
      ["arrive", "arrive twice", "click", "change words", "tamper", "put up", "any job", "write on", "replay"] as const
    ).map((name) => often(name, 2)),
    ...(["role", "shut out", "rules", "disturb", "spoil", "happen", "sweep"] as const).map((name) => often(name, 1)),
  ),
  n: fc.nat(999),
  who: fc.nat(5),
  lapse: fc.constantFrom(0, 0, 0, 1, 1, 2, 30),
});

const FACTS: fc.Arbitrary<TownFacts> = fc.record({
  repositories: fc.constantFrom(1, 1, 2, 3),
  exitPhase: fc.constantFrom(...EXIT_PHASES, "verify" as const, "observe" as const),
  quorum: fc.constantFrom(1, 1, 2),
  codeRequired: fc.constantFrom(false, false, true),
  ttl: fc.constantFrom(undefined, undefined, 100),
  notAlone: fc.boolean(),
  ownersCount: fc.boolean(),
});

export type Sequence = Readonly<{ facts: TownFacts; moves: readonly Move[] }>;

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  facts: FACTS,
  moves: fc.array(MOVE, { minLength: 20, maxLength: 70, size: "max" }),
});

/** Throws Broken where something happens that must not. */
export const play = ({ facts, moves }: Sequence, extra: Parameters<typeof found>[2] = {}): Oracle => {
  const oracle = openOracle();
  const town = found(facts, oracle, extra);
  for (const { name, n, who, lapse } of moves) {
    town.now += lapse;
    const act: Act = ACTS[name];
    act(town, n, who);
  }
  return oracle;
};
