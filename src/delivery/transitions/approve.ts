// `/approve`: which subjects are meant, whether the person saw exactly them, and what follows once enough people did.
import type { UserId } from "../../ids.ts";
import { type Instant, olderThan } from "../../instant.ts";
import { standsFor } from "../code.ts";
import type { Delivery, GateSubject } from "../delivery.ts";
import type { Effect } from "../effect.ts";
import type { ApprovalOrigin, AskOf, CommandEvent } from "../event.ts";
import { g3 } from "../gates/g3.ts";
import { hasSpoken, isEnough, isOwner, lostOf, withApproval, withoutLost } from "../needs.ts";
import type { Refusal } from "../refusal.ts";
import { codeIn, isHead, oneOf, type PlacedSubject, replaceSubjects, subjectsIn } from "../subjects.ts";
import { isShowing } from "../work.ts";
import { leavePlan, leaveReview } from "./exit.ts";
import { hasOpenHead, resume } from "./pulls.ts";
import { misunderstood, ofTheRetired, wrongCode } from "./quoting.ts";
import { begin, is, move, notNow, refuse, type Verdict } from "./ruling.ts";
import { subjectsOf } from "./showing.ts";

export type Person = Readonly<{ id: UserId; login: string }>;
type Approve = AskOf<"approve">;

/** What may be approved now: the subjects of an open gate, or heads that wait for a countersignature. */
const approvable = (d: Delivery): readonly PlacedSubject[] => {
  const isOpenHead = (each: PlacedSubject): boolean => isHead(each) && !each.subject.approved;
  // The pull request outlives a delivery that ends at verify.
  if (d.phase === "close") return subjectsIn(d).filter(isOpenHead);
  if (d.runStatus === "succeeded") return subjectsOf(d).filter(({ used }) => !used);
  if (is(d, "verify", "blocked") && d.reason === "unapproved_head") {
    return subjectsIn(d).filter(isOpenHead);
  }
  return [];
};

/** Who says so, where, and when we heard of it. */
type Saying = Readonly<{ origin: ApprovalOrigin; person: Person; at: Instant }>;

export const approve = (
  d: Delivery,
  { commandId, origin }: CommandEvent,
  ask: Approve,
  person: Person,
  at: Instant,
): Verdict => {
  if (origin.kind === "review") return notNow(d);
  const gate = approvable(d);
  if (gate.length === 0) {
    const over = ofTheRetired(d, ask.code);
    if (over !== null) return refuse(over);
    return isShowing(d) ? refuse({ code: "still_publishing" }) : notNow(d);
  }

  const meant = choose(d, gate, ask);
  if ("code" in meant) return refuse(meant);
  const isTheirs = (each: PlacedSubject) =>
    !hasSpoken(each.subject, person.id, ask.needs.voice) && mayGive(each, ask, person);
  const chosen = ask.target === "all" && meant.some(isTheirs) ? meant.filter(isTheirs) : meant;
  for (const each of chosen) {
    const refusal = judge(d, each, ask, { origin, person, at });
    if (refusal !== null) return refuse(refusal);
  }

  const isHere = oneOf(gate);
  const isChosen = oneOf(chosen);
  const next = replaceSubjects(d, (each) => {
    if (!isHere(each)) return each.subject;
    const kept = withoutLost(each.subject, ask.needs);
    if (!isChosen(each))
      return kept === each.subject ? kept : { ...kept, approved: kept.approved && enough(kept, ask) };
    const given = withApproval(kept, person.id, ask.needs);
    return { ...given, approved: enough(given, ask) };
  });
  const record = ({ ref }: PlacedSubject) =>
    ({ kind: "record_approval", subject: ref, commandId, origin, person: person.id, login: person.login }) as const;
  return move(passed(next), [...gate.flatMap((each) => losing(each, ask)), ...chosen.map(record)]);
};

const enough = (subject: GateSubject, { quorum, needs }: Approve): boolean => isEnough(subject, quorum, needs.notAlone);

/** Somebody who approved earlier and may not any more stands in for nobody: judged anew with each approval, not at the write alone. */
const losing = ({ ref, subject }: PlacedSubject, { needs }: Approve): Effect[] => {
  const people = lostOf(subject, needs);
  return people.length === 0 ? [] : [{ kind: "void_approvals", subjects: [ref], people, why: LOST }];
};

const LOST = "may not approve any more";

/** Whoever is heard as an owner alone speaks for what they own. */
const mayGive = ({ subject }: PlacedSubject, { needs }: Approve, person: Person): boolean =>
  needs.voice === "approver" || isOwner(subject.digest, person.id, needs);

/** What was made after the owners were read was made after the words, too. */
const isUnheard = ({ ref, subject }: PlacedSubject, { needs }: Approve): boolean =>
  ref.kind === "patchset" && needs.owners !== null && !needs.owners.some(({ digest }) => digest === subject.digest);

/** `all` is whatever is not approved yet; a code names its subject; otherwise there must be no doubt. */
const choose = (
  d: Delivery,
  gate: readonly PlacedSubject[],
  { target, code }: Approve,
): readonly PlacedSubject[] | Refusal => {
  const open = gate.filter(({ subject }) => !subject.approved);
  const repos = open.flatMap(({ repoId }) => repoId ?? []);
  const candidates = target === null || target === "all" ? gate : gate.filter(({ repoId }) => repoId === target);
  const shown = candidates.find(({ subject }) => !subject.approved) ?? candidates[0];
  if (shown === undefined) return { code: "no_such_target", given: String(target), open: repos };

  const coded = code === null ? null : candidates.filter(({ subject }) => standsFor(code, subject.digest));
  if (coded?.length === 0) return wrongCode(d, code ?? "", codeIn(d, shown.subject.digest));
  if (target === "all") return open;
  const meant = coded ?? (target === null ? open : candidates);
  return meant.length === 1 ? meant : { code: "name_one", open: repos };
};

/** Whether this person, by this comment or button, can have meant exactly this digest. Null: yes. */
const judge = (d: Delivery, each: PlacedSubject, ask: Approve, { origin, person, at }: Saying): Refusal | null => {
  const { repoId, subject } = each;
  const { version, digest, shown } = subject;
  const shownCode = codeIn(d, digest);
  if (isUnheard(each, ask)) return { code: "stale", shownVersion: version, shownCode, repoId };
  // What was learned since may make enough of what was said before: then saying it again tells.
  const isEnoughNow = !subject.approved && enough(withoutLost(subject, ask.needs), ask);
  if (hasSpoken(subject, person.id, ask.needs.voice) && !isEnoughNow) return { code: "already_approved", repoId };
  if (!mayGive(each, ask, person)) return { code: "owns_nothing_here", repoId };
  if (ask.ttl !== undefined && shown !== null && olderThan(shown.at, ask.ttl, at)) {
    return { code: "expired", shownVersion: version, shownCode, repoId, ttl: ask.ttl };
  }
  return misunderstood(d, each, ask, origin);
};

/** Where enough approvals lead; with some still missing, nowhere. */
const passed = (d: Delivery): Delivery => {
  switch (d.phase) {
    case "plan":
      return d.plan?.approved === true ? leavePlan(d) : d;
    case "review":
      return g3(d.targets).passed ? leaveReview(d) : d;
    case "deploy":
      return d.ship?.approved === true ? begin(d, "observe") : d;
    case "close":
      return d;
    default:
      return hasOpenHead(d) ? d : resume(d);
  }
};
