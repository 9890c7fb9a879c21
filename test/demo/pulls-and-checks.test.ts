// Pull requests, check runs, statuses and branch rules of the local GitHub.
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { ALL, asInstallation, type Caller, SEED, SHOP, start, withSecret } from "./support.ts";

const R = "/repos/acme/shop";
const WithId = z.object({ id: z.number() });
const draft = { title: "Trim", body: "Closes #1", head: "topic", base: "main" };

let github: LocalGitHub;
let app: Caller;
let head: string;
beforeEach(async () => {
  github = await start({
    ...SEED,
    apps: [
      ...SEED.apps,
      {
        id: 15368,
        slug: "github-actions",
        permissions: { metadata: "read", checks: "write", contents: "read" },
        installations: [{ account: "acme" }],
      },
    ],
    repositories: [
      { ...SHOP, rules: { main: { requiredChecks: [{ context: "test", appId: 15368 }], requiredSignatures: true } } },
      {
        owner: "acme",
        name: "other",
        files: { "a.txt": "a\n" },
        rules: { main: { requiredChecks: [{ context: "ci", appId: null }], kept: "branch" } },
      },
    ],
  });
  app = await asInstallation(github, ALL);
  github.as("alice").openIssue({ title: "Broken" });
  head = github.as("hubot").push("topic", { "src/slug.js": "export const slug = (text) => text.trim();\n" });
});
afterEach(() => github.close());

test("a pull request is opened once for a head and base", async () => {
  const made = await app("POST", `${R}/pulls`, draft);
  expect(made).toMatchObject({
    status: 201,
    body: {
      number: 2,
      state: "open",
      merged: false,
      mergeable: true,
      changed_files: 1,
      commits: 1,
      user: { type: "Bot" },
      head: { ref: "topic", sha: head, repo: { full_name: "acme/shop" } },
      base: { ref: "main", sha: github.repo("acme/shop").head() },
    },
  });
  expect(await app("POST", `${R}/pulls`, draft)).toMatchObject({
    status: 422,
    body: { message: "Validation Failed", errors: [{ message: "A pull request already exists for acme:topic." }] },
  });
  expect((await app("GET", `${R}/pulls?head=acme:topic`)).body).toMatchObject([{ number: 2 }]);
  expect((await app("GET", `${R}/pulls?head=acme:none`)).body).toEqual([]);
  expect((await app("GET", `${R}/issues/2`)).body).toMatchObject({ pull_request: { merged_at: null } });
});

test("a pull request needs two branches and a difference", async () => {
  expect((await app("POST", `${R}/pulls`, { ...draft, head: "none" })).body).toMatchObject({
    errors: [{ field: "head", code: "invalid" }],
  });
  expect((await app("POST", `${R}/pulls`, { ...draft, base: "none" })).body).toMatchObject({
    errors: [{ field: "base", code: "invalid" }],
  });
  expect((await app("POST", `${R}/pulls`, { ...draft, head: "main" })).status).toBe(422);
});

test("the head follows pushes, and the branch's end closes it", async () => {
  await app("POST", `${R}/pulls`, draft);
  const next = github.as("hubot").push("topic", { "README.md": "# Shop 2\n" });
  expect((await app("GET", `${R}/pulls/2`)).body).toMatchObject({ head: { sha: next }, commits: 2 });
  expect((await app("GET", `${R}/pulls/2/files`)).body).toMatchObject([
    { filename: "README.md" },
    { filename: "src/slug.js" },
  ]);
  expect(github.webhooks.find({ event: "pull_request", action: "synchronize" })[0]).toMatchObject({
    app: "countersign",
  });
  github.as("hubot").deleteBranch("topic");
  expect((await app("GET", `${R}/pulls/2`)).body).toMatchObject({ state: "closed", merged: false });
});

test("a merge pins the head, closes the issue that it names, and lands on the base", async () => {
  await app("POST", `${R}/pulls`, draft);
  // The branch requires a check: without it nothing is merged, whatever the head.
  expect((await app("PUT", `${R}/pulls/2/merge`, { sha: head })).status).toBe(405);
  const green = { name: "test", head_sha: head, status: "completed", conclusion: "success" };
  expect((await asActions()("POST", `${R}/check-runs`, green)).status).toBe(201);
  expect((await app("PUT", `${R}/pulls/2/merge`, { sha: "4".repeat(40) })).status).toBe(409);
  const merged = await app("PUT", `${R}/pulls/2/merge`, { sha: head, merge_method: "squash" });
  const { sha } = z.object({ sha: z.string(), merged: z.literal(true) }).parse(merged.body);
  expect(github.repo("acme/shop").head()).toBe(sha);
  expect((await app("GET", `${R}/pulls/2`)).body).toMatchObject({
    state: "closed",
    merged: true,
    merge_commit_sha: sha,
  });
  expect((await app("GET", `${R}/issues/1`)).body).toMatchObject({ state: "closed", state_reason: "completed" });
  expect((await app("PUT", `${R}/pulls/2/merge`, {})).status).toBe(405);
  expect(github.repo("acme/shop").text("src/slug.js")).toContain("trim");
  expect(github.webhooks.find({ event: "pull_request", action: "closed" })).toHaveLength(1);
});

