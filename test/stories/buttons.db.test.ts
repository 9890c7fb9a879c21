// The buttons of a check run decide like a command does: by who may, on the version that they were shown with.
import { afterAll, beforeAll, expect, it } from "vitest";
import { PATCHES, PLAN, pullOf, toPatches, toPlan } from "../support/on-the-way.ts";
import { mustChangeNothing, quiet, rowOf, somebody, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const runOf = async (issue: number, what: string) => {
  const { id } = await rowOf(world, issue);
  const found = world.shop.checkRuns().findLast(({ name }) => name === `countersign / D-${id} / ${what}`);
  if (found === undefined) throw new Error(`there is no check run of ${what}`);
  return found;
};

const press = async (issue: number, what: string, decision: "approve" | "reject", login: string = PEOPLE.approver) => {
  const run = await runOf(issue, what);
  const button = run.actions.find(({ identifier }) => identifier.startsWith(`${decision}:`));
  world.github.as(login).clickCheckAction(run.id, button?.identifier ?? "none");
};

it("clicks alone lead from the plan to the pull request", async () => {
  const { issue, code } = await toPlan(world);
  const plan = await runOf(issue, "plan 1");
  expect(plan).toMatchObject({ status: "completed", conclusion: "neutral" });
  expect(plan.actions.map(({ identifier }) => identifier)).toEqual([`approve:${code}`, `reject:${code}`]);
  await press(issue, "plan 1", "approve");
  await world.gate(issue, PATCHES, code);
  await press(issue, "patch set 1", "approve");
  const { id } = await rowOf(world, issue);
  await world.until(() => pullOf(world, id), "the pull request");
  await quiet(world);
  expect((await runOf(issue, "plan 1")).actions).toEqual([]);
  expect(world.comments(issue).every(({ user }) => user.login === "countersign[bot]")).toBe(true);
});

it("a click turns the patches down", async () => {
  const { issue } = await toPatches(world);
  await press(issue, "patch set 1", "reject");
  await world.until(() => /turned down/.test(world.status(issue)), "the end of the patches");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("implement/failed(rejected)");
});

it("a click on a page that is older than what is shown counts for nothing", async () => {
  const { issue, code } = await toPlan(world);
  const old = await runOf(issue, "plan 1");
  // The page was loaded before plan 2 took its buttons away; GitHub tells of the click only then.
  world.github.webhooks.drop({ event: "check_run", action: "requested_action" });
  world.github.as(PEOPLE.owner).clickCheckAction(old.id, `approve:${code}`);
  world.github.webhooks.drop({ event: "check_run", action: "requested_action" });
  world.github.as(PEOPLE.owner).clickCheckAction(old.id, `reject:${code}`);
  const [approve, reject] = world.github.webhooks.find({ event: "check_run", action: "requested_action" }).slice(-2);
  await world.say(issue, PEOPLE.approver, "/revise Again, please.");
  await world.gate(issue, PLAN, code);

  const approved = await mustChangeNothing(world, issue, () => {
    if (approve !== undefined) world.github.webhooks.replay(approve, "same");
  });
  expect(approved.ledger).toEqual(["command_received", "command.approve: refused: superseded_code"]);
  const rejected = await mustChangeNothing(world, issue, () => {
    if (reject !== undefined) world.github.webhooks.replay(reject, "same");
  });
  expect(rejected.ledger).toEqual(["command_received: refused: button_outdated"]);
  // One reply for this person at this gate.
  expect([...approved.replies, ...rejected.replies]).toHaveLength(1);
});

it("a click of somebody who may not approve is refused, and a click that comes twice is one", async () => {
  const { issue } = await toPlan(world);
  const login = somebody(world, "clicker", "write");
  const refused = await mustChangeNothing(world, issue, () => press(issue, "plan 1", "approve", login));
  expect(refused.ledger).toEqual(["command_received: refused: not_approver"]);
  expect(refused.replies).toEqual([
    "Not applied. `clicker` is not an approver of this repository. People with the role maintain or admin are.",
  ]);

  world.github.webhooks.duplicate({ event: "check_run", action: "requested_action" });
  await press(issue, "plan 1", "approve");
  const click = world.github.webhooks.find({ event: "check_run", action: "requested_action" }).at(-1);
  await world.gate(issue, PATCHES);
  const again = await mustChangeNothing(world, issue, () => {
    if (click !== undefined) world.github.webhooks.replay(click, "new");
  });
  expect(again).toEqual({ ledger: [], replies: [] });
});

it("a button decides on what it stands with, and one that another app forged decides nothing", async () => {
  const [one, other] = [await toPlan(world), await toPlan(world, world.begin({ title: "Another", body: "One more." }))];
  const ours = await runOf(other.issue, "plan 1");
  const token = world.github.tokenFor("github-actions", { checks: "write" });
  const forged = await fetch(`${world.github.url}/repos/acme/shop/check-runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: ours.name,
      head_sha: ours.head_sha,
      external_id: ours.external_id,
      status: "completed",
      conclusion: "neutral",
      actions: ours.actions,
    }),
  });
  expect(forged.status).toBe(201);
  const { id } = Object(await forged.json());
  const left = await mustChangeNothing(world, other.issue, () =>
    world.github.as(PEOPLE.approver).clickCheckAction(id, `approve:${other.code}`),
  );
  expect(left).toEqual({ ledger: [], replies: [] });

  await press(one.issue, "plan 1", "approve");
  await world.gate(one.issue, PATCHES, one.code);
  await quiet(world);
  expect(await stateOf(world, other.issue)).toBe("plan/succeeded");
});
