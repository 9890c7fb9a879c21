// What people say that must not count: each leaves the delivery as it was, and an answer as short as it can be.
import { afterAll, beforeAll, expect, it } from "vitest";
import { mustChangeNothing, quiet, somebody, stateOf, verdictOn } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
let issue: number;
let code: string;
beforeAll(async () => {
  world = await openWorld();
  issue = world.begin();
  code = await world.gate(issue, /^\*\*Plan ready/);
});
afterAll(() => world.close());

/** Each person is new, so that each is answered. */
let people = 0;
const approver = () => somebody(world, `approver-${++people}`, "maintain");
const writer = () => somebody(world, `writer-${++people}`, "write");

const refused = (act: () => unknown) => mustChangeNothing(world, issue, act);

it("an outsider's approval gets a reaction and no word", async () => {
  let verdict = "";
  const left = await refused(async () => {
    verdict = await world.say(issue, PEOPLE.outsider, `/approve ${code}`);
  });
  expect(verdict).toBe("confused");
  expect(left).toEqual({ ledger: ["command_received: refused: stranger"], replies: [] });
});

it("the reporter, who may label but not write, is an outsider too", async () => {
  const left = await refused(() => world.say(issue, PEOPLE.reporter, `/approve ${code}`));
  expect(left).toEqual({ ledger: ["command_received: refused: stranger"], replies: [] });
});

it("who may write but not approve is told who may, once", async () => {
  const login = writer();
  const left = await refused(async () => expect(await world.say(issue, login, `/approve ${code}`)).toBe("confused"));
  expect(left.ledger).toEqual(["command_received: refused: not_approver"]);
  expect(left.replies).toEqual([
    `Not applied. \`${login}\` is not an approver of this repository. People with the role maintain or admin are.`,
  ]);
  const again = await refused(async () => expect(await world.say(issue, login, "/cancel")).toBe("confused"));
  expect(again).toEqual({ ledger: ["command_received: refused: not_approver"], replies: [] });
});

it.each([
  ["quoted", (c: string) => `> /approve ${c}\n\nWhat would that do?`],
  ["in a fence", (c: string) => `\`\`\`\n/approve ${c}\n\`\`\``],
  ["in code by indentation", (c: string) => `For example:\n\n    /approve ${c}`],
  ["in HTML", (c: string) => `<!--\n/approve ${c}\n-->`],
  ["in a fold", (c: string) => `<details>\n/approve ${c}\n</details>`],
  ["in the middle of a line", (c: string) => `I would say /approve ${c}`],
  ["in a quote that goes on lazily", (c: string) => `> I wrote\n/approve ${c}`],
])("a command %s is nobody's", async (_, text) => {
  const login = approver();
  const left = await refused(async () => {
    const { id } = world.github.as(login).comment(issue, text(code));
    await quiet(world);
    expect(verdictOn(world, issue, id)).toBeNull();
  });
  expect(left).toEqual({ ledger: [], replies: [] });
});

it("a comment that was edited before it was read counts for nothing", async () => {
  const login = approver();
  const left = await refused(async () => {
    world.github.webhooks.pause();
    const { id } = world.github.as(login).comment(issue, `/approve ${code}`);
    world.github.as(login).editComment(id, `/approve ${code}\n\nBut only if nothing else changes.`);
    world.github.webhooks.resume();
    await quiet(world);
    expect(verdictOn(world, issue, id)).toBe("confused");
  });
  expect(left.ledger).toEqual(["command_received: refused: edited"]);
  expect(left.replies).toEqual([
    `Not applied, \`${login}\`. The comment was edited or deleted after it was posted. Post the command again.`,
  ]);
});

it("a command that an edit brings in is none", async () => {
  const left = await refused(async () => {
    const { id } = world.github.as(approver()).comment(issue, "Looks good to me.");
    await quiet(world);
    world.github.as(PEOPLE.owner).editComment(id, `/approve ${code}`);
    await quiet(world);
    expect(verdictOn(world, issue, id)).toBeNull();
  });
  expect(left).toEqual({ ledger: [], replies: [] });
});

it("a comment that was deleted before it was read counts for nothing", async () => {
  const left = await refused(() => {
    world.github.webhooks.pause();
    const author = world.github.as(approver());
    author.deleteComment(author.comment(issue, "/cancel").id);
    world.github.webhooks.resume();
  });
  expect(left.ledger).toEqual(["command_received: refused: edited"]);
  expect(left.replies).toHaveLength(1);
});

