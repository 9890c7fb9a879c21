// A delivery in several repositories, from the label to green checks everywhere.
import { afterEach, expect, it } from "vitest";
import { constraintSnapshots, deliveryRepos } from "../../src/db/schema.ts";
import { nextSecond, PATCHES, toPlan } from "../support/on-the-way.ts";
import { ledgerOf, mustChangeNothing, quiet, rowOf, stateOf, writesOf } from "../support/reading-back.ts";
import {
  ACCEPTS_SHOP,
  API,
  answersFor,
  approveAll,
  beside,
  contentCalls,
  ISSUE,
  pullIn,
  pullsIn,
  SHOP,
  shopFiles,
  THREE,
  TWO,
  told,
  toReview,
  WEB,
} from "../support/several-repositories.ts";
import { expectVerifiedLedger } from "../support/whole-way.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
const open = async (...options: Parameters<typeof openWorld>): Promise<World> => {
  world = await openWorld(...options);
  return world;
};
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const watched = async (here: World, issue: number): Promise<void> => {
  await here.until(() => /checks are watched/.test(here.status(issue)), "the watch");
  await quiet(here);
};

it("writes nothing before all are approved, then every branch, then every pull request, the issue's own first", async () => {
  const here = await open(TWO);
  const { issue, codes } = await toReview(here, [SHOP, API]);
  expect(await here.say(issue, PEOPLE.approver, `/approve acme/api ${codes[API]}`)).toBe("+1");
  await quiet(here);
  expect(await stateOf(here, issue)).toBe("review/succeeded");
  expect(contentCalls(here)).toEqual([]);

  expect(await here.say(issue, PEOPLE.approver, `/approve acme/shop ${codes[SHOP]}`)).toBe("+1");
  await watched(here, issue);
  const visible = contentCalls(here).filter((call) => /git\/refs$|pulls$/.test(call));
  expect(visible).toEqual([
    "POST acme/shop git/refs",
    "POST acme/api git/refs",
    "POST acme/shop pulls",
    "POST acme/api pulls",
  ]);
  for (const name of [SHOP, API]) {
    const pull = await pullIn(here, issue, name);
    expect(here.repo(name).text("src/price.js", pull?.head.sha)).toContain("toFixed(2)");
  }

  // Green only when all are.
  await here.report((await pullIn(here, issue, SHOP))?.head.sha ?? "", "success");
  await quiet(here);
  expect(await stateOf(here, issue)).toBe("verify/running");
  await here.report((await pullIn(here, issue, API))?.head.sha ?? "", "success", "test", API);
  await here.until(() => /It is over/.test(here.status(issue)), "the end");
  expect(await stateOf(here, issue)).toBe("close/succeeded");
  expect(await writesOf(here, (await rowOf(here, issue)).id)).toHaveLength(2);
  expect(here.github.unknownRequests()).toEqual([]);
});

it("one red repository is red for all, and says which", async () => {
  const here = await open(TWO);
  const at = await toReview(here, [SHOP, API]);
  await approveAll(here, at);
  await watched(here, at.issue);
  await here.report((await pullIn(here, at.issue, SHOP))?.head.sha ?? "", "success");
  await here.report((await pullIn(here, at.issue, API))?.head.sha ?? "", "failure", "test", API);
  await here.until(() => /failed/i.test(told(here, at.issue)), "the red checks");
  // Why they are red is asked first; here nobody answers.
  await quiet(here);
  expect(await stateOf(here, at.issue)).toBe("verify/failed(ci_red)");
  expect(told(here, at.issue)).toContain("acme/api#1");
});

it("a repository without a task has no patch set and no pull request", async () => {
  const here = await open({ ...THREE, answers: answersFor([SHOP, WEB]) });
  const at = await toReview(here, [SHOP, WEB]);
  expect(here.ours(at.issue).filter(({ body }) => /^\*\*Patches ready/.test(body))).toHaveLength(2);
  await approveAll(here, at);
  await watched(here, at.issue);
  expect(pullsIn(here, [SHOP, API, WEB])).toEqual([SHOP, WEB]);
  expect(contentCalls(here).filter((call) => call.includes(API))).toEqual([]);
});

it("a line of the issue adds repositories that the configuration allows, after those that it includes", async () => {
  const here = await open({
    ...THREE,
    files: shopFiles("repos: {include: [acme/web], allow: [acme/*]}\n"),
    answers: answersFor([SHOP, WEB, API]),
  });
  const issue = { ...ISSUE, body: `${ISSUE.body}\n\nRepos: ACME/api, acme/web` };
  const at = await toReview(here, [SHOP, API, WEB], issue);
  await approveAll(here, at);
  await watched(here, at.issue);
  expect(contentCalls(here).filter((call) => call.endsWith("pulls"))).toEqual([
    "POST acme/shop pulls",
    "POST acme/web pulls",
    "POST acme/api pulls",
  ]);
});

it("a plan that names a repository that takes no part goes back to the model", async () => {
  const here = await open({ ...TWO, answers: answersFor([SHOP, "acme/elsewhere"]) });
  const issue = here.begin(ISSUE);
  await here.until(() => here.model.requests.filter(({ role }) => role === "plan").length > 1, "a second try");
  const [, again] = here.model.requests.filter(({ role }) => role === "plan");
  expect(again?.prompt).toContain("acme/elsewhere, which does not take part");
  await quiet(here);
  expect(await stateOf(here, issue)).toBe("plan/failed(model_unusable)");
});

