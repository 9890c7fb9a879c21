// Somebody with write access edits or deletes a comment of ours: the gate that it showed is void until it is shown again.
import { afterAll, beforeAll, expect, it } from "vitest";
import { nextSecond, PATCHES, toPatches, toPlan } from "../support/on-the-way.ts";
import { approvalsOf, quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": "approvals:\n  review: 2\n" });
});
afterAll(() => world.close());

const gateOf = (issue: number, words: RegExp) => {
  const found = world.ours(issue).findLast(({ body }) => words.test(body));
  if (found === undefined) throw new Error(`no comment says ${words.source}`);
  return found;
};

it("an edited plan comment is put right before anybody can approve it", async () => {
  const { issue, code } = await toPlan(world);
  const shown = gateOf(issue, /^\*\*Plan ready/);
  const before = await rowOf(world, issue);
  world.github
    .as(PEOPLE.owner)
    .editComment(shown.id, shown.body.replace("Accented", "Dangerous").replace("Keep", "Drop"));
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
  const after = await rowOf(world, issue);
  expect(after.attempt).toBeGreaterThan(before.attempt);
  expect(gateOf(issue, /^\*\*Plan ready/).body).not.toContain("Drop");
  await nextSecond();
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
});

it("a deleted patch set comment is shown again, and approvals from before count no more", async () => {
  const { issue, code } = await toPatches(world);
  expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("+1");
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  const { id } = await rowOf(world, issue);

  const shown = gateOf(issue, PATCHES);
  world.github.as(PEOPLE.approver).deleteComment(shown.id);
  await world.until(() => {
    const again = world.ours(issue).findLast(({ body }) => PATCHES.test(body));
    return again !== undefined && again.id !== shown.id;
  }, "the comment again");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  expect(await approvalsOf(world, id)).toEqual([
    expect.objectContaining({ subjectKind: "plan", voidedAt: null }),
    expect.objectContaining({ subjectKind: "patchset", voidedAt: expect.any(Date) }),
  ]);
  expect(world.github.contentWrites("countersign")).toEqual([]);

  await nextSecond();
  // Both approve what is shown now; the one whose approval was void is not told that it stands.
  expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("+1");
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await world.until(() => world.shop.pulls()[0], "the pull request");
});

it("an edit that GitHub told nobody of is found when somebody approves, and voids the gate once", async () => {
  const { issue, code } = await toPatches(world);
  const { attempt } = await rowOf(world, issue);
  const shown = gateOf(issue, PATCHES);
  world.github.webhooks.drop({ event: "issue_comment", action: "edited" });
  world.github.as(PEOPLE.owner).editComment(shown.id, shown.body.replace("3 files", "1 file"));
  const lost = world.github.webhooks.find({ event: "issue_comment", action: "edited", app: "countersign" }).at(-1);

  expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("confused");
  await quiet(world);
  const reply = world.ours(issue).find(({ body }) => body.startsWith("Not applied"));
  expect(reply?.body).toContain(
    `The comment that shows patch set 1 in \`acme/shop\` was changed after it was posted, so nobody can tell what you read. It is shown again as it is; look at it, then approve it: \`/approve ${code}\``,
  );
  const again = await rowOf(world, issue);
  expect(again.attempt).toBeGreaterThan(attempt);
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  expect(gateOf(issue, PATCHES).body).not.toContain("1 file,");

  // The webhook that comes after all tells nothing new.
  if (lost !== undefined) world.github.webhooks.replay(lost, "same");
  await quiet(world);
  expect((await rowOf(world, issue)).attempt).toBe(again.attempt);
  await nextSecond();
  expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("+1");
});

it("a deletion is found so, too, and a webhook that tells of it later changes nothing more", async () => {
  const { issue, code } = await toPatches(world);
  const { id, attempt } = await rowOf(world, issue);
  const shown = gateOf(issue, PATCHES);
  expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("+1");
  await quiet(world);
  world.github.webhooks.drop({ event: "issue_comment", action: "deleted" });
  world.github.as(PEOPLE.approver).deleteComment(shown.id);
  const lost = world.github.webhooks.find({ event: "issue_comment", action: "deleted", app: "countersign" }).at(-1);

  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("confused");
  await world.until(
    () => world.ours(issue).some((one) => PATCHES.test(one.body) && one.id !== shown.id),
    "the comment",
  );
  await quiet(world);
  const again = await rowOf(world, issue);
  expect(again).toMatchObject({ phase: "review", runStatus: "succeeded" });
  expect(again.attempt).toBeGreaterThan(attempt);
  expect((await approvalsOf(world, id)).filter(({ voidedAt }) => voidedAt === null)).toHaveLength(1);
  expect(gateOf(issue, PATCHES).body).toContain("Asked again: the approval of `mona` no longer counts (");

  if (lost !== undefined) world.github.webhooks.replay(lost, "same");
  await quiet(world);
  expect((await rowOf(world, issue)).attempt).toBe(again.attempt);
});
