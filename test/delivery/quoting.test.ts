// Codes and ages: what a quoted code stands for, when nothing less than it will do, and when what was shown is too old.
import { describe, expect, it } from "vitest";
import { codeOf, standsFor } from "../../src/delivery/code.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { Actor, AskOf, Origin } from "../../src/delivery/event.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import type { Refusal } from "../../src/delivery/refusal.ts";
import type { Step } from "../../src/delivery/step.ts";
import { codeIn } from "../../src/delivery/subjects.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CheckRunId, CommandId, CommentId, Digest, PatchSetId, UserId } from "../../src/ids.ts";
import { type Instant, instant } from "../../src/instant.ts";
import { DOCS, go, nameOf, newborn, ofTwo, SHOP } from "./reach.ts";

const SHOWN = instant("2026-11-21T10:00:00Z");
const SOON = instant("2026-11-21T10:05:00Z");
const HOUR = 3600;
const AN_HOUR_ON = instant("2026-11-21T11:00:00Z");
const mona: Actor = { kind: "human", id: UserId.parse(7), login: "mona" };

const comment = (writtenAt: Instant, id = 1_000_000): Origin => ({
  kind: "comment",
  commentId: CommentId.parse(id),
  writtenAt,
});
const button = (clickedAt: Instant): Origin => ({ kind: "button", checkRunId: CheckRunId.parse(5), clickedAt });

const approve = (
  d: Delivery,
  part: Partial<AskOf<"approve">> = {},
  origin: Origin = comment(SOON),
  at: Instant = SOON,
): Step => {
  const plain = {
    name: "approve",
    target: null,
    code: null,
    quorum: 1,
    codeRequired: false,
    needs: ONLY_A_NUMBER,
  } as const;
  const ask = { ...plain, ...part };
  return transition(d, { event: { type: "command", commandId: CommandId.parse(3), ask, origin }, actor: mona, at });
};

const refusal = (done: Step): Refusal => {
  if (done.kind !== "refused") throw new Error(`not refused: ${done.kind}`);
  return done.refusal;
};

const digestOf = (d: Delivery, at = 0): Digest => {
  const found = d.phase === "plan" ? d.plan : d.targets[at]?.patchSet;
  if (found == null) throw new Error("nothing is open");
  return found.digest;
};

const toPlan = ["triaged, GO", "plan_made", "gate_published, plan"];
const toReview = [...toPlan, "/approve", "patches_made", "gate_published, review"];
const planOpen = go(newborn(), ...toPlan);
const reviewOpen = go(newborn(), ...toReview);

const asRisky = (d: Delivery): Delivery => ({
  ...d,
  targets: d.targets.map((target) => ({
    ...target,
    patchSet: target.patchSet === null ? null : { ...target.patchSet, quote: true },
  })),
});

