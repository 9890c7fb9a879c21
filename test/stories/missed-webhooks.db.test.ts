// Nobody listens while people act: what GitHub could not hand over is asked for as soon as the app is back.
import { afterEach, expect, it } from "vitest";
import { toPatches } from "../support/on-the-way.ts";
import { expectVerifiedLedger } from "../support/whole-way.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

it("an approval and a label that came while the app was down count when it is back, and count once", async () => {
  world = await openWorld();
  const { github, shop } = world;
  const { issue, code } = await toPatches(world);
  await world.stopApp();

  github.as(PEOPLE.approver).comment(issue, `/approve ${code}`);
  const other = world.begin();
  await github.idle();
  expect(shop.pulls()).toEqual([]);

  await world.startApp();
  const pull = await world.until(() => shop.pulls()[0], "the pull request");
  await world.gate(other, /^\*\*Plan ready/);
  await world.report(pull.head.sha, "success");
  await world.until(() => /It is over/.test(world?.status(issue) ?? ""), "the end");
  await github.idle();

  for (const hook of github.webhooks.find({ app: "countersign" })) {
    expect(new Set(hook.attempts.map(({ guid }) => guid)).size).toBe(1);
    expect(hook.attempts.filter(({ status }) => status === 202)).toHaveLength(1);
  }
  expect(shop.pulls()).toHaveLength(1);
  expect(github.unknownRequests()).toEqual([]);
  await expectVerifiedLedger(world.database.db.sql);
});