test("two changes of one file cannot be merged", async () => {
  await app("POST", `${R}/pulls`, draft);
  github.as("mona").push("main", { "src/slug.js": "export const slug = (text) => text.toLowerCase();\n" });
  expect((await app("GET", `${R}/pulls/2`)).body).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
  expect((await app("PUT", `${R}/pulls/2/merge`, {})).status).toBe(405);
});

test("reviews are asked of collaborators who did not write it", async () => {
  await app("POST", `${R}/pulls`, draft);
  const ask = (login: string) => app("POST", `${R}/pulls/2/requested_reviewers`, { reviewers: [login] });
  expect(await ask("octocat")).toMatchObject({ status: 201, body: { requested_reviewers: [{ login: "octocat" }] } });
  expect((await ask("stranger")).status).toBe(422);
  expect((await ask("countersign[bot]")).status).toBe(422);
});

test("a review has its comments in a list of its own, without the lines that they are about", async () => {
  const made = await app("POST", `${R}/pulls`, draft);
  const octocat = github.as("octocat");
  const comments = [{ path: "src/slug.js", line: 1, body: "Why?" }];
  const id = octocat.review(2, "CHANGES_REQUESTED", "Not like this.", { comments });
  expect(() => octocat.review(2, "CHANGES_REQUESTED")).toThrow(/leave a comment/);
  expect((await app("GET", `${R}/pulls/2/reviews/${id}`)).body).toMatchObject({
    id,
    state: "CHANGES_REQUESTED",
    body: "Not like this.",
    commit_id: Reflect.get(Object(Reflect.get(Object(made.body), "head")), "sha"),
  });
  const listed = await app("GET", `${R}/pulls/2/reviews/${id}/comments`);
  expect(listed.body).toMatchObject([{ path: "src/slug.js", body: "Why?", pull_request_review_id: id }]);
  expect(JSON.stringify(listed.body)).not.toContain('"line"');
  expect((await app("GET", `${R}/pulls/2/reviews/999`)).status).toBe(404);

  octocat.editReview(2, id, "Not at all.");
  github.as("mona").dismissReview(2, id);
  expect((await app("GET", `${R}/pulls/2/reviews/${id}`)).body).toMatchObject({
    state: "DISMISSED",
    body: "Not at all.",
  });
  const told = github.webhooks.find({ event: "pull_request_review" }).map(({ action }) => action);
  expect(told).toEqual(["submitted", "edited", "dismissed"]);
});

const asActions = (): Caller =>
  withSecret(github, github.tokenFor("github-actions", { checks: "write", contents: "read" }));

const run = { name: "test", head_sha: "", status: "in_progress" };

test("check runs have GitHub's limits", async () => {
  const button = { label: "Approve", description: "Approve this", identifier: "approve k7m2" };
  const wrong: unknown[] = [
    { ...run, head_sha: "5".repeat(40) },
    { name: "test" },
    { ...run, head_sha: head, status: "completed" },
    { ...run, head_sha: head, actions: [button, button, button, button] },
    { ...run, head_sha: head, actions: [{ ...button, identifier: "x".repeat(21) }] },
    { ...run, head_sha: head, actions: [{ ...button, description: "x".repeat(41) }] },
    { ...run, head_sha: head, output: { title: "t", summary: "x".repeat(65_536) } },
  ];
  for (const body of wrong)
    expect((await app("POST", `${R}/check-runs`, body)).status, JSON.stringify(body).slice(0, 200)).toBe(422);
  const made = await app("POST", `${R}/check-runs`, {
    name: "countersign / D-1 / plan 1",
    head_sha: head,
    external_id: "check:plan:1",
    conclusion: "neutral",
    status: "completed",
    output: { title: "Plan", summary: "s", text: "t" },
    actions: [button],
  });
  expect(made).toMatchObject({
    status: 201,
    body: {
      external_id: "check:plan:1",
      status: "completed",
      conclusion: "neutral",
      app: { id: 4711 },
      output: { title: "Plan", text: "t" },
    },
  });
});

test("runs are listed by name and app, the latest of a name first of all", async () => {
  const actions = asActions();
  await actions("POST", `${R}/check-runs`, { ...run, head_sha: head });
  const { id } = WithId.parse((await actions("POST", `${R}/check-runs`, { ...run, head_sha: head })).body);
  await app("POST", `${R}/check-runs`, { ...run, head_sha: head });
  const list = async (query: string) => (await app("GET", `${R}/commits/topic/check-runs${query}`)).body;
  expect(await list("")).toMatchObject({ total_count: 2 });
  expect(await list("?filter=all")).toMatchObject({ total_count: 3 });
  expect(await list("?app_id=15368")).toMatchObject({
    total_count: 1,
    check_runs: [{ id, app: { slug: "github-actions" } }],
  });
  expect(await list("?check_name=none")).toMatchObject({ total_count: 0, check_runs: [] });
});

