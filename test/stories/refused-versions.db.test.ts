// An approval is for one version: what was written for another, or before all of it was shown, counts for nothing.
import { afterAll, beforeAll, expect, it } from "vitest";
import { mustChangeNothing, quiet, somebody, stateOf, verdictOn } from "../support/reading-back.ts";
import { stopBefore } from "../support/stop-before.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const PLAN = /^\*\*Plan ready/;
const PATCHES = /^\*\*Patches ready/;

it("an approval for the version before is stale, its code superseded, and the comment of that version is folded", async () => {
  const issue = world.begin();
  const first = await world.gate(issue, PLAN);
  const shown = world.ours(issue).find(({ body }) => PLAN.test(body));
  const [late, quick] = [somebody(world, "late", "maintain"), somebody(world, "quick", "maintain")];

  // Written while plan 1 was shown; GitHub tells of it only when plan 2 is.
  world.github.webhooks.drop({ event: "issue_comment" });
  const written = world.github.as(late).comment(issue, "/approve");
  const lost = world.github.webhooks.log.findLast(({ event }) => event === "issue_comment");

  expect(await world.say(issue, PEOPLE.approver, "/revise Say what happens to old addresses.")).toBe("+1");
  const second = await world.gate(issue, PLAN, first);
  expect(second).not.toBe(first);

  const stale = await mustChangeNothing(world, issue, async () => {
    if (lost !== undefined) world.github.webhooks.replay(lost, "same");
    await quiet(world);
    expect(verdictOn(world, issue, written.id)).toBe("confused");
  });
  expect(stale.ledger).toEqual(["command_received", "command.approve: refused: stale"]);
  expect(stale.replies.join().replaceAll(/\d\d:\d\d UTC/g, "TIME")).toBe(
    `Not applied, \`late\`. You wrote \`/approve\` at TIME, before plan 2 was shown (TIME). Look at it and approve that: \`/approve ${second}\``,
  );

  const superseded = await mustChangeNothing(world, issue, async () =>
    expect(await world.say(issue, quick, `/approve ${first}`)).toBe("confused"),
  );
  expect(superseded.ledger).toEqual(["command_received", "command.approve: refused: superseded_code"]);
  expect(superseded.replies).toEqual([
    `Not applied, \`quick\`. \`${first}\` stands for a version that was replaced. Look at the one that is shown now: \`/approve ${second}\``,
  ]);

  const old = world.ours(issue).find((comment) => comment.id === shown?.id);
  expect(old?.body).toMatch(/^\*\*Replaced\*\* by \[plan 2\]\(.*\)\. Commands here no longer apply\./);
  expect(old?.minimized).toBe("outdated");
  expect(old?.body).not.toContain("/approve");
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
});

it("an approval that comes while the gate is being shown is refused, and counts when it is given again", async () => {
  const issue = world.begin();
  const plan = await world.gate(issue, PLAN);
  const comment = stopBefore(world, "POST", new RegExp(`/issues/${issue}/comments$`));
  await world.say(issue, PEOPLE.approver, `/approve ${plan}`);
  await comment.reached;
  const run = world.shop.checkRuns().findLast(({ name }) => name === `countersign / D-${issue} / patch set 1`);

  const login = somebody(world, "hasty", "maintain");
  const button = run?.actions.find(({ identifier }) => identifier.startsWith("approve:"));
  world.github.as(login).clickCheckAction(run?.id ?? 0, button?.identifier ?? "");
  const { id } = world.github.as(login).comment(issue, "/approve");
  expect(await world.until(() => verdictOn(world, issue, id), "the verdict")).toBe("confused");
  expect(await stateOf(world, issue)).toBe("review/pending");
  expect(world.github.contentWrites("countersign")).toEqual([]);

  comment.go();
  const patches = await world.gate(issue, PATCHES, plan);
  await quiet(world);
  expect(world.ours(issue).filter(({ body }) => body.startsWith("Not applied"))).toEqual([
    expect.objectContaining({
      body: expect.stringContaining(
        "What is to be decided was still being posted. Read it, then give the command again.",
      ),
    }),
  ]);
  expect(await world.say(issue, login, `/approve ${patches}`)).toBe("+1");
  await world.until(() => world.shop.pulls().length === 1, "the pull request");
});