describe("the code of a version", () => {
  /** Another digest whose code begins with the same four letters and goes on with others. */
  const like = (digest: Digest): Digest => {
    const fifth = 31n ** 4n;
    const read = BigInt(`0x${digest.slice(0, 16)}`) % (fifth * 31n);
    const other = (read + fifth) % (fifth * 31n);
    return Digest.parse(`${other.toString(16).padStart(16, "0")}${"a".repeat(48)}`);
  };

  it("is as long as it takes to be no other's, and the longer one begins with the shorter", () => {
    const digest = digestOf(planOpen);
    expect(codeIn(planOpen, digest)).toBe(codeOf(digest));
    const twin = like(digest);
    expect(codeOf(twin)).toBe(codeOf(digest));
    const beside: Delivery = { ...planOpen, retired: [{ digest: twin, as: "replaced" }] };
    const longer = codeIn(beside, digest);
    expect(longer).toMatch(/^[2-9a-hj-km-np-z]{5,6}$/);
    expect(longer.startsWith(codeOf(digest))).toBe(true);
    expect(standsFor(longer, twin)).toBe(false);
    expect(codeIn(beside, twin)).not.toBe(longer);
    // The short one does not tell the two apart any more, the long one does.
    expect(refusal(approve(beside, { code: codeOf(digest) }, comment(instant("2026-11-21T09:00:00Z"))))).toMatchObject({
      code: "stale",
      shownCode: longer,
    });
    expect(approve(beside, { code: longer }, comment(instant("2026-11-21T09:00:00Z"))).kind).toBe("moved");
  });

  it("is asked for by name where one short code stands for two that are open", () => {
    const two = go(ofTwo(), ...toReview);
    const twin = like(digestOf(two));
    const alike: Delivery = {
      ...two,
      targets: two.targets.map((target) =>
        target.repoId === DOCS && target.patchSet !== null
          ? { ...target, patchSet: { ...target.patchSet, digest: twin } }
          : target,
      ),
    };
    expect(refusal(approve(alike, { code: codeOf(twin) }))).toEqual({ code: "name_one", open: [SHOP, DOCS] });
    const one = approve(alike, { code: codeIn(alike, twin) });
    expect(one.kind === "moved" && one.next.targets.map(({ patchSet }) => patchSet?.approved)).toEqual([false, true]);
  });

  it("shorter than any code stands for nothing", () => {
    expect(standsFor(codeOf(digestOf(planOpen)).slice(0, 3), digestOf(planOpen))).toBe(false);
    expect(standsFor("", digestOf(planOpen))).toBe(false);
  });
});

describe("a code of what is over", () => {
  const first = digestOf(planOpen);

  it("says that it was turned down, also where nothing is open", () => {
    const rejected = go(planOpen, "/reject");
    const given = codeOf(first);
    expect(refusal(approve(rejected, { code: given }))).toEqual({ code: "rejected_code", given, shownCode: null });
    expect(refusal(approve(rejected, { code: "zzzz" })).code).toBe("not_now");
    expect(refusal(approve(rejected)).code).toBe("not_now");
    const anew = go(rejected, "/plan", "plan_made");
    expect(refusal(approve(anew, { code: given })).code).toBe("rejected_code");
    const open = go(anew, "gate_published, plan");
    const shownCode = codeOf(digestOf(open));
    expect(refusal(approve(open, { code: given }))).toEqual({ code: "rejected_code", given, shownCode });
  });

  it("says that it was replaced, while the next one is made too", () => {
    const given = codeOf(digestOf(reviewOpen));
    const making = go(reviewOpen, "/revise");
    expect(refusal(approve(making, { code: given }))).toEqual({ code: "superseded_code", given, shownCode: null });
    const open = go(making, "patches_made", "gate_published, review");
    expect(refusal(approve(open, { code: given }))).toMatchObject({ code: "superseded_code", given });
  });

  it("is the last thing that became of it", () => {
    const again = go(planOpen, "/reject", "/plan");
    const back = transition(again, {
      event: { type: "plan_made", attempt: again.attempt, version: 2, digest: first },
      actor: { kind: "system", id: "plan" },
      at: SOON,
    });
    expect(back.kind === "moved" && back.next.retired).toEqual([]);
  });
});

