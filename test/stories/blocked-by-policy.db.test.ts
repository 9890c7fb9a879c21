// A diff that touches a workflow file: nothing is written, the work is kept, and only another policy or another diff goes on.
import { afterAll, beforeAll, expect, it } from "vitest";
import { REFUSALS_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { mustChangeNothing, quiet, somebody, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
let issue: number;
beforeAll(async () => {
  world = await openWorld({ answers: { ...REFUSALS_ANSWERS } });
  issue = world.begin();
  const plan = await world.gate(issue, /^\*\*Plan ready/);
  await world.say(issue, PEOPLE.approver, `/approve ${plan}`);
  await world.until(() => /stopped by policy/.test(world.status(issue)), "the stop");
  await quiet(world);
});
afterAll(() => world.close());

const proposals = () => world.model.requests.filter(({ role }) => role === "edits").length;
const note = () => world.ours(issue).find(({ body }) => body.startsWith("**Stopped by policy"));

it("is stopped, with rule and file, and nothing is written", async () => {
  expect(await stateOf(world, issue)).toBe("implement/blocked(policy)");
  expect(note()?.body).toMatch(/^\*\*Stopped by policy, nothing written\.\*\* The patches are kept\./);
  expect(note()?.body).toContain("`ci-files`");
  expect(note()?.body).toContain(".github/workflows/test.yml");
  expect(note()?.body).toContain("`/retry`");
  expect([...world.shop.refs().keys()]).toEqual(["refs/heads/main"]);
  expect(world.github.contentWrites("countersign")).toEqual([]);
  expect(world.github.tokens.filter(({ permissions }) => permissions["contents"] === "write")).toEqual([]);
  expect(world.shop.issue(issue).labels.map((label) => label.name)).toContain("countersign:needs-human");
});

it("cannot be approved, nor tried again while the policy is the same", async () => {
  const [eager, patient] = [somebody(world, "eager", "maintain"), somebody(world, "patient", "maintain")];
  const approved = await mustChangeNothing(world, issue, async () =>
    expect(await world.say(issue, eager, "/approve")).toBe("confused"),
  );
  expect(approved.ledger).toEqual(["command_received", "command.approve: refused: not_now"]);
  expect(approved.replies).toEqual([
    "Not applied, `eager`. `/approve` does not apply: D-1 is stopped by policy. What applies: `/revise`, `/retry`, `/cancel`, `/hold`, `/budget` and `/exit`.",
  ]);

  const retried = await mustChangeNothing(world, issue, async () =>
    expect(await world.say(issue, patient, "/retry")).toBe("confused"),
  );
  expect(retried.ledger).toEqual(["command_received", "command.retry: refused: cause_remains"]);
  expect(retried.replies).toEqual(["Not applied, `patient`. What stopped D-1 is still there: stopped by policy."]);
});

it("a policy on a branch that is not the default one does not help", async () => {
  const login = somebody(world, "sideways", "maintain");
  world.github.as(PEOPLE.owner).push("loose", { ".github/countersign.yml": "policy:\n  ci-files: warn\n" });
  const left = await mustChangeNothing(world, issue, () => world.say(issue, login, "/retry"));
  expect(left.ledger).toEqual(["command_received", "command.retry: refused: cause_remains"]);
});

it("goes on after the policy was changed on the default branch, without paying the model again", async () => {
  const paid = proposals();
  world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": "policy:\n  ci-files: warn\n" });
  expect(await world.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
  await world.gate(issue, /^\*\*Patches ready/);
  await quiet(world);
  expect(proposals()).toBe(paid);
  expect(world.ours(issue).findLast(({ body }) => /^\*\*Patches ready/.test(body))?.body).toContain(
    ".github/workflows/test.yml",
  );
  expect(world.ours(issue).find(({ body }) => body.startsWith("**No longer open**"))?.minimized).toBe("outdated");
  expect(world.shop.issue(issue).labels.map((label) => label.name)).not.toContain("countersign:needs-human");
  expect(world.github.contentWrites("countersign")).toEqual([]);
});

it("what was approved under the looser policy is stopped by a stricter one of today", async () => {
  const open = world.ours(issue).findLast(({ body }) => /^\*\*Patches ready/.test(body));
  const code = /^\/approve (\w+)$/m.exec(open?.body ?? "")?.[1];
  world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": "policy:\n  ci-files: block\n" });
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await world.until(() => /stopped by policy/.test(world.status(issue)), "the stop");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("implement/blocked(policy)");
  expect(world.github.contentWrites("countersign")).toEqual([]);
  expect(world.github.tokens.filter(({ permissions }) => permissions["contents"] === "write")).toEqual([]);
});
