// A human's commit on a pull request of a delivery, where two people are asked for: whoever made or pushed it does not count alone.
import { afterAll, beforeAll, expect, it } from "vitest";
import { toPull } from "../support/on-the-way.ts";
import { conclusionOf, provenanceOf } from "../support/provenance.ts";
import { approvalsOf, ledgerOf, quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
let issue: number;
let pull: Awaited<ReturnType<typeof toPull>>["pull"];

beforeAll(async () => {
  world = await openWorld();
  ({ issue, pull } = await toPull(world));
  world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": "approvals:\n  requester: not_alone\n" });
});
afterAll(() => world.close());

const say = (login: string, text: string) => world.say(pull.number, login, text);
const codeOn = (sha: string): string =>
  /`\/approve (\w+)`/.exec(provenanceOf(world, sha)?.output.summary ?? "")?.[1] ?? "none";
const settled = async (sha: string, conclusion: string) => {
  await world.until(() => conclusionOf(world, sha) === conclusion, `provenance ${conclusion}`);
  await quiet(world);
};

it("whoever pushed it approves it, and that is not enough; with somebody else it is", async () => {
  // The commit names the owner as its author; GitHub's own webhook says who pushed it.
  const pushed = world.github.as(PEOPLE.owner).push(pull.head.ref, { "README.md": "Something else.\n" });
  await settled(pushed, "failure");
  expect(await stateOf(world, issue)).toBe("verify/blocked(unapproved_head)");
  const code = codeOn(pushed);

  expect(await say(PEOPLE.owner, `/approve ${code}`)).toBe("+1");
  await quiet(world);
  expect(conclusionOf(world, pushed)).toBe("failure");
  expect(await stateOf(world, issue)).toBe("verify/blocked(unapproved_head)");

  world.github.addUser("second");
  world.github.as(PEOPLE.owner).setRole("second", "maintain");
  expect(await say("second", `/approve ${code}`)).toBe("+1");
  await settled(pushed, "success");
  expect(await stateOf(world, issue)).toBe("verify/running");
  const { id } = await rowOf(world, issue);
  const heads = (await approvalsOf(world, id)).filter(({ subjectKind }) => subjectKind === "head");
  expect(heads.map(({ personLogin }) => personLogin)).toEqual([PEOPLE.owner, "second"]);
  expect(new Set(heads.map(({ digest }) => digest)).size).toBe(1);
  expect((await ledgerOf(world, `D-${id}`)).filter((each) => each === "approval_recorded")).toHaveLength(4);
});

it("the checks of the countersigned head decide, and not those of the one before", async () => {
  const head = world.shop.head(pull.head.ref) ?? "";
  await world.report(pull.head.sha, "success");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/running");
  await world.report(head, "success");
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
});