it("a code that nothing has is named as that", async () => {
  const login = approver();
  const left = await refused(async () => expect(await world.say(issue, login, "/approve zzzz")).toBe("confused"));
  expect(left.ledger).toEqual(["command_received", "command.approve: refused: unknown_code"]);
  expect(left.replies).toEqual([`Not applied, \`${login}\`. \`zzzz\` is not the code of anything that D-1 has shown.`]);
});

it("an approval for a repository that takes no part is refused", async () => {
  const login = approver();
  const left = await refused(async () => expect(await world.say(issue, login, "/approve acme/other")).toBe("confused"));
  expect(left.ledger).toEqual(["command_received: refused: no_such_target"]);
  expect(left.replies).toEqual([
    `Not applied, \`${login}\`. \`acme/other\` is not what D-1 waits for. It waits for no single repository now.`,
  ]);
});

it("text behind an approval makes it a question of usage, not an approval", async () => {
  const login = approver();
  const left = await refused(() => world.say(issue, login, `/approve ${code} but rename the file`));
  expect(left.ledger).toEqual(["command_received: refused: usage"]);
  expect(left.replies).toEqual([
    `Not applied, \`${login}\`. \`/approve\` does not take \`but rename the file\`. It goes: \`/approve [owner/repo | all] [code]\`.`,
  ]);
});

it("a word that is nearly ours is answered, one that is another bot's is not", async () => {
  const login = approver();
  const left = await refused(() => world.say(issue, login, "/aprove"));
  expect(left.replies).toEqual([`Not applied, \`${login}\`. There is no \`/aprove\`. Did you mean \`/approve\`?`]);
  const other = await refused(() => world.github.as(login).comment(issue, "/merge\n/lgtm\n/usr/bin/approve"));
  expect(other).toEqual({ ledger: [], replies: [] });
});

it("two commands that contradict one another are both left", async () => {
  const login = approver();
  const left = await refused(() => world.say(issue, login, `/approve ${code}\n/cancel`));
  expect(left.ledger).toEqual(["command_received: refused: contradiction"]);
  expect(left.replies).toEqual([
    `Not applied, \`${login}\`. \`/approve\` and \`/cancel\` in one comment contradict one another, so none was applied. Post the one that you mean.`,
  ]);
});

it("a bot's command is not even looked at, an approver's through an app is a stranger's", async () => {
  world.github.addUser("helper[bot]", "Bot");
  world.github.as(PEOPLE.owner).setRole("helper[bot]", "maintain");
  const bot = await refused(async () => {
    const { id } = world.github.as("helper[bot]").comment(issue, `/approve ${code}`);
    await quiet(world);
    expect(verdictOn(world, issue, id)).toBeNull();
  });
  expect(bot).toEqual({ ledger: [], replies: [] });

  const app = await refused(async () => {
    const { id } = world.github.as(PEOPLE.approver).through("github-actions").comment(issue, `/approve ${code}`);
    await quiet(world);
    expect(verdictOn(world, issue, id)).toBe("confused");
  });
  expect(app).toEqual({ ledger: ["command_received: refused: stranger"], replies: [] });
});

it("a command on an issue without a delivery is nobody's", async () => {
  const other = world.github.as(PEOPLE.reporter).openIssue({ title: "Another", body: "Nothing to do with it." }).number;
  await refused(() => world.github.as(PEOPLE.approver).comment(other, `/approve ${code}`));
  expect(world.ours(other)).toEqual([]);
});

it("what does not apply is said with what does", async () => {
  const login = approver();
  const left = await refused(() => world.say(issue, login, "/retry"));
  expect(left.ledger).toEqual(["command_received", "command.retry: refused: not_now"]);
  expect(left.replies).toEqual([
    `Not applied, \`${login}\`. \`/retry\` does not apply: D-1 is waiting for a decision on plan 1. What applies: \`/approve\`, \`/reject\`, \`/revise\`, \`/cancel\`, \`/hold\`, \`/budget\` and \`/exit\`.`,
  ]);
});

it("after all that the plan can still be approved as it is", async () => {
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await world.gate(issue, /^\*\*Patches ready/, code);
  expect(world.github.contentWrites("countersign")).toEqual([]);
});
