// The locks as the outside sees them: which tokens exist, and what a write does when the ground has moved since the approval.
import { afterEach, beforeEach, expect, it } from "vitest";
import { nextSecond, PATCHES, PLAN, pullOf, toPatches } from "../support/on-the-way.ts";
import { approvalsOf, ledgerOf, quiet, rowOf, stateOf, writesOf } from "../support/reading-back.ts";
import { stopBefore } from "../support/stop-before.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld({ impatient: true });
});
afterEach(() => world.close());

const writers = () => world.github.tokens.filter(({ permissions }) => permissions["contents"] === "write");
const owner = () => world.github.as(PEOPLE.owner);

/** Approves the patches and lets `meanwhile` happen when the WriteGate begins to look, before it has written anything. */
const approvedThen = async (meanwhile: (issue: number, approval: number) => void): Promise<number> => {
  const { issue, code } = await toPatches(world);
  // The first thing that a write reads is the configuration of today; nobody else reads it after the verdict.
  world.github.webhooks.pause();
  const { id } = world.github.as(PEOPLE.approver).comment(issue, `/approve ${code}`);
  const look = stopBefore(world, "GET", new RegExp(`/issues/comments/${id}$`));
  world.github.webhooks.resume();
  // Once for the command, once for the last look.
  await look.reached;
  const again = stopBefore(world, "GET", new RegExp(`/issues/comments/${id}$`));
  look.go();
  await again.reached;
  meanwhile(issue, id);
  again.go();
  await quiet(world);
  return issue;
};

const untouched = () => {
  expect([...world.shop.refs().keys()].filter((ref) => ref.includes("countersign"))).toEqual([]);
  expect(world.shop.pulls()).toEqual([]);
  expect(world.github.contentWrites("countersign")).toEqual([]);
};

it("a token that can write contents is minted for one job, for one repository, and is revoked", async () => {
  const { issue, code } = await toPatches(world);
  expect(writers()).toEqual([]);
  for (const { permissions } of world.github.tokens.filter(({ app }) => app === "countersign")) {
    expect(permissions["contents"] ?? "read").toBe("read");
    expect(permissions["workflows"]).toBeUndefined();
  }
  const pushing = stopBefore(world, "POST", /\/git\/refs$/);
  await world.say(issue, PEOPLE.approver, `/approve ${code}`);
  await pushing.reached;
  expect(writers().map(({ revokedAt, repositories }) => [revokedAt, repositories])).toEqual([[null, [world.shop.id]]]);
  pushing.go();
  await world.until(() => world.shop.pulls()[0], "the pull request");
  await quiet(world);
  expect(writers().map(({ revokedAt }) => revokedAt === null)).toEqual([false]);
  // Nothing was written with another token, and nothing after that one was given back.
  const [token] = writers();
  const used = world.github.contentWrites("countersign");
  expect(used.length).toBeGreaterThan(3);
  expect([...new Set(used.map(({ tokenId }) => tokenId))]).toEqual([token?.id]);
  const last = world.github.requests.findLast(({ tokenId }) => tokenId === token?.id);
  expect(last).toMatchObject({ method: "DELETE", path: "/installation/token" });
});

it("an approver who lost the role since writes nothing, and the gate opens again", async () => {
  const issue = await approvedThen(() => owner().setRole(PEOPLE.approver, "read"));
  untouched();
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  const { id } = await rowOf(world, issue);
  expect((await approvalsOf(world, id)).map(({ subjectKind, voidedAt }) => [subjectKind, voidedAt === null])).toEqual([
    ["plan", true],
    ["patchset", false],
  ]);
  expect(writers()).toEqual([]);
  expect(world.status(issue)).toContain("Asked again: the approval of `octocat` no longer counts (");
  const code = await world.gate(issue, PATCHES);
  await nextSecond();
  expect(await world.say(issue, PEOPLE.owner, `/approve ${code}`)).toBe("+1");

  // The plan was approved by the same person: it is asked for again as well, and the patches stay approved.
  await quiet(world);
  untouched();
  expect(await stateOf(world, issue)).toBe("plan/succeeded");
  expect(world.status(issue)).toContain("Asked again: the approval of `octocat` no longer counts (0 of 1");
  const plan = await world.gate(issue, PLAN);
  await nextSecond();
  expect(await world.say(issue, PEOPLE.owner, `/approve ${plan}`)).toBe("+1");
  await world.until(() => pullOf(world, id), "the pull request");
  expect(world.ours(issue).filter(({ body }) => PATCHES.test(body))).toHaveLength(0);
});

