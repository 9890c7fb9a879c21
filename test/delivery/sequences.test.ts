// Random sequences of events, commands, edits, pushes and revocations: what is written was approved by people who saw just that.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { replaceSubjects, subjectsIn } from "../../src/delivery/subjects.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CommentId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { runs } from "../support/runs.ts";
import { play, sequences } from "./adversary/moves.ts";
import { Broken } from "./adversary/oracle.ts";
import type { Sabotage } from "./adversary/town.ts";

/** `SEQUENCES=100000` tries so many, `SEED` from there: both are in the name of the test, and of a counterexample. */
const wanted = process.env["SEQUENCES"];
const { numRuns } = wanted === undefined ? runs(1_500) : { numRuns: Number(wanted) };
const seed = Number(process.env["SEED"] ?? process.env["FC_SEED"] ?? Date.now() % 1_000_000_007);

/** Of one sequence on a machine that is busy with other things: as many as are asked for are played to the end. */
const MOST_MS = 30;

describe("random sequences", () => {
  it(
    `break no promise (${numRuns} sequences, seed ${seed})`,
    () => {
      fc.assert(
        fc.property(sequences, (sequence) => {
          play(sequence);
        }),
        { numRuns, seed },
      );
    },
    Math.max(60_000, numRuns * MOST_MS),
  );

  it("come to all that matters: else the property would say nothing", () => {
    const seen = new Map<string, number>();
    for (const sequence of fc.sample(sequences, { numRuns: 2_000, seed: 11 })) {
      for (const [what, n] of play(sequence).counts) seen.set(what, (seen.get(what) ?? 0) + n);
    }
    const often = ["written", "written to one of several", "authorised", "stopped at the write", "voided"];
    expect(often.filter((what) => (seen.get(what) ?? 0) < 50)).toEqual([]);
    const refusals = ["stale", "already_approved", "expired", "code_required", "unknown_code", "superseded_code"];
    const more = [
      "rejected_code",
      "name_one",
      "on_hold",
      "over",
      "still_publishing",
      "no_such_target",
      "owns_nothing_here",
    ];
    const moves = ["approve, moved", "reject, moved", "revise, moved", "retry, moved", "hold, moved", "resume, moved"];
    expect([...refusals, ...more, ...moves].filter((what) => !seen.has(what))).toEqual([]);
  });
});

const ENOUGH = 15_000;
const LATE = instant("9999-12-31T23:59:59Z");

const broken = (extra: Parameters<typeof play>[1]): string => {
  const property = fc.property(sequences, (sequence) => {
    play(sequence, extra);
  });
  const { errorInstance } = fc.check(property, { numRuns: ENOUGH, seed: 5, endOnFailure: true });
  return errorInstance instanceof Broken ? errorInstance.message : `nothing: ${errorInstance}`;
};

/** Gives back approvals that were taken away from what still stands. */
const forgetful: typeof transition = (before, recorded) => {
  const step = transition(before, recorded);
  if (step.kind !== "moved") return step;
  const known = new Map(subjectsIn(before).map(({ subject }) => [subject.digest, subject]));
  const next: Delivery = replaceSubjects(step.next, ({ subject }) => {
    const old = known.get(subject.digest);
    const isLost = old !== undefined && old.approvals.length > subject.approvals.length;
    return isLost ? { ...subject, approvals: old.approvals, approved: old.approved } : subject;
  });
  return { ...step, next, effects: step.effects.filter(({ kind }) => kind !== "void_approvals") };
};

describe("a door that is left open is noticed: when", () => {
  const doors: readonly (readonly [Sabotage, RegExp])[] = [
    ["authority", /people approved (what is to be written|its plan)/],
    ["edited", /people approved (what is to be written|its plan)/],
    ["tampered", /people approved what is to be written|nobody approved as it was shown/],
    ["digest", /the digest names other content/],
    ["content", /other bytes were written/],
    ["quorum", /people approved|requester alone|no owner/],
    ["age", /people approved (what is to be written|its plan)/],
  ];
  it.each(doors)("the write gate and the hearing do not look at: %s", (sabotage, what) => {
    expect(broken({ sabotage })).toMatch(what);
  });

  it("the machine does not take approvals back", () => {
    expect(broken({ machine: forgetful })).toMatch(/people approved|withdrawn/);
  });

  it("the machine takes any words for an approval of what is now shown", () => {
    const machine: typeof transition = (d, recorded) => {
      const { event } = recorded;
      if (event.type !== "command" || event.ask.name !== "approve" || event.origin.kind !== "comment")
        return transition(d, recorded);
      const origin = { ...event.origin, commentId: CommentId.parse(Number.MAX_SAFE_INTEGER), writtenAt: LATE };
      return transition(d, { ...recorded, event: { ...event, origin } });
    };
    expect(broken({ machine })).toMatch(/people approved|nobody approved/);
  });
});
