// What an approver says of one file goes to the task that it is about; what stands on that is made anew, and nothing else.
import { afterAll, beforeAll, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS, LETTERS, SHOP_FIX } from "../../demo/repository/demo-repository.ts";
import { quiet } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ answers: HAPPY_ANSWERS });
});
afterAll(() => world.close());

const summary = "Accented letters are written as plain letters before the address is made.";
const moreTests = SHOP_FIX.map((edit) =>
  edit.kind === "replace" && edit.task === "T2"
    ? { ...edit, replace: edit.replace?.replace("Rød stol", "Blød stol").replace("rod-stol", "blod-stol") }
    : edit,
);
const noTurkish = moreTests.map((edit) =>
  edit.kind === "create" ? { ...edit, content: LETTERS.replace(/.*"ı".*\n/, "") } : edit,
);

const prompts = () => world.model.requests.filter(({ role }) => role === "edits").map(({ prompt }) => prompt);
const tasksFrom = (first: number) =>
  prompts()
    .slice(first)
    .map((prompt) => /Your task is (T\d)/.exec(prompt)?.[1]);

/** Says it, and waits for the version that comes of it; answers what the comment shows. */
const revised = async (issue: number, words: string, version: number): Promise<string> => {
  expect(await world.say(issue, PEOPLE.approver, `/revise ${words}`)).toBe("+1");
  const shown = () =>
    world
      .ours(issue)
      .find(({ body }) => body.startsWith("**Patches ready") && body.includes(`(patch set ${version} of`));
  const { body } = await world.until(shown, `version ${version}`);
  await quiet(world);
  return body;
};

it("asks the task that the words are about, and those that stand on it", async () => {
  const issue = world.begin();
  const plan = await world.gate(issue, /^\*\*Plan ready/);
  await world.say(issue, PEOPLE.approver, `/approve ${plan}`);
  await world.gate(issue, /^\*\*Patches ready/);
  await quiet(world);
  expect(tasksFrom(0)).toEqual(["T1", "T2"]);

  world.model.say("edits", answer({ summary, edits: moreTests }));
  const second = await revised(issue, "In `test/slug.test.js` try a word that has ø in the middle.", 2);
  expect(tasksFrom(2)).toEqual(["T2"]);
  expect(prompts().at(-1)).toContain("try a word that has ø in the middle");
  // What T1 made stands, and is in the version all the same.
  expect(second).toContain("Blød stol");
  expect(second).toContain("export function plainLetters");

  world.model.say("edits", answer({ summary, edits: noTurkish }));
  const third = await revised(issue, "Leave ı out of `src/letters.js`, it is no accent.", 3);
  expect(tasksFrom(3)).toEqual(["T1", "T2"]);
  expect(third).toContain("Blød stol");
  expect(third).not.toContain('+  ["ı"');
});
