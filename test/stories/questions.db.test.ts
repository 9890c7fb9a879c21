// A plan that hangs on an answer asks people first; what an approver answers comes back to the planner beside what was asked.
import { desc } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { answer } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { gates } from "../../src/db/schema.ts";
import { quiet, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

const ASKED = "Shall ß become `ss` or `s`? @mona may know.";
const ASIDE = "Is the issue urgent?";
const ANSWER = "It becomes ss, as in the dictionary.";

const Plan = z.looseObject({ kind: z.literal("answer"), value: z.record(z.string(), z.unknown()) });
const unsure = answer({
  ...Plan.parse(HAPPY_ANSWERS.plan).value,
  questions: [
    { text: ASKED, changesPlan: true },
    { text: ASIDE, changesPlan: false },
  ],
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ answers: { ...HAPPY_ANSWERS, plan: [unsure, HAPPY_ANSWERS.plan] } });
});
afterAll(() => world.close());

const prompts = () => world.model.requests.filter(({ role }) => role === "plan").map(({ prompt }) => prompt);

it("asks before anything else happens, and plans again with question and answer", async () => {
  const issue = world.begin();
  await world.until(() => /questions before the plan/.test(world.status(issue)), "the questions");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("plan/blocked(questions)");
  const note = world.ours(issue).find(({ body }) => body.startsWith("**Questions first.**"))?.body ?? "";
  for (const text of [note, world.status(issue)]) {
    expect(text).toContain("Shall ß become `ss` or `s`?");
    expect(text).not.toContain(ASIDE);
    expect(text).not.toMatch(/(?<!`)@mona/);
    expect(text).toContain("`/revise` and your answers make a new plan");
  }
  const [gate] = await world.database.db.sql.select().from(gates).orderBy(desc(gates.id)).limit(1);
  expect(gate).toMatchObject({ gate: "G1", passed: false, evidence: { verdict: "questions", questions: [ASKED] } });
  expect(await world.say(issue, PEOPLE.approver, "/approve")).toBe("confused");

  expect(await world.say(issue, PEOPLE.approver, `/revise ${ANSWER}`)).toBe("+1");
  await world.gate(issue, /^\*\*Plan ready/);
  await quiet(world);
  const [first, second, ...more] = prompts();
  expect(more).toEqual([]);
  expect(first).not.toContain("What the last plan asked");
  expect(second).toContain(ASKED);
  expect(second).not.toContain(ASIDE);
  expect(second).toContain(ANSWER);
});