it.each(["edited", "deleted"] as const)("an approving comment that was %s since writes nothing", async (how) => {
  const author = world.github.as(PEOPLE.approver);
  const issue = await approvedThen((_, id) => {
    if (how === "edited") author.editComment(id, "/approve, or rather not");
    else author.deleteComment(id);
  });
  untouched();
  expect(await stateOf(world, issue)).toBe("review/succeeded");
  const { id } = await rowOf(world, issue);
  expect((await approvalsOf(world, id)).filter(({ voidedAt }) => voidedAt === null)).toHaveLength(1);
  expect((await ledgerOf(world, `D-${id}`)).some((entry) => entry.startsWith("approval_void"))).toBe(true);
  const gate = world.ours(issue).findLast(({ body }) => PATCHES.test(body));
  expect(gate?.body).toContain("Asked again: the approval of `octocat` no longer counts (");
  expect(gate?.body).toContain(`its comment was ${how}`);
});

it("a no that GitHub has not told us of yet wins over the approval", async () => {
  const issue = await approvedThen((number) => {
    world.github.webhooks.drop({ event: "issue_comment" });
    owner().comment(number, "/cancel");
  });
  untouched();
  expect(await stateOf(world, issue)).toBe("verify/blocked(write_refused)");
  const note = world.ours(issue).find(({ body }) => body.startsWith("**Not written"));
  expect(note?.body).toContain("`mona` wrote `/cancel`, and GitHub has not told Countersign of that comment.");

  // She posts it again, as the note says.
  expect(await world.say(issue, PEOPLE.owner, "/cancel")).toBe("+1");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/canceled(by_command)");
});

it("a base branch that moved on does not matter: what is written stands on the approved base", async () => {
  const base = world.shop.head();
  const issue = await approvedThen(() => owner().push("main", { "README.md": "Moved on.\n" }));
  const { id } = await rowOf(world, issue);
  const pull = await world.until(() => pullOf(world, id), "the pull request");
  expect(world.shop.commit(pull.head.sha)?.parents.map(({ sha }) => sha)).toEqual([base]);
  expect(world.shop.text("README.md", pull.head.ref)).not.toBe("Moved on.\n");
});

it("a base branch that was rewritten voids the approval, and a revision takes in the new base", async () => {
  const root = world.shop.head() ?? "";
  owner().push("main", { "README.md": "The base of the patches.\n" });
  const issue = await approvedThen(() => owner().forcePush("main", root));
  untouched();
  const { id } = await rowOf(world, issue);
  expect((await approvalsOf(world, id)).filter(({ voidedAt }) => voidedAt === null)).toHaveLength(1);
  expect(await stateOf(world, issue)).toBe("review/succeeded");

  // Approving the same again would lead here again: a revision takes in the base that is there now.
  const gate = world.ours(issue).findLast(({ body }) => PATCHES.test(body));
  expect(gate?.body).toContain("its base was rewritten, and only a revision takes in the new one");
  const old = /^\/approve ([2-9a-hj-km-np-z]{4,6})$/m.exec(gate?.body ?? "")?.[1];
  expect(await world.say(issue, PEOPLE.approver, "/revise Make it on the branch as it is now.")).toBe("+1");
  const code = await world.gate(issue, PATCHES, old);
  expect((await ledgerOf(world, `D-${id}`)).filter((entry) => entry.startsWith("base_taken"))).toHaveLength(1);
  expect(await world.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  const pull = await world.until(() => pullOf(world, id), "the pull request");
  expect(world.shop.commit(pull.head.sha)?.parents.map(({ sha }) => sha)).toEqual([root]);
});

it("a branch of that name with another head is left alone, and the write says why", async () => {
  const { issue, code } = await toPatches(world);
  const theirs = world.github.as(PEOPLE.approver).push("countersign/d-1", { "README.md": "Mine.\n" });
  await world.say(issue, PEOPLE.approver, `/approve ${code}`);
  await world.until(() => /Not written/.test(world.status(issue)), "the refusal");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/blocked(write_refused)");
  expect(world.shop.head("countersign/d-1")).toBe(theirs);
  expect(world.shop.pulls()).toEqual([]);
  expect(await writesOf(world, 1)).toEqual([]);
  expect(world.github.contentWrites("countersign")).toEqual([]);
  const note = world.ours(issue).find(({ body }) => body.startsWith("**Not written"));
  expect(note?.body).toMatch(/countersign\/d-1`? stands at `[0-9a-f]{7}`, which is not ours/);

  world.github.as(PEOPLE.approver).deleteBranch("countersign/d-1");
  expect(await world.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
  await world.until(() => world.shop.pulls()[0], "the pull request");
});
