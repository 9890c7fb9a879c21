// What makes a delivery stand still, and what makes it go on: a hold, the label, the issue being closed.
import { afterAll, beforeAll, expect, it } from "vitest";
import { PATCHES, toPatches, toPlan } from "../support/on-the-way.ts";
import { mustChangeNothing, quiet, rowOf, somebody, stateOf } from "../support/reading-back.ts";
import { stopBefore } from "../support/stop-before.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const approver = () => world.github.as(PEOPLE.approver);
const holds = async (issue: number) => (await rowOf(world, issue)).holds;
const heldBy = (issue: number, words: RegExp) => world.until(() => words.test(world.status(issue)), `${words.source}`);

it("a hold stops a gate, and lifting it opens the same gate again", async () => {
  const { issue, code } = await toPlan(world);
  expect(await world.say(issue, PEOPLE.approver, "/hold")).toBe("+1");
  await heldBy(issue, /\*\*On hold\*\*.*`\/resume` continues/);
  await quiet(world);
  expect(await holds(issue)).toEqual(["hold"]);
  const login = somebody(world, "impatient", "maintain");
  const refused = await mustChangeNothing(world, issue, () => world.say(issue, login, `/approve ${code}`));
  expect(refused.ledger).toEqual(["command_received", "command.approve: refused: on_hold"]);
  expect(refused.replies).toEqual([
    "Not applied, `impatient`. D-1 is on hold, and commands wait. `/resume` lifts a hold.",
  ]);
  expect(await world.say(issue, PEOPLE.approver, "/resume")).toBe("+1");
  expect(await world.gate(issue, /^\*\*Plan ready/)).toBe(code);
  expect(await world.say(issue, login, `/approve ${code}`)).toBe("+1");
  await world.gate(issue, PATCHES, code);
});

it.each([
  [
    "taking the label off",
    /The label was taken off\. Put it back to continue/,
    "unlabeled",
    (issue: number) => approver().unlabel(issue, "countersign"),
    (issue: number) => approver().label(issue, "countersign"),
  ],
  [
    "closing the issue",
    /The issue is closed\. Reopen it to continue/,
    "issue_closed",
    (issue: number) => approver().closeIssue(issue),
    (issue: number) => approver().reopenIssue(issue),
  ],
] as const)("%s stops everything until it is undone", async (_, words, hold, stop, undo) => {
  const { issue, code } = await toPatches(world);
  const comments = world.ours(issue).length;
  stop(issue);
  await heldBy(issue, words);
  await quiet(world);
  expect(await holds(issue)).toEqual([hold]);
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  const refused = await mustChangeNothing(world, issue, () => world.say(issue, PEOPLE.approver, `/approve ${code}`));
  expect(refused.ledger).toEqual(["command_received", "command.approve: refused: on_hold"]);
  // What would end it, and not `/resume`, which would be refused as well.
  expect(refused.replies[0]).toMatch(words);
  expect(refused.replies[0]).not.toContain("/resume");

  undo(issue);
  expect(await world.gate(issue, PATCHES)).toBe(code);
  await quiet(world);
  expect(await holds(issue)).toEqual([]);
  // No new comment but the refusal's: the gate is the one that it was.
  expect(world.ours(issue)).toHaveLength(comments + 1);
  expect(world.github.contentWrites("countersign")).toEqual([]);
});

it("the label does not come back by the hand of somebody who may not write", async () => {
  const { issue } = await toPlan(world);
  approver().unlabel(issue, "countersign");
  await heldBy(issue, /The label was taken off/);
  world.github.as(PEOPLE.reporter).label(issue, "countersign");
  await quiet(world);
  expect(await holds(issue)).toEqual(["unlabeled"]);
});

it("a resume does not open what was closed by other means", async () => {
  const { issue } = await toPlan(world);
  approver().closeIssue(issue);
  await heldBy(issue, /The issue is closed/);
  await quiet(world);
  const login = somebody(world, "opener", "maintain");
  const refused = await mustChangeNothing(world, issue, () => world.say(issue, login, "/resume"));
  expect(refused.ledger).toEqual(["command_received", "command.resume: refused: on_hold"]);
});

it("a hold while work is under way keeps what comes of it, and shows it only after", async () => {
  const reading = stopBefore(world, "GET", /\/git\/trees\//);
  const issue = world.begin();
  await reading.reached;
  await world.until(() => world.status(issue) !== "", "the status");
  expect(await world.say(issue, PEOPLE.approver, "/hold")).toBe("+1");
  await heldBy(issue, /\*\*On hold\*\*/);
  reading.go();
  await quiet(world);
  const paid = world.model.requests.length;
  expect(world.ours(issue).some(({ body }) => /^\*\*Plan ready/.test(body))).toBe(false);
  expect(await world.say(issue, PEOPLE.approver, "/resume")).toBe("+1");
  await world.gate(issue, /^\*\*Plan ready/);
  expect(world.model.requests.length - paid).toBeLessThanOrEqual(1);
});
