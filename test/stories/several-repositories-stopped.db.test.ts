// What stops a delivery in several repositories on its way: nothing is written that may not be, what stands is named, and it goes on.
import { afterEach, expect, it } from "vitest";
import { nextSecond, PATCHES, toPlan } from "../support/on-the-way.ts";
import { ledgerOf, quiet, rowOf, stateOf, wordsOf, writesOf } from "../support/reading-back.ts";
import {
  ACCEPTS_SHOP,
  API,
  answersFor,
  approveAll,
  beside,
  branchesIn,
  contentCalls,
  ISSUE,
  pullsIn,
  SHOP,
  shopFiles,
  THREE,
  TWO,
  told,
  toReview,
  WEB,
} from "../support/several-repositories.ts";
import { stopBefore } from "../support/stop-before.ts";
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

const ALL = [SHOP, API, WEB];
const CONFIG = ".github/countersign.yml";
const BRANCH = "refs/heads/countersign/d-1";
const api = (here: World) => here.github.as(PEOPLE.owner).in(API);

const retry = async (here: World, issue: number): Promise<void> => {
  await nextSecond();
  expect(await here.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
};
const watched = async (here: World, issue: number): Promise<void> => {
  await here.until(() => /checks are watched/.test(here.status(issue)), "the watch");
  await quiet(here);
};
const refusedToWrite = async (here: World, issue: number): Promise<string> => {
  await here.until(() => /⛔ \*\*verify/.test(here.status(issue)), "the refusal");
  await quiet(here);
  expect(await stateOf(here, issue)).toBe("verify/blocked(write_refused)");
  return told(here, issue);
};

it("a repository that takes its word back is not read and gets no patches; with its word it goes on", async () => {
  const here = await open(TWO);
  const { issue, code } = await toPlan(here, here.begin(ISSUE));
  api(here).push("main", { [CONFIG]: "accept_from: [acme/other]\n" });
  await here.say(issue, PEOPLE.approver, `/approve ${code}`);
  await here.until(() => /does not let acme\/shop in/.test(told(here, issue)), "the reason");
  await quiet(here);
  expect(await stateOf(here, issue)).toBe("implement/failed(effect_dead)");
  expect(here.model.requests.filter(({ role }) => role === "edits")).toEqual([]);

  api(here).push("main", { [CONFIG]: ACCEPTS_SHOP });
  await retry(here, issue);
  await here.gate(issue, PATCHES, code);
});

it.each<[string, (here: World) => void, RegExp, (here: World) => void]>([
  [
    "takes its word back",
    (here) => api(here).push("main", { [CONFIG]: "accept_from: []\n" }),
    /acme\/api does not let acme\/shop in/,
    (here) => api(here).push("main", { [CONFIG]: ACCEPTS_SHOP }),
  ],
  [
    "is no longer named by the issue's own configuration",
    (here) => here.github.as(PEOPLE.owner).push("main", { [CONFIG]: "label: countersign\n" }),
    /acme\/api is not among the repositories/,
    (here) => here.github.as(PEOPLE.owner).push("main", { [CONFIG]: "repos: [acme/api]\n" }),
  ],
  [
    "has a branch of this name already",
    (here) => void api(here).push("countersign/d-1", { "x.txt": "x" }),
    /in acme\/api: the branch countersign\/d-1 stands at/i,
    (here) => api(here).deleteBranch("countersign/d-1"),
  ],
])(
  "nothing is written anywhere when one repository %s after the approval was asked for",
  async (_, spoil, why, mend) => {
    const here = await open(TWO);
    const at = await toReview(here, [SHOP, API]);
    spoil(here);
    await quiet(here);
    await approveAll(here, at);
    const words = await refusedToWrite(here, at.issue);
    expect(words).toMatch(why);
    expect(words).toContain("Nothing has been written to any repository.");
    expect(contentCalls(here)).toEqual([]);
    expect(await writesOf(here, 1)).toEqual([]);

    mend(here);
    await retry(here, at.issue);
    await watched(here, at.issue);
    expect(pullsIn(here, [SHOP, API])).toEqual([SHOP, API]);
  },
);

it("nobody approves while a repository has a configuration that cannot be used: whose approval is needed stands in it", async () => {
  const here = await open(TWO);
  const at = await toReview(here, [SHOP, API]);
  api(here).push("main", { [CONFIG]: "accept_from: 7\n" });
  await quiet(here);
  expect(await here.say(at.issue, PEOPLE.approver, `/approve ${API} ${at.codes[API]}`)).toBe("confused");
  await here.until(() => here.ours(at.issue).some(({ body }) => body.startsWith("Not applied")), "the reason");
  const { body } = here.ours(at.issue).find((one) => one.body.startsWith("Not applied")) ?? { body: "" };
  expect(body).toContain("`.github/countersign.yml` of `acme/api` cannot be used: it has an error.");
  expect(await stateOf(here, at.issue)).toBe("review/succeeded");

  api(here).push("main", { [CONFIG]: ACCEPTS_SHOP });
  await quiet(here);
  await nextSecond();
  await approveAll(here, at);
  await watched(here, at.issue);
  expect(pullsIn(here, [SHOP, API])).toEqual([SHOP, API]);
});

it("words that were chosen for fewer readers are not written where more people read by now", async () => {
  const here = await open({
    visibility: "private",
    files: shopFiles("repos: [acme/api]\nallow_public_output: on\n"),
    beside: [beside(API, { visibility: "private" })],
    answers: answersFor([SHOP, API]),
  });
  const at = await toReview(here, [SHOP, API]);
  api(here).setVisibility("public");
  await quiet(here);
  await approveAll(here, at);
  await quiet(here);
  expect(await stateOf(here, at.issue)).toBe("review/succeeded");
  expect(await ledgerOf(here, "D-1")).toContainEqual(
    expect.stringMatching(/^approval_void: .*seen by more people now/),
  );
  expect(contentCalls(here)).toEqual([]);

  await nextSecond();
  expect(await here.say(at.issue, PEOPLE.approver, "/revise acme/api Nothing of the issue.")).toBe("+1");
  const code = await here.gate(at.issue, PATCHES, at.codes[API]);
  await here.say(at.issue, PEOPLE.approver, `/approve acme/api ${code}`);
  await watched(here, at.issue);
  const [pull] = here.repo(API).pulls();
  expect(JSON.stringify(pull)).not.toContain("acme/shop");
  expect(pullsIn(here, [SHOP, API])).toEqual([SHOP, API]);
});

it("archived after the approval was asked for, it holds the delivery, which the issue says, and goes on when it is not", async () => {
  const here = await open(TWO);
  const at = await toReview(here, [SHOP, API]);
  api(here).archiveRepository(true);
  await quiet(here);
  expect((await rowOf(here, at.issue)).holds).toEqual(["archived"]);
  expect(told(here, at.issue)).toContain("A repository is archived.");
  api(here).archiveRepository(false);
  await quiet(here);
  expect((await rowOf(here, at.issue)).holds).toEqual([]);
  await nextSecond();
  await approveAll(here, at);
  await watched(here, at.issue);
  expect(pullsIn(here, [SHOP, API])).toEqual([SHOP, API]);
});

it.each<[string, (here: World) => void, string]>([
  ["archived", (here) => api(here).archiveRepository(true), "acme/api is archived."],
  // What fewer people see than the issue is spoken of there as if it were none.
  ["made private", (here) => api(here).setVisibility("private"), "acme/api cannot take part."],
])(
  "%s between the approval and the first call, it is found out before anything is written anywhere",
  async (_, spoil, why) => {
    const here = await open(TWO);
    const at = await toReview(here, [SHOP, API]);
    here.github.webhooks.pause();
    const { id } = here.github.as(PEOPLE.approver).comment(at.issue, "/approve all");
    const look = stopBefore(here, "GET", new RegExp(`/issues/comments/${id}$`));
    here.github.webhooks.resume();
    // Once for the command, once for the WriteGate's last look.
    await look.reached;
    const again = stopBefore(here, "GET", new RegExp(`/issues/comments/${id}$`));
    look.go();
    await again.reached;
    here.github.webhooks.pause();
    spoil(here);
    again.go();
    await here.until(() => /⛔ \*\*verify/.test(here.status(at.issue)), "the refusal");
    expect(told(here, at.issue)).toContain(why);
    here.github.webhooks.resume();
    await quiet(here);
    expect(await stateOf(here, at.issue)).toBe("verify/blocked(write_refused)");
    expect(contentCalls(here)).toEqual([]);
  },
);

it("taken out of the installation, it holds the delivery until it is back", async () => {
  const here = await open({ ...TWO, installedOn: [SHOP, API], impatient: true });
  const at = await toReview(here, [SHOP, API]);
  here.github.installation("countersign").choose([SHOP]);
  await here.until(() => /on hold/i.test(told(here, at.issue)), "the hold on the issue");
  await quiet(here);
  expect((await rowOf(here, at.issue)).holds).toEqual(["source_inactive"]);
  here.github.installation("countersign").choose([SHOP, API]);
  await quiet(here);
  expect((await rowOf(here, at.issue)).holds).toEqual([]);
});

it("a pull request that is refused in the second of three leaves the first, names both sides, and is retried alone", async () => {
  const here = await open(THREE);
  const at = await toReview(here, ALL);
  const refusal = { kind: "answer", status: 422, body: { message: "Validation Failed" } } as const;
  here.github.faults.add({ app: "countersign", method: "POST", path: "/repos/acme/api/pulls" }, refusal);
  await approveAll(here, at);
  const words = await refusedToWrite(here, at.issue);
  expect(words).toMatch(
    /Opened: \[acme\/shop#2\]\(\S+\)\. Not opened: `acme\/api` \(.* is pushed\) and `acme\/web` \(.* is pushed\)/,
  );
  expect(words).toContain("In acme/api: GitHub: Validation Failed.");
  expect(branchesIn(here, ALL)).toEqual(ALL);
  expect(pullsIn(here, ALL)).toEqual([SHOP]);

  await retry(here, at.issue);
  await watched(here, at.issue);
  expect(pullsIn(here, ALL)).toEqual(ALL);
  for (const name of ALL) {
    expect(contentCalls(here).filter((call) => call === `POST ${name} git/refs`)).toHaveLength(1);
    expect(here.repo(name).pulls()).toHaveLength(1);
  }
  expect(contentCalls(here).filter((call) => call === "POST acme/shop pulls")).toHaveLength(1);
});

it("a branch that is refused in the second repository opens no pull request at all, and a cancel names what stands", async () => {
  const here = await open(TWO);
  const at = await toReview(here, [SHOP, API]);
  const refusal = { kind: "answer", status: 422, body: { message: "Repository rule violations found" } } as const;
  here.github.faults.add({ app: "countersign", method: "POST", path: "/repos/acme/api/git/refs" }, refusal);
  await approveAll(here, at);
  const words = await refusedToWrite(here, at.issue);
  expect(words).toMatch(/Not opened: `acme\/shop` \(branch `countersign\/d-1` is pushed\) and `acme\/api`\./);
  expect(pullsIn(here, [SHOP, API])).toEqual([]);
  await nextSecond();
  expect(await here.say(at.issue, PEOPLE.approver, "/cancel")).toBe("+1");
  await here.until(() => here.ours(at.issue).some(({ body }) => body.startsWith("**Canceled**")), "the result");
  const result = here.ours(at.issue).filter(({ body }) => body.startsWith("**Canceled**"));
  expect(result.map(wordsOf).join("")).toContain("branch `countersign/d-1`");
  expect(here.shop.refs().has(BRANCH)).toBe(true);
});

it("an approver who lost the other repository after approving writes nothing there, nor anywhere else", async () => {
  const here = await open(TWO);
  const { issue, codes } = await toReview(here, [SHOP, API]);
  await here.say(issue, PEOPLE.approver, `/approve acme/api ${codes[API]}`);
  api(here).setRole(PEOPLE.approver, "read");
  await here.say(issue, PEOPLE.owner, `/approve acme/shop ${codes[SHOP]}`);
  await quiet(here);
  await here.until(() => /review/.test(here.status(issue)), "the gate again");
  expect(await stateOf(here, issue)).toBe("review/succeeded");
  expect(contentCalls(here)).toEqual([]);
});