describe("a patch set with a warning that a nod is not enough for", () => {
  const risky = asRisky(reviewOpen);
  const code = codeOf(digestOf(risky));

  it("is approved by its code, in a comment, and by nothing else", () => {
    const required = { code: "code_required", shownCode: code, because: "warning" };
    expect(refusal(approve(risky))).toEqual(required);
    expect(refusal(approve(risky, { target: SHOP }))).toEqual(required);
    expect(refusal(approve(risky, { target: "all" }))).toEqual(required);
    expect(refusal(approve(risky, { code }, button(SOON)))).toEqual(required);
    expect(nameOf(go(risky, "/approve CODE, of the patchset"))).toBe("verify/pending");
    expect(approve(risky, { code }).kind).toBe("moved");
    expect(approve(risky, { code, target: SHOP }).kind).toBe("moved");
  });

  it("is so from when it was made, until another takes its place", () => {
    const { attempt } = go(reviewOpen, "/revise");
    const made = transition(go(reviewOpen, "/revise"), {
      event: {
        type: "patches_made",
        attempt,
        patchSets: [
          { repoId: SHOP, id: PatchSetId.parse(77), version: 2, digest: Digest.parse("9".repeat(64)), quote: true },
        ],
      },
      actor: { kind: "system", id: "propose" },
      at: SOON,
    });
    if (made.kind !== "moved") throw new Error("not moved");
    expect(made.next.targets[0]?.patchSet?.quote).toBe(true);
    const next = go(made.next, "gate_published, review", "/revise", "patches_made");
    expect(next.targets[0]?.patchSet?.quote).toBeUndefined();
  });

  it("does not make another repository's ask for one", () => {
    const two = go(ofTwo(), ...toReview);
    const [shop, docs] = two.targets;
    if (shop?.patchSet == null || docs === undefined) throw new Error("two patch sets are open");
    const mixed: Delivery = { ...two, targets: [{ ...shop, patchSet: { ...shop.patchSet, quote: true } }, docs] };
    expect(approve(mixed, { target: DOCS }).kind).toBe("moved");
    expect(refusal(approve(mixed, { target: SHOP })).code).toBe("code_required");
    // Refused whole: nobody approves half of "all" without knowing.
    expect(refusal(approve(mixed, { target: "all" })).code).toBe("code_required");
  });
});

describe("words from before the version had to be shown again", () => {
  const code = codeOf(digestOf(planOpen));
  const later = { at: instant("2026-11-21T10:30:00Z"), commentId: CommentId.parse(900) };
  const again: Delivery = go(planOpen, "gate_tampered", "gate_published, plan");
  const reshown: Delivery = { ...again, plan: again.plan && { ...again.plan, shown: later } };

  it("count for nothing, with the code or without: it was read off what somebody had changed", () => {
    expect(again.plan?.again).toBe(true);
    for (const part of [{ code }, {}]) {
      expect(refusal(approve(reshown, part, comment(SOON), AN_HOUR_ON)).code).toBe("stale");
      expect(approve(reshown, part, comment(AN_HOUR_ON), AN_HOUR_ON).kind).toBe("moved");
    }
  });

  it("are forgotten with the version", () => {
    expect(go(reshown, "/revise", "plan_made").plan?.again).toBeUndefined();
  });
});

describe("a click", () => {
  const code = codeOf(digestOf(planOpen));

  it("counts from when the version was shown", () => {
    expect(approve(planOpen, { code }, button(SHOWN)).kind).toBe("moved");
    expect(refusal(approve(planOpen, { code }, button(instant("2026-11-21T09:59:59.999Z")))).code).toBe("stale");
  });

  it("from before its version had to be shown again counts no more, whenever it is told", () => {
    const tampered = go(planOpen, "gate_tampered");
    const clicked = button(SOON);
    const later = { at: instant("2026-11-21T10:30:00Z"), commentId: CommentId.parse(900) };
    const again: Delivery = {
      ...tampered,
      runStatus: "succeeded",
      plan: tampered.plan && { ...tampered.plan, shown: later },
    };
    expect(refusal(approve(again, { code }, clicked, AN_HOUR_ON)).code).toBe("stale");
    // Nor does one that seems to come after it: its webhook may be late, or one that came before.
    expect(refusal(approve(again, { code }, button(AN_HOUR_ON), AN_HOUR_ON)).code).toBe("stale");
    expect(approve(again, { code }, comment(AN_HOUR_ON), AN_HOUR_ON).kind).toBe("moved");
  });
});