test("only the app that made a run may change it, and completing the last one completes the suite", async () => {
  await app("POST", `${R}/pulls`, draft);
  const actions = asActions();
  const { id } = WithId.parse((await actions("POST", `${R}/check-runs`, { ...run, head_sha: head })).body);
  expect((await app("PATCH", `${R}/check-runs/${id}`, { conclusion: "success" })).status).toBe(403);
  expect((await actions("PATCH", `${R}/check-runs/${id}`, { conclusion: "failure" })).body).toMatchObject({
    status: "completed",
    conclusion: "failure",
    pull_requests: [{ number: 2 }],
  });
  expect(github.webhooks.find({ app: "countersign", event: "check_run", action: "completed" })).toHaveLength(1);
  const [suite] = github.webhooks.find({ app: "countersign", event: "check_suite", action: "completed" });
  expect(JSON.parse(suite?.body ?? "{}")).toMatchObject({
    check_suite: { head_sha: head, conclusion: "failure", app: { id: 15368 } },
  });
});

test("a suite that nobody uses stays queued", async () => {
  expect((await app("GET", `${R}/commits/${head}/check-suites`)).body).toMatchObject({
    total_count: 2,
    check_suites: [{ status: "queued", conclusion: null, latest_check_runs_count: 0 }, { status: "queued" }],
  });
});

test("a button is heard by the app that drew it alone", async () => {
  const button = { label: "Approve", description: "Approve this", identifier: "approve k7m2" };
  const { id } = WithId.parse(
    (await app("POST", `${R}/check-runs`, { ...run, head_sha: head, actions: [button] })).body,
  );
  github.as("octocat").clickCheckAction(id, "approve k7m2");
  const [heard, ...others] = github.webhooks.find({ event: "check_run", action: "requested_action" });
  expect(others).toEqual([]);
  expect(heard?.app).toBe("countersign");
  expect(JSON.parse(heard?.body ?? "{}")).toMatchObject({
    requested_action: { identifier: "approve k7m2" },
    check_run: { id, head_sha: head },
    sender: { login: "octocat" },
  });
  expect(() => github.as("octocat").clickCheckAction(id, "approve zzzz")).toThrow(/no button/);
  expect(() => github.as("alice").clickCheckAction(id, "approve k7m2")).toThrow(/needs write/);
});

test("commit statuses add up, the newest of a context counting", async () => {
  const combined = async () => (await app("GET", `${R}/commits/${head}/status`)).body;
  expect(await combined()).toMatchObject({ state: "pending", total_count: 0, statuses: [] });
  github.setStatus("acme/shop", "hubot", { sha: head, context: "ci/one", state: "pending" });
  github.setStatus("acme/shop", "hubot", { sha: head, context: "ci/two", state: "success" });
  expect(await combined()).toMatchObject({ state: "pending", total_count: 2 });
  github.setStatus("acme/shop", "hubot", { sha: head, context: "ci/one", state: "success" });
  expect(await combined()).toMatchObject({ state: "success", total_count: 2 });
  expect(github.webhooks.find({ event: "status" })).toHaveLength(3);
});

test("required checks are read from rulesets, or from the branch where protection is the old kind", async () => {
  expect((await app("GET", `${R}/rules/branches/main`)).body).toMatchObject([
    {
      type: "required_status_checks",
      parameters: { required_status_checks: [{ context: "test", integration_id: 15368 }] },
    },
    { type: "required_signatures" },
  ]);
  expect((await app("GET", `${R}/rules/branches/topic`)).body).toEqual([]);
  expect((await app("GET", `${R}/branches/main`)).body).toMatchObject({
    protected: true,
    protection: { enabled: false },
  });
  expect((await app("GET", "/repos/acme/other/rules/branches/main")).body).toEqual([]);
  expect((await app("GET", "/repos/acme/other/branches/main")).body).toMatchObject({
    protected: true,
    protection: {
      enabled: true,
      required_status_checks: { contexts: ["ci"], checks: [{ context: "ci", app_id: null }] },
    },
  });
  expect((await app("GET", `${R}/branches/none`)).status).toBe(404);
});

test("what is meant to change contents is counted, whatever came of it", async () => {
  await app("POST", `${R}/issues/1/comments`, { body: "x" });
  await app("POST", `${R}/check-runs`, { ...run, head_sha: head });
  await app("GET", `${R}/git/trees/main`);
  expect(github.contentWrites()).toEqual([]);
  const reader = await asInstallation(github, { contents: "read" });
  await reader("POST", `${R}/git/blobs`, { content: "x" });
  await reader("PUT", `${R}/contents/x`, { content: "" });
  await reader("POST", `${R}/pulls`, draft);
  await reader("POST", "/graphql", { query: "mutation { createCommitOnBranch(input: {}) { commit { oid } } }" });
  await reader("POST", `/repositories/${github.repo("acme/shop").id}/merges`, {});
  expect(github.contentWrites("countersign").map(({ path, status }) => [path.split("/").at(-1), status])).toEqual([
    ["blobs", 403],
    ["x", 404],
    ["pulls", 403],
    ["graphql", 200],
    ["merges", 404],
  ]);
  expect(github.unknownRequests().map(({ method }) => method)).toEqual(["PUT", "POST"]);
});
