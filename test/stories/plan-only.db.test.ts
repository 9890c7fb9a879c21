// A delivery that is asked for the plan alone: by the label before it begins, by the label later, and by command.
import { afterAll, beforeAll, expect, it } from "vitest";
import { ISSUE } from "../../demo/repository/demo-repository.ts";
import { PATCHES, toPatches, toPlan } from "../support/on-the-way.ts";
import { mustChangeNothing, quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const approver = () => world.github.as(PEOPLE.approver);
const exitOf = async (issue: number) => (await rowOf(world, issue)).exitPhase;

/** Approves the plan and waits for the end; nothing may be written on the way. */
const mustEndWithThePlan = async (issue: number, code: string): Promise<void> => {
  const paid = world.model.requests.length;
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  expect(world.ours(issue).at(-1)?.body).toMatch(/^\*\*Plan approved\.\*\* .*no patches were made/);
  expect(world.model.requests).toHaveLength(paid);
  expect(world.github.contentWrites("countersign")).toEqual([]);
  expect(world.shop.issue(issue).state).toBe("open");
};

it("the label, put on before the one that starts, ends it with the plan", async () => {
  const { number: issue } = world.github.as(PEOPLE.reporter).openIssue(ISSUE);
  approver().label(issue, "countersign:plan-only");
  approver().label(issue, "countersign");
  const code = await world.gate(issue, /^\*\*Plan ready[\s\S]*ends the delivery: it was asked for the plan alone/);
  expect(world.status(issue)).toContain("**plan (waiting)** / close");
  await mustEndWithThePlan(issue, code);
});

it("the label, put on at the plan, shortens what was to go further, and taking it off changes nothing", async () => {
  const { issue, code } = await toPlan(world);
  expect(await exitOf(issue)).toBe("verify");
  approver().label(issue, "countersign:plan-only");
  await world.until(() => world.status(issue).includes("**plan (waiting)** / close"), "the shorter way");
  approver().unlabel(issue, "countersign:plan-only");
  await quiet(world);
  expect(await exitOf(issue)).toBe("plan");
  expect(await world.gate(issue, /it was asked for the plan alone/)).toBe(code);
  await mustEndWithThePlan(issue, code);
});

it("the label comes too late once the plan is passed", async () => {
  const { issue, code } = await toPatches(world);
  approver().label(issue, "countersign:plan-only");
  await quiet(world);
  expect(await exitOf(issue)).toBe("verify");
  expect(await world.gate(issue, PATCHES)).toBe(code);
});

it("the command shortens, and says why where it cannot", async () => {
  const { issue, code } = await toPlan(world);
  expect(await world.say(issue, PEOPLE.approver, "/exit review")).toBe("+1");
  await world.until(() => world.status(issue).includes("review / close"), "the shorter way");
  const refused = await mustChangeNothing(world, issue, () => world.say(issue, PEOPLE.approver, "/exit verify"));
  expect(refused.ledger).toEqual(["command_received", "command.exit: refused: exit_not_nearer"]);
  expect(refused.replies).toEqual([
    "Not applied, `octocat`. D-4 ends after review already. `/exit` only ends it earlier; to go further, change `exit_phase` and start a new delivery.",
  ]);
  expect(await world.say(issue, PEOPLE.reporter, "/exit plan")).toBe("confused");
  expect(await exitOf(issue)).toBe("review");
  expect(await world.say(issue, PEOPLE.approver, "/exit plan")).toBe("+1");
  await mustEndWithThePlan(issue, code);
});
