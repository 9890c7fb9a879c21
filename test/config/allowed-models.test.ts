// Which models a repository may name under an operator's ceiling.
import { describe, expect, it } from "vitest";
import { parseCeiling, withinCeiling } from "../../src/config/ceiling.ts";
import { parseConfig } from "../../src/config/parse.ts";

const under = (file: string, bound: string) => {
  const [config, ceiling] = [parseConfig(file), parseCeiling(bound)];
  if (!config.ok || !ceiling.ok) throw new Error("unusable");
  return withinCeiling(config.value, ceiling.value);
};

const asked = (model: string): string => `agent: {models: {planner: "${model}"}}`;
const allowed = (...patterns: string[]): string => `agent: {allowed_models: ${JSON.stringify(patterns)}}`;

describe("models that an operator allows", () => {
  it.each([
    ["gpt-5", ["gpt-5"], true],
    ["gpt-5-mini", ["gpt-5"], false],
    ["gpt-5-mini", ["gpt-5*"], true],
    ["my-gpt-5", ["gpt-5*"], false],
    ["gpt-4o-2024-08-06", ["gpt-*-2024-*"], true],
    ["gpt-2024-", ["gpt-*-2024-*"], false],
    ["aa", ["a*a"], true],
    ["a", ["a*a"], false],
    ["abab", ["ab*ab*ab"], false],
    ["anything", ["*"], true],
    ["anything", [], false],
    ["GPT-5", ["gpt-5"], false],
  ])("%s under %j: %s", (model, patterns, isAllowed) => {
    const { config, tightened } = under(asked(model), allowed(...patterns));
    expect(config.agent.models.planner).toBe(isAllowed ? model : null);
    expect(tightened).toEqual(isAllowed ? [] : [{ key: "agent.models.planner", asked: model, given: null }]);
  });

  it("those that the ceiling itself names are, in whatever order it says so", () => {
    const named = "agent: {models: {planner: big}, allowed_models: [small]}";
    const turned = "agent: {allowed_models: [small], models: {planner: big}}";
    for (const bound of [named, turned]) {
      expect(under(asked("other"), bound).config.agent.models.planner).toBe("big");
      expect(under("", bound).config.agent.models.planner).toBe("big");
    }
  });

  it("bounds nothing where the ceiling does not say it, whatever the repository allows itself", () => {
    const file = 'agent: {models: {planner: big}, allowed_models: ["*"]}';
    expect(under(file, allowed("small")).config.agent.models.planner).toBeNull();
    expect(under(file, "").config.agent.models.planner).toBe("big");
  });
});
