// The control issue in the whole app: made when the file asks for it, read by a newcomer, kept as it should be, and the brake in it.
import { sql as raw } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ISSUE } from "../../demo/repository/demo-repository.ts";
import { nextSecond, PLAN, toPatches, toPlan } from "../support/on-the-way.ts";
import { ledgerOf, quiet, rowOf, somebody, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const CONFIG = ".github/countersign.yml";
const approver = () => world.github.as(PEOPLE.approver);
const configure = (text: string) => approver().push("main", { [CONFIG]: text });
const controls = () => world.shop.issues().filter(({ title }) => title === "Countersign: control");
const control = () => world.until(() => controls().find(({ state }) => state === "open"), "the control issue");
const bodyOf = (issue: number): string => world.shop.issue(issue).body ?? "";
const shows = (issue: number, words: RegExp) => world.until(() => words.test(bodyOf(issue)), `${words.source}`);
const replies = (issue: number) => world.ours(issue).map(({ body }) => body.split("\n")[0] ?? "");
/** What is gathered is drawn now, and not only after half a minute. */
const drawNow = () =>
  world.database.db.sql.execute(
    raw`update pgboss.job set start_after = now() where name = 'control' and state = 'created'`,
  );

it("is made once when the file on the default branch asks for it, and tells a newcomer what to do", async () => {
  expect(controls()).toEqual([]);
  configure("control_issue: on\n");
  const { number, user } = await control();
  await quiet(world);
  expect(user.login).toBe("countersign[bot]");
  const body = bodyOf(number);
  expect(body).toContain("**Not frozen.**");
  expect(body).toContain("**Nothing is live.**");
  expect(body).toContain("put the label `countersign` on it");
  expect(body).toContain("`/freeze why`");
  expect(body).toContain("everyone with the role maintain or admin");
  expect(body).not.toMatch(/(?<![`\w])@\w/);
  configure("control_issue: on\nmax_revisions: 4\n");
  await quiet(world);
  expect(controls()).toHaveLength(1);
});

it("freezes by an approver's word: approvals are refused, nothing begins, and lifted all goes on by itself", async () => {
  const { number } = await control();
  const { issue, code } = await toPlan(world, world.begin({ ...ISSUE, title: "Fix @acme/ops | <b>slug</b> fixes #1" }));
  await drawNow();
  await shows(number, /1 delivery is live/);
  expect(bodyOf(number)).not.toMatch(/(?<![`\w])@acme/);

  expect(await world.say(number, PEOPLE.approver, "/freeze until the audit is over, ask @mona")).toBe("+1");
  await shows(number, /\*\*Frozen\.\*\*/);
  expect(bodyOf(number)).toMatch(/- By `[\w-]+` since .* Reason: until the audit is over, ask `@mona`\./);
  await quiet(world);
  expect(replies(number).at(-1)).toMatch(/^\*\*Frozen\*\* by `/);
  expect((await rowOf(world, issue)).holds).toEqual(["freeze"]);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("confused");
  const asked = world.model.requests.length;

  const late = world.begin({ ...ISSUE, title: "Later" });
  await world.until(
    () => replies(late).some((line) => /^Not started yet\. This repository is frozen\./.test(line)),
    "the word",
  );
  await quiet(world);
  expect(world.model.requests).toHaveLength(asked);
  expect(world.github.contentWrites("countersign")).toEqual([]);
  // A restart changes nothing of it.
  await world.restart();
  await quiet(world);
  expect((await rowOf(world, issue)).holds).toEqual(["freeze"]);

  expect(await world.say(number, PEOPLE.approver, "/unfreeze")).toBe("+1");
  await world.gate(late, PLAN);
  expect(await world.gate(issue, PLAN)).toBe(code);
  await shows(number, /\*\*Not frozen\.\*\*/);
  await quiet(world);
  expect((await rowOf(world, issue)).holds).toEqual([]);
  const repo = await ledgerOf(world, `R-${world.shop.id}`);
  expect(repo).toEqual(expect.arrayContaining(["frozen", "freeze_lifted", "admission_deferred", "command_received"]));
  await toPatches(world, { issue, code });
});

it("keeps a freeze that is newer than the /unfreeze of which GitHub tells only now", async () => {
  const { number } = await control();
  expect(await world.say(number, PEOPLE.approver, "/freeze")).toBe("+1");
  await nextSecond();
  const told = { app: "countersign", event: "issue_comment" } as const;
  world.github.webhooks.drop(told);
  const { id } = approver().comment(number, "/unfreeze");
  await quiet(world);
  await nextSecond();
  expect(await world.say(number, PEOPLE.approver, "/unfreeze")).toBe("+1");
  await nextSecond();
  expect(await world.say(number, PEOPLE.approver, "/freeze an incident")).toBe("+1");
  await shows(number, /Reason: an incident\./);
  await quiet(world);
  const late = world.github.webhooks.find(told).find(({ body }) => JSON.parse(body).comment?.id === id);
  if (late === undefined) throw new Error("the webhook was not kept");
  world.github.webhooks.replay(late, "same");
  const reactions = () => world.comments(number).find((comment) => comment.id === id)?.reactedBy ?? [];
  await world.until(() => reactions().some(({ content }) => content === "confused"), "the refusal");
  await quiet(world);
  expect(replies(number).at(-1)).toMatch(
    /^Not applied, `[\w-]+`\. You wrote `\/unfreeze` before .* post `\/unfreeze` again\./,
  );
  expect(bodyOf(number)).toContain("**Frozen.**");
  expect(await world.say(number, PEOPLE.approver, "/unfreeze")).toBe("+1");
  await shows(number, /\*\*Not frozen\.\*\*/);
});

it("hears approvers alone, answers each refusal with one sentence, and strangers with none", async () => {
  const { number } = await control();
  const before = replies(number).length;
  const writer = somebody(world, "writer", "write");
  expect(await world.say(number, writer, "/freeze")).toBe("confused");
  await quiet(world);
  expect(replies(number).at(-1)).toMatch(/^Not applied\. `writer` is not an approver of this repository\./);
  expect(await world.say(number, PEOPLE.reporter, "/freeze")).toBe("confused");
  await quiet(world);
  expect(replies(number)).toHaveLength(before + 1);
  expect(await world.say(number, PEOPLE.approver, "/unfreeze")).toBe("confused");
  await quiet(world);
  expect(replies(number).at(-1)).toMatch(/This repository is not frozen\./);
  expect(await world.say(number, PEOPLE.approver, "/approve all")).toBe("confused");
  await quiet(world);
  expect(replies(number).at(-1)).toMatch(/`\/approve` is about one delivery: give it on the issue of that delivery/);
  expect(bodyOf(number)).toContain("**Not frozen.**");
});

it("is given elsewhere in vain, on a delivery's issue and on any other, and says where it is heard", async () => {
  const { issue } = await toPlan(world);
  const other = world.github.as(PEOPLE.reporter).openIssue({ title: "Another", body: "" }).number;
  for (const where of [issue, other]) {
    expect(await world.say(where, PEOPLE.approver, "/freeze now")).toBe("confused");
    await quiet(world);
    expect(replies(where).at(-1)).toMatch(
      /`\/freeze` stops or frees the whole repository, and is given in its control issue alone/,
    );
  }
  expect((await rowOf(world, issue)).holds).toEqual([]);
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
});

it("is put back when it is edited, opened again when it is closed, and replaced when it is deleted", async () => {
  const { number } = await control();
  approver().editIssue(number, { title: "Mine now", body: "/approve everything" });
  await world.until(() => controls().some((one) => one.number === number), "the title again");
  await shows(number, /^### Countersign in/);
  approver().closeIssue(number);
  await world.until(() => world.shop.issue(number).state === "open", "the issue open again");
  world.github.as(PEOPLE.owner).deleteIssue(number);
  const next = await world.until(() => controls().find((one) => one.number !== number), "another control issue");
  await quiet(world);
  expect(controls()).toHaveLength(1);
  expect(await world.say(next.number, PEOPLE.approver, "/freeze")).toBe("+1");
  await shows(next.number, /\*\*Frozen\.\*\*/);
  expect(await world.say(next.number, PEOPLE.approver, "/unfreeze")).toBe("+1");
  await shows(next.number, /\*\*Not frozen\.\*\*/);
});

it("starts no delivery by a label of its own, and ends with the file's word", async () => {
  const { number } = await control();
  approver().label(number, "countersign");
  await world.until(
    () => replies(number).some((line) => /^Not started\. This issue is the app's own/.test(line)),
    "the word",
  );
  await quiet(world);
  expect(await world.say(number, PEOPLE.approver, "/freeze before it ends")).toBe("+1");
  await nextSecond();
  configure("control_issue: off\n");
  await world.until(() => world.shop.issue(number).state === "closed", "the closed issue");
  expect(bodyOf(number)).toContain("**Not kept any more.**");
  expect(await world.say(number, PEOPLE.approver, "/freeze")).toBe("confused");
  await quiet(world);
  expect(replies(number).at(-1)).toMatch(/This control issue is kept no more/);
  expect(await world.say(number, PEOPLE.approver, "/unfreeze")).toBe("+1");
  await quiet(world);
  expect(replies(number).at(-1)).toMatch(/^\*\*Lifted\*\* by `/);
  expect(world.shop.issue(number).state).toBe("closed");
});
