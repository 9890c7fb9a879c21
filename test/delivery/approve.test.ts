// Approvals against an adversary: for another text, by a quoted code, twice, by nobody, of something replaced.
import { describe, expect, it } from "vitest";
import { codeOf } from "../../src/delivery/code.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { Actor, Ask, AskOf, Origin } from "../../src/delivery/event.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import type { Refusal } from "../../src/delivery/refusal.ts";
import type { Step } from "../../src/delivery/step.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CheckRunId, CommandId, CommentId, Digest, PatchSetId, ReviewId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { DOCS, go, nameOf, newborn, ofTwo, SHOP, step } from "./reach.ts";

const T1 = instant("2026-11-21T10:00:00Z");
const T2 = instant("2026-11-21T10:00:01Z");
const mona: Actor = { kind: "human", id: UserId.parse(7), login: "mona" };
const octocat: Actor = { kind: "human", id: UserId.parse(8), login: "octocat" };

const comment = (id: number, writtenAt = T2): Origin => ({
  kind: "comment",
  commentId: CommentId.parse(id),
  writtenAt,
});
const button: Origin = { kind: "button", checkRunId: CheckRunId.parse(5), clickedAt: T2 };
const LATE = comment(1_000_000);

const say = (d: Delivery, ask: Ask, origin: Origin, actor: Actor): Step =>
  transition(d, { event: { type: "command", commandId: CommandId.parse(3), ask, origin }, actor, at: T2 });

const approve = (d: Delivery, part: Partial<AskOf<"approve">> = {}, origin = LATE, actor: Actor = mona): Step =>
  say(
    d,
    { name: "approve", target: null, code: null, quorum: 1, codeRequired: false, needs: ONLY_A_NUMBER, ...part },
    origin,
    actor,
  );

const moved = (done: Step): Delivery => {
  if (done.kind !== "moved") throw new Error(`not moved: ${JSON.stringify(done)}`);
  return done.next;
};

const refusal = (done: Step): Refusal => {
  if (done.kind !== "refused") throw new Error(`not refused: ${done.kind}`);
  expect(done.effects).toEqual([{ kind: "answer", commandId: 3, refusal: done.refusal }]);
  return done.refusal;
};

const planMade = go(newborn(), "triaged, GO", "plan_made");
/** Shown at T1 by comment 500. */
const shown = (d: Delivery): Delivery => ({
  ...d,
  runStatus: "succeeded",
  plan: d.plan && { ...d.plan, shown: { at: T1, commentId: CommentId.parse(500) } },
});
const planOpen = shown(planMade);
const planCode = codeOf(planOpen.plan?.digest ?? Digest.parse("0".repeat(64)));

it("a review approves nothing, whatever it is taken for", () => {
  const review: Origin = { kind: "review", reviewId: ReviewId.parse(1_000_000), submittedAt: T2 };
  expect(moved(approve(planOpen)).plan?.approved).toBe(true);
  expect(refusal(approve(planOpen, {}, review)).code).toBe("not_now");
  expect(refusal(approve(planOpen, { code: planCode }, review)).code).toBe("not_now");
});

describe("an approval by comment", () => {
  it("counts when it is newer than what is shown", () => {
    expect(nameOf(moved(approve(planOpen, {}, comment(501, T2))))).toBe("implement/pending");
  });

  it("counts in the same second, by the number of the comment", () => {
    expect(approve(planOpen, {}, comment(501, T1)).kind).toBe("moved");
    expect(refusal(approve(planOpen, {}, comment(499, T1)))).toMatchObject({ code: "stale", shownCode: planCode });
    expect(refusal(approve(planOpen, {}, comment(500, T1))).code).toBe("stale");
  });

  it("is stale when it was written before, whatever its number", () => {
    const earlier = instant("2026-11-21T09:59:59Z");
    expect(refusal(approve(planOpen, {}, comment(501, earlier)))).toEqual({
      code: "stale",
      shownVersion: 1,
      shownCode: planCode,
      repoId: null,
    });
  });

  it("counts by its code although it is older", () => {
    expect(approve(planOpen, { code: planCode }, comment(1, T1)).kind).toBe("moved");
  });

  it("needs the code where configuration says so", () => {
    expect(refusal(approve(planOpen, { codeRequired: true }))).toEqual({
      code: "code_required",
      shownCode: planCode,
      because: "configured",
    });
    expect(approve(planOpen, { codeRequired: true, code: planCode }).kind).toBe("moved");
  });

  it("records who approved what, and by which command", () => {
    expect(approve(planOpen).effects[0]).toEqual({
      kind: "record_approval",
      subject: { kind: "plan", version: 1, digest: planOpen.plan?.digest },
      commandId: 3,
      origin: LATE,
      person: 7,
      login: "mona",
    });
  });
});

describe("an approval by button", () => {
  it("counts by the code on it, and by nothing else", () => {
    expect(approve(planOpen, { code: planCode }, button).kind).toBe("moved");
    expect(refusal(approve(planOpen, {}, button)).code).toBe("code_required");
  });
});

