// G4 and G5: what checks prove, and what they do not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type G4Input, type G4Verdict, g4 } from "../../../src/delivery/gates/g4.ts";
import { type G5Input, g5 } from "../../../src/delivery/gates/g5.ts";
import type { CheckFacts } from "../../../src/github/reading.ts";
import { CheckRunId } from "../../../src/ids.ts";
import { runs } from "../../support/runs.ts";

const ACTIONS = 15368;
const US = 42;

let ids = 0;
const check = (name: string, conclusion: CheckFacts["conclusion"], part: Partial<CheckFacts> = {}): CheckFacts => {
  ids += 1;
  return {
    source: "check_run",
    id: CheckRunId.parse(ids),
    name,
    appId: ACTIONS,
    state: "completed",
    conclusion,
    url: null,
    startedAt: null,
    completedAt: null,
    ...part,
  };
};
const running = (name: string): CheckFacts => check(name, null, { state: "in_progress" });
const status = (name: string, conclusion: CheckFacts["conclusion"]): CheckFacts =>
  check(name, conclusion, { source: "status", appId: null });

const ours = { appIds: [US], statusNames: ["countersign/provenance"] };
const input = (checks: readonly CheckFacts[], part: Partial<G4Input> = {}): G4Input => ({
  checks,
  complete: true,
  required: null,
  ours,
  secondsWaited: 0,
  noChecksAfterSeconds: 600,
  ...part,
});
const verdict = (checks: readonly CheckFacts[], part: Partial<G4Input> = {}): G4Verdict =>
  g4(input(checks, part)).verdict;

describe("G4", () => {
  const meanings: readonly (readonly [CheckFacts["conclusion"], G4Verdict])[] = [
    ["success", "green"],
    ["neutral", "green"],
    ["skipped", "green"],
    ["failure", "red"],
    ["timed_out", "red"],
    ["startup_failure", "red"],
    ["cancelled", "red"],
    ["stale", "red"],
    ["action_required", "held"],
    [null, "waiting"],
  ];
  it.each(meanings)("beside a green check, %s makes it %s", (conclusion, expected) => {
    expect(verdict([check("test", "success"), check("lint", conclusion)])).toBe(expected);
    expect(verdict([status("ci", "success"), status("lint", conclusion)])).toBe(expected);
  });

  it("is proved by a success alone: skipped and neutral prove nothing", () => {
    const idle = [check("test", "skipped"), check("lint", "neutral")];
    expect(verdict(idle)).toBe("waiting");
    expect(verdict(idle, { secondsWaited: 600 })).toBe("no_checks");
  });

  it("is not proved by nothing (M8)", () => {
    expect(verdict([], { secondsWaited: 599 })).toBe("waiting");
    expect(verdict([], { secondsWaited: 600 })).toBe("no_checks");
    expect(verdict([], { secondsWaited: 600, required: ["test"] })).toBe("no_checks");
  });

  it("never counts our own checks, and nobody else's under our name", () => {
    const own = [
      check("countersign / provenance", "success", { appId: US }),
      status("countersign/provenance", "success"),
    ];
    expect(verdict(own, { secondsWaited: 600 })).toBe("no_checks");
    expect(verdict([...own, check("countersign/provenance", "failure"), check("test", "success")])).toBe("red");
    expect(verdict([check("ours is red", "failure", { appId: US }), check("test", "success")])).toBe("green");
  });

  it("counts the newest run of a name, in whatever order they come", () => {
    const [old, again] = [check("test", "failure"), check("test", "success")];
    for (const order of [
      [old, again],
      [again, old],
    ]) {
      expect(verdict(order)).toBe("green");
      expect(g4(input(order)).evidence.counted).toEqual([
        expect.objectContaining({ name: "test", said: "success", reruns: 1 }),
      ]);
    }
    expect(verdict([check("test", "success"), running("test")])).toBe("waiting");
  });

  it("does not let one app's green hide another's red of the same name", () => {
    expect(verdict([check("test", "failure", { appId: 7 }), check("test", "success")])).toBe("red");
    expect(verdict([status("test", "failure"), check("test", "success")])).toBe("red");
  });

  it("is held by a workflow that waits for a maintainer, unless all that is required has run", () => {
    const held = check("CI", "action_required", { source: "workflow_run", appId: null });
    expect(verdict([held], { secondsWaited: 600 })).toBe("held");
    expect(verdict([held, check("lint", "success")])).toBe("held");
    expect(verdict([held, check("lint", "success")], { required: ["test"] })).toBe("held");
    expect(verdict([held, check("test", "success")], { required: ["test"] })).toBe("green");
    expect(verdict([held, check("lint", "failure")])).toBe("red");
  });

  it("says red before held before waiting", () => {
    expect(verdict([running("a"), check("b", "action_required"), check("c", "failure")])).toBe("red");
    expect(verdict([running("a"), check("b", "action_required")])).toBe("held");
    expect(verdict([running("a"), check("b", "success")])).toBe("waiting");
  });

  it("waits on a list that was cut short, whatever is on it", () => {
    expect(verdict([check("test", "success")], { complete: false })).toBe("waiting");
    expect(verdict([check("test", "failure")], { complete: false })).toBe("waiting");
    expect(verdict([], { complete: false, secondsWaited: 9_999 })).toBe("waiting");
  });

  it("asks for the required ones where there are any", () => {
    const required = ["test"];
    expect(verdict([check("test", "success"), check("lint", "failure")], { required })).toBe("green");
    expect(verdict([check("lint", "success")], { required, secondsWaited: 9_999 })).toBe("waiting");
    expect(verdict([check("lint", "success"), check("test", "failure")], { required })).toBe("red");
    expect(verdict([check("lint", "failure"), check("test", "success")], { required: [] })).toBe("red");
    expect(g4(input([check("lint", "failure")], { required })).evidence).toMatchObject({
      missing: ["test"],
      counted: [],
      notCounted: [{ name: "lint", meaning: "failed" }],
    });
  });

  it("is never green with a failure, an open run or a cut list among what counts", () => {
    const conclusions = meanings.map(([conclusion]) => conclusion);
    const one = fc.record({ name: fc.constantFrom("a", "b", "c"), conclusion: fc.constantFrom(...conclusions) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), fc.boolean(), (list, complete) => {
        const checks = list.map(({ name, conclusion }) => check(name, conclusion));
        const newest = new Map(checks.map((each) => [each.name, each.conclusion]));
        const proves = [...newest.values()];
        const green =
          complete &&
          proves.includes("success") &&
          proves.every((each) => each === "success" || each === "neutral" || each === "skipped");
        expect(g4(input(checks, { complete })).passed).toBe(green);
      }),
      runs(200),
    );
  });
});

