// What people write into `.github/countersign.yml`, and what they are told where it cannot be used.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig, prefixDespite, problemSentence } from "../../src/config/parse.ts";
import { type Config, DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { runs } from "../support/runs.ts";

const config = (text: string): Config => {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(parsed.error.map(problemSentence).join(" "));
  return parsed.value;
};

const problems = (text: string): readonly string[] => {
  const parsed = parseConfig(text);
  return parsed.ok ? [] : parsed.error.map((problem) => `${problem.line ?? "-"} ${problemSentence(problem)}`);
};

describe("a configuration", () => {
  it.each(["", "\n", "# only a comment\n", "{}", "---\n", "approvers:\n#  - octocat\n".replace("approvers:\n", "")])(
    "without keys is the defaults: %j",
    (text) => expect(config(text)).toEqual(DEFAULT_CONFIG),
  );

  it("has the defaults that the documentation names", () => {
    expect(DEFAULT_CONFIG).toMatchObject({
      label: "countersign",
      exit_phase: "verify",
      approvers: null,
      approvals: { plan: 1, review: 1, deploy: 1, code: "optional" },
      commands: { prefix: null },
      thread: { show_cost: false },
      labels: { state: true },
      checks: { proposals: true },
    });
    expect(DEFAULT_CONFIG.policy["ci-files"]).toBe("block");
  });

  it("changes what it names and keeps the rest", () => {
    const text = [
      "label: ship it",
      "exit_phase: review",
      "approvals: {review: 2, code: required}",
      "policy:",
      "  frozen: [migrations/**, '*.lock']",
      "  ci-files: warn",
      "deadlines: {gate: 3d, verify: PT36H}",
      "agent: {max_tokens: 50000, models: {planner: gpt-5.2}}",
      "commands: {prefix: cs}",
      "thread: {show_cost: on}",
      "labels: {state: off}",
    ].join("\n");
    expect(config(text)).toEqual({
      ...DEFAULT_CONFIG,
      label: "ship it",
      exit_phase: "review",
      approvals: { ...DEFAULT_CONFIG.approvals, review: 2, code: "required" },
      policy: { ...DEFAULT_CONFIG.policy, frozen: ["migrations/**", "*.lock"], "ci-files": "warn" },
      deadlines: { ...DEFAULT_CONFIG.deadlines, gate: 3 * 86_400, verify: 36 * 3_600 },
      agent: {
        ...DEFAULT_CONFIG.agent,
        max_tokens: 50_000,
        models: { ...DEFAULT_CONFIG.agent.models, planner: "gpt-5.2" },
      },
      commands: { prefix: "cs" },
      thread: { show_cost: true },
      labels: { ...DEFAULT_CONFIG.labels, state: false },
    });
  });

  it.each([
    [
      "approvers: [octocat, acme/maintainers, Mona-Lisa, short_corp]",
      ["octocat", "Mona-Lisa", "short_corp"],
      ["acme/maintainers"],
    ],
    ["approvers: {users: [octocat], teams: [maintainers, acme/core]}", ["octocat"], ["-/maintainers", "acme/core"]],
    ["approvers: {teams: [maintainers]}", [], ["-/maintainers"]],
    ["approvers: ['1234']", ["1234"], []],
    ["approvers: [octocat, 583231]", ["octocat", 583231], []],
    ["approvers: {users: [583231], teams: [core]}", [583231], ["-/core"]],
  ])("names approvers: %s", (text, users, teams) => {
    const { approvers } = config(text);
    expect(approvers?.users).toEqual(users);
    expect(approvers?.teams.map(({ organization, slug }) => `${organization ?? "-"}/${slug}`)).toEqual(teams);
  });

  it.each([
    ["on", true],
    ["off", false],
    ["true", true],
    ["false", false],
  ])("takes %s for a switch", (word, value) =>
    expect(config(`checks: {proposals: ${word}}`).checks.proposals).toBe(value),
  );
});

describe("a configuration that cannot be used is refused with line and key", () => {
  it.each([
    ["unknown key", "lable: x", ["1 lable: is not a key that is known (did you mean label?)."]],
    [
      "unknown key deeper",
      "policy:\n  forzen: []",
      ["2 policy.forzen: is not a key that is known (did you mean frozen?)."],
    ],
    ["unknown rule", "policy:\n  no-such-rule: warn", ["2 policy.no-such-rule: is not a key that is known."]],
    ["a rule switched off", "\npolicy:\n  ci-files: off", ["3 policy.ci-files: must be warn or block."]],
    ["a fixed rule loosened", "policy:\n  unsafe-path: warn", ["2 policy.unsafe-path: must be block."]],
    [
      "a phase that is no end",
      "exit_phase: implement",
      [
        "1 exit_phase: cannot be where a delivery ends: implement. It can end at plan, review, verify, deploy, observe or close.",
      ],
    ],
    [
      "intake",
      "exit_phase: intake",
      [
        "1 exit_phase: cannot be where a delivery ends: intake. It can end at plan, review, verify, deploy, observe or close.",
      ],
    ],
    ["no phase at all", "exit_phase: done", ["1 exit_phase: must be plan, review, verify, deploy, observe or close."]],
    [
      "nobody",
      "approvers: []",
      [
        "1 approvers: must name at least one person or team; leave the key out for everyone with the role maintain or admin.",
      ],
    ],
    ["an id that is none", "approvers: {users: [0]}", ["1 approvers.users[0]: is not the id of a person."]],
    ["another id that is none", "approvers: [-7]", ["1 approvers[0]: is not the id of a person."]],
    [
      "nobody in the other form",
      "approvers: {users: []}",
      [
        "1 approvers: must name at least one person or team; leave the key out for everyone with the role maintain or admin.",
      ],
    ],
    [
      "a bot",
      "approvers:\n  - dependabot[bot]",
      ["2 approvers[0]: is neither a login nor organization/slug of a team; write it without @."],
    ],
    [
      "an @",
      "approvers:\n  - octocat\n  - '@mona'",
      ["3 approvers[1]: is neither a login nor organization/slug of a team; write it without @."],
    ],
    [
      "neither login nor id",
      "approvers: {users: [true]}",
      ["1 approvers.users[0]: must be the login of a person (in quotes when it is a number), or the numeric id."],
    ],
    ["text for a number", "max_revisions: many", ["1 max_revisions: must be a whole number."]],
    ["half a person", "approvals: {plan: 1.5}", ["1 approvals.plan: must be a whole number."]],
    ["nobody needed", "approvals: {plan: 0}", ["1 approvals.plan: must be at least 1."]],
    ["too many", "limits: {live_deliveries: 1001}", ["1 limits.live_deliveries: must be at most 1000."]],
    ["no duration", "deadlines: {gate: soon}", ["1 deadlines.gate: is not a duration: write 30m, 72h, 3d or PT30M."]],
    ["a duration out of bounds", "deadlines: {gate: 30m}", ["1 deadlines.gate: must be between 1h and 90d."]],
    ["a key without value", "policy:\nlabel: x", ["1 policy: has no value."]],
    ["a list", "- label", ["- The file must have keys of its own."]],
    [
      "a prefix with its slash",
      "commands: {prefix: /cs}",
      ["1 commands.prefix: must be a word of lower-case letters, digits and dashes, without the slash."],
    ],
    [
      "a regular expression",
      "policy: {frozen: ['(a+)+$']}",
      ["1 policy.frozen[0]: letters, digits and . _ - / * ? { } , @ + ~ # = [ ] only."],
    ],
    [
      "several at once, in order",
      "policy: {max_files: 0}\nlabel: ''\nfoo: 1",
      [
        "1 policy.max_files: must be at least 1.",
        "2 label: is not the name of a label.",
        "3 foo: is not a key that is known.",
      ],
    ],
  ])("%s", (_what, text, expected) => expect(problems(text)).toEqual(expected));
});

describe("only the plain part of YAML is read", () => {
  it.each([
    ["duplicate keys", "label: a\nlabel: b", "2 The file names a key twice."],
    ["an anchor", "label: &x a", "1 The file may not use anchors and aliases."],
    ["a second document", "label: a\n---\nlabel: b", "2 The file holds more than one document."],
    ["a tag", "label: !!str a", "1 The file may not use tags."],
    ["a merge key", "<<: {label: a}", "1 <<: is not a key that is known."],
    ["a prototype", "__proto__: {label: a}", "1 __proto__: is not a key that is known."],
    ["a constructor", "constructor: {label: a}", "1 constructor: is not a key that is known."],
    ["size", `# ${"x".repeat(70_000)}`, "- The file has more than 65536 characters."],
    ["depth in brackets", `label: ${"[".repeat(5_000)}`, "- The file is nested too deeply."],
    ["depth in dashes", "- ".repeat(5_000), "- The file is nested too deeply."],
  ])("%s", (_what, text, expected) => expect(problems(text)[0]).toBe(expected));

  it("does not expand a bomb of aliases", () => {
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`);
    const text = ["a0: &a0 [lol]", ...levels].join("\n");
    expect(problems(text)[0]).toContain("anchors and aliases");
  });

  it("lists at most 20 problems", () => {
    expect(problems(Array.from({ length: 100 }, (_, i) => `k${i}: 1`).join("\n"))).toHaveLength(20);
  });

  it("never throws, and what it accepts it accepts again", () => {
    const line = fc.oneof(
      fc.constantFrom(
        "label: x",
        "policy:",
        "  frozen: [a]",
        "- a",
        "? [a]",
        "a: *b",
        "&a b",
        "{",
        "}",
        "[",
        "'",
        '"',
        "|",
        ">",
        "\t",
        "%YAML 1.1",
        "---",
        "...",
      ),
      fc.string(),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const parsed = parseConfig(lines.join("\n"));
        if (!parsed.ok) expect(parsed.error.length).toBeGreaterThan(0);
      }),
      runs(300),
    );
  });
});

describe("the prefix of a file that has problems", () => {
  it.each([
    ["commands: {prefix: cs}\nfoo: 1", "cs"],
    ["commands: {prefix: /cs}", null],
    ["foo: 1", null],
    ["commands: {prefix: cs}\ncommands: {prefix: xx}", null],
    ["[", null],
  ])("%j", (text, prefix) => expect(prefixDespite(text)).toBe(prefix));
});
