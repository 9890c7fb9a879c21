// The rows of the specification, read aloud: state, event, what becomes of it, and what is set going.
import { describe, expect, it } from "vitest";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { Effect } from "../../src/delivery/effect.ts";
import { transition } from "../../src/delivery/transition.ts";
import { bornWith, DOCS, exampleOf, go, nameOf, newborn, ofTwo, SHOP, step } from "./reach.ts";

const toPlan = ["triaged, GO"];
const toPlanGate = [...toPlan, "plan_made", "gate_published, plan"];
const toReview = [...toPlanGate, "/approve", "patches_made"];
const toReviewGate = [...toReview, "gate_published, review"];
const toWrite = [...toReviewGate, "/approve all"];
const toPlanAgain = ["approval_void, of the plan", "gate_published, plan"];
const toWatch = [...toWrite, "written"];
const toDeploy = [...toWatch, "checks_green"];
const toDeployGate = [...toDeploy, "ready_to_ship", "gate_published, deploy"];
const toShip = [...toDeployGate, "/approve"];
const toWindow = [...toShip, "shipped"];

const kinds = (effects: readonly Effect[]): string[] =>
  effects.map((effect) => (effect.kind === "work" ? `work ${effect.work}` : effect.kind));

/** [events from birth, event, becomes, effects besides publish and answer] */
type RowOfTable = readonly [way: readonly string[], event: string, becomes: string, effects?: readonly string[]];

