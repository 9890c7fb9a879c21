// What people decide at the two gates beside approving: send back, turn down, try again, end it, begin anew.
import { afterAll, beforeAll, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import type { Script } from "../../demo/model/scripted-model.ts";
import { HAPPY_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { nextSecond, PATCHES, PLAN, toPatches, toPlan } from "../support/on-the-way.ts";
import {
  approvalsOf,
  deliveriesOf,
  mustChangeNothing,
  quiet,
  rowOf,
  stateOf,
  wordsOf,
} from "../support/reading-back.ts";
import { stopBefore } from "../support/stop-before.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

/** Names the table as the words that it was sent back with say. */
const obedient: Script = ({ prompt }) => {
  const name = /Name the table ([A-Z]+)\./.exec(prompt)?.[1] ?? "WHOLE_LETTERS";
  const { edits } = HAPPY_ANSWERS;
  if (!("kind" in edits) || edits.kind !== "answer") throw new Error("the happy edits are one answer");
  return answer(JSON.parse(JSON.stringify(edits.value).replaceAll("WHOLE_LETTERS", name)));
};

let world: World;
beforeAll(async () => {
  world = await openWorld({ answers: { ...HAPPY_ANSWERS, edits: obedient } });
});
afterAll(() => world.close());

const say = (issue: number, text: string) => world.say(issue, PEOPLE.approver, text);
const asked = (role: string) => world.model.requests.filter((request) => request.role === role);
const firstLines = (issue: number) => world.ours(issue).map(({ body }) => body.split("\n")[0] ?? "");

it("a plan that is sent back comes again with what was missed", async () => {
  const { issue, code } = await toPlan(world);
  expect(await say(issue, "/revise The words **old addresses** must appear.")).toBe("+1");
  await world.gate(issue, PLAN, code);
  expect(asked("plan").at(-1)?.prompt).toContain("The words **old addresses** must appear.");
  expect(firstLines(issue).filter((line) => line.startsWith("**Replaced**"))).toHaveLength(1);
  expect(await rowOf(world, issue)).toMatchObject({ phase: "plan", runStatus: "succeeded", revisionsLeft: 4 });
});

it("a plan that is turned down waits, and is made again when somebody asks", async () => {
  const { issue, code } = await toPlan(world);
  const plans = asked("plan").length;
  expect(await say(issue, "/reject It solves another problem.")).toBe("+1");
  await world.until(() => /turned down/.test(world.status(issue)), "the end of the plan");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("intake/failed(rejected)");
  expect(world.status(issue)).toContain("It solves another problem.");
  expect(firstLines(issue)[1]).toMatch(/^\*\*Turned down\*\* by `octocat`/);
  expect(asked("plan")).toHaveLength(plans);

  const old = await mustChangeNothing(world, issue, () => say(issue, `/approve ${code}`));
  expect(old.ledger).toEqual(["command_received", "command.approve: refused: rejected_code"]);

  expect(await say(issue, "/plan")).toBe("+1");
  await world.gate(issue, PLAN, code);
  expect(asked("plan").at(-1)?.prompt).toContain("It solves another problem.");
});

it("patches that are turned down are made again by a retry, under the approved plan", async () => {
  const { issue, code } = await toPatches(world);
  expect(await say(issue, "/reject Name the table PLAIN.")).toBe("+1");
  await world.until(() => /turned down/.test(world.status(issue)), "the end of the patches");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("implement/failed(rejected)");
  expect(await say(issue, "/retry")).toBe("+1");
  await world.gate(issue, PATCHES, code);
  expect(asked("edits").at(-1)?.prompt).toContain("Name the table PLAIN.");
  const { id } = await rowOf(world, issue);
  expect((await approvalsOf(world, id)).map(({ subjectKind, voidedAt }) => [subjectKind, voidedAt])).toEqual([
    ["plan", null],
  ]);
});

it("patches can be sent back to the plan, and then nothing that was approved counts", async () => {
  const { issue, code } = await toPatches(world);
  expect(await say(issue, "/revise plan Leave src/letters.js out.")).toBe("+1");
  const plan = await world.gate(issue, PLAN);
  await quiet(world);
  const { id } = await rowOf(world, issue);
  expect((await approvalsOf(world, id)).filter(({ voidedAt }) => voidedAt === null)).toEqual([]);
  const old = await mustChangeNothing(world, issue, () => say(issue, `/approve ${code}`));
  expect(old.replies.join()).toContain(`\`/approve ${plan}\``);
  expect(firstLines(issue).some((line) => line.startsWith("**Sent back** by `octocat`"))).toBe(true);
});

it("patches that are sent back come again, and the old ones cannot be approved", async () => {
  const { issue, code } = await toPatches(world);
  expect(await say(issue, "/revise Name the table LETTERS.")).toBe("+1");
  const next = await world.gate(issue, PATCHES, code);
  await quiet(world);
  expect(asked("edits").at(-1)?.prompt).toContain("Name the table LETTERS.");
  // What changed since stands first, made of what both versions would leave.
  const body = world.ours(issue).find((comment) => comment.body.includes(`/approve ${next}`))?.body ?? "";
  expect(body).toContain(
    "**Since patch set 1**: 1 file is different and 2 are as before. An approval is for the whole",
  );
  expect(body).toMatch(
    /<code>src\/letters\.js<\/code> since patch set 1[\s\S]*^-const WHOLE_LETTERS = new Map\(\[\n\+const LETTERS = new Map\(\[$[\s\S]*\*\*Files\*\*/m,
  );
  const old = await mustChangeNothing(world, issue, () => say(issue, `/approve ${code}`));
  expect(old.replies.join()).toContain(`\`/approve ${next}\``);
});

it("a delivery that is canceled at the plan is over; the label begins another one, which knows its parent", async () => {
  const { issue } = await toPlan(world);
  expect(await say(issue, "/cancel")).toBe("+1");
  await world.until(() => firstLines(issue).some((line) => line.startsWith("**Canceled** by `octocat`")), "the result");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("plan/canceled(by_command)");
  expect(wordsOf(world.ours(issue).at(-1) ?? { body: "" })).toContain("Nothing was written to the repository.");

  const over = await mustChangeNothing(world, issue, () => say(issue, "/approve"));
  expect(over.ledger).toEqual(["command_received: refused: over"]);

  const first = await rowOf(world, issue);
  await nextSecond();
  world.github.as(PEOPLE.approver).unlabel(issue, "countersign");
  world.github.as(PEOPLE.approver).label(issue, "countersign");
  await world.until(
    () => firstLines(issue).filter((line) => line.startsWith("### Countersign D-")).length === 2,
    "the second status comment",
  );
  await world.until(() => firstLines(issue).some((line) => PLAN.test(line)), "the second plan");
  const [old, second] = await deliveriesOf(world, issue);
  expect(old).toEqual(first);
  expect(second?.parentId).toBe(first.id);
  await quiet(world);
});

it("a delivery that is canceled while work is under way drops what comes of it", async () => {
  const reading = stopBefore(world, "GET", /\/git\/trees\//);
  const issue = world.begin();
  await reading.reached;
  await world.until(() => world.status(issue) !== "", "the status");
  expect(await say(issue, "/cancel")).toBe("+1");
  await world.until(() => firstLines(issue).some((line) => line.startsWith("**Canceled**")), "the result");
  const before = await stateOf(world, issue);
  expect(before).toMatch(/^(intake|plan)\/canceled\(by_command\)$/);
  reading.go();
  await quiet(world);
  expect(await stateOf(world, issue)).toBe(before);
  expect(firstLines(issue).filter((line) => PLAN.test(line))).toEqual([]);
});

it("a delivery that is canceled at the patches writes nothing", async () => {
  const { issue, code } = await toPatches(world);
  expect(await say(issue, "/cancel")).toBe("+1");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("review/canceled(by_command)");
  await mustChangeNothing(world, issue, () => say(issue, `/approve ${code}`));
  expect([...world.shop.refs().keys()]).toEqual(["refs/heads/main"]);
  expect(world.github.contentWrites("countersign")).toEqual([]);
});
