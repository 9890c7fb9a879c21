// A label that does not become a delivery: one comment that says why, one entry in the repository's ledger, no row.
import { afterEach, beforeEach, expect, it } from "vitest";
import { sources } from "../../src/db/schema.ts";
import { nextSecond, PLAN } from "../support/on-the-way.ts";
import { deliveriesOf, ledgerOf, quiet, wordsOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const configure = (text: string) => world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": text });
const open = (issue: { title: string; body?: string } = { title: "A defect", body: "It does not work." }) =>
  world.github.as(PEOPLE.reporter).openIssue(issue).number;
const label = (issue: number, login: string = PEOPLE.approver) => world.github.as(login).label(issue, "countersign");

/** Waits until all is quiet, and answers the one comment; anything else that was left behind fails the story. */
const turnedAway = async (issue: number): Promise<string> => {
  await quiet(world);
  expect(await deliveriesOf(world, issue)).toEqual([]);
  expect(world.model.requests).toEqual([]);
  const refusals = (await ledgerOf(world, `R-${world.shop.id}`)).filter((entry) => entry === "admission_refused");
  expect(refusals).toHaveLength(1);
  const said = world.ours(issue);
  expect(said).toHaveLength(1);
  return wordsOf(said[0] ?? { body: "" });
};

it("an issue form that puts the label on does it as the reporter, who may not write", async () => {
  const { number } = world.github
    .as(PEOPLE.reporter)
    .openIssue({ title: "By form", body: "…", labels: ["countersign"], byForm: true });
  expect(await turnedAway(number)).toBe(
    "Not started. `hubot` put the label on and has no write access to this repository (role: triage). Somebody who has can take it off and put it on again.",
  );
  // Somebody who may does.
  await nextSecond();
  world.github.as(PEOPLE.approver).unlabel(number, "countersign");
  label(number);
  await world.gate(number, PLAN);
});

it("a bot that labels starts nothing", async () => {
  world.github.addUser("triage[bot]", "Bot");
  world.github.as(PEOPLE.owner).setRole("triage[bot]", "maintain");
  const issue = open();
  label(issue, "triage[bot]");
  expect(await turnedAway(issue)).toBe(
    "Not started. `triage[bot]` is a bot, and bots start nothing here. Somebody with write access can take the label off and put it on again.",
  );
});

it("a configuration that cannot be used is answered with its lines, once", async () => {
  configure("approvers:\n  - octocat\napprovals:\n  plan: many\n");
  const issue = open();
  label(issue);
  const said = await turnedAway(issue);
  expect(said).toMatch(
    /^Not started\. `\.github\/countersign\.yml` on the default branch \(`[0-9a-f]{7}`\) cannot be used:/,
  );
  expect(said).toMatch(/^- line 4, `approvals\.plan`: /m);
  const hook = world.github.webhooks.find({ event: "issues", action: "labeled", app: "countersign" }).at(-1);
  if (hook !== undefined) world.github.webhooks.replay(hook, "new");
  expect(await turnedAway(issue)).toBe(said);
});

it("an issue that is too large is told the limit", async () => {
  configure("limits:\n  issue_characters: 100\n");
  const issue = open({ title: "Long", body: "x".repeat(200) });
  label(issue);
  expect(await turnedAway(issue)).toBe(
    "Not started. Title and text have 204 characters; 100 are allowed (`limits.issue_characters`). Shorten it. Put the label on again then.",
  );
});

it("one delivery too many waits for people to end another", async () => {
  configure("limits:\n  live_deliveries: 1\n");
  const first = world.begin();
  await world.gate(first, PLAN);
  const second = open();
  label(second);
  await quiet(world);
  expect(await deliveriesOf(world, second)).toEqual([]);
  expect(world.ours(second).map(wordsOf)).toEqual([
    "Not started. 1 delivery of this repository is live; 1 may be. Put the label on again when one has ended.",
  ]);
  await world.say(first, PEOPLE.approver, "/cancel");
  await quiet(world);
  await nextSecond();
  world.github.as(PEOPLE.approver).unlabel(second, "countersign");
  label(second);
  await world.gate(second, PLAN);
});

it("a repository that the operator took out of service starts nothing", async () => {
  const known = open();
  world.github.as(PEOPLE.approver).label(known, "countersign");
  await world.gate(known, PLAN);
  await world.say(known, PEOPLE.approver, "/cancel");
  await quiet(world);
  await world.database.db.sql.update(sources).set({ active: false });
  const paid = world.model.requests.length;
  const issue = open();
  label(issue);
  await quiet(world);
  expect(await deliveriesOf(world, issue)).toEqual([]);
  expect(world.model.requests).toHaveLength(paid);
  expect(world.ours(issue).map(wordsOf)).toEqual([
    "Not started. The operator of this app has taken this repository out of service.",
  ]);
});

it("a closed issue, a pull request, and another label start nothing", async () => {
  const closed = open();
  world.github.as(PEOPLE.approver).closeIssue(closed);
  label(closed);
  expect(await turnedAway(closed)).toBe("Not started. The issue is closed. Put the label on again after reopening it.");

  world.github.as(PEOPLE.approver).push("topic", { "a.txt": "a\n" });
  const pull = world.github.as(PEOPLE.approver).openPull({ title: "By hand", head: "topic" }).number;
  label(pull);
  const other = open();
  world.github.as(PEOPLE.approver).label(other, "bug");
  await quiet(world);
  expect(world.ours(pull)).toEqual([]);
  expect(world.ours(other)).toEqual([]);
  expect(world.shop.reactions(other)).toEqual([]);
});

it("the label that a configuration names is the one that counts", async () => {
  configure("label: please-build\n");
  const issue = open();
  label(issue);
  await quiet(world);
  expect(world.ours(issue)).toEqual([]);
  world.github.as(PEOPLE.approver).label(issue, "Please-Build");
  await world.gate(issue, PLAN);
});