const rows: Readonly<Record<string, readonly RowOfTable[]>> = {
  "any work": [
    [[], "effect_started", "intake/running"],
    [toPlan, "effect_started", "plan/running"],
    [toPlan, "effect_dead", "plan/failed(effect_dead)"],
    [toPlan, "deadline", "plan/failed(deadline)"],
    [toReview, "deadline", "review/failed(deadline)"],
    [toPlan, "model_unusable", "plan/failed(model_unusable)"],
    [toPlan, "resource_refused, budget", "plan/blocked(budget)"],
    [[...toPlan, "resource_refused, budget"], "/budget", "plan/pending", ["raise_budget", "work plan"]],
    [toPlan, "resource_refused, endpoint", "plan/blocked(endpoint)"],
    [[...toPlan, "resource_refused, endpoint"], "resource_back, endpoint", "plan/pending", ["work plan"]],
    [toPlan, "injection_found", "plan/blocked(injection)"],
    [[...toPlan, "injection_found"], "/revise", "plan/pending", ["keep_feedback", "work plan"]],
    [toWatch, "/cancel", "verify/canceled(by_command)"],
    [toPlanGate, "source_gone", "plan/canceled(source_gone)"],
  ],
  intake: [
    [[], "triaged, GO", "plan/pending", ["work plan"]],
    [[], "triaged, NO_GO", "intake/blocked(no_go)"],
    [[], "triaged, DEFER", "intake/blocked(defer)"],
    [["triaged, NO_GO"], "/plan", "plan/pending", ["work plan"]],
    [["triaged, DEFER"], "/plan", "plan/pending", ["work plan"]],
    [[...toPlanGate, "/reject"], "/plan", "plan/pending", ["work plan"]],
    [[...toPlanGate, "/reject"], "/revise", "plan/pending", ["keep_feedback", "work plan"]],
    [[...toPlanGate, "/reject"], "/retry, cause unknown", "intake/pending", ["work triage"]],
  ],
  plan: [
    [toPlan, "plan_made", "plan/running"],
    [[...toPlan, "plan_made"], "gate_published, plan", "plan/succeeded"],
    [toPlan, "plan_has_questions", "plan/blocked(questions)"],
    [[...toPlan, "plan_has_questions"], "/revise", "plan/pending", ["keep_feedback", "work plan"]],
    [toPlan, "plan_incomplete", "plan/failed(plan_incomplete)"],
    [toPlanGate, "/approve", "implement/pending", ["record_approval", "work propose"]],
    [toPlanGate, "/approve, more needed", "plan/succeeded", ["record_approval"]],
    [toPlanGate, "/reject", "intake/failed(rejected)", ["keep_feedback"]],
    [toPlanGate, "/revise", "plan/pending", ["keep_feedback", "work plan"]],
  ],
  implement: [
    [[...toPlanGate, "/approve"], "patches_made", "review/pending"],
    [[...toPlanGate, "/approve"], "policy_blocked", "implement/blocked(policy)"],
    [[...toPlanGate, "/approve"], "qa_failed", "implement/blocked(qa_failed)"],
    [[...toPlanGate, "/approve", "policy_blocked"], "/retry, cause gone", "implement/pending", ["work propose"]],
    [[...toPlanGate, "/approve", "qa_failed"], "/revise", "implement/pending", ["keep_feedback", "work propose"]],
  ],
  review: [
    [toReview, "gate_published, review", "review/succeeded"],
    [toReviewGate, "/approve", "verify/pending", ["record_approval", "work write"]],
    [toReviewGate, "/revise", "implement/pending", ["keep_feedback", "work propose"]],
    [toReviewGate, "/reject", "implement/failed(rejected)", ["keep_feedback"]],
    [toReviewGate, "gate_tampered, of R", "review/pending"],
    [toReview, "/revise plan", "plan/pending", ["void_approvals", "keep_feedback", "work plan"]],
    [toReviewGate, "/revise plan", "plan/pending", ["void_approvals", "keep_feedback", "work plan"]],
  ],
  verify: [
    [toWrite, "/revise plan", "plan/pending", ["void_approvals", "keep_feedback", "work plan"]],
    [toWrite, "base_rewritten", "review/pending", ["void_approvals"]],
    [toWrite, "approval_void", "review/pending", ["void_approvals"]],
    [toWrite, "approval_void, of the plan", "plan/pending", ["void_approvals"]],
    [[...toWrite, "approval_void, of the plan"], "gate_published, plan", "plan/succeeded"],
    [[...toWrite, ...toPlanAgain], "/approve", "verify/pending", ["record_approval", "work write"]],
    [[...toWrite, ...toPlanAgain], "/revise", "plan/pending", ["void_approvals", "keep_feedback", "work plan"]],
    [[...toWrite, ...toPlanAgain], "/reject", "intake/failed(rejected)", ["void_approvals", "keep_feedback"]],
    [[...toWrite, ...toPlanAgain, "/reject", "/plan"], "plan_made", "plan/running"],
    [
      [...toWrite, ...toPlanAgain, "/reject", "/plan", "plan_made", "gate_published, plan"],
      "/approve",
      "implement/pending",
      ["record_approval", "work propose"],
    ],
    [toWrite, "policy_now_blocks", "implement/blocked(policy)", ["void_approvals"]],
    [toWrite, "write_refused", "verify/blocked(write_refused)"],
    [[...toWrite, "write_refused"], "/retry, cause unknown", "verify/pending", ["work write"]],
    [toWrite, "written", "verify/running", ["work watch"]],
    [toWatch, "checks_green", "deploy/pending", ["work assess"]],
    [toWatch, "checks_red", "verify/failed(ci_red)"],
    [toWatch, "deadline", "verify/failed(deadline)"],
    [toWatch, "no_checks", "verify/blocked(no_checks)"],
    [toWatch, "fix_proposed", "implement/pending", ["work propose"]],
    [[...toWatch, "checks_red"], "fix_proposed", "implement/pending", ["work propose"]],
    [[...toWatch, "checks_red"], "/retry, cause unknown", "verify/pending", ["work watch"]],
    [[...toWatch, "checks_red"], "/revise", "implement/pending", ["keep_feedback", "work propose"]],
    [toWatch, "head_unapproved", "verify/blocked(unapproved_head)"],
    [
      [...toWatch, "head_unapproved"],
      "/approve CODE, of the head",
      "verify/running",
      ["record_approval", "work watch"],
    ],
    [[...toWatch, "head_unapproved"], "head_restored", "verify/running", ["work watch"]],
    [toWatch, "pull_closed", "verify/blocked(pr_closed)"],
    [[...toWatch, "pull_closed"], "pull_reopened", "verify/running", ["work watch"]],
    [toWatch, "pull_retargeted", "verify/blocked(retargeted)"],
    [[...toWatch, "pull_retargeted"], "pull_target_restored", "verify/running", ["work watch"]],
    [toWatch, "pull_merged", "observe/running", ["work observe"]],
    [toWatch, "pull_merged, another tree", "verify/blocked(merged_unapproved)"],
    [toWatch, "pull_merged, not green", "verify/blocked(merged_unproven)"],
  ],
  deploy: [
    [[...toDeploy, "ready_to_ship"], "gate_published, deploy", "deploy/succeeded"],
    [toDeploy, "deadline", "deploy/blocked(not_ready)"],
    [toDeployGate, "readiness_lost, merge", "deploy/pending", ["work assess"]],
    [toDeployGate, "readiness_lost, checks", "verify/running", ["work watch"]],
    [toDeployGate, "/approve", "observe/pending", ["record_approval", "work ship"]],
    [toDeployGate, "/reject", "verify/failed(rejected)", ["keep_feedback"]],
    [toDeployGate, "/revise", "implement/pending", ["keep_feedback", "work propose"]],
    [toDeployGate, "head_unapproved", "verify/blocked(unapproved_head)"],
    [toDeployGate, "pull_closed", "deploy/blocked(pr_closed)"],
    [toDeployGate, "pull_merged", "observe/running", ["work observe"]],
  ],
  observe: [
    [toShip, "shipped", "observe/running", ["work observe"]],
    [toShip, "merge_refused", "deploy/pending", ["void_approvals", "work assess"]],
    [toShip, "partly_shipped", "observe/blocked(partial_merge)"],
    [toWindow, "window_clean", "close/pending", ["work close"]],
    [toWindow, "regressed", "observe/failed(regressed)"],
    [[...toWindow, "regressed"], "/rollback", "observe/blocked(rolling_back)", ["start_rollback"]],
    [[...toWindow, "regressed"], "/retry, cause unknown", "observe/pending", ["work observe"]],
    [[...toWindow, "/rollback"], "rolled_back", "close/pending", ["work close"]],
    [[...toWindow, "/rollback"], "rollback_ended", "observe/failed(rollback_ended)"],
  ],
  close: [
    [[...toWindow, "window_clean"], "close_published", "close/succeeded"],
    [[...toWindow, "/rollback", "rolled_back"], "close_published", "close/succeeded(rolled_back)"],
    [[...toWindow, "window_clean", "close_published"], "rolled_back", "close/succeeded(rolled_back)"],
  ],
};

