import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RULE_NAMES, RULES } from "../../src/policy/rules.ts";
import { DEFAULT_POLICY, PolicySettings, stricter } from "../../src/policy/settings.ts";
import { runs } from "../support/runs.ts";

describe("PolicySettings", () => {
  it("defaults each rule to the severity of the registry, and fixes the fixed ones", () => {
    for (const rule of RULE_NAMES) {
      expect([rule, DEFAULT_POLICY[rule]]).toEqual([rule, RULES[rule].severity]);
      expect(PolicySettings.safeParse({ [rule]: "block" }).success).toBe(true);
      expect([rule, PolicySettings.safeParse({ [rule]: "warn" }).success]).toEqual([rule, !RULES[rule].fixed]);
    }
  });

  it.each<[string, object]>([
    ["an unknown rule", { "no-such-rule": "warn" }],
    ["an unknown word", { "ci-files": "off" }],
    ["a limit that is no number", { max_files: "many" }],
    ["a limit of nothing", { max_files: 0 }],
    ["a limit beyond what can be shown", { max_lines: 1_000_000 }],
    ["an unsafe pattern", { frozen: ["(a+)+"] }],
    ["a registry with a path", { registries: ["https://npm.example/x"] }],
    ["a registry in upper case", { registries: ["NPM.example"] }],
    ["a name of the prototype", JSON.parse('{"__proto__x": 1, "constructor": "warn"}')],
  ])("refuses %s", (_, settings) => {
    expect(PolicySettings.safeParse(settings).success).toBe(false);
  });
});

const settings = fc
  .record({
    "ci-files": fc.constantFrom("warn", "block"),
    secrets: fc.constantFrom("warn", "block"),
    "test-removal": fc.constantFrom("warn", "block"),
    max_files: fc.integer({ min: 1, max: 300 }),
    max_line_length: fc.integer({ min: 40, max: 10_000 }),
    max_deleted_files: fc.integer({ min: 0, max: 300 }),
    frozen: fc.uniqueArray(fc.constantFrom("a", "b/**", "c")),
    registries: fc.uniqueArray(fc.constantFrom("a.example", "b.example")),
  })
  .map((given) => PolicySettings.parse(given));

describe("stricter", () => {
  it("takes the stricter of each, whichever comes first", () => {
    const a = PolicySettings.parse({
      "ci-files": "warn",
      max_files: 10,
      frozen: ["x"],
      registries: ["a.example", "b.example"],
    });
    const b = PolicySettings.parse({
      "test-removal": "block",
      max_files: 20,
      max_lines: 5,
      frozen: ["y"],
      registries: ["b.example"],
    });
    const expected = {
      "ci-files": "block",
      "test-removal": "block",
      max_files: 10,
      max_lines: 5,
      frozen: ["x", "y"],
      registries: ["b.example"],
    };
    expect(stricter(a, b)).toMatchObject(expected);
    expect(stricter(b, a)).toEqual(stricter(a, b));
  });

  it("is commutative, associative, and changes nothing when both are equal", () => {
    fc.assert(
      fc.property(settings, settings, settings, (a, b, c) => {
        const sorted = (one: PolicySettings) => ({ ...one, registries: [...one.registries].sort() });
        expect(sorted(stricter(a, b))).toEqual(sorted(stricter(b, a)));
        expect(sorted(stricter(a, stricter(b, c)))).toEqual(sorted(stricter(stricter(a, b), c)));
        expect(sorted(stricter(a, a))).toEqual({ ...sorted(a), frozen: [...a.frozen].sort() });
      }),
      runs(100),
    );
  });
});
