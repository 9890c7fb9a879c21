// Codes end to end: demanded by the configuration, demanded by what policy warns of, turned down, and another delivery's.
import { afterAll, beforeAll, expect, it } from "vitest";
import { REFUSALS_ANSWERS } from "../../demo/repository/demo-repository.ts";
import { PATCHES, toPlan } from "../support/on-the-way.ts";
import { mustChangeNothing, quiet, rowOf, somebody, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ answers: { ...REFUSALS_ANSWERS } });
  const config = "approvals:\n  code: required\npolicy:\n  ci-files: warn\n";
  world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": config });
});
afterAll(() => world.close());

const runOf = async (issue: number, what: string) => {
  const { id } = await rowOf(world, issue);
  const found = world.shop.checkRuns().findLast(({ name }) => name === `countersign / D-${id} / ${what}`);
  if (found === undefined) throw new Error(`there is no check run of ${what}`);
  return found;
};

it("where the configuration asks for the code, a plan is approved by nothing less; a button has it", async () => {
  const { issue, code } = await toPlan(world);
  const login = somebody(world, "brief", "maintain");
  const refused = await mustChangeNothing(world, issue, async () =>
    expect(await world.say(issue, login, "/approve")).toBe("confused"),
  );
  expect(refused.ledger).toEqual(["command_received", "command.approve: refused: code_required"]);
  expect(refused.replies).toEqual([
    `Not applied, \`brief\`. This repository asks for the code of the version: \`/approve ${code}\``,
  ]);
  const plan = await runOf(issue, "plan 1");
  expect(plan.actions.map(({ identifier }) => identifier)).toEqual([`approve:${code}`, `reject:${code}`]);
  world.github.as(login).clickCheckAction(plan.id, `approve:${code}`);
  const patches = await world.gate(issue, PATCHES, code);
  await quiet(world);

  // What policy warns of is approved by its code, in a comment: the gate says so, and has no button for it.
  const gate = world.ours(issue).findLast(({ body }) => PATCHES.test(body));
  expect(gate?.body).toContain("`ci-files` warns of something that runs where no check has looked.");
  const run = await runOf(issue, "patch set 1");
  expect(run.actions.map(({ identifier }) => identifier)).toEqual([`reject:${patches}`]);
  const hasty = somebody(world, "hasty", "maintain");
  const all = await mustChangeNothing(world, issue, async () =>
    expect(await world.say(issue, hasty, "/approve all")).toBe("confused"),
  );
  expect(all.ledger).toEqual(["command_received", "command.approve: refused: code_required"]);
  expect(all.replies).toEqual([
    `Not applied, \`hasty\`. Policy warns of a file here that runs where no check has looked, so this version is approved by its code, in a comment: \`/approve ${patches}\``,
  ]);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${patches}`)).toBe("+1");
  // The approval counts, and the WriteGate goes to write; GitHub itself takes no workflow file from an app without that permission.
  await world.until(() => /Not written/.test(world.status(issue)), "the write");
  await quiet(world);
  const note = world.ours(issue).find(({ body }) => body.startsWith("**Not written"));
  expect(note?.body).toContain("Resource not accessible by integration");
});

it("a code that was turned down, and one of another delivery, each have their own answer", async () => {
  const first = await toPlan(world);
  const second = await toPlan(world);
  const [one, two] = [somebody(world, "one", "maintain"), somebody(world, "two", "maintain")];
  const other = await rowOf(world, first.issue);
  const foreign = await mustChangeNothing(world, second.issue, async () =>
    expect(await world.say(second.issue, one, `/approve ${first.code}`)).toBe("confused"),
  );
  expect(foreign.ledger).toEqual(["command_received: refused: other_code"]);
  expect(foreign.replies).toEqual([
    `Not applied, \`one\`. \`${first.code}\` is the code of something that D-${other.id} has shown, on issue \`#${first.issue}\`. Approve that there; here it means nothing.`,
  ]);

  expect(await world.say(second.issue, PEOPLE.approver, "/reject not like this")).toBe("+1");
  const rejected = await mustChangeNothing(world, second.issue, async () =>
    expect(await world.say(second.issue, two, `/approve ${second.code}`)).toBe("confused"),
  );
  expect(rejected.ledger).toEqual(["command_received", "command.approve: refused: rejected_code"]);
  expect(rejected.replies.join()).toMatch(
    new RegExp(
      `^Not applied, \`two\`\\. \`${second.code}\` stands for a version that was turned down\\. Nothing can be approved now: `,
    ),
  );
  expect(await stateOf(world, second.issue)).toBe("intake/failed(rejected)");
});