/** In words of the specification: the state, the event, what it becomes. */
const told = Object.entries(rows).flatMap(([, table]) =>
  table.map(([way, event, becomes, effects = []]) => ({ from: go(newborn(), ...way), event, becomes, effects })),
);

describe("the table", () => {
  it.each(told.map((row) => ({ state: nameOf(row.from), ...row })))("$state | $event | $becomes", (row) => {
    const { from, event, becomes, effects } = row;
    const done = step(from, event);
    if (done.kind !== "moved") throw new Error(`not moved: ${done.kind}`);
    expect(nameOf(done.next)).toBe(becomes);
    const answered = event.startsWith("/") ? ["answer"] : [];
    const isBook = (kind: string): boolean => !kind.startsWith("work");
    expect(kinds(done.effects)).toEqual([
      ...effects.filter(isBook),
      ...answered,
      "publish",
      ...effects.filter((kind) => !isBook(kind)),
    ]);
  });
});

describe("what changes nothing", () => {
  const unchanged: readonly (readonly [way: readonly string[], event: string, effects: readonly string[]])[] = [
    [toPlan, "effect_failed", ["publish"]],
    [toPlanGate, "deadline", ["publish"]],
    [toPlanGate, "issue_edited", ["publish"]],
    [toPlanGate, "trigger_repeated", ["publish"]],
    [toWrite, "base_moved", ["publish"]],
    [toWrite, "effect_started", []],
    [toDeploy, "not_ready", ["publish"]],
    [[...toWindow, "window_clean", "close_published"], "/rollback", ["start_rollback", "answer"]],
    [toWatch, "/accept", ["accept_criterion", "publish", "answer"]],
    [toPlan, "/budget", ["raise_budget", "publish", "answer"]],
  ];
  it.each(unchanged)("%j | %s is noted", (way, event, effects) => {
    const done = step(go(newborn(), ...way), event);
    expect(done.kind).toBe("noted");
    expect(kinds(done.effects)).toEqual(effects);
  });

  it("a result of another attempt is stale, earlier or later", () => {
    const d = go(newborn(), ...toPlan);
    for (const attempt of [d.attempt - 1, d.attempt + 1]) {
      const { recorded } = exampleOf({ ...d, attempt }, "plan_made");
      expect(transition(d, recorded)).toEqual({ kind: "stale", effects: [] });
    }
  });

  it("a triage whose gate and decision differ does not start a plan", () => {
    const d = newborn();
    const { recorded } = exampleOf(d, "triaged, GO");
    const contradictions = [
      { passed: false, decision: "GO" as const, becomes: "intake/blocked(defer)" },
      { passed: true, decision: "NO_GO" as const, becomes: "intake/blocked(no_go)" },
      { passed: true, decision: "DEFER" as const, becomes: "intake/blocked(defer)" },
    ];
    for (const { becomes, ...said } of contradictions) {
      const done = transition(d, { ...recorded, event: { type: "triaged", attempt: d.attempt, ...said } });
      expect(done.kind === "moved" && nameOf(done.next)).toBe(becomes);
    }
  });

  it("a late death of the planner does not end the showing of its plan", () => {
    const planning = go(newborn(), ...toPlan);
    const { recorded } = exampleOf(planning, "effect_dead");
    expect(transition(go(planning, "plan_made"), recorded).kind).toBe("stale");
  });
});

