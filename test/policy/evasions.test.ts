import { describe, expect, it } from "vitest";
import { judge } from "../../src/policy/judge.ts";
import { proposalOf } from "../../src/policy/proposal.ts";
import { quote } from "../../src/policy/rule.ts";
import { RULES } from "../../src/policy/rules.ts";
import { DEFAULT_POLICY } from "../../src/policy/settings.ts";
import { EVASIONS } from "./evasions.ts";

describe("evasions", () => {
  it("are many, and none is told twice", () => {
    expect(EVASIONS.length).toBeGreaterThanOrEqual(80);
    expect(new Set(EVASIONS.map(({ what, rule }) => `${rule}: ${what}`)).size).toBe(EVASIONS.length);
  });

  it.each(EVASIONS)("$what: $rule sees it", async ({ rule, changes, base }) => {
    const { verdict, violations } = await judge(proposalOf(changes, base), DEFAULT_POLICY);
    expect(violations.map((found) => found.rule)).toContain(rule);
    if (RULES[rule].severity === "block") expect(verdict).toBe("block");
    // The words, the place and the company: what people read.
    expect(
      violations.map(
        (found) => `${found.severity} ${found.rule} ${quote(found.path ?? "", 60)}:${found.line} ${found.message}`,
      ),
    ).toMatchSnapshot();
  });
});