it("who works in a later repository sees what is proposed in the earlier ones, and the first sees none", async () => {
  const here = await open(THREE);
  await toReview(here, [SHOP, API, WEB]);
  const prompts = here.model.requests.filter(({ role }) => role === "edits").map(({ prompt }) => prompt);
  const seen = prompts.map((prompt) => [...prompt.matchAll(/# What is proposed in (\S+)/g)].map(([, name]) => name));
  expect(seen).toEqual([[], [SHOP], [SHOP, API]]);
  expect(prompts[0]).not.toContain("toFixed");
  expect(prompts[1]).toContain("+export const price = (cents) => (cents / 100).toFixed(2);");
  // Each has its own repository at its own base, and no other.
  for (const [at, name] of [SHOP, API, WEB].entries()) {
    expect([...(prompts[at] ?? "").matchAll(/# Repository (\S+) at (\S+)/g)].map(([, repo]) => repo)).toEqual([name]);
    expect(prompts[at]).toContain(here.repo(name).head() ?? "-");
  }
});

it("a revision of one repository makes that one anew and leaves the other's approval", async () => {
  const here = await open(TWO);
  const { issue, codes } = await toReview(here, [SHOP, API]);
  await here.say(issue, PEOPLE.approver, `/approve acme/shop ${codes[SHOP]}`);
  expect(await here.say(issue, PEOPLE.approver, "/revise Say it better.")).toBe("confused");
  expect(await here.say(issue, PEOPLE.approver, "/revise acme/api Say it better.")).toBe("+1");
  await quiet(here);
  const edits = here.model.requests.filter(({ role }) => role === "edits");
  expect(edits).toHaveLength(3);
  // What stands in the shop is told again, approved as it is.
  expect(edits[2]?.prompt).toContain("# What is proposed in acme/shop");
  expect(edits[2]?.prompt).toContain("Say it better.");
});

it("an approver of the issue's repository approves only where they may write", async () => {
  const here = await open({
    ...TWO,
    beside: [beside(API, { roles: { [PEOPLE.approver]: "read", [PEOPLE.owner]: "admin" } })],
  });
  const { issue, codes } = await toReview(here, [SHOP, API], ISSUE, PEOPLE.owner);
  await mustChangeNothing(here, issue, () => here.say(issue, PEOPLE.approver, `/approve acme/api ${codes[API]}`));
  await here.say(issue, PEOPLE.approver, `/approve acme/shop ${codes[SHOP]}`);
  expect(await here.say(issue, PEOPLE.owner, `/approve acme/api ${codes[API]}`)).toBe("+1");
  await watched(here, issue);
  expect(pullsIn(here, [SHOP, API])).toEqual([SHOP, API]);
});

it("who may write to the other repository and not to the issue's approves nothing", async () => {
  const roles = { [PEOPLE.approver]: "maintain", [PEOPLE.outsider]: "admin" } as const;
  const here = await open({ ...TWO, beside: [beside(API, { roles })] });
  const { issue, codes } = await toReview(here, [SHOP, API]);
  await mustChangeNothing(here, issue, () => {
    here.github.as(PEOPLE.outsider).comment(issue, `/approve acme/api ${codes[API]}`);
  });
});

it("what is in force in each repository is recorded with the commit that it came from", async () => {
  const here = await open({
    ...TWO,
    files: shopFiles("repos: [acme/api]\npolicy: {max_files: 7}\n"),
    beside: [beside(API, { config: `${ACCEPTS_SHOP}policy: {max_lines: 70, frozen: [keys/**]}\n` })],
  });
  const { issue } = await toPlan(here, here.begin(ISSUE));
  const { id } = await rowOf(here, issue);
  const [row] = await here.database.db.sql.select().from(constraintSnapshots);
  expect(row?.content).toMatchObject({
    config: { policy: { max_files: 7 } },
    from: { repoId: here.shop.id, commit: here.shop.head() },
    secondaries: [
      {
        repoId: here.repo(API).id,
        from: { repoId: here.repo(API).id, path: ".github/countersign.yml", commit: here.repo(API).head() },
        acceptFrom: [SHOP],
        policy: { max_files: 7, max_lines: 70, frozen: ["keys/**"] },
      },
    ],
  });
  const repos = await here.database.db.sql.select().from(deliveryRepos).orderBy(deliveryRepos.position);
  expect(repos.map(({ name, role, position, baseSha }) => [name, role, position, baseSha])).toEqual([
    ["shop", "primary", 0, here.shop.head()],
    ["api", "secondary", 1, here.repo(API).head()],
  ]);
  await expectVerifiedLedger(here.database.db.sql);
  expect((await ledgerOf(here, `D-${id}`)).slice(0, 3)).toEqual([
    "admitted",
    "trigger_recorded",
    "constraints_snapshotted",
  ]);
});

it("the policy of the other repository holds there, and the issue's holds in both", async () => {
  const here = await open({
    ...TWO,
    beside: [beside(API, { config: `${ACCEPTS_SHOP}policy: {frozen: [src/**]}\n` })],
  });
  const plan = await toPlan(here, here.begin(ISSUE));
  await here.say(plan.issue, PEOPLE.approver, `/approve ${plan.code}`);
  await here.until(() => /Stopped by policy/.test(told(here, plan.issue)), "the block");
  await quiet(here);
  expect(await stateOf(here, plan.issue)).toBe("implement/blocked(policy)");
  expect(here.ours(plan.issue).at(-1)?.body).toContain("`frozen-paths` `acme/api: src/price.js`");
  // The other repository's own people lift it, and the delivery goes on.
  here.github.as(PEOPLE.owner).in(API).push("main", { ".github/countersign.yml": ACCEPTS_SHOP });
  await nextSecond();
  expect(await here.say(plan.issue, PEOPLE.approver, "/retry")).toBe("+1");
  await here.gate(plan.issue, PATCHES, plan.code);
});
