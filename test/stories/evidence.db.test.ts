// The evidence for each criterion: what green checks prove is proven, the rest waits for an approver, and the result says which.
import { afterAll, beforeAll, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { PlanDocument } from "../../src/artifacts/plan.ts";
import { toPull } from "../support/on-the-way.ts";
import { ledgerOf, mustChangeNothing, quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

const happy = HAPPY_ANSWERS.plan;
const plan = PlanDocument.parse(happy.kind === "answer" ? happy.value : null);
const WITH_LOOKS: PlanDocument = {
  ...plan,
  criteria: [
    ...plan.criteria,
    { id: "AC-4", text: "The address line of the page is readable.", check: "a look at the page" },
    { id: "AC-5", text: "The partners were told.", check: "by hand" },
  ],
};

let world: World;
const open = async () => {
  world = await openWorld({ answers: { ...HAPPY_ANSWERS, plan: answer(WITH_LOOKS) } });
};
beforeAll(open);
afterAll(() => world.close());

const NOT_PROVEN = /^\*\*Not every criterion is proven\.\*\*/;
const resultOf = (issue: number) =>
  world.ours(issue).find(({ body }) => /^\*\*(Ready to merge|Merged)\*\*/.test(body))?.body;

const toUnproven = async () => {
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  await world.until(() => world.ours(issue).some(({ body }) => NOT_PROVEN.test(body)), "what is not proven");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(unproven)");
  return { issue, pull };
};

it("waits with what no check proves until an approver has accepted each of it", async () => {
  const { issue } = await toUnproven();
  const note = world.ours(issue).find(({ body }) => NOT_PROVEN.test(body))?.body ?? "";
  expect(note).toContain("- **AC-4** The address line of the page is readable. Checked by: a look at the page.");
  expect(note).toContain("**AC-5**");
  expect(note).not.toContain("**AC-1**");
  expect(note).toContain("`/accept AC-4` accepts that one without other evidence");
  expect(resultOf(issue)).toBeUndefined();
  expect(world.shop.issue(issue).labels.map(({ name }) => name)).toContain("countersign:needs-human");

  const refused = await mustChangeNothing(world, issue, () => world.say(issue, PEOPLE.approver, "/accept AC-1"));
  expect(refused.replies).toEqual([
    "Not applied, `octocat`. `AC-1` does not wait to be accepted. What does: `AC-4` and `AC-5`.",
  ]);
  expect(await world.say(issue, PEOPLE.reporter, "/accept AC-4")).toBe("confused");
  expect(await world.say(issue, PEOPLE.approver, "/accept AC-4")).toBe("+1");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(unproven)");
  expect(await world.say(issue, PEOPLE.approver, "/accept ac-5")).toBe("+1");
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");

  const result = resultOf(issue) ?? "";
  expect(result).toContain("**Done means**, 3 of 5 proven, 2 accepted by people");
  expect(result).toMatch(/\| AC-1 \| .* \| \[`test`\]\(\S+\) is green, with the tests of `test\/slug.test.js` \|/);
  expect(result).toMatch(/\| AC-4 \| .* \| accepted by `octocat`, .*, without other evidence \|/);
  const { id } = await rowOf(world, issue);
  const told = await ledgerOf(world, `D-${id}`);
  expect(told.filter((entry) => entry === "criterion_accepted")).toHaveLength(2);
});

it("several are accepted in one comment, and a merge by people does not stand for it", async () => {
  const { issue, pull } = await toUnproven();
  world.github.as(PEOPLE.owner).mergePull(pull.number);
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(unproven)");
  expect(await world.say(issue, PEOPLE.approver, "/accept AC-4\n/accept AC-5")).toBe("+1");
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  expect(resultOf(issue)).toMatch(/^\*\*Merged\*\*/);
});

it("a merge that nobody watched, because the checks were red before, is held against the criteria as well", async () => {
  // What the test before merged is in the base by now: the same edits would change nothing there.
  await world.close();
  await open();
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "failure");
  await world.until(() => world.ours(issue).some(({ body }) => /^\*\*Checks failed on/.test(body)), "the note");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/failed(ci_red)");
  await world.report(pull.head.sha, "success");
  world.github.as(PEOPLE.owner).mergePull(pull.number);
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(unproven)");
  await world.until(() => world.ours(issue).some(({ body }) => NOT_PROVEN.test(body)), "what is not proven");
  expect(await world.say(issue, PEOPLE.approver, "/accept AC-4\n/accept AC-5")).toBe("+1");
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  expect(resultOf(issue)).toMatch(/^\*\*Merged\*\*/);
});
