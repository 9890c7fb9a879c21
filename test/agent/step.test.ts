// What the configuration in force makes of a role.
import { expect, it } from "vitest";
import { planner } from "../../src/agent/roles/planner.ts";
import { summariser } from "../../src/agent/roles/summariser.ts";
import { stepOf } from "../../src/agent/run-role.ts";

const given = { model: "m", timeoutMs: 1_000 };
const SILENT = { engines: {}, efforts: {}, answers: {}, resets: {} };

it("is the role's own where nobody says otherwise", () => {
  for (const silent of [SILENT, { ...SILENT, answers: { planner: null }, resets: { planner: null } }]) {
    expect(stepOf(planner, silent, given)).toMatchObject({
      engine: "openai",
      effort: null,
      qa: "light",
      loop: { maxIterations: 3, resets: "broken_answers" },
    });
  }
  expect(stepOf(summariser, SILENT, given).loop).toEqual({ maxIterations: 2, resets: "broken_answers" });
});

it("is what is said of that role, and of no other", () => {
  const said = {
    engines: { planner: "other" },
    efforts: { planner: "high" as const },
    answers: { planner: 5 },
    resets: { planner: "nothing" as const },
  };
  expect(stepOf(planner, said, given)).toMatchObject({
    engine: "other",
    effort: "high",
    loop: { maxIterations: 5, resets: "nothing" },
  });
  expect(stepOf(summariser, said, given)).toMatchObject({
    engine: "openai",
    effort: null,
    loop: { maxIterations: 2, resets: "broken_answers" },
  });
});
