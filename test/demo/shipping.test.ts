// Merging by the API, the rules of the base branch, and deployments with their statuses, on the local GitHub.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { asInstallation, type Caller, SEED, SHOP, start } from "./support.ts";

const R = "/repos/acme/shop";
const MERGING = { contents: "write", pull_requests: "read" };
const DEPLOYING = { deployments: "write", contents: "read" };

let github: LocalGitHub;
beforeEach(async () => {
  const rules = {
    main: { requiredChecks: [{ context: "test", appId: null }], requiredReviews: 1 },
    queued: { mergeQueue: true },
  };
  github = await start({ ...SEED, repositories: [{ ...SHOP, rules }] });
});
afterEach(() => github.close());

const mona = () => github.as("mona");
const mark = (sha: string, state: "success" | "pending", context: string) =>
  github.setStatus("acme/shop", "mona", { sha, state, context });
const pullOf = (branch = "topic", base = "main") => {
  const head = mona().push(branch, { [`${branch}.txt`]: "1\n" }, { from: base });
  return { head, number: mona().openPull({ title: "t", head: branch, base }).number };
};
const stateOf = async (app: Caller, number: number) => (await app("GET", `${R}/pulls/${number}`)).body;

test("what the base branch asks for blocks a merge, and is said where it is asked", async () => {
  const app = await asInstallation(github, MERGING);
  const { head, number } = pullOf();
  const merge = (body: object) => app("PUT", `${R}/pulls/${number}/merge`, body);
  expect(await stateOf(app, number)).toMatchObject({ mergeable: true, mergeable_state: "blocked" });
  expect(await merge({ sha: head })).toMatchObject({
    status: 405,
    body: { message: expect.stringMatching(/1 approving review/) },
  });
  github.as("octocat").review(number, "APPROVED");
  expect(await merge({ sha: head })).toMatchObject({
    status: 405,
    body: { message: 'Required status check "test" is expected.' },
  });
  mark(head, "success", "test");
  expect(await stateOf(app, number)).toMatchObject({ mergeable_state: "clean" });
  expect(await merge({ sha: github.repo("acme/shop").head() })).toMatchObject({ status: 409 });
  const { status, body } = await merge({ sha: head, merge_method: "squash" });
  expect({ status, body }).toMatchObject({ status: 200, body: { merged: true, sha: github.repo("acme/shop").head() } });
  expect(await merge({ sha: head })).toMatchObject({ status: 405 });
});

test("a review by somebody without write access counts for nothing, and the newest of a person counts", async () => {
  const app = await asInstallation(github, MERGING);
  const { head, number } = pullOf();
  mark(head, "success", "test");
  github.as("alice").review(number, "APPROVED");
  expect(await stateOf(app, number)).toMatchObject({ mergeable_state: "blocked" });
  github.as("octocat").review(number, "APPROVED");
  github.as("octocat").review(number, "CHANGES_REQUESTED", "Not like this.");
  expect(await stateOf(app, number)).toMatchObject({ mergeable_state: "blocked" });
  github.as("octocat").review(number, "APPROVED");
  expect(await stateOf(app, number)).toMatchObject({ mergeable_state: "clean" });
});

test("a branch with a merge queue is not merged into by the API", async () => {
  const app = await asInstallation(github, MERGING);
  mona().push("queued", { "q.txt": "1\n" }, { from: "main" });
  const { head, number } = pullOf("to-queue", "queued");
  expect((await app("GET", `${R}/rules/branches/queued`)).body).toMatchObject([{ type: "merge_queue" }]);
  expect(await app("PUT", `${R}/pulls/${number}/merge`, { sha: head })).toMatchObject({ status: 405 });
});

test("a deployment waits for the checks that it names, or for all where it names none", async () => {
  const app = await asInstallation(github, DEPLOYING);
  const head = github.repo("acme/shop").head() ?? "";
  const deploy = (more: object) =>
    app("POST", `${R}/deployments`, { ref: head, auto_merge: false, environment: "production", ...more });
  expect(await deploy({ required_contexts: ["smoke"] })).toMatchObject({ status: 409 });
  mark(head, "pending", "smoke");
  expect(await deploy({})).toMatchObject({ status: 409 });
  expect(await deploy({ required_contexts: [] })).toMatchObject({ status: 201 });
  mark(head, "success", "smoke");
  expect(await deploy({ required_contexts: ["smoke"], payload: { mark: 1 } })).toMatchObject({
    status: 201,
    body: { sha: head, environment: "production", payload: { mark: 1 }, creator: { login: "countersign[bot]" } },
  });
  expect(await deploy({ ref: "nowhere" })).toMatchObject({ status: 422 });
  expect((await app("GET", `${R}/deployments?sha=${head}&environment=production`)).body).toHaveLength(2);
  expect((await app("GET", `${R}/deployments?environment=staging`)).body).toEqual([]);
});

test("without auto_merge off, what is behind the default branch conflicts", async () => {
  const app = await asInstallation(github, DEPLOYING);
  const old = github.repo("acme/shop").head() ?? "";
  mona().push("main", { "b.txt": "2\n" });
  const ask = (more: object) => app("POST", `${R}/deployments`, { ref: old, required_contexts: [], ...more });
  expect(await ask({})).toMatchObject({ status: 409 });
  expect(await ask({ auto_merge: false })).toMatchObject({ status: 201 });
});

test("a newer success makes the older one of its environment inactive, and each status is told of", async () => {
  const app = await asInstallation(github, DEPLOYING);
  const head = github.repo("acme/shop").head() ?? "";
  const [one, two] = [mona().deploy(head, "preview"), mona().deploy(head, "preview")];
  mona().deploymentStatus(one, "success", "https://one.example");
  mona().deploymentStatus(two, "in_progress");
  const newest = async (id: number) => (await app("GET", `${R}/deployments/${id}/statuses?per_page=1`)).body;
  expect(await newest(one)).toMatchObject([{ state: "success", environment_url: "https://one.example" }]);
  mona().deploymentStatus(two, "success");
  expect(await newest(one)).toMatchObject([{ state: "inactive" }]);
  expect(github.webhooks.find({ event: "deployment_status", action: "created" })).toHaveLength(3);
  const reader = await asInstallation(github, { contents: "read" });
  expect(await reader("GET", `${R}/deployments`)).toMatchObject({ status: 403 });
});
