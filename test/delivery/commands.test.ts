// Reject, revise and retry in their corners: targets, bounds, causes.
import { describe, expect, it } from "vitest";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { Ask } from "../../src/delivery/event.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { BLOCKED_REASONS, type BlockedReason } from "../../src/delivery/reason.ts";
import { toParent } from "../../src/delivery/to-parent.ts";
import { transition } from "../../src/delivery/transition.ts";
import { workIn } from "../../src/delivery/work.ts";
import { CommandId, CommentId, PullNumber, RepoId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { DOCS, go, nameOf, newborn, ofTwo, rollback, SHOP, step } from "./reach.ts";

const AT = instant("2026-11-21T10:00:00Z");
const say = (d: Delivery, ask: Ask) =>
  transition(d, {
    event: {
      type: "command",
      commandId: CommandId.parse(3),
      ask,
      origin: { kind: "comment", commentId: CommentId.parse(1_000_000), writtenAt: AT },
    },
    actor: { kind: "human", id: UserId.parse(7), login: "mona" },
    at: AT,
  });

const way = ["triaged, GO", "plan_made", "gate_published, plan"];
const gate = go(newborn(), ...way);
const review = go(ofTwo(), ...way, "/approve", "patches_made", "gate_published, review");
const watching = go(review, "/approve all", "written");
const STRANGER = RepoId.parse(999);

describe("reject", () => {
  it("goes back one phase, where nothing starts by itself, and keeps the words", () => {
    const done = say(gate, { name: "reject", target: null, why: "not like this" });
    expect(done.kind === "moved" && nameOf(done.next)).toBe("intake/failed(rejected)");
    expect(done.effects).toEqual([
      { kind: "keep_feedback", commandId: 3, scope: "plan", text: "not like this" },
      { kind: "answer", commandId: 3, refusal: null },
      { kind: "publish" },
    ]);
  });

  it("of one repository leaves the other as it is", () => {
    const done = say(go(review, "/approve R"), { name: "reject", target: DOCS, why: null });
    if (done.kind !== "moved") throw new Error("not moved");
    expect(nameOf(done.next)).toBe("implement/failed(rejected)");
    expect(done.next.targets.map(({ patchSet }) => patchSet?.approved ?? null)).toEqual([true, null]);
    const again = go(done.next, "/retry, cause unknown", "patches_made", "gate_published, review");
    expect(again.targets.map(({ patchSet }) => patchSet?.approved)).toEqual([true, false]);
  });

  it("of a repository that does not take part is refused with those that do", () => {
    expect(say(review, { name: "reject", target: STRANGER, why: null })).toMatchObject({
      refusal: { code: "no_such_target", given: "999", open: [SHOP, DOCS] },
    });
  });
});

describe("revise", () => {
  it("names its scope by the only repository there is", () => {
    const one = go(newborn(), ...way, "/approve", "patches_made", "gate_published, review");
    expect(say(one, { name: "revise", target: null, feedback: "shorter" }).effects).toContainEqual({
      kind: "keep_feedback",
      commandId: 3,
      scope: SHOP,
      text: "shorter",
    });
  });

  it("has nothing to revise where no patch set is, or it is merged", () => {
    expect(say(review, { name: "revise", target: STRANGER, feedback: "x" })).toMatchObject({
      refusal: { code: "no_such_target" },
    });
    const oneMerged = go(watching, "pull_merged");
    expect(say(oneMerged, { name: "revise", target: SHOP, feedback: "x" })).toMatchObject({
      refusal: { code: "nothing_to_revise" },
    });
    const done = say(oneMerged, { name: "revise", target: null, feedback: "x" });
    expect(done.effects).toContainEqual(expect.objectContaining({ kind: "keep_feedback", scope: DOCS }));
  });

  it("of the plan is over once something was written and is watched", () => {
    expect(step(watching, "/revise plan")).toMatchObject({ refusal: { code: "not_now" } });
    expect(nameOf(go(review, "/approve all", "/revise plan"))).toBe("plan/pending");
  });

  it("keeps what was written: the next patch set goes onto the same pull request", () => {
    const revised = say(watching, { name: "revise", target: SHOP, feedback: "x" });
    if (revised.kind !== "moved") throw new Error("not moved");
    expect(revised.next.targets.map(({ written, patchSet }) => [written !== null, patchSet !== null])).toEqual([
      [true, false],
      [true, true],
    ]);
    const reviewed = go(revised.next, "patches_made", "gate_published, review");
    // Only the new one is open, so that a plain approval means it.
    const approved = say(reviewed, {
      name: "approve",
      target: null,
      code: null,
      quorum: 1,
      codeRequired: false,
      needs: ONLY_A_NUMBER,
    });
    expect(approved.effects).toContainEqual(expect.objectContaining({ kind: "work", work: "write" }));
  });

  it("is no way out of what only hands can undo", () => {
    for (const event of ["pull_closed", "pull_retargeted", "head_unapproved", "pull_merged, not green"]) {
      expect(say(go(watching, event), { name: "revise", target: SHOP, feedback: "x" })).toMatchObject({
        refusal: { code: "not_now" },
      });
    }
  });
});

describe("a rollback", () => {
  const { delivery, effects } = rollback();
  const shown = go(delivery, "effect_started", "patches_made", "gate_published, review");
  const implement = go(newborn(), ...way, "/approve");
  const observing = go(implement, ...["patches_made", "gate_published, review", "/approve", "written", "pull_merged"]);

  it("is born where patch sets are made, asks no model, and is written by one approval", () => {
    expect(nameOf(delivery)).toBe("implement/pending");
    expect(effects).toEqual([{ kind: "publish" }, { kind: "work", work: "revert", attempt: 1 }]);
    expect(nameOf(shown)).toBe("review/succeeded");
    expect(nameOf(go(shown, "/approve"))).toBe("verify/pending");
  });

  it("is planned where later commits are in the way, and then goes the usual way", () => {
    const planning = step(delivery, "revert_conflicts");
    expect(planning).toMatchObject({ kind: "moved", next: { phase: "plan", runStatus: "pending" } });
    const planned = go(delivery, "revert_conflicts", "plan_made", "gate_published, plan", "/approve");
    expect(step(planned, "effect_started")).toMatchObject({ kind: "moved" });
    expect(workIn(planned)).toBe("propose");
    expect(step(planned, "revert_conflicts").kind).toBe("stale");
    expect(step(implement, "revert_conflicts").kind).toBe("stale");
  });

  it.each(["/revise", "/revise plan", "/revise R"])("is planned when people want it otherwise: %s", (words) => {
    expect(nameOf(go(shown, words))).toBe("plan/pending");
    expect(nameOf(go(delivery, "policy_blocked", words))).toBe("plan/pending");
    expect(nameOf(go(shown, "/approve", "written", "checks_red", "/revise"))).toBe("plan/pending");
  });

  it.each(["/revise", "/revise R"])("has nothing to plan once it is merged: %s", (words) => {
    const merged = go(shown, "/approve", "written", "pull_merged, unproven");
    expect(nameOf(merged)).toBe("verify/blocked(unproven)");
    expect(step(merged, words)).toMatchObject({ refusal: { code: "nothing_to_revise" } });
  });

  it("comes out the same when it is made again", () => {
    expect(workIn(go(shown, "/reject", "/retry, cause unknown"))).toBe("revert");
  });

  it("was never triaged: without its plan it is where what undoes the merge is computed", () => {
    const planned = go(delivery, "revert_conflicts", "plan_made", "gate_published, plan");
    const rejected = go(planned, "/reject");
    expect(nameOf(rejected)).toBe("implement/failed(rejected)");
    expect(workIn(go(rejected, "/retry, cause unknown"))).toBe("revert");
    expect(nameOf(go(rejected, "/revise"))).toBe("plan/pending");
  });

  it("is planned whole: what was computed and is not written goes, with its approvals; what is written stays", () => {
    const both = rollback({
      targets: [
        { repoId: SHOP, role: "primary" },
        { repoId: DOCS, role: "secondary" },
      ],
    }).delivery;
    const open = go(both, "patches_made", "gate_published, review", "/approve R");
    const rejected = say(open, { name: "reject", target: DOCS, why: null });
    if (rejected.kind !== "moved") throw new Error("it was not rejected");
    const again = go(rejected.next, "/retry, cause unknown");
    expect(again.targets.map(({ patchSet }) => patchSet?.approved ?? null)).toContain(true);
    const planned = step(again, "revert_conflicts");
    expect(planned.kind === "moved" && planned.next.targets.map(({ patchSet }) => patchSet)).toEqual([null, null]);
    expect(planned.effects).toContainEqual(expect.objectContaining({ kind: "void_approvals" }));
    const written: Delivery = {
      ...again,
      targets: again.targets.map((target) => ({
        ...target,
        patchSet: target.patchSet === null ? null : { ...target.patchSet, written: true },
      })),
    };
    const beside = step(written, "revert_conflicts");
    expect(beside.kind === "moved" && beside.next.targets).toEqual(written.targets);
  });

  it("does not end before it undid anything", () => {
    for (const exit of ["plan", "review"] as const) {
      const asked = step(delivery, `/exit ${exit}`);
      expect(asked).toMatchObject({
        refusal: { code: exit === "plan" ? "exit_passed" : "exit_undoes_nothing", exitPhase: exit },
      });
      expect(step(delivery, `exit_shortened, ${exit}`).kind).toBe("stale");
    }
    expect(go(delivery, "/exit verify").exitPhase).toBe("verify");
  });

  it("is not itself rolled back, live or over", () => {
    const over = go(shown, "/approve", "written", "pull_merged", "window_clean", "close_published");
    for (const each of [delivery, shown, over]) {
      expect(step(each, "/rollback")).toMatchObject({ refusal: { code: "undone_already", by: 13, undoes: 12 } });
    }
  });

  it("that comes to nothing leaves its parent to people", () => {
    const waiting = go(observing, "/rollback");
    const back = go(waiting, "rollback_ended");
    expect(nameOf(back)).toBe("observe/failed(rollback_ended)");
    expect(nameOf(go(back, "/rollback"))).toBe("observe/blocked(rolling_back)");
    expect(nameOf(go(back, "/retry, cause unknown"))).toBe("observe/pending");
    expect(step(observing, "rollback_ended").kind).toBe("stale");
    const done = go(observing, "window_clean", "close_published");
    expect(step(done, "rollback_ended")).toEqual({ kind: "noted", effects: [{ kind: "publish" }] });
    expect(step(go(done, "rolled_back"), "rollback_ended").kind).toBe("stale");
  });

  it("that a repository has nothing to undo in is done when the others are merged", () => {
    const both = [
      { repoId: SHOP, role: "primary" as const },
      { repoId: DOCS, role: "secondary" as const },
    ];
    const born = rollback({ targets: both }).delivery;
    const inShop: Delivery = {
      ...go(born, "patches_made", "gate_published, review", "/approve all"),
      runStatus: "running",
    };
    const [shop, docs] = inShop.targets;
    if (shop === undefined || docs === undefined) throw new Error("it has two repositories");
    const one: Delivery = { ...inShop, targets: [shop, { ...docs, patchSet: null, written: null }] };
    const merged: Delivery = { ...one, targets: one.targets.map((each) => ({ ...each, landed: "merged" as const })) };
    const half: Delivery = { ...inShop, targets: [{ ...shop, landed: "merged" }, docs] };
    expect(toParent(one, merged)).toEqual({ parent: 12, event: { type: "rolled_back", note: "by D-13" } });
    expect(toParent(inShop, half)).toBeNull();
    expect(toParent(merged, merged)).toBeNull();
    expect(toParent(half, { ...half, runStatus: "canceled" })?.event?.type).toBe("rollback_ended");
    expect(toParent(merged, { ...merged, runStatus: "canceled" })?.event).toBeNull();
    expect(toParent(born, { ...born, phase: "close", runStatus: "succeeded" })).toEqual({ parent: 12, event: null });
    expect(toParent(newborn(), { ...newborn(), runStatus: "canceled" })).toBeNull();
  });
});

describe("retry", () => {
  const blockedBy = (reason: BlockedReason): Delivery => ({ ...watching, runStatus: "blocked", reason });
  const answers = (reason: BlockedReason) =>
    [true, null, false].map((causeGone) => say(blockedBy(reason), { name: "retry", causeGone }).kind);

  const looks: readonly BlockedReason[] = [
    ...([
      "revisions_spent",
      "qa_failed",
      "budget",
      "endpoint",
      "write_refused",
      "no_checks",
      "unproven",
      "unapproved_head",
      "pr_closed",
    ] as const),
    ...(["retargeted", "merged_unapproved", "merged_unproven", "not_ready", "partial_merge"] as const),
  ];
  const gone: readonly BlockedReason[] = ["policy", "rolling_back"];
  const never: readonly BlockedReason[] = ["no_go", "defer", "questions", "injection"];

  it.each(looks)("from %s is refused only when the cause is known to remain", (reason) => {
    expect(answers(reason)).toEqual(["moved", "moved", "refused"]);
  });
  it.each(gone)("from %s needs the cause to be known gone", (reason) => {
    expect(answers(reason)).toEqual(["moved", "refused", "refused"]);
  });
  it.each(never)("from %s leads nowhere", (reason) => {
    expect(answers(reason)).toEqual(["refused", "refused", "refused"]);
    expect(say(blockedBy(reason), { name: "retry", causeGone: true })).toMatchObject({
      refusal: { code: "cause_remains", reason },
    });
  });

  it("has a rule for every reason", () => {
    expect([...looks, ...gone, ...never].sort()).toEqual([...BLOCKED_REASONS].sort());
  });

  it("never writes again what is written, and goes on with what is not", () => {
    const some = go(review, "/approve all", "written, some", "effect_dead", "/retry, cause unknown");
    expect(step(some, "hold_added, freeze").kind).toBe("moved");
    expect(some.targets.map(({ patchSet }) => patchSet?.written)).toEqual([true, false]);
    expect(nameOf(go(some, "written"))).toBe("verify/running");
  });

  it("puts up a plan again that was made, instead of paying for another", () => {
    const died = go(newborn(), "triaged, GO", "plan_made", "effect_dead");
    const again = step(died, "/retry, cause unknown");
    expect(again.effects.map(({ kind }) => kind)).toEqual(["answer", "publish"]);
    expect(again.kind === "moved" && again.next.plan?.digest).toBe(died.plan?.digest);
  });
});

describe("restarts without a person (M10)", () => {
  it("of a fluttering endpoint end with a wait for /retry", () => {
    let d: Delivery = { ...newborn(), restartsLeft: 2 };
    d = go(d, ...Array.from({ length: 2 }, () => ["resource_refused, endpoint", "resource_back, endpoint"]).flat());
    const stuck = go(d, "resource_refused, endpoint");
    expect(step(stuck, "resource_back, endpoint").kind).toBe("noted");
    expect(nameOf(go(stuck, "/retry, cause unknown"))).toBe("intake/pending");
  });

  it("of a fluttering readiness end with not_ready", () => {
    const ready = go(newborn(), ...way, "/approve", "patches_made", "gate_published, review", "/approve", "written");
    const open = go(ready, "checks_green", "ready_to_ship", "gate_published, deploy");
    expect(nameOf(go({ ...open, restartsLeft: 0 }, "readiness_lost, checks"))).toBe("deploy/blocked(not_ready)");
  });
});

describe("of two repositories", () => {
  const both = go(watching, "checks_green", "ready_to_ship", "gate_published, deploy", "/approve");
  const landed = (d: Delivery) => d.targets.map((target) => target.landed);

  it("what was merged in part is known, and the rest is shipped by a retry", () => {
    const partly = go(both, "partly_shipped");
    expect(landed(partly)).toEqual(["merged", "no"]);
    const again = step(partly, "/retry, cause unknown");
    expect(again.effects).toContainEqual(expect.objectContaining({ kind: "work", work: "ship" }));
    expect(landed(go(partly, "/retry, cause unknown", "shipped"))).toEqual(["merged", "merged"]);
  });

  it("of which one is merged, that one can be rolled back", () => {
    const back = go(both, "partly_shipped", "/rollback", "rolled_back");
    expect([nameOf(back), ...landed(back)]).toEqual(["close/pending", "reverted", "no"]);
    expect(nameOf(go(back, "close_published"))).toBe("close/succeeded(rolled_back)");
  });

  it("a merge that is refused after the other leaves the other merged", () => {
    const refused = go(both, "partly_shipped", "/retry, cause unknown", "merge_refused");
    expect([nameOf(refused), ...landed(refused)]).toEqual(["deploy/pending", "merged", "no"]);
    const all = { ...both, targets: both.targets.map((target) => ({ ...target, landed: "merged" as const })) };
    expect(step(all, "merge_refused").kind).toBe("stale");
  });

  it("one merged by hand has what is left assessed anew, but only where it was waited for", () => {
    const open = go(watching, "checks_green", "ready_to_ship", "gate_published, deploy");
    const waited = step(open, "pull_merged");
    expect(waited.effects).toContainEqual(expect.objectContaining({ kind: "work", work: "assess" }));
    const failed = go(watching, "checks_green", "effect_dead");
    expect(nameOf(go(failed, "pull_merged"))).toBe("deploy/failed(effect_dead)");
  });

  it("what stops one is over when it is undone, and the write of the other goes on", () => {
    const oneFix = go(watching, "/revise R", "patches_made", "gate_published, review", "/approve");
    expect(oneFix.targets.map(({ patchSet }) => patchSet?.written)).toEqual([false, true]);
    expect(nameOf(go(oneFix, "pull_closed", "pull_reopened"))).toBe("verify/pending");
  });

  it("a receipt of one says nothing of a commit on the other", () => {
    const second = step(watching, "head_unapproved", 1);
    if (second.kind !== "moved") throw new Error("not moved");
    const fixed = say(go(second.next, "/retry, cause unknown", "effect_dead"), {
      name: "revise",
      target: SHOP,
      feedback: "x",
    });
    if (fixed.kind !== "moved") throw new Error("not moved");
    const written = go(fixed.next, "patches_made", "gate_published, review", "/approve", "written");
    expect(written.targets.map(({ strayHead }) => strayHead !== null)).toEqual([false, true]);
    expect(nameOf(go(written, "checks_green"))).toBe("verify/blocked(unapproved_head)");
  });

  it("a criterion is accepted when one of them has its pull request", () => {
    const some = go(review, "/approve all", "written, some");
    expect(step(some, "/accept").kind).toBe("noted");
    expect(step(go(review, "/approve all"), "/accept")).toMatchObject({ refusal: { code: "not_now" } });
  });

  it("merged with a strange commit open, the other is not kept waiting for it", () => {
    const stray = go(watching, "head_unapproved", "/retry, cause unknown");
    const merged = go(stray, "pull_merged");
    expect(merged.targets.map(({ strayHead }) => strayHead)).toEqual([null, null]);
    expect(nameOf(go(merged, "checks_green"))).toBe("deploy/pending");
  });
});

describe("a strange head", () => {
  const headOf = (d: Delivery) => d.targets[0]?.strayHead?.digest;
  const stray = go(watching, "head_unapproved");

  it("is replaced by the next, whose code is another", () => {
    const next = go(stray, "head_unapproved");
    expect(next.retired).toContainEqual({ digest: headOf(stray), as: "replaced" });
    expect(headOf(next)).not.toBe(headOf(stray));
    expect(next.targets[0]?.strayHead?.version).toBe(2);
  });

  it("that is countersigned is not open any more while another is", () => {
    const second = step(stray, "head_unapproved", 1);
    if (second.kind !== "moved") throw new Error("not moved");
    expect(second.next.targets.map(({ strayHead }) => strayHead?.approved)).toEqual([false, false]);
    const signed = go(second.next, "/approve CODE, of the head");
    expect(nameOf(signed)).toBe("verify/blocked(unapproved_head)");
    expect(step(signed, "/approve CODE, of the head")).toMatchObject({ refusal: { code: "unknown_code" } });
    const both = step(signed, "/approve CODE, of the head", 1);
    expect(both.kind === "moved" && nameOf(both.next)).toBe("verify/running");
  });

  it("found again by the watch is the same, with what was approved of it", () => {
    const again = go(stray, "/retry, cause unknown", "head_unapproved, the same");
    expect(nameOf(again)).toBe("verify/blocked(unapproved_head)");
    expect(headOf(again)).toBe(headOf(stray));
    expect(again.retired).toEqual(stray.retired);
  });

  it("that was countersigned and is removed changes nothing in the watch", () => {
    const signed = go(stray, "/approve CODE, of the head");
    const restored = go(signed, "head_restored");
    expect([nameOf(restored), restored.attempt]).toEqual(["verify/running", signed.attempt]);
  });

  it("that was countersigned is known when it is told again", () => {
    const signed = go(stray, "/approve CODE, of the head");
    expect(step(signed, "head_unapproved, the same").kind).toBe("stale");
  });
});

describe("what people do to pull requests", () => {
  it("to another pull request than ours says nothing", () => {
    const actor = { kind: "github", id: "1" } as const;
    const closed = (number: number) =>
      transition(watching, {
        event: { type: "pull_closed", repoId: SHOP, pullRequest: PullNumber.parse(number) },
        actor,
        at: AT,
      });
    expect(closed(77).kind).toBe("stale");
    expect(closed(1).kind).toBe("moved");
  });

  it("while we write is not taken for somebody's", () => {
    const fixing = go(watching, "fix_proposed", "patches_made", "gate_published, review", "/approve all");
    expect(nameOf(fixing)).toBe("verify/pending");
    expect(step(fixing, "head_unapproved").kind).toBe("stale");
  });

  it("of two strange heads both have to go", () => {
    const both = go(watching, "head_unapproved");
    const second = step(both, "head_unapproved", 1);
    if (second.kind !== "moved") throw new Error("not moved");
    const one = go(second.next, "head_restored");
    expect(nameOf(one)).toBe("verify/blocked(unapproved_head)");
    const none = step(one, "head_restored", 1);
    expect(none.kind === "moved" && nameOf(none.next)).toBe("verify/running");
  });

  it("merged later is written down at the end, and can then be rolled back", () => {
    const over = go(newborn({ exitPhase: "verify" }), ...way, "/approve", "patches_made", "gate_published, review");
    const done = go(over, "/approve", "written", "checks_green", "close_published");
    expect(step(done, "/rollback")).toMatchObject({ refusal: { code: "over" } });
    const merged = go(done, "pull_merged");
    expect(nameOf(merged)).toBe("close/succeeded");
    expect(step(merged, "/rollback").kind).toBe("noted");
    expect(step(done, "pull_merged, another tree").kind).toBe("stale");
  });
});
