// A cancel while the WriteGate writes stops it before its next call; what stands on GitHub by then is named, and stays.
import { afterEach, expect, it } from "vitest";
import { toPatches, toPull } from "../support/on-the-way.ts";
import { quiet, stateOf, wordsOf, writesOf } from "../support/reading-back.ts";
import { stopBefore } from "../support/stop-before.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const BRANCH = "refs/heads/countersign/d-1";

it.each([
  ["the tree", /\/git\/trees$/, [], "Nothing was written to the repository."],
  [
    "the commit",
    /\/git\/commits$/,
    [],
    "The write was stopped on its way; branch `countersign/d-1` may be there already.",
  ],
  ["the branch", /\/git\/refs$/, [BRANCH], "What was pushed stays as it is: branch `countersign/d-1`."],
] as const)("at %s: that call may still be done, and none after it", async (_, path, refs, words) => {
  world = await openWorld();
  const here = world;
  const { issue, code } = await toPatches(here);
  const call = stopBefore(here, "POST", path);
  await here.say(issue, PEOPLE.approver, `/approve ${code}`);
  await call.reached;
  expect(await here.say(issue, PEOPLE.approver, "/cancel")).toBe("+1");
  await here.until(() => here.ours(issue).some(({ body }) => body.startsWith("**Canceled**")), "the result");
  call.go();
  await quiet(here);

  expect(await stateOf(here, issue)).toBe("verify/canceled(by_command)");
  expect([...here.shop.refs().keys()].filter((ref) => ref !== "refs/heads/main")).toEqual(refs);
  expect(here.shop.pulls()).toEqual([]);
  expect(await writesOf(here, 1)).toHaveLength(1);
  const result = here.ours(issue).filter(({ body }) => body.startsWith("**Canceled**"));
  expect(result.map(wordsOf).map((text) => text.split("\n")[0]?.split(" UTC. ")[1])).toEqual([words]);
  const [status] = here.status(issue).split("<details>");
  expect(status?.includes("Nothing has been written")).toBe(words.startsWith("Nothing"));
  const writers = here.github.tokens.filter(({ permissions }) => permissions["contents"] === "write");
  expect(writers.map(({ revokedAt }) => revokedAt === null)).toEqual([false]);
});

it("at the pull request: it is opened, stays open, and is named", async () => {
  world = await openWorld();
  const here = world;
  const { issue, code } = await toPatches(here);
  const call = stopBefore(here, "POST", /\/pulls$/);
  await here.say(issue, PEOPLE.approver, `/approve ${code}`);
  await call.reached;
  expect(await here.say(issue, PEOPLE.approver, "/cancel")).toBe("+1");
  await here.until(() => here.ours(issue).some(({ body }) => body.startsWith("**Canceled**")), "the result");
  call.go();
  await quiet(here);

  expect(await stateOf(here, issue)).toBe("verify/canceled(by_command)");
  expect(here.shop.pulls().map(({ number, state }) => [number, state])).toEqual([[2, "open"]]);
  const [result] = here.ours(issue).filter(({ body }) => body.startsWith("**Canceled**"));
  expect(result?.body).toMatch(/What was pushed stays as it is: \[acme\/shop#2\]\(.*\), branch `countersign\/d-1`\./);
});

it("after everything: the pull request stays open and is named", async () => {
  world = await openWorld();
  const { issue, pull } = await toPull(world);
  expect(await world.say(issue, PEOPLE.approver, "/cancel")).toBe("+1");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/canceled(by_command)");
  expect(world.shop.pulls()[0]?.state).toBe("open");
  expect(world.shop.refs().has(BRANCH)).toBe(true);
  const result = wordsOf(world.ours(issue).at(-1) ?? { body: "" });
  expect(result).toMatch(/^\*\*Canceled\*\* by `octocat`/);
  expect(result).toContain(`acme/shop#${pull.number}`);
  expect(result).toContain("`countersign/d-1`");
});
