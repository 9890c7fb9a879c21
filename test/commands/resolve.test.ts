// Which question each command puts to the machine: names became numbers, and today's rules stand beside them.
import { describe, expect, it } from "vitest";
import type { BudgetFacts } from "../../src/commands/raising.ts";
import { ageOf, askOf, participantNamed, quorumOf, type Resolving } from "../../src/commands/resolve.ts";
import { PHASES, type Phase } from "../../src/delivery/delivery.ts";
import { type Needs, ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { command, config, DOCS, delivery, docs, LISA, SHOP, shop, TILL, till } from "./spoken.ts";

const approvals = config({ approvals: { plan: 2, review: 3, deploy: 4 } }).approvals;
const needs: Needs = { ...ONLY_A_NUMBER, voice: "owner", notAlone: [LISA] };
const BUDGET: BudgetFacts = {
  tokens: { now: 100, most: 1_100, stored: 40 },
  money: { now: null, most: 0, stored: 0 },
  time: { now: 60_000, most: 120_000, stored: 60_000 },
};
const resolving = (part: Partial<Resolving> = {}): Resolving => ({
  delivery: delivery(),
  repositories: [shop, till, docs],
  approvals,
  needs,
  causeGone: null,
  budget: null,
  ...part,
});
const repository = (fullName: string) => ({ kind: "repository", fullName }) as const;
const [ALL, A_PLAN] = [{ kind: "all" } as const, { kind: "plan" } as const];
const asked = (ask: object) => ({ ok: true, value: ask });
const refused = (error: object) => ({ ok: false, error });

describe("today's rules", () => {
  const QUORUM: Readonly<Record<Phase, number>> = {
    intake: 2,
    plan: 2,
    implement: 3,
    review: 3,
    verify: 3,
    deploy: 4,
    observe: 4,
    close: 3,
  };
  it.each(PHASES)("in %s ask for the people of its gate", (phase) => {
    expect(quorumOf(approvals, phase)).toBe(QUORUM[phase]);
  });

  it("say how old what is shown may be only where they bound it", () => {
    expect(ageOf(approvals)).toEqual({});
    expect(ageOf(approvals)).not.toHaveProperty("ttl");
    expect(ageOf({ ...approvals, ttl: 3_600 })).toEqual({ ttl: 3_600 });
  });
});

describe("a repository's name", () => {
  it.each([
    ["Acme/shop", shop],
    ["acme/SHOP", shop],
    ["acme/till", till],
    ["acme/shop2", null],
    ["acme", null],
    ["shop", null],
    ["other/shop", null],
    ["", null],
  ])("%j", (fullName, found) => {
    expect(participantNamed([shop, till], fullName)).toEqual(found);
  });
});

describe("approve", () => {
  const given = { name: "approve", target: null, code: null, quorum: 3, codeRequired: false, needs };

  it.each([
    [null, null],
    [ALL, "all"],
    [repository("acme/shop"), SHOP],
    [repository("ACME/Till"), TILL],
    [repository("acme/docs"), DOCS],
  ])("of %j", (target, meant) => {
    const ask = askOf(command("approve", { target, code: "k7m2" }), resolving());
    expect(ask).toEqual(asked({ ...given, target: meant, code: "k7m2" }));
  });

  it("carries the rules of its gate", () => {
    const strict = config({ approvals: { deploy: 5, code: "required", ttl: "2h" } }).approvals;
    expect(
      askOf(command("approve"), resolving({ approvals: strict, delivery: delivery({ phase: "deploy" }) })),
    ).toEqual(asked({ ...given, quorum: 5, codeRequired: true, ttl: 7_200 }));
    expect(askOf(command("approve"), resolving())).toEqual(asked(given));
  });

  it("of a repository that takes no part is told those that have something to decide", () => {
    const ask = askOf(command("approve", { target: repository("acme/shoop") }), resolving());
    expect(ask).toEqual(refused({ code: "no_such_target", given: "acme/shoop", open: [SHOP, TILL] }));
  });

  it("of a plan by that word is no approval", () => {
    const ask = askOf(command("approve", { target: A_PLAN }), resolving());
    expect(ask).toEqual(refused({ code: "no_such_target", given: "plan", open: [] }));
  });
});

describe("reject", () => {
  it.each([
    [null, null, null],
    [repository("acme/till"), "too wide", TILL],
  ])("of %j because of %j", (target, text, meant) => {
    expect(askOf(command("reject", { target, text }), resolving())).toEqual(
      asked({ name: "reject", target: meant, why: text }),
    );
  });

  it.each([
    [ALL, "all", []],
    [A_PLAN, "plan", []],
    [repository("acme/x"), "acme/x", [SHOP, TILL]],
  ])("of %j is refused", (target, given, open) => {
    expect(askOf(command("reject", { target }), resolving())).toEqual(refused({ code: "no_such_target", given, open }));
  });
});

describe("revise", () => {
  it.each([
    [null, "keep it", null, "keep it"],
    [A_PLAN, "smaller", "plan", "smaller"],
    [repository("acme/shop"), "use x", SHOP, "use x"],
    [null, null, null, ""],
  ])("of %j: %j", (target, text, meant, feedback) => {
    expect(askOf(command("revise", { target, text }), resolving())).toEqual(
      asked({ name: "revise", target: meant, feedback }),
    );
  });

  it.each([
    [ALL, "all", []],
    [repository("acme/x"), "acme/x", [SHOP, TILL]],
  ])("of %j is refused", (target, given, open) => {
    expect(askOf(command("revise", { target }), resolving())).toEqual(refused({ code: "no_such_target", given, open }));
  });
});

describe("budget", () => {
  it.each([
    ["+1k", { tokens: 1_000, micros: 0, ms: 0, most: 1_040 }],
    ["+1min", { tokens: 0, micros: 0, ms: 60_000, most: 120_000 }],
  ])("%s, with what the operator allows beside the configuration", (text, raise) => {
    expect(askOf(command("budget", { text }), resolving({ budget: BUDGET }))).toEqual(
      asked({ name: "budget", ...raise }),
    );
  });

  it.each([
    ["+1001", { code: "budget_ceiling", unit: "tokens", now: 100, most: 1_100 }],
    ["+2min", { code: "budget_ceiling", unit: "time", now: 60_000, most: 120_000 }],
    ["+$1", { code: "budget_unlimited", unit: "money" }],
  ])("%s is refused", (text, refusal) => {
    expect(askOf(command("budget", { text }), resolving({ budget: BUDGET }))).toEqual(refused(refusal));
  });

  it.each([
    ["plenty", BUDGET],
    [null, BUDGET],
    ["+1k", null],
  ])("%j by %j cannot come here", (text, budget) => {
    const ask = () => askOf(command("budget", { text }), resolving({ budget }));
    expect(ask).toThrow("an amount that the grammar did not read");
  });
});

describe("the other commands", () => {
  it.each([true, false, null])("retry carries whether the cause is gone: %s", (causeGone) => {
    expect(askOf(command("retry"), resolving({ causeGone }))).toEqual(asked({ name: "retry", causeGone }));
  });

  it.each(["cancel", "plan", "hold", "resume", "rollback"] as const)("%s carries nothing", (name) => {
    const given = command(name, { target: ALL, code: "k7m2", text: "x" });
    expect(askOf(given, resolving())).toEqual(asked({ name }));
  });

  it.each([
    ["plan", "plan"],
    ["REVIEW", "review"],
    ["observe", "observe"],
  ])("exit %s", (text, exitPhase) => {
    expect(askOf(command("exit", { text }), resolving())).toEqual(asked({ name: "exit", exitPhase }));
  });

  it.each(["intake", "", null])("exit %j cannot come here", (text) => {
    expect(() => askOf(command("exit", { text }), resolving())).toThrow("an exit that the grammar did not read");
  });

  it.each([
    ["AC-1", "AC-1"],
    ["ac-12", "AC-12"],
    [null, ""],
  ])("accept %s", (text, criterion) => {
    expect(askOf(command("accept", { text }), resolving())).toEqual(asked({ name: "accept", criterion }));
  });

  it.each(["status", "help"] as const)("%s is no question to the machine", (name) => {
    expect(() => askOf(command(name), resolving())).toThrow(`/${name} is answered without the machine`);
  });

  it.each(["freeze", "unfreeze"] as const)("%s is asked in the control issue", (name) => {
    expect(askOf(command(name, { text: "why" }), resolving())).toEqual(refused({ code: "elsewhere", command: name }));
  });
});
