// Webhooks that are lost without a trace: what people did meanwhile is found by looking, and what needs their word again is said.
import { afterAll, beforeAll, expect, it } from "vitest";
import { nextSecond, toPlan, toPull } from "../support/on-the-way.ts";
import { quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { expectVerifiedLedger } from "../support/whole-way.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
let ahead = 0;
beforeAll(async () => {
  const clock = () => new Date(Date.now() + ahead);
  world = await openWorld({ clock, githubClock: clock });
});
afterAll(() => world.close());

const approver = () => world.github.as(PEOPLE.approver);
const lose = (event: string, action: string) => world.github.webhooks.lose({ event, action, app: "countersign" });
const result = (issue: number, words: RegExp) => world.ours(issue).find(({ body }) => words.test(body));

/** As after an hour: GitHub's record is gone through, then everything that is open is looked at. */
const anHourLater = async () => {
  await quiet(world);
  ahead += 3_700_000;
  const { db } = world.database;
  await db.transaction((tx) => tx.enqueue("recover", {}));
  await quiet(world);
  await db.transaction((tx) => tx.enqueue("sweep", {}));
  await quiet(world);
};

it("a closed issue, a command and a label of which GitHub told nothing", async () => {
  const { issue, code } = await toPlan(world);
  lose("issue_comment", "created");
  approver().comment(issue, `/approve ${code}`);
  lose("issues", "closed");
  approver().closeIssue(issue);
  lose("issues", "labeled");
  const other = world.begin({ title: "Another wish" });
  await nextSecond();
  // The first look at a repository comes an hour after it was met.
  await anHourLater();
  await anHourLater();

  expect((await rowOf(world, issue)).holds).toEqual(["issue_closed"]);
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
  expect(world.status(issue)).toMatch(
    /A command of `octocat` \(.+\) never reached this app, so nothing was done on it: GitHub did not hand it over\. Post it again\./,
  );
  expect(world.ours(other).map(({ body }) => body.split("\n")[0])).toEqual([
    expect.stringMatching(/^Not started\. `octocat` put the label on \(.+\), and GitHub never handed that over/),
  ]);

  await anHourLater();
  expect(world.ours(other)).toHaveLength(1);
  approver().reopenIssue(issue);
  await quiet(world);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await world.gate(issue, /^\*\*Patches ready/, code);
  await quiet(world);
  expect(world.status(issue)).not.toContain("never reached this app");

  approver().unlabel(other, "countersign");
  approver().label(other, "countersign");
  await world.gate(other, /^\*\*Plan ready/);
  await expectVerifiedLedger(world.database.db.sql);
});

it("a merge after the end of which GitHub told nothing is recorded all the same", async () => {
  const main = world.shop.head();
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  await world.until(() => result(issue, /^\*\*Ready to merge/), "the result");
  await quiet(world);
  lose("pull_request", "closed");
  approver().mergePull(pull.number);
  ahead += 23 * 3_600_000;
  await anHourLater();
  await world.until(() => result(issue, /^\*\*Merged\*\*/), "the result");
  expect(world.status(issue)).toMatch(/^### Countersign D-\d+: merged\n/);
  world.github.as(PEOPLE.owner).forcePush("main", main ?? "");
});

it("a pull request that was closed after its checks were red, and opened again after a start", async () => {
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "failure");
  await world.until(() => result(issue, /^\*\*Checks failed on/), "the note");
  await quiet(world);
  lose("pull_request", "closed");
  approver().closeIssue(pull.number);
  await anHourLater();
  expect(await stateOf(world, issue)).toBe("verify/blocked(pr_closed)");
  lose("pull_request", "reopened");
  approver().reopenIssue(pull.number);
  await world.restart();
  await world.database.db.transaction((tx) => tx.enqueue("sweep", {}));
  await world.until(() => /its checks are watched|Checks failed/.test(world.status(issue)), "the watch");
  await quiet(world);
  expect((await rowOf(world, issue)).phase).toBe("verify");
});