describe("what was shown longer ago than approvals may be old", () => {
  const code = codeOf(digestOf(planOpen));
  const expired = { code: "expired", shownVersion: 1, shownCode: code, repoId: null, ttl: HOUR };
  const justBefore = instant("2026-11-21T10:59:59.999Z");

  it("is approved by nobody, with its code or without", () => {
    for (const part of [{}, { code }]) {
      expect(approve(planOpen, { ttl: HOUR, ...part }, comment(justBefore), justBefore).kind).toBe("moved");
      expect(refusal(approve(planOpen, { ttl: HOUR, ...part }, comment(AN_HOUR_ON), AN_HOUR_ON))).toEqual(expired);
      // Written in time and heard of too late: the clock is that of the machine.
      expect(refusal(approve(planOpen, { ttl: HOUR, ...part }, comment(SOON), AN_HOUR_ON))).toEqual(expired);
    }
    expect(refusal(approve(planOpen, { ttl: HOUR, code }, button(AN_HOUR_ON), AN_HOUR_ON))).toEqual(expired);
    expect(approve(planOpen, {}, comment(AN_HOUR_ON), AN_HOUR_ON).kind).toBe("moved");
  });

  it("cannot be approved by a code that was written before it was shown either: its age would not be known", () => {
    const early = comment(instant("2026-11-21T09:59:00Z"));
    expect(refusal(approve(planOpen, { ttl: HOUR, code }, early)).code).toBe("stale");
    expect(approve(planOpen, { code }, early).kind).toBe("moved");
  });

  const expire = (d: Delivery, at: Instant, ttl = HOUR): Step =>
    transition(d, { event: { type: "gate_expired", ttl }, actor: { kind: "system", id: "sweep" }, at });
  const moved = (done: Step): Delivery => {
    if (done.kind !== "moved") throw new Error(`not moved: ${done.kind}`);
    return done.next;
  };

  it("is shown again by itself, and what was approved of it counts no more", () => {
    const half = moved(approve(planOpen, { quorum: 2 }));
    expect(expire(half, justBefore).kind).toBe("stale");
    const done = expire(half, AN_HOUR_ON);
    expect(done.effects.map(({ kind }) => kind)).toEqual(["void_approvals", "publish"]);
    const next = moved(done);
    expect(nameOf(next)).toBe("plan/pending");
    expect(next.plan).toMatchObject({ shown: null, approvals: [], approved: false });
    expect(next.restartsLeft).toBe(half.restartsLeft - 1);
    expect(refusal(approve(next)).code).toBe("still_publishing");
  });

  it("concerns what is still to be decided or written, each by its own age", () => {
    const two = go(ofTwo(), ...toReview);
    const one = moved(approve(two, { target: SHOP }));
    const [shop, docs] = one.targets;
    if (shop === undefined || docs?.patchSet == null) throw new Error("two patch sets are open");
    const young = { at: AN_HOUR_ON, commentId: CommentId.parse(900) };
    const mixed: Delivery = { ...one, targets: [shop, { ...docs, patchSet: { ...docs.patchSet, shown: young } }] };
    const next = moved(expire(mixed, AN_HOUR_ON));
    expect(next.targets.map(({ patchSet }) => [patchSet?.shown === null, patchSet?.approved])).toEqual([
      [true, false],
      [false, false],
    ]);
  });

  it("waits for a person once it was shown again as often as the machine does anything by itself", () => {
    const last = moved(expire({ ...planOpen, restartsLeft: 0 }, AN_HOUR_ON));
    expect(nameOf(last)).toBe("plan/failed(expired)");
    expect(last.plan).toMatchObject({ digest: digestOf(planOpen), shown: null });
    expect(nameOf(go(last, "/retry, cause unknown", "gate_published, plan"))).toBe("plan/succeeded");
  });

  it("says nothing where nothing is open, or a hold stands", () => {
    expect(expire(go(planOpen, "hold_added, hold"), AN_HOUR_ON).kind).toBe("stale");
    expect(expire(go(planOpen, "/approve"), AN_HOUR_ON).kind).toBe("stale");
    expect(expire(newborn(), AN_HOUR_ON).kind).toBe("stale");
  });
});
