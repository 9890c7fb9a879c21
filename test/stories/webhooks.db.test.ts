// Webhooks as GitHub really sends them: twice, again under another GUID, in any order, late, or not at all. Nothing happens twice.
import { afterAll, beforeAll, expect, it } from "vitest";
import { PATCHES, PLAN, toPatches, toPlan, toPull } from "../support/on-the-way.ts";
import {
  deliveriesOf,
  ledgerOf,
  mustChangeNothing,
  outcomesOf,
  quiet,
  rowOf,
  stateOf,
} from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** More than one delivery brings about; what is left over doubles webhooks of the stories after it. */
const MANY = 60;

const ofOurs = () => world.github.webhooks.log.filter(({ app }) => app === "countersign");

it("everything twice, from the label to the result, leaves one of each", async () => {
  world.github.webhooks.duplicate({}, MANY);
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  await world.until(() => world.ours(issue).some(({ body }) => /^\*\*Ready to merge\*\*/.test(body)), "the result");
  await quiet(world);
  expect(await deliveriesOf(world, issue)).toHaveLength(1);
  expect(world.ours(issue)).toHaveLength(4);
  expect(world.shop.pulls()).toHaveLength(1);
  const runs = world.shop.checkRuns().filter(({ app }) => app?.slug === "countersign");
  expect(new Set(runs.map(({ external_id }) => external_id)).size).toBe(runs.length);
  const { id } = await rowOf(world, issue);
  expect((await ledgerOf(world, `D-${id}`)).filter((entry) => entry === "approval_recorded")).toHaveLength(2);

  // And all of it once more, as somebody who recorded the signed bodies could send it.
  const everything = ofOurs();
  const left = await mustChangeNothing(world, issue, () => {
    for (const hook of everything) world.github.webhooks.replay(hook, "new");
  });
  expect(left).toEqual({ ledger: [], replies: [] });
  expect(await deliveriesOf(world, issue)).toHaveLength(1);
});

it("in reverse order: the comment before the label that made it count, the label before the issue", async () => {
  world.github.webhooks.pause();
  const { number } = world.github.as(PEOPLE.reporter).openIssue({ title: "Backwards", body: "The last is the first." });
  world.github.as(PEOPLE.approver).label(number, "countersign");
  world.github.as(PEOPLE.approver).comment(number, "/status");
  world.github.webhooks.resume("reversed");
  await toPlan(world, number);
  expect(await deliveriesOf(world, number)).toHaveLength(1);
  expect(await outcomesOf(world, "issue_comment", "created")).not.toContain("unprocessed");
});

it("a hold and its end in the wrong order leave what is so now", async () => {
  const { issue } = await toPlan(world);
  world.github.webhooks.pause();
  world.github.as(PEOPLE.approver).closeIssue(issue);
  world.github.as(PEOPLE.approver).unlabel(issue, "countersign");
  world.github.as(PEOPLE.approver).label(issue, "countersign");
  world.github.as(PEOPLE.approver).reopenIssue(issue);
  world.github.webhooks.resume("reversed");
  await quiet(world);
  expect((await rowOf(world, issue)).holds).toEqual([]);
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
  await world.gate(issue, PLAN);
});

it("a label whose webhook was lost is heard when it is put on again", async () => {
  const { number } = world.github.as(PEOPLE.reporter).openIssue({ title: "Lost", body: "Nobody heard it." });
  world.github.webhooks.drop({ event: "issues", action: "labeled" });
  world.github.as(PEOPLE.approver).label(number, "countersign");
  await quiet(world);
  expect(await deliveriesOf(world, number)).toEqual([]);
  world.github.as(PEOPLE.approver).unlabel(number, "countersign");
  world.github.as(PEOPLE.approver).label(number, "countersign");
  await toPlan(world, number);
  expect(await deliveriesOf(world, number)).toHaveLength(1);
});

it("a label event that comes when the label is gone begins nothing", async () => {
  world.github.webhooks.pause();
  const { number } = world.github.as(PEOPLE.reporter).openIssue({ title: "Withdrawn", body: "On and off." });
  world.github.as(PEOPLE.approver).label(number, "countersign");
  world.github.as(PEOPLE.approver).unlabel(number, "countersign");
  world.github.webhooks.resume();
  await quiet(world);
  expect(await deliveriesOf(world, number)).toEqual([]);
  expect(world.ours(number)).toEqual([]);
});

it("an approval that comes twice, and again under another GUID, is one", async () => {
  const { issue, code } = await toPlan(world);
  world.github.webhooks.duplicate({ event: "issue_comment", action: "created" });
  await world.say(issue, PEOPLE.approver, `/approve ${code}`);
  const hook = world.github.webhooks
    .find({ event: "issue_comment", action: "created", app: "countersign" })
    .findLast(({ body }) => body.includes(`/approve ${code}`));
  await world.gate(issue, PATCHES, code);
  const again = await mustChangeNothing(world, issue, () => {
    if (hook !== undefined) world.github.webhooks.replay(hook, "new");
  });
  expect(again).toEqual({ ledger: [], replies: [] });
});

it("checks that report before the pull request is known are not missed", async () => {
  const { issue, code } = await toPatches(world);
  const { id } = await rowOf(world, issue);
  world.github.webhooks.drop({ event: "check_run" }, 20);
  world.github.webhooks.drop({ event: "check_suite" }, 20);
  // CI that starts at the push: its checks are green before the pull request is opened.
  world.github.faults.add(
    { method: "POST", path: /\/pulls$/, app: "countersign" },
    {
      kind: "meanwhile",
      run: async () => {
        const sha = world.shop.head(`countersign/d-${id}`);
        if (sha !== null) await world.report(sha, "success");
      },
    },
  );
  await world.say(issue, PEOPLE.approver, `/approve ${code}`);
  await world.until(() => world.ours(issue).some(({ body }) => /^\*\*Ready to merge\*\*/.test(body)), "the result");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
});