describe("a code", () => {
  const revised = shown(go(planOpen, "/revise", "plan_made"));
  const newCode = codeOf(revised.plan?.digest ?? Digest.parse("0".repeat(64)));

  it("that nothing ever had is unknown", () => {
    expect(refusal(approve(planOpen, { code: "zzzz" }))).toEqual({ code: "unknown_code", given: "zzzz" });
  });

  it("of a version that was replaced is told apart", () => {
    expect(refusal(approve(revised, { code: planCode }))).toEqual({
      code: "superseded_code",
      given: planCode,
      shownCode: newCode,
    });
  });

  it("that an earlier version had too proves nothing by itself", () => {
    // As if somebody had searched for a text whose code is that of an approved one.
    const twin = Digest.parse(`${revised.plan?.digest.slice(0, 16)}${"f".repeat(48)}`);
    const attacked: Delivery = { ...revised, retired: [{ digest: twin, as: "replaced" }] };
    expect(codeOf(twin)).toBe(newCode);
    expect(refusal(approve(attacked, { code: newCode }, comment(1, T1))).code).toBe("stale");
    expect(refusal(approve(attacked, { code: newCode }, button)).code).toBe("superseded_code");
    expect(approve(attacked, { code: newCode }, comment(501, T2)).kind).toBe("moved");
  });

  it("of another repository does not approve the one that is named", () => {
    const two = go(
      ofTwo(),
      "triaged, GO",
      "plan_made",
      "gate_published, plan",
      "/approve",
      "patches_made",
      "gate_published, review",
    );
    const [shop, docs] = two.targets.map(({ patchSet }) => patchSet?.digest ?? Digest.parse("0".repeat(64)));
    if (shop === undefined || docs === undefined) throw new Error("two patch sets are open");
    expect(refusal(approve(two, { target: SHOP, code: codeOf(docs) })).code).toBe("unknown_code");
    const one = moved(approve(two, { code: codeOf(docs) }));
    expect(one.targets.map(({ patchSet }) => patchSet?.approved)).toEqual([false, true]);
  });
});

describe("a quorum", () => {
  it("is of distinct people", () => {
    const one = moved(approve(planOpen, { quorum: 2 }));
    expect(nameOf(one)).toBe("plan/succeeded");
    expect(refusal(approve(one, { quorum: 2 }))).toEqual({ code: "already_approved", repoId: null });
    expect(nameOf(moved(approve(one, { quorum: 2 }, LATE, octocat)))).toBe("implement/pending");
  });
});

describe("all", () => {
  const two = go(
    ofTwo(),
    "triaged, GO",
    "plan_made",
    "gate_published, plan",
    "/approve",
    "patches_made",
    "gate_published, review",
  );

  it("approves each open patch set with a record of its own", () => {
    const done = approve(two, { target: "all" });
    expect(done.effects.filter(({ kind }) => kind === "record_approval")).toHaveLength(2);
    expect(nameOf(moved(done))).toBe("verify/pending");
  });

  it("leaves out what the person approved already, unless that is all there is", () => {
    const one = moved(approve(two, { target: SHOP, quorum: 2 }));
    const rest = approve(one, { target: "all", quorum: 2 });
    expect(rest.effects.filter(({ kind }) => kind === "record_approval")).toHaveLength(1);
    expect(refusal(approve(moved(rest), { target: "all", quorum: 2 })).code).toBe("already_approved");
  });

  it("is refused whole when one of them is newer than the comment", () => {
    const [shop, docs] = two.targets;
    if (shop === undefined || docs?.patchSet == null) throw new Error("two patch sets are open");
    const late = { at: T2, commentId: CommentId.parse(900) };
    const mixed: Delivery = { ...two, targets: [shop, { ...docs, patchSet: { ...docs.patchSet, shown: late } }] };
    expect(refusal(approve(mixed, { target: "all" }, comment(800, T2)))).toMatchObject({ code: "stale", repoId: DOCS });
  });

  it("cannot be meant by one code of several where codes are required", () => {
    const code = codeOf(two.targets[0]?.patchSet?.digest ?? Digest.parse("0".repeat(64)));
    expect(refusal(approve(two, { target: "all", code, codeRequired: true })).code).toBe("code_required");
  });
});