describe("birth", () => {
  it("is intake/pending, first attempt, and triage", () => {
    const { delivery, effects } = bornWith();
    expect(nameOf(delivery)).toBe("intake/pending");
    expect([delivery.attempt, delivery.version]).toEqual([1, 1]);
    expect(effects).toEqual([{ kind: "publish" }, { kind: "work", work: "triage", attempt: 1 }]);
  });
});

describe("exit phase (M3)", () => {
  const exits: readonly (readonly [Delivery["exitPhase"], readonly string[], string, string])[] = [
    ["plan", toPlanGate, "/approve", "close/pending"],
    ["review", toReviewGate, "/approve", "close/pending"],
    ["verify", toWatch, "checks_green", "close/pending"],
    ["verify", toWatch, "pull_merged", "close/pending"],
    ["observe", toWatch, "checks_green", "deploy/pending"],
    ["close", toWatch, "pull_merged", "observe/running"],
  ];
  it.each(exits)("%s: after %j, %s leads to %s", (exitPhase, way, event, becomes) => {
    expect(nameOf(go(newborn({ exitPhase }), ...way, event))).toBe(becomes);
  });

  it("may be brought nearer until it is passed, never farther", () => {
    const atReview = go(newborn({ exitPhase: "verify" }), ...toReviewGate);
    expect(go(atReview, "exit_shortened, review", "/approve").phase).toBe("close");
    expect(step(atReview, "exit_shortened, plan").kind).toBe("stale");
    expect(step(atReview, "exit_shortened, observe").kind).toBe("stale");
    expect(step(atReview, "exit_shortened, verify").kind).toBe("stale");
  });

  it("is brought nearer by command too, which says why where it cannot be", () => {
    const atReview = go(newborn({ exitPhase: "verify" }), ...toReviewGate);
    expect(go(atReview, "/exit review", "/approve").phase).toBe("close");
    expect(go(newborn({ exitPhase: "observe" }), "/exit verify").exitPhase).toBe("verify");
    expect(step(atReview, "/exit plan")).toMatchObject({ refusal: { code: "exit_passed", exitPhase: "plan" } });
    expect(step(atReview, "/exit verify")).toMatchObject({ refusal: { code: "exit_not_nearer", exitPhase: "verify" } });
    expect(step(atReview, "/exit observe")).toMatchObject({ refusal: { code: "exit_not_nearer" } });
  });
});

