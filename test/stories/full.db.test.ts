// The whole way: plan, patches, pull request, one more approval, the merge, the deployment, the watch, the end.
import { afterEach, describe, expect, it } from "vitest";
import { DeliveryId } from "../../src/ids.ts";
import { collectBundle } from "../../src/ledger/bundle/collect.ts";
import { verifyBundle } from "../../src/ledger/bundle/verify-bundle.ts";
import { toPull } from "../support/on-the-way.ts";
import { ledgerOf, quiet, rowOf, stateOf, writesOf } from "../support/reading-back.ts";
import { configure, deployed, MERGE, SHIPS, toMerge } from "../support/to-merge.ts";
import { expectVerifiedLedger } from "../support/whole-way.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
const open = async (text?: string): Promise<World> => {
  world = await openWorld();
  configure(world, text);
  return world;
};
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const merges = ({ github }: World) =>
  github.requests.filter(({ app, method, path }) => app === "countersign" && method === "PUT" && /\/merge$/.test(path));
const deployments = ({ github }: World) =>
  github.requests.filter(
    ({ app, method, path }) => app === "countersign" && method === "POST" && /\/deployments$/.test(path),
  );
const over = (here: World, issue: number) => here.until(() => /It is over/.test(here.status(issue)), "the end");

it("merges and deploys what people approved, watches it, and closes the issue", async () => {
  const here = await open();
  const { shop, github } = here;
  const before = shop.head();
  const { issue, pull, code } = await toMerge(here);
  const approvedTitle = shop.issue(pull.number).title;
  const gate = here.ours(issue).find(({ body }) => MERGE.test(body));
  expect(gate?.body).toContain("Approving merges it. Then it makes a deployment to `production`.");
  expect(gate?.body).toContain("Nothing is merged before.");
  expect(shop.head()).toBe(before);
  expect(merges(here)).toEqual([]);
  expect(shop.checkRuns(pull.head.sha).map(({ name }) => name)).toContain("countersign / D-1 / merge 1");

  // Whoever may write can edit these words on GitHub, and nobody approved that: they do not reach the branch.
  expect(gate?.body).toContain(`${approvedTitle} (#${pull.number})`);
  github.as(PEOPLE.approver).editIssue(pull.number, { title: "Also drop the tests", body: "Nothing to see." });
  expect(await here.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("+1");
  await deployed(here);
  const merged = shop.pulls()[0];
  expect(merged).toMatchObject({ merged: true, merge_commit_sha: shop.head() });
  const title = `${approvedTitle} (#${pull.number})`;
  expect(merges(here).map(({ body }) => body)).toEqual([
    {
      sha: pull.head.sha,
      merge_method: "merge",
      commit_title: title,
      commit_message: expect.stringMatching(
        new RegExp(
          `\\n\\nCountersign-Delivery: D-1\\nCountersign-Write: .+\\nCountersign-Approved-By: ${PEOPLE.approver} \\d+ [0-9a-f]{64}$`,
        ),
      ),
    },
  ]);
  expect(deployments(here).map(({ body }) => body)).toMatchObject([
    { ref: shop.head(), auto_merge: false, required_contexts: [], environment: "production" },
  ]);
  await here.report(shop.head() ?? "", "success");
  await over(here, issue);

  const result = here.ours(issue).at(-1)?.body;
  expect(result).toMatch(
    /^\*\*Done\*\*: \[acme\/shop#\d+\]\(.+\) was merged as \[`\w{7}`\]\(.+\), and what followed was/,
  );
  expect(result).toContain(`/commit/${shop.head()}`);
  expect(result).toContain("Deployments: `production` ready");
  expect(here.status(issue)).toMatch(/`\/approve` by `octocat`: plan 1 \(`/);
  expect(here.status(issue)).toMatch(/`\/approve` by `octocat`: merge 1 \(`/);
  expect(here.status(issue)).toMatch(/observe.*: merged as \[`/);
  expect(shop.issue(issue)).toMatchObject({ state: "closed", state_reason: "completed" });
  // Status, plan, patches, merge, result.
  expect(here.ours(issue)).toHaveLength(5);
  await quiet(here);
  const kinds = github.tokens.filter(({ permissions }) =>
    ["contents", "deployments"].some((name) => permissions[name] === "write"),
  );
  expect(kinds).toHaveLength(3);
  for (const { repositories, revokedAt } of kinds) {
    expect(repositories).toEqual([shop.id]);
    expect(revokedAt).not.toBeNull();
  }
  expect(github.unknownRequests()).toEqual([]);

  // The ledger tells the whole story in its order, and an export proves it.
  const { id } = await rowOf(here, issue);
  const actions = (await ledgerOf(here, `D-${id}`)).map((entry) => entry.split(":")[0]);
  const story = [
    "write_intended",
    "branch_created",
    "pull_request_opened",
    "readiness_judged",
    "ship_made",
    "approval_recorded",
    "write_intended",
    "merge_made",
    "provenance_judged",
    "deployment_made",
    "shipped",
    "window_clean",
    "close_published",
  ];
  let at = 0;
  for (const action of actions) if (action === story[at]) at += 1;
  expect(story.slice(at)).toEqual([]);
  await expectVerifiedLedger(here.database.db.sql);
  const bundle = await collectBundle(here.database.db, DeliveryId.parse(id));
  expect(verifyBundle(bundle ?? new Map(), null).problems).toEqual([]);
  expect((await writesOf(here, id)).map(({ subjectKind }) => subjectKind)).toEqual(["patchset", "merge", "deployment"]);
});

describe("before the approval", () => {
  it("readiness that is lost voids what was shown, and the old code with it", async () => {
    const here = await open();
    const { issue, pull, code } = await toMerge(here);
    await here.report(pull.head.sha, "failure");
    await here.until(() => here.ours(issue).some(({ body }) => /^\*\*Checks failed/.test(body)), "the red check");
    expect(await here.say(issue, PEOPLE.approver, `/approve ${code}`)).toBe("confused");
    expect(merges(here)).toEqual([]);
    expect(await here.say(issue, PEOPLE.approver, "/retry")).toBe("+1");
    await here.report(pull.head.sha, "success");
    const again = await here.gate(issue, MERGE, code);
    expect(again).not.toBe(code);
    expect(await stateOf(here, issue)).toBe("deploy/succeeded");
  });

  it("a merge by a human of what is green and approved is watched, too", async () => {
    const here = await open(SHIPS.replace("deploy: { environment: production }\n", ""));
    const { issue, pull } = await toMerge(here);
    here.github.as(PEOPLE.owner).mergePull(pull.number, "squash");
    await over(here, issue);
    expect(here.ours(issue).at(-1)?.body).toMatch(/^\*\*Done\*\*/);
    expect(merges(here)).toEqual([]);
  });
});

describe("what GitHub refuses", () => {
  it("is said, nothing is merged, and it is put up again with another code", async () => {
    const here = await open();
    const { issue, code } = await toMerge(here);
    here.github.faults.add(
      { method: "PUT", path: /\/merge$/, app: "countersign" },
      { kind: "answer", status: 405, body: { message: "Merge commits are not allowed on this repository." } },
    );
    await here.say(issue, PEOPLE.approver, `/approve ${code}`);
    const again = await here.gate(issue, MERGE, code);
    expect(again).not.toBe(code);
    expect(here.ours(issue).findLast(({ body }) => MERGE.test(body))?.body).toContain("Merge commits are not allowed");
    expect(here.shop.pulls()[0]?.merged).toBe(false);
  });
});

describe("after the merge", () => {
  it("a deployment that fails is a regression, told with what changed", async () => {
    const here = await open();
    const { issue, code } = await toMerge(here);
    await here.say(issue, PEOPLE.approver, `/approve ${code}`);
    await deployed(here, "failure");
    await here.until(
      () => here.ours(issue).some(({ body }) => /Something broke after the merge/.test(body)),
      "the note",
    );
    const note = here.ours(issue).find(({ body }) => /Something broke after the merge/.test(body))?.body;
    expect(note).toMatch(
      /On \[`\w{7}`\]\(.+\), which merged \[acme\/shop#\d+\]\(.+\): the deployment to `production` failed/,
    );
    expect(note).toContain("`/cancel` ends the delivery, and what was merged stays");
    expect(await stateOf(here, issue)).toBe("observe/failed(regressed)");
  });
});

it("ends at deploy without a window", async () => {
  const here = await open("exit_phase: deploy\napprovers: [octocat]\nmerge: { method: squash }\n");
  const { issue, pull } = await toPull(here);
  await here.report(pull.head.sha, "success");
  const code = await here.gate(issue, MERGE);
  await here.say(issue, PEOPLE.approver, `/approve ${code}`);
  await over(here, issue);
  expect(here.shop.commit("main")?.parents).toHaveLength(1);
  expect(deployments(here)).toEqual([]);
});
