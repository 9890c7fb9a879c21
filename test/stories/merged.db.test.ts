// What a human merged, however: the base after it is compared with the base before it, and the verdict is recorded and said.
import { afterAll, beforeAll, expect, it } from "vitest";
import { toPull } from "../support/on-the-way.ts";
import { conclusionOf, judgedInLedger, verdictsOf } from "../support/provenance.ts";
import { quiet, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const approver = () => world.github.as(PEOPLE.approver);
const owner = () => world.github.as(PEOPLE.owner);
const result = (issue: number, words: RegExp) => world.ours(issue).find(({ body }) => words.test(body));

/** The stories after this one begin where this one did. */
const putBack = (main: string | null) => owner().forcePush("main", main ?? "");

const toReady = async () => {
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  await world.until(() => result(issue, /^\*\*Ready to merge/), "the result");
  await quiet(world);
  return { issue, pull };
};

it("squashed after the end, onto a base that moved meanwhile: the merged tree is what was approved", async () => {
  const main = world.shop.head();
  const { issue, pull } = await toReady();
  owner().push("main", { "README.md": "Another shop.\n" });
  const merge = approver().mergePull(pull.number, "squash");
  const said = await world.until(() => result(issue, /^\*\*Merged\*\*/), "the result");
  await quiet(world);
  expect(said.body).toContain(`is exactly what was approved.`);
  expect(said.body).toContain(merge.slice(0, 7));
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  expect(await judgedInLedger(world, issue)).toEqual([
    expect.objectContaining({ kind: "head", verdict: "approved" }),
    expect.objectContaining({ kind: "merge", commit: merge, verdict: "approved" }),
  ]);
  putBack(main);
  await quiet(world);
});

it("rebased while the checks were watched, with a commit more that was countersigned", async () => {
  const main = world.shop.head();
  const { issue, pull } = await toPull(world);
  const pushed = approver().push(pull.head.ref, { "CHANGES.md": "Umlauts.\n" });
  const note = await world.until(() => result(issue, /was not approved/), "the note");
  await quiet(world);
  const code = /`\/approve (\w+)`/.exec(note.body)?.[1];
  await world.say(pull.number, PEOPLE.approver, `/approve ${code}`);
  await world.until(() => conclusionOf(world, pushed) === "success", "the countersignature");
  await quiet(world);
  owner().push("main", { "README.md": "Another shop.\n" });
  world.github.webhooks.pause();
  await world.report(pushed, "success");
  approver().mergePull(pull.number, "rebase");
  world.github.webhooks.resume();
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  expect((await verdictsOf(world, issue)).at(-1)).toBe("merge approved");
  putBack(main);
  await quiet(world);
});

it("merged with a commit that nobody approved: while it is watched it stops, after the end it is said", async () => {
  const main = world.shop.head();
  const first = await toPull(world);
  approver().push(first.pull.head.ref, { "README.md": "Something else.\n" });
  approver().mergePull(first.pull.number, "merge");
  const note = await world.until(() => result(first.issue, /merged with content that nobody approved/), "the note");
  await quiet(world);
  expect(await stateOf(world, first.issue)).toBe("verify/blocked(merged_unapproved)");
  expect(note.body).toContain("it differs in `README.md`");
  putBack(main);
  await quiet(world);

  const second = await toReady();
  approver().push(second.pull.head.ref, { "README.md": "Something else.\n" });
  approver().mergePull(second.pull.number, "squash");
  const said = await world.until(() => result(second.issue, /^\*\*Merged with other content/), "the result");
  await quiet(world);
  expect(said.body).toContain("it differs in `README.md`");
  expect(await stateOf(world, second.issue)).toBe("close/succeeded");
  expect(world.status(second.issue)).toMatch(/^### Countersign D-\d+: merged with other content\n/);
  expect((await verdictsOf(world, second.issue)).at(-1)).toBe("merge unapproved");
});
