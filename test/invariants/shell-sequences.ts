// Random moves in the town of the real shell, and what must hold after each: judged from what was said and seen.
import fc from "fast-check";
import { codeOf } from "../../src/delivery/code.ts";
import { workOf } from "../../src/delivery/work.ts";
import { instant } from "../../src/instant.ts";
import {
  commentOf,
  dateOf,
  hear,
  panelsOf,
  publish,
  type ShellTown,
  snapshot,
  stateOf,
  tell,
  type Uttered,
  utter,
  verdictsOn,
  write,
} from "./shell-town.ts";

export class Broken extends Error {
  override readonly name = "Broken";
}

/** What a sequence remembers: which words were accepted, and since when a patch set's approvals count. */
export type Watch = {
  /** The place in `said` before which nothing counts, of each repository. */
  readonly since: Map<number, number>;
  readonly accepted: Set<Uttered>;
  readonly written: Set<number>;
  readonly counts: Map<string, number>;
};

export const openWatch = (): Watch => ({
  since: new Map(),
  accepted: new Set(),
  written: new Set(),
  counts: new Map(),
});

const count = ({ counts }: Watch, what: string): void => {
  counts.set(what, (counts.get(what) ?? 0) + 1);
};

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Broken(what);
};

const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % Math.max(1, from.length)];

/** Who of those that said so, of what they saw, may say so now; on the words as they stand on GitHub now. */
const voicesFor = (town: ShellTown, watch: Watch, repoId: number): ReadonlySet<number> => {
  const since = watch.since.get(repoId) ?? 0;
  const counted = town.said.filter((one, index) => {
    const now = commentOf(town, one);
    const isPosted = now !== undefined && now.body === one.spoken.body && now.updatedAt === now.createdAt;
    return (
      index >= since &&
      watch.accepted.has(one) &&
      isPosted &&
      one.saw.has(repoId) &&
      town.world.today.approvers.has(one.by.id)
    );
  });
  return new Set(counted.map(({ by }) => by.id));
};

const WANTED = { "README.md": "# Widgets\n", "src/deep/new.ts": "new\n", "src/slug.ts": "export const slug = 2;\n" };

/** After each move: what stands on GitHub now and did not before. */
const judgeWrites = (town: ShellTown, watch: Watch, voices: ReadonlyMap<number, ReadonlySet<number>>): void => {
  for (const repo of town.world.repos) {
    const head = repo.refs.get(`refs/heads/countersign/d-${town.world.id}`);
    if (head === undefined || watch.written.has(repo.id)) continue;
    watch.written.add(repo.id);
    count(watch, "written");
    const people = voices.get(repo.id) ?? new Set();
    must(
      people.size >= town.world.today.quorum,
      `written with ${people.size} of ${town.world.today.quorum} approvals that count`,
    );
    const texts = Object.entries(repo.git.texts(head)).sort();
    must(JSON.stringify(texts) === JSON.stringify(Object.entries(WANTED)), "other bytes were written than were shown");
  }
};

const arrive = async (town: ShellTown, watch: Watch, uttered: Uttered): Promise<void> => {
  const before = await snapshot(town);
  const wasHeard = uttered.isHeard;
  await hear(town, uttered);
  const verdicts = await verdictsOn(town, uttered);
  if (wasHeard) return must((await snapshot(town)) === before, "words that were heard before changed something");
  for (const { name, verdict } of verdicts) count(watch, `${name}, ${verdict}`);
  if (verdicts.some(({ name, verdict }) => name === "approve" && verdict === "accepted")) watch.accepted.add(uttered);
  const isRefused = verdicts.every(({ verdict }) => verdict === "refused");
  const facts = (text: string): unknown => JSON.parse(text)[2];
  const after = await snapshot(town);
  // That the gate was touched is a fact of its own, told on the occasion.
  if (isRefused && facts(after) === facts(before)) must(after === before, "a refusal changed something");
};

/** Approvals of whatever is shown again count from then on. */
const follow = async (town: ShellTown, watch: Watch): Promise<void> => {
  const { phase, targets } = await stateOf(town);
  for (const { repoId, patchSet } of targets) {
    if (phase === "review" && patchSet?.shown === null) watch.since.set(repoId, town.said.length);
  }
};

type Act = (town: ShellTown, watch: Watch, n: number) => Promise<void>;

const approve: Act = async (town, _watch, n) => {
  const state = await stateOf(town);
  const by = pick(town.folk, n % 7 === 0 ? n : n % 3);
  const target = pick(state.targets, n)?.patchSet;
  if (by === undefined || target == null) return;
  const words = ["/approve all", `/approve ${codeOf(target.digest)}`, "/approve", "/approve zzzz", "/approve all"];
  await utter(town, by, words[n % words.length] ?? "/approve");
};

