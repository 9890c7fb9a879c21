// From the pull request on: checks that are red, missing or late, and people who close it, merge it or push to it.
import { afterAll, beforeAll, expect, it } from "vitest";
import { toPull } from "../support/on-the-way.ts";
import { mustChangeNothing, quiet, rowOf, stateOf, wordsOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
let ahead = 0;
beforeAll(async () => {
  world = await openWorld({ clock: () => new Date(Date.now() + ahead) });
});
afterAll(() => world.close());

const say = (issue: number, text: string) => world.say(issue, PEOPLE.approver, text);
const first = (issue: number, words: RegExp) => world.ours(issue).find(({ body }) => words.test(body));
const writes = () => world.github.contentWrites("countersign").length;
const provenance = (sha: string) =>
  world.shop.checkRuns(sha).findLast(({ name }) => name === "countersign / provenance")?.conclusion;

it("red checks stop it, with their names; a retry looks at them again and writes nothing", async () => {
  const { issue, pull } = await toPull(world);
  const before = writes();
  await world.report(pull.head.sha, "success", "lint");
  await world.report(pull.head.sha, "failure", "test (20)");
  const note = await world.until(() => first(issue, /^\*\*Checks failed on/), "the note");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/failed(ci_red)");
  expect(wordsOf(note)).toMatch(
    /^\*\*Checks failed on \[acme\/shop#\d+\]\(.*\)\*\*: `test \(20\)` failed, 1 passed\. /,
  );
  expect(note.body).toContain("The pull request stays open and is yours.");
  expect(world.shop.issue(issue).labels.map((label) => label.name)).toContain("countersign:needs-human");

  await world.report(pull.head.sha, "success", "test (20)");
  expect(await say(issue, "/retry")).toBe("+1");
  await world.until(() => first(issue, /^\*\*Ready to merge\*\*/), "the result");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  expect(writes()).toBe(before);
  expect(first(issue, /^\*\*No longer open\*\*/)?.minimized).toBe("outdated");
});

it("a workflow that Actions holds back is shown as waiting for a maintainer, for as long as it is held", async () => {
  const { issue, pull } = await toPull(world);
  const letRun = world.github.holdWorkflow("acme/shop", "CI", pull.head.sha);
  const held = await world.until(() => first(issue, /^\*\*Checks have not started\.\*\*/), "the note");
  expect(held.body).toContain("GitHub waits for a maintainer to press *Approve and run*");
  await world.until(() => world.status(issue).includes("**Checks have not started.**"), "the status");
  ahead += 31 * 60_000;
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/running");
  ahead = 0;
  letRun();
  await world.until(() => !/Checks have not started/.test(world.status(issue)), "the watch");
  await world.report(pull.head.sha, "success");
  await world.until(() => first(issue, /^\*\*Ready to merge\*\*/), "the result");
  await quiet(world);
});

it("a pull request that a human converts to a draft is said to be one, also when it is green", async () => {
  const { issue, pull } = await toPull(world);
  const approver = world.github.as(PEOPLE.approver);
  approver.setDraft(pull.number, true);
  await world.until(() => /is a draft: somebody must mark it as ready/.test(world.status(issue)), "the status");
  approver.setDraft(pull.number, false);
  await world.until(() => !/is a draft/.test(world.status(issue)), "the status");
  approver.setDraft(pull.number, true);
  await world.until(() => /is a draft/.test(world.status(issue)), "the status");
  await world.report(pull.head.sha, "success");
  const result = await world.until(() => first(issue, /^\*\*Ready to merge\*\*/), "the result");
  expect(result.body).toMatch(/is a draft: somebody must mark it as ready before it can be merged\./);
  await quiet(world);
});

it("a pull request whose title or text somebody edits is said to be other than what was approved, until it is put right", async () => {
  const { issue, pull } = await toPull(world);
  const approver = world.github.as(PEOPLE.approver);
  const { title, body } = world.shop.issue(pull.number);
  const before = writes();
  approver.editIssue(pull.number, { title: "Merge me at once" });
  await world.until(
    () => /The title of \[.*\]\(.*\) is not what was approved: somebody edited it/.test(world.status(issue)),
    "the status",
  );
  approver.editIssue(pull.number, { body: "Nothing to see." });
  await world.until(
    () => /The title and the text of .* are not what was approved/.test(world.status(issue)),
    "the status",
  );
  // An editor on the web ends lines in its own way: that alone is no other text.
  approver.editIssue(pull.number, { title, body: (body ?? "").replaceAll("\n", "\r\n") });
  await world.until(() => !/not what was approved/.test(world.status(issue)), "the status");
  approver.editIssue(pull.number, { body: "Nothing to see." });
  await world.until(() => /The text of .* is not what was approved/.test(world.status(issue)), "the status");
  await world.report(pull.head.sha, "success");
  const result = await world.until(() => first(issue, /^\*\*Ready to merge\*\*/), "the result");
  expect(result.body).toMatch(
    /The text of .* is not what was approved: somebody edited it on GitHub\. Its commits are untouched\./,
  );
  expect(writes()).toBe(before);
  await quiet(world);
});

it("zero checks are not green", async () => {
  const { issue } = await toPull(world);
  await say(issue, "/hold");
  ahead += 31 * 60_000;
  await say(issue, "/resume");
  const note = await world.until(() => first(issue, /^\*\*No check has run on/), "the note");
  ahead = 0;
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(no_checks)");
  expect(note.body).toContain("Zero checks prove nothing, so this is not green.");
});

it("a pull request that is closed stops it, and goes on when it is opened again", async () => {
  const { issue, pull } = await toPull(world);
  const token = world.github.as(PEOPLE.approver);
  token.closeIssue(pull.number);
  await world.until(() => first(issue, /was closed\.\*\*/), "the note");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(pr_closed)");
  token.reopenIssue(pull.number);
  await world.until(() => /its checks are watched/.test(world.status(issue)), "the watch");
  await world.report(pull.head.sha, "success");
  await world.until(() => first(issue, /^\*\*Ready to merge\*\*/), "the result");
  await quiet(world);
});

it("a commit that nobody approved turns provenance red; an approver countersigns it on the pull request", async () => {
  const { issue, pull } = await toPull(world);
  expect(provenance(pull.head.sha)).toBe("success");
  const pushed = world.github.as(PEOPLE.approver).push(pull.head.ref, { "README.md": "Something else.\n" });
  const note = await world.until(() => first(issue, /was not approved/), "the note");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(unapproved_head)");
  expect(provenance(pushed)).toBe("failure");
  await world.report(pull.head.sha, "success");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(unapproved_head)");

  const code = /`\/approve (\w+)`/.exec(note.body)?.[1];
  const plain = await mustChangeNothing(world, issue, () => say(pull.number, "/approve"));
  expect(plain.ledger).toEqual(["command_received", "command.approve: refused: code_required"]);
  expect(await say(pull.number, `/approve ${code}`)).toBe("+1");
  await quiet(world);
  expect(provenance(pushed)).toBe("success");
  expect(await stateOf(world, issue)).not.toBe("verify/blocked(unapproved_head)");
});

it("a commit that is taken out again lets it go on", async () => {
  const { issue, pull } = await toPull(world);
  world.github.as(PEOPLE.approver).push(pull.head.ref, { "README.md": "Something else.\n" });
  await world.until(() => first(issue, /was not approved/), "the note");
  await quiet(world);
  world.github.as(PEOPLE.approver).forcePush(pull.head.ref, pull.head.sha);
  await world.until(() => /its checks are watched/.test(world.status(issue)), "the watch");
  await world.report(pull.head.sha, "success");
  await world.until(() => first(issue, /^\*\*Ready to merge\*\*/), "the result");
  expect(provenance(pull.head.sha)).toBe("success");
  await quiet(world);
});

it("checks of ours do not count", async () => {
  const { issue, pull } = await toPull(world);
  await quiet(world);
  expect(provenance(pull.head.sha)).toBe("success");
  expect(await stateOf(world, issue)).toBe("verify/running");
});

it("a pull request that a human merged when it was green ends it", async () => {
  const { issue, pull } = await toPull(world);
  const main = world.shop.head();
  world.github.webhooks.pause();
  await world.report(pull.head.sha, "success");
  world.github.as(PEOPLE.approver).mergePull(pull.number);
  world.github.webhooks.resume();
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  expect((await rowOf(world, issue)).holds).toEqual([]);
  expect(first(issue, /^\*\*Merged\*\*/)?.body).toContain(`#${pull.number}`);
  expect(world.status(issue)).toMatch(/^### Countersign D-\d+: merged\n/);
  // The stories after this one begin where it did.
  world.github.as(PEOPLE.owner).forcePush("main", main ?? "");
});

it("a pull request that was merged before its checks were green is said to be that", async () => {
  const { issue, pull } = await toPull(world);
  world.github.as(PEOPLE.approver).mergePull(pull.number);
  await world.until(() => first(issue, /was merged before its checks were green/), "the note");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(merged_unproven)");
});
