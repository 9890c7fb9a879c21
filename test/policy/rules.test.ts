import { describe, expect, it } from "vitest";
import { mustQuoteCode, RULE_NAMES, RULES } from "../../src/policy/rules.ts";

const of = (...rules: string[]) => mustQuoteCode(rules.map((rule) => ({ rule })));

describe("mustQuoteCode", () => {
  it("asks for the code where something runs elsewhere", () => {
    expect(of("build-scripts")).toBe(true);
    expect(of("line-endings", "build-scripts")).toBe(true);
  });

  it("asks for the code where a configuration made a warning of what blocks by default", () => {
    const blocking = RULE_NAMES.filter((name) => RULES[name].severity === "block");
    expect(blocking.length).toBeGreaterThan(20);
    expect(blocking.filter((name) => !of(name))).toEqual([]);
  });

  it("asks for nothing where nothing was found, or what is ordinary", () => {
    expect(of()).toBe(false);
    expect(of("dependency-changes", "line-endings", "test-removal")).toBe(false);
  });

  it("asks for the code where a rule is not known, and is not misled by names that every object has", () => {
    expect(of("of-an-older-version")).toBe(true);
    expect(of("constructor")).toBe(true);
  });
});