describe("G5", () => {
  const watch = (part: Partial<G5Input> = {}) =>
    g5({
      deployments: [{ environment: "production", state: "success", url: null }],
      checks: [check("test", "success")],
      checksBefore: [check("test", "success")],
      complete: true,
      ours,
      secondsWatched: 3_600,
      windowSeconds: 3_600,
      ...part,
    });

  it("is clean when the window is over and all stayed well", () => {
    expect(watch()).toMatchObject({ verdict: "clean", passed: true });
    expect(watch({ secondsWatched: 3_599 }).verdict).toBe("waiting");
  });

  it("is clean at once with a window of 0 and nothing to watch", () => {
    expect(watch({ deployments: [], checks: [], windowSeconds: 0, secondsWatched: 0 }).verdict).toBe("clean");
  });

  it("waits for what is under way, and on a list that was cut short", () => {
    expect(watch({ checks: [running("test")] }).verdict).toBe("waiting");
    expect(watch({ deployments: [{ environment: "production", state: "in_progress", url: null }] }).verdict).toBe(
      "waiting",
    );
    expect(watch({ complete: false, checks: [check("test", "failure")] }).verdict).toBe("waiting");
  });

  it("is regressed by what broke with the merge, before the window is over", () => {
    const broken = watch({ checks: [check("test", "failure")], secondsWatched: 1 });
    expect(broken).toMatchObject({
      verdict: "regressed",
      passed: false,
      evidence: { regressions: ["check test: failure"] },
    });
    const failed = watch({ deployments: [{ environment: "production", state: "error", url: null }] });
    expect(failed.evidence.regressions).toEqual(["deployment to production: error"]);
  });

  it("does not blame the merge for what was red before", () => {
    const red = watch({ checks: [check("test", "failure")], checksBefore: [check("test", "failure")] });
    expect(red).toMatchObject({ verdict: "clean", evidence: { redBefore: ["test"], regressions: [] } });
    const both = [check("lint", "success"), check("test", "failure")];
    expect(watch({ checks: both, checksBefore: both }).verdict).toBe("clean");
    const others = [check("lint", "failure"), check("test", "success"), check("test", "failure", { appId: 7 })];
    expect(watch({ checks: [check("test", "failure")], checksBefore: others }).verdict).toBe("regressed");
  });
});
