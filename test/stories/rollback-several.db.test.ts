// A rollback in two repositories: what was merged last goes first, and where checks fail people have it changed on top.
import { afterEach, expect, it } from "vitest";
import { answer } from "../../demo/model/reply.ts";
import { PLAN } from "../support/on-the-way.ts";
import { quiet } from "../support/reading-back.ts";
import { ended, expectLedgers, statesOf } from "../support/rolling-back.ts";
import {
  API,
  approveAll,
  contentCalls,
  ISSUE,
  patchesOf,
  pullIn,
  SHOP,
  TWO,
  toReview,
} from "../support/several-repositories.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const BOTH = [SHOP, API];
const ROUNDED = "export const price = (cents) => String(Math.round(cents / 100));\n";

/** What it is revised to. */
const rounded = answer({
  summary: "Rounded.",
  edits: [
    {
      kind: "replace",
      task: "T1",
      path: "src/price.js",
      search: "export const price = (cents) => String(Math.floor(cents / 100));\n",
      replace: ROUNDED,
    },
  ],
});

const pull = async (here: World, issue: number, name: string) => {
  const found = await pullIn(here, issue, name);
  if (found === undefined) throw new Error(`no pull request in ${name}`);
  return found;
};

const merge = async (here: World, issue: number, name: string): Promise<void> => {
  const { number } = await pull(here, issue, name);
  here.github.as(PEOPLE.approver).in(name).mergePull(number, "squash");
  await quiet(here);
};

const watched = async (here: World, issue: number): Promise<void> => {
  await here.until(() => /checks are watched/.test(here.status(issue)), "the watch");
  await quiet(here);
};

/** Merged in both, the shop first; then what undoes it, up to the pull requests. */
const toUndone = async (here: World) => {
  const at = await toReview(here, BOTH, ISSUE);
  const { issue } = at;
  const before = BOTH.map((name) => here.repo(name).files());
  await approveAll(here, at);
  await watched(here, issue);
  for (const name of BOTH) await here.report((await pull(here, issue, name)).head.sha, "success", "test", name);
  await ended(here, issue, "D-1");
  await quiet(here);
  for (const name of BOTH) await merge(here, issue, name);
  const written = contentCalls(here).length;
  expect(await here.say(issue, PEOPLE.approver, "/rollback")).toBe("+1");
  const codes = [];
  for (const name of BOTH) codes.push(await here.gate(issue, patchesOf(name), at.codes[name]));
  await quiet(here);
  expect(contentCalls(here)).toHaveLength(written);
  expect(await here.say(issue, PEOPLE.approver, "/approve all")).toBe("+1");
  await watched(here, issue);
  return { issue, before, calls: contentCalls(here).slice(written) };
};

it("writes and opens in reverse order, says so, and is over when both are merged", async () => {
  const here = await openWorld(TWO);
  world = here;
  const { issue, before, calls } = await toUndone(here);
  expect(calls.filter((call) => /git\/refs$|pulls$/.test(call))).toEqual([
    "POST acme/api git/refs",
    "POST acme/shop git/refs",
    "POST acme/api pulls",
    "POST acme/shop pulls",
  ]);
  const { body } = await pull(here, issue, SHOP);
  expect(body).toMatch(/Merge these in this order:\s+1\. `acme\/api`.*\n2\. `acme\/shop`: this one/);
  for (const name of BOTH) await here.report((await pull(here, issue, name)).head.sha, "success", "test", name);
  await ended(here, issue, "D-2");
  await quiet(here);
  await merge(here, issue, API);
  expect(await statesOf(here, issue)).toEqual(["close/succeeded", "close/succeeded"]);
  await merge(here, issue, SHOP);
  expect(await statesOf(here, issue)).toEqual(["close/succeeded(rolled_back)", "close/succeeded"]);
  expect(BOTH.map((name) => here.repo(name).files())).toEqual(before);
  await expectLedgers(here, issue);
});

it("red in one and merged in the other, it is revised on top of what stands", async () => {
  const here = await openWorld(TWO);
  world = here;
  const { issue } = await toUndone(here);
  const [shop, api] = [await pull(here, issue, SHOP), await pull(here, issue, API)];
  await here.report(api.head.sha, "success", "test", API);
  await here.report(shop.head.sha, "failure");
  await here.until(() => /Checks failed/.test(here.status(issue)), "the red checks");
  await quiet(here);
  await merge(here, issue, API);
  expect(await here.say(issue, PEOPLE.approver, "/revise Show whole units, rounded")).toBe("+1");
  const plan = await here.gate(issue, PLAN);
  await quiet(here);
  const prompt = here.model.requests.findLast(({ role }) => role === "plan")?.prompt ?? "";
  expect(prompt).toContain("Undo what D-1 changed.");
  expect(prompt).toContain(`It was undone by pull request #${api.number}, which is merged`);
  expect(prompt).toContain(`What a rule could undo of it stands on pull request #${shop.number}`);
  expect(prompt).toContain("Show whole units, rounded");

  here.model.say("edits", rounded);
  expect(await here.say(issue, PEOPLE.approver, `/approve ${plan}`)).toBe("+1");
  const code = await here.gate(issue, patchesOf(SHOP));
  await quiet(here);
  expect(await here.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await here.until(() => here.shop.head("countersign/d-2") !== shop.head.sha, "the commit on top");
  await watched(here, issue);
  const now = await pull(here, issue, SHOP);
  expect(now.number).toBe(shop.number);
  expect(here.shop.commit(now.head.sha)?.parents.map(({ sha }) => sha)).toEqual([shop.head.sha]);
  expect(here.shop.text("src/price.js", now.head.sha)).toBe(ROUNDED);
  await here.report(now.head.sha, "success");
  await ended(here, issue, "D-2");
  await quiet(here);
  await merge(here, issue, SHOP);
  expect(await statesOf(here, issue)).toEqual(["close/succeeded(rolled_back)", "close/succeeded"]);
  await expectLedgers(here, issue);
});
