// What people say and click here, true and false: it is on its way to us from then on.
import { codeOf } from "../../../src/delivery/code.ts";
import type { SubjectRef } from "../../../src/delivery/effect.ts";
import { subjectsIn } from "../../../src/delivery/subjects.ts";
import type { Digest, RepoId } from "../../../src/ids.ts";
import { hear } from "./hearing.ts";
import { isApprover, nextId, PEOPLE, type Person, type Said, type Town, type Verb } from "./town.ts";

export const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % Math.max(1, from.length)];

type Words = Pick<Said, "kind" | "verb" | "target" | "code">;

const seenBy = (town: Town): ReadonlyMap<Digest, string> =>
  new Map([...town.panels].map(([digest, { shows }]) => [digest, shows]));

const utter = (town: Town, by: Person, words: Words, isSlow = false): void => {
  const said: Said = {
    ...words,
    id: nextId(town),
    by,
    at: town.now,
    saw: seenBy(town),
    state: "as posted",
    isHeard: false,
  };
  town.said.push(said);
  town.onTheWay.push({ isSlow, arrive: () => hear(town, said) });
};

const repoNamed = (town: Town, n: number): RepoId | null => pick(town.d.targets, n)?.repoId ?? null;

/** Nobody quotes a code that was nowhere to be read; that of a commit stands in its check. */
const isReadable = ({ panels }: Town, { kind, digest }: SubjectRef): boolean => kind === "head" || panels.has(digest);

/** The code of what is open, of what was open once, or of nothing. */
const codeFor = (town: Town, n: number): string | null => {
  const open = pick(
    subjectsIn(town.d).filter(({ ref }) => isReadable(town, ref)),
    n,
  )?.subject.digest;
  const ever = pick([...town.panels.keys()], n);
  return [null, open && codeOf(open), ever && codeOf(ever), "zzzz", null][n % 5] ?? null;
};

const VERBS: readonly Verb[] = ["approve", "approve", "approve", "reject", "revise", "hold", "resume", "retry", "plan"];

/** Anybody says anything. */
export const speak = (town: Town, who: number, n: number): void => {
  const verb = (n % 40 === 39 ? "cancel" : pick(VERBS, n)) ?? "approve";
  const target = pick([null, "all", "plan", repoNamed(town, n), repoNamed(town, n + 1)] as const, n + who) ?? null;
  const by = pick(PEOPLE, who);
  if (by !== undefined) utter(town, by, { kind: "comment", verb, target, code: codeFor(town, n >> 3) }, n % 3 === 0);
};

/** Somebody who may says what is wanted, as they would: with the code from the panel or without. */
export const approveNow = (town: Town, who: number, n: number): void => {
  const able = PEOPLE.filter((person) => isApprover(town, person));
  const by = n % 7 === 0 ? pick(PEOPLE, who) : pick(able, who);
  const open = subjectsIn(town.d).filter(({ subject, used }) => !used && !subject.approved);
  const one = pick(open, n);
  if (by === undefined || one === undefined) return;
  const quotes = n % 2 === 0 || one.ref.kind === "head" || town.today.codeRequired;
  const code = quotes && isReadable(town, one.ref) ? codeOf(one.subject.digest) : null;
  const target = open.length > 1 && code === null ? "all" : null;
  utter(town, by, { kind: "comment", verb: "approve", target, code }, n % 5 === 0);
};

/** A button on a page that may be old. */
export const click = (town: Town, who: number, n: number): void => {
  const by = pick(PEOPLE, who);
  const digest = pick([...town.panels.keys()], n);
  if (by === undefined || digest === undefined) return;
  utter(
    town,
    by,
    { kind: "button", verb: n % 5 === 0 ? "reject" : "approve", target: null, code: codeOf(digest) },
    n % 2 === 0,
  );
};

/** Somebody's words are edited or deleted after they were posted. */
export const changeWords = (town: Town, n: number): void => {
  const said = pick(town.said.slice(-6), n);
  if (said !== undefined && said.kind === "comment") said.state = n % 3 === 0 ? "deleted" : "edited";
};

/** What somebody who wants it to go on does when it stands still. */
export const helpOn = (town: Town, n: number): void => {
  const by = pick(
    PEOPLE.filter((person) => isApprover(town, person)),
    n,
  );
  const words = (verb: Verb, target: Said["target"] = null): Words => ({ kind: "comment", verb, target, code: null });
  if (by === undefined) return;
  if (town.d.holds.includes("hold")) utter(town, by, words("resume"));
  else if (town.d.phase === "intake") utter(town, by, words("plan"));
  else utter(town, by, words(n % 3 === 0 ? "revise" : "retry", n % 2 === 0 ? repoNamed(town, n) : null));
};