describe("nobody approves", () => {
  it("what is still being put up", () => {
    expect(refusal(approve(planMade)).code).toBe("still_publishing");
    const review = go(planOpen, "/approve", "patches_made");
    expect(refusal(approve(review)).code).toBe("still_publishing");
  });

  it("a gate that somebody tampered with, until it is shown again; earlier approvals are void", () => {
    const one = moved(approve(planOpen, { quorum: 2 }));
    const tampered = step(one, "gate_tampered");
    expect(tampered.effects.map(({ kind }) => kind)).toContain("void_approvals");
    const next = moved(tampered);
    expect(next.plan).toMatchObject({ shown: null, approvals: [], approved: false });
    expect(refusal(approve(next)).code).toBe("still_publishing");
    // Published before anybody noticed: the fence keeps it out.
    const { attempt } = one;
    const subjects = [
      {
        repoId: null,
        digest: planOpen.plan?.digest ?? Digest.parse("0".repeat(64)),
        shown: { at: T1, commentId: CommentId.parse(500) },
      },
    ];
    const system: Actor = { kind: "system", id: "publish" };
    expect(
      transition(next, { event: { type: "gate_published", attempt, gate: "plan", subjects }, actor: system, at: T2 })
        .kind,
    ).toBe("stale");
  });

  it("without being a person", () => {
    for (const actor of [
      { kind: "system", id: "x" },
      { kind: "github", id: "99" },
    ] as const) {
      expect(refusal(approve(planOpen, { code: planCode }, LATE, actor)).code).toBe("not_now");
    }
  });

  it("a head by anything but its code", () => {
    const stray = go(
      newborn(),
      ...["triaged, GO", "plan_made", "gate_published, plan", "/approve", "patches_made", "gate_published, review"],
      ...["/approve", "written", "head_unapproved"],
    );
    expect(refusal(approve(stray)).code).toBe("code_required");
    expect(refusal(approve(stray, { target: "all" })).code).toBe("code_required");
    const head = stray.targets[0]?.strayHead;
    const done = approve(stray, { code: codeOf(head?.digest ?? Digest.parse("0".repeat(64))) });
    expect(done.effects[0]).toMatchObject({ kind: "record_approval", subject: { kind: "head", head: head?.head } });
    // Another commit on top: the countersignature was of the one before.
    expect(nameOf(go(moved(done), "head_unapproved"))).toBe("verify/blocked(unapproved_head)");
  });

  it("of green checks a head that nobody countersigned", () => {
    const stray = go(
      newborn(),
      ...["triaged, GO", "plan_made", "gate_published, plan", "/approve", "patches_made", "gate_published, review"],
      ...["/approve", "written", "head_unapproved", "/retry, cause unknown", "checks_green"],
    );
    expect(nameOf(stray)).toBe("verify/blocked(unapproved_head)");
  });

  it("a repository that does not take part, or has nothing open", () => {
    expect(refusal(approve(planOpen, { target: SHOP }))).toMatchObject({ code: "no_such_target" });
  });
});

describe("a gate opens (M2)", () => {
  const review = go(ofTwo(), "triaged, GO", "plan_made", "gate_published, plan", "/approve", "patches_made");
  const published = (subjects: readonly { repoId: typeof SHOP | null; digest: Digest }[], d = review): Step =>
    transition(d, {
      event: {
        type: "gate_published",
        attempt: d.attempt,
        gate: "review",
        subjects: subjects.map((each) => ({ ...each, shown: { at: T1, commentId: CommentId.parse(500) } })),
      },
      actor: { kind: "system", id: "publish" },
      at: T2,
    });
  const made = review.targets.flatMap(({ repoId, patchSet }) =>
    patchSet === null ? [] : { repoId, digest: patchSet.digest },
  );

  it("when all of it is shown, and by the digests now open", () => {
    expect(nameOf(moved(published(made)))).toBe("review/succeeded");
    expect(published(made.slice(0, 1)).kind).toBe("stale");
    expect(published(made.map((each) => ({ ...each, digest: Digest.parse("a".repeat(64)) }))).kind).toBe("stale");
    expect(published([...made, { repoId: null, digest: Digest.parse("a".repeat(64)) }]).kind).toBe("stale");
    expect(published(made.map((each) => ({ ...each, repoId: null }))).kind).toBe("stale");
  });
});

describe("a patch set", () => {
  const open = go(
    newborn(),
    "triaged, GO",
    "plan_made",
    "gate_published, plan",
    "/approve",
    "patches_made",
    "gate_published, review",
  );

  it("that comes out as it was after a revision has to be approved anew", () => {
    const before = open.targets[0]?.patchSet;
    const revising = go(moved(approve(open, { quorum: 2 })), "/revise");
    if (before == null) throw new Error("a patch set is open");
    expect(revising.retired).toContainEqual({ digest: before.digest, as: "replaced" });
    const again = moved(
      transition(revising, {
        event: {
          type: "patches_made",
          attempt: revising.attempt,
          patchSets: [{ repoId: SHOP, id: PatchSetId.parse(9), version: 2, digest: before.digest }],
        },
        actor: { kind: "system", id: "propose" },
        at: T2,
      }),
    );
    expect(again.targets[0]?.patchSet).toMatchObject({
      digest: before.digest,
      approvals: [],
      approved: false,
      shown: null,
    });
    expect(again.retired).toEqual([]);
  });

  it("for a repository that does not take part is dropped whole", () => {
    const implementing = go(open, "/revise");
    const patchSets = [
      { repoId: SHOP, id: PatchSetId.parse(9), version: 2, digest: Digest.parse("a".repeat(64)) },
      { repoId: DOCS, id: PatchSetId.parse(10), version: 1, digest: Digest.parse("b".repeat(64)) },
    ];
    const { attempt } = implementing;
    const actor: Actor = { kind: "system", id: "propose" };
    const done = transition(implementing, { event: { type: "patches_made", attempt, patchSets }, actor, at: T2 });
    expect(done).toEqual({ kind: "stale", effects: [] });
  });
});
