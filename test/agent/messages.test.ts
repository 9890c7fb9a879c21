// What a question may cost, before anybody has counted.
import { expect, it } from "vitest";
import { z } from "zod";
import { LOOK_TOOLS } from "../../src/agent/look/tools.ts";
import { estimateForm, estimateTokens } from "../../src/agent/messages.ts";
import { analyst } from "../../src/agent/roles/analyst.ts";
import { fullJudge, judge } from "../../src/agent/roles/judge.ts";
import { planner } from "../../src/agent/roles/planner.ts";
import { proposer } from "../../src/agent/roles/proposer.ts";
import { summariser } from "../../src/agent/roles/summariser.ts";
import { triage } from "../../src/agent/roles/triage.ts";

const tokens = (content: string): number => estimateTokens([{ role: "user", content }]);

it("four characters of English are a token", () => {
  expect(tokens("the address of a product")).toBe(6);
});

it("a character of a script of thousands is one: an issue in Chinese or full of signs is not set aside at a quarter of its cost", () => {
  expect(tokens("商品地址丢失了重音字母")).toBeGreaterThanOrEqual(11);
  expect(tokens("🚀🔥✅🎉")).toBeGreaterThanOrEqual(4);
  expect(tokens("Łódź")).toBeLessThanOrEqual(4);
});

it("counts what a call of a tool was given", () => {
  const toolCalls = [{ id: "1", name: "search", arguments: "商".repeat(40) }];
  expect(estimateTokens([{ role: "assistant", content: "", toolCalls }])).toBeGreaterThanOrEqual(40);
});

it("counts what goes with every call: the schema of the answer, and what may be looked with", () => {
  const small = z.strictObject({ a: z.string() });
  const large = z.strictObject({ a: z.string().describe("x".repeat(400)) });
  expect(estimateForm(small, [])).toBeGreaterThan(20);
  expect(estimateForm(large, []) - estimateForm(small, [])).toBeGreaterThanOrEqual(100);
  expect(estimateForm(small, LOOK_TOOLS) - estimateForm(small, [])).toBeGreaterThan(100);
});

it("has an estimate of each role's form", () => {
  for (const { schema } of [triage, planner, proposer, judge, fullJudge, summariser, analyst]) {
    expect(estimateForm(schema, [])).toBeGreaterThan(30);
  }
});