const writeNow: Act = async (town, watch) => {
  const voices = new Map(town.world.repos.map(({ id }) => [id, voicesFor(town, watch, id)]));
  await write(town);
  judgeWrites(town, watch, voices);
};

/** The next thing in a world where nobody is ill-disposed. */
const goOn: Act = async (town, watch, n) => {
  const waiting = town.said.find(({ isHeard }) => !isHeard);
  const state = await stateOf(town);
  const mona = town.folk.find(({ login }) => login === "mona");
  if (waiting !== undefined) await arrive(town, watch, waiting);
  else if (workOf(state) === "write") await writeNow(town, watch, n);
  else if (state.phase === "review" && state.runStatus === "pending") await publish(town);
  else if (mona !== undefined && state.holds.length > 0) await utter(town, mona, "/resume");
  else if (mona !== undefined && state.runStatus === "blocked") await utter(town, mona, "/retry");
  else await approve(town, watch, n);
};

const anyWords: Act = async (town, _watch, n) => {
  const by = pick(town.folk, n);
  const words = [
    "/hold",
    "/resume",
    "/approve all",
    "> /approve all",
    "/reject",
    "/approve all\n/reject",
    "/retry",
    "/status",
  ];
  if (by !== undefined) await utter(town, by, words[(n >> 3) % words.length] ?? "/approve");
};

const edit: Act = async (town, _watch, n) => {
  const uttered = pick(town.said.slice(-3), n);
  const comment = uttered && commentOf(town, uttered);
  if (comment === undefined) return;
  comment.updatedAt = instant(dateOf(town));
  if (n % 2 === 0) comment.body += " and more";
};

/** Somebody edits a panel of ours; whether GitHub ever tells is another question. */
const tamper: Act = async (town, _watch, n) => {
  const panel = pick(panelsOf(town), n);
  if (panel === undefined) return;
  panel.comment.body = "**Harmless**";
  panel.comment.updatedAt = instant(dateOf(town));
  const repoId = (await stateOf(town)).targets.find((target) => target.repoId === panel.repoId)?.repoId ?? null;
  if (n % 3 === 0) await tell(town, { type: "gate_tampered", repoId, note: "edited" });
};

const role: Act = async (town, _watch, n) => {
  const one = pick(town.folk.slice(0, 3), n);
  if (one === undefined) return;
  one.role = one.role === "read" ? "maintain" : "read";
  if (one.role === "read") town.world.today.approvers.delete(one.id);
  else town.world.today.approvers.add(one.id);
};

const rules: Act = async (town, _watch, n) => {
  const { today } = town.world;
  if (n % 2 === 0) today.quorum = 3 - today.quorum;
  else today.codeRequired = !today.codeRequired;
};

const arriveAny: Act = async (town, watch, n) => {
  const uttered = pick(town.said, n);
  if (uttered !== undefined) await arrive(town, watch, uttered);
};

const ACTS = {
  "go on": goOn,
  approve,
  "any words": anyWords,
  edit,
  tamper,
  role,
  rules,
  arrive: arriveAny,
  publish: (town) => publish(town),
} satisfies Readonly<Record<string, Act>>;

type Name = keyof typeof ACTS;
const often = (name: Name, weight: number): fc.WeightedArbitrary<Name> => ({ arbitrary: fc.constant(name), weight });

export type Sequence = Readonly<{
  repos: number;
  quorum: number;
  moves: readonly Readonly<{ name: Name; n: number; lapse: number }>[];
}>;

export const shellSequences: fc.Arbitrary<Sequence> = fc.record({
  repos: fc.constantFrom(1, 1, 2),
  quorum: fc.constantFrom(1, 2),
  moves: fc.array(
    fc.record({
      name: fc.oneof(
        often("go on", 24),
        often("approve", 6),
        ...(["any words", "edit", "tamper", "role", "rules", "arrive"] as const).map((name) => often(name, 1)),
      ),
      n: fc.nat(999),
      lapse: fc.constantFrom(0, 1, 2),
    }),
    { minLength: 6, maxLength: 22, size: "max" },
  ),
});

/** Throws Broken where something happens that must not. */
export const playIn = async (town: ShellTown, { moves, quorum }: Sequence, watch: Watch): Promise<void> => {
  town.world.today.quorum = quorum;
  for (const { name, n, lapse } of moves) {
    town.clock.at += lapse;
    const act: Act = ACTS[name];
    await act(town, watch, n);
    await follow(town, watch);
  }
};