describe("several repositories", () => {
  const reviewed = go(ofTwo(), ...toReviewGate);
  const patchSetOf = (d: Delivery, repo: typeof SHOP) => d.targets.find(({ repoId }) => repoId === repo)?.patchSet;

  it("waits for the last approval (G3)", () => {
    const one = go(reviewed, "/approve R");
    expect(nameOf(one)).toBe("review/succeeded");
    expect(patchSetOf(one, SHOP)?.approved).toBe(true);
    expect(nameOf(go(one, "/approve"))).toBe("verify/pending");
  });

  it("supersedes only what is revised; the other approval stays", () => {
    const one = go(reviewed, "/approve R");
    const revise = step(one, "/revise R", 1);
    if (revise.kind !== "moved") throw new Error("not moved");
    expect(revise.effects.map(({ kind }) => kind)).not.toContain("void_approvals");
    expect(patchSetOf(revise.next, DOCS)).toBeNull();
    expect(patchSetOf(revise.next, SHOP)).toEqual(patchSetOf(one, SHOP));
    const again = go(revise.next, "patches_made", "gate_published, review");
    expect(patchSetOf(again, SHOP)?.approved).toBe(true);
    expect(nameOf(go(again, "/approve"))).toBe("verify/pending");
  });

  it("voids the approval of what is revised", () => {
    const revise = step(go(reviewed, "/approve R"), "/revise R", 0);
    expect(revise.effects).toContainEqual(
      expect.objectContaining({ kind: "void_approvals", subjects: [expect.objectContaining({ repoId: SHOP })] }),
    );
  });

  it("watches only when all is written, and keeps the receipts meanwhile", () => {
    const some = go(ofTwo(), ...toWrite, "written, some");
    expect(nameOf(some)).toBe("verify/pending");
    expect(some.targets.map(({ written }) => written !== null)).toEqual([true, false]);
    expect(step(some, "written, some").kind).toBe("stale");
    expect(nameOf(go(some, "written"))).toBe("verify/running");
  });

  it("goes on by merge only when all are merged", () => {
    const one = go(ofTwo(), ...toWatch, "pull_merged");
    expect(nameOf(one)).toBe("verify/running");
    const { recorded } = exampleOf(one, "pull_merged", 1);
    const both = transition(one, recorded);
    expect(both.kind === "moved" && nameOf(both.next)).toBe("observe/running");
  });

  it("asks which one, where a reject or revise names none", () => {
    for (const command of ["/reject", "/revise", "/approve"]) {
      expect(step(reviewed, command)).toMatchObject({
        kind: "refused",
        refusal: { code: "name_one", open: [SHOP, DOCS] },
      });
    }
  });

  it("asks again for the one whose approval was found void, and keeps the other", () => {
    const again = go(ofTwo(), ...toWrite, "approval_void");
    expect(again.targets.map(({ patchSet }) => patchSet?.approved)).toEqual([false, true]);
    expect(nameOf(go(again, "gate_published, review", "/approve"))).toBe("verify/pending");
  });

  it("asks again for the plan alone, and goes on with the patch sets as they were approved", () => {
    const again = go(ofTwo(), ...toWrite, "approval_void, of the plan");
    expect(again.plan).toMatchObject({ approved: false, approvals: [], again: true, shown: null });
    expect(again.targets.map(({ patchSet }) => patchSet?.approved)).toEqual([true, true]);
    const still = go(again, "gate_published, plan", "exit_shortened, review", "/approve");
    expect(nameOf(still)).toBe("close/pending");
  });
});

describe("a fix", () => {
  const fixing = go(newborn(), ...toWatch, "fix_proposed");

  it("goes through review again and is written on the same pull request", () => {
    const reviewed = go(fixing, "patches_made", "gate_published, review");
    expect(reviewed.targets[0]?.written).not.toBeNull();
    const done = step(reviewed, "/approve");
    expect(kinds(done.effects)).toContain("work write");
  });

  it("that changes nothing needs no approval and is only watched", () => {
    const shown = step(go(fixing, "patches_made, all as they were"), "gate_published, review");
    expect(shown.kind === "moved" && nameOf(shown.next)).toBe("verify/pending");
    expect(kinds(shown.effects)).toEqual(["publish", "work watch"]);
  });

  it("keeps the approval of what was written: it proves the write", () => {
    const made = step(fixing, "patches_made");
    expect(kinds(made.effects)).toEqual(["publish"]);
  });

  it("is proposed only as often as allowed", () => {
    const red = go(fixing, "patches_made", "gate_published, review", "/approve", "written");
    expect(nameOf(go(red, "fix_proposed"))).toBe("verify/failed(ci_red)");
  });
});

describe("revisions (M1)", () => {
  it("are counted, then block, and a retry puts up again what stands", () => {
    const first = go(newborn({ maxRevisions: 1 }), ...toPlanGate, "/revise", "plan_made", "gate_published, plan");
    expect(first.revisionsLeft).toBe(0);
    const spent = go(first, "/revise");
    expect(nameOf(spent)).toBe("plan/blocked(revisions_spent)");
    expect(step(spent, "/revise")).toMatchObject({ refusal: { code: "cause_remains", reason: "revisions_spent" } });
    const again = go(spent, "/retry, cause unknown");
    expect(again.plan?.digest).toBe(first.plan?.digest);
    expect(nameOf(go(again, "gate_published, plan", "/approve"))).toBe("implement/pending");
  });
});

describe("the issue closed by a merge", () => {
  it("is no hold once merged, and lifts the one that came first", () => {
    const held = go(newborn(), ...toWatch, "hold_added, issue_closed");
    const merged = step(held, "pull_merged");
    expect(merged.kind === "moved" && merged.next.holds).toEqual([]);
    expect(kinds(merged.effects)).toContain("work observe");
    expect(step(go(newborn(), ...toWindow), "hold_added, issue_closed").kind).toBe("stale");
  });
});
