// An operator's ceiling: of two values the stricter counts, and only for what the ceiling itself sets.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ceiling, NO_CEILING, parseCeiling, withinCeiling } from "../../src/config/ceiling.ts";
import { parseConfig, problemSentence } from "../../src/config/parse.ts";
import { type Config, DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { runs } from "../support/runs.ts";

const config = (text: string): Config => {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(parsed.error.map(problemSentence).join(" "));
  return parsed.value;
};
const ceiling = (text: string): Ceiling => {
  const parsed = parseCeiling(text);
  if (!parsed.ok) throw new Error(parsed.error.map(problemSentence).join(" "));
  return parsed.value;
};
const within = (file: string, bound: string) => withinCeiling(config(file), ceiling(bound));

describe("the ceiling", () => {
  it("that sets nothing changes nothing", () => {
    const loose = config("exit_phase: verify\npolicy: {ci-files: warn, max_files: 300}");
    expect(withinCeiling(loose, NO_CEILING)).toEqual({ config: loose, tightened: [] });
    expect(withinCeiling(loose, ceiling(""))).toEqual({ config: loose, tightened: [] });
  });

  it.each<[file: string, bound: string, key: string, asked: unknown, given: unknown]>([
    ["exit_phase: verify", "exit_phase: review", "exit_phase", "verify", "review"],
    ["approvals: {review: 1}", "approvals: {review: 3}", "approvals.review", 1, 3],
    ["approvals: {code: optional}", "approvals: {code: required}", "approvals.code", "optional", "required"],
    ["policy: {ci-files: warn}", "policy: {ci-files: block}", "policy.ci-files", "warn", "block"],
    ["policy: {max_files: 200}", "policy: {max_files: 20}", "policy.max_files", 200, 20],
    ["policy: {frozen: [a]}", "policy: {frozen: [b]}", "policy.frozen", ["a"], ["a", "b"]],
    [
      "policy: {registries: [a.example, b.example]}",
      "policy: {registries: [b.example]}",
      "policy.registries",
      ["a.example", "b.example"],
      ["b.example"],
    ],
    ["max_revisions: 50", "max_revisions: 2", "max_revisions", 50, 2],
    ["limits: {live_deliveries: 100}", "limits: {live_deliveries: 5}", "limits.live_deliveries", 100, 5],
    ["deadlines: {gate: 30d}", "deadlines: {gate: 2d}", "deadlines.gate", 2_592_000, 172_800],
    ["ci: {max_fix_attempts: 4}", "ci: {max_fix_attempts: 1}", "ci.max_fix_attempts", 4, 1],
    ["verify: {no_checks_after: 2d}", "verify: {no_checks_after: 10m}", "verify.no_checks_after", 172_800, 600],
    [
      "verify: {required_checks: [test]}",
      "verify: {required_checks: [scan]}",
      "verify.required_checks",
      ["test"],
      ["test", "scan"],
    ],
    ["agent: {max_tokens: 1000000}", "agent: {max_tokens: 5000}", "agent.max_tokens", 1_000_000, 5_000],
    ["agent: {models: {planner: big}}", "agent: {models: {planner: small}}", "agent.models.planner", "big", "small"],
    [
      "agent: {engines: {planner: other}}",
      "agent: {engines: {planner: openai}}",
      "agent.engines.planner",
      "other",
      "openai",
    ],
    ["agent: {effort: {planner: high}}", "agent: {effort: {planner: low}}", "agent.effort.planner", "high", "low"],
    ["agent: {}", "agent: {effort: {planner: low}}", "agent.effort.planner", null, "low"],
    ["agent: {answers: {planner: 5}}", "agent: {answers: {planner: 2}}", "agent.answers.planner", 5, 2],
    ["agent: {}", "agent: {answers: {judge: 1}}", "agent.answers.judge", null, 1],
    [
      "agent: {resets: {judge: nothing}}",
      "agent: {resets: {judge: broken_answers}}",
      "agent.resets.judge",
      "nothing",
      "broken_answers",
    ],
    ["thread: {show_cost: on}", "thread: {show_cost: off}", "thread.show_cost", true, false],
  ])("%s under %s", (file, bound, key, asked, given) => {
    expect(within(file, bound).tightened).toEqual([{ key, asked, given }]);
    expect(within(file, bound).config).not.toEqual(config(file));
  });

  it.each([
    ["exit_phase: plan", "exit_phase: verify"],
    ["approvals: {review: 3, code: required}", "approvals: {review: 1, code: optional}"],
    ["policy: {ci-files: block, max_files: 5}", "policy: {ci-files: warn, max_files: 300}"],
    ["max_revisions: 1", "max_revisions: 50"],
    ["thread: {show_cost: off}", "thread: {show_cost: on}"],
  ])("never loosens: %s under %s", (file, bound) => {
    expect(within(file, bound)).toEqual({ config: config(file), tightened: [] });
  });

  it("bounds the defaults of a repository without a file", () => {
    const { config: held } = withinCeiling(DEFAULT_CONFIG, ceiling("exit_phase: plan\npolicy: {frozen: [secret/**]}"));
    expect(held.exit_phase).toBe("plan");
    expect(held.policy.frozen).toEqual(["secret/**"]);
  });

  it.each([
    "label: x",
    "approvers: [octocat]",
    "commands: {prefix: cs}",
    "labels: {state: off}",
    "checks: {proposals: off}",
  ])("refuses to be set to what is no bound: %s", (text) => {
    const parsed = parseCeiling(text);
    expect(parsed.ok ? [] : parsed.error.map(({ message }) => message)).toEqual([
      "is nothing that a ceiling can bound",
    ]);
  });

  it("lets nobody merge whom it stops before, watches at least as long, and waits for its checks too", () => {
    const bound = ceiling("exit_phase: verify\nobserve: {window: 2h}\ndeploy: {required_checks: [smoke]}");
    const held = (text: string) => withinCeiling(config(text), bound).config;
    expect(held("exit_phase: observe").exit_phase).toBe("verify");
    expect(held("exit_phase: plan").exit_phase).toBe("plan");
    expect(held("observe: {window: 0s}").observe.window).toBe(7_200);
    expect(held("observe: {window: 1d}").observe.window).toBe(86_400);
    expect(held("deploy: {required_checks: [load]}").deploy.required_checks).toEqual(["load", "smoke"]);
  });

  it("is refused with the problems of any configuration", () => {
    const parsed = parseCeiling("exit_phase: implement");
    expect(parsed.ok ? [] : parsed.error.map(({ line }) => line)).toEqual([1]);
  });

  it("holds whatever a repository writes, and holding it twice changes nothing", () => {
    const bound = ceiling(
      "exit_phase: review\napprovals: {plan: 2, code: required}\npolicy: {ci-files: block, max_lines: 100, frozen: [a/**]}\nmax_revisions: 3\nagent: {max_tokens: 9000}",
    );
    const file = fc
      .record({
        exit: fc.constantFrom("plan", "review", "verify", "deploy", "observe", "close"),
        plan: fc.integer({ min: 1, max: 10 }),
        code: fc.constantFrom("optional", "required"),
        ci: fc.constantFrom("warn", "block"),
        lines: fc.integer({ min: 1, max: 20_000 }),
        revisions: fc.integer({ min: 0, max: 50 }),
        tokens: fc.integer({ min: 1_000, max: 10_000_000 }),
      })
      .map(({ exit, plan, code, ci, lines, revisions, tokens }) =>
        config(
          `exit_phase: ${exit}\napprovals: {plan: ${plan}, code: ${code}}\npolicy: {ci-files: ${ci}, max_lines: ${lines}}\nmax_revisions: ${revisions}\nagent: {max_tokens: ${tokens}}`,
        ),
      );
    fc.assert(
      fc.property(file, (asked) => {
        const { config: held } = withinCeiling(asked, bound);
        expect(held.exit_phase).not.toBe("verify");
        expect(held.approvals.plan).toBe(Math.max(2, asked.approvals.plan));
        expect(held.approvals.code).toBe("required");
        expect(held.policy["ci-files"]).toBe("block");
        expect(held.policy.max_lines).toBe(Math.min(100, asked.policy.max_lines));
        expect(held.policy.frozen).toEqual(["a/**"]);
        expect(held.max_revisions).toBe(Math.min(3, asked.max_revisions));
        expect(held.agent.max_tokens).toBe(Math.min(9_000, asked.agent.max_tokens));
        expect(withinCeiling(held, bound)).toEqual({ config: held, tightened: [] });
      }),
      runs(60),
    );
  });
});
