// Issues, comments, labels and reactions of the local GitHub, as the app finds them over HTTP.
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import { ALL, asInstallation, type Caller, SEED, start } from "./support.ts";

const R = "/repos/acme/shop";
const WithId = z.object({ id: z.number() });

let github: LocalGitHub;
let app: Caller;
let number: number;
beforeEach(async () => {
  github = await start();
  app = await asInstallation(github, ALL);
  number = github.as("alice").openIssue({ title: "Broken", body: "It is" }).number;
});
afterEach(() => github.close());

test("an issue is found by name and by the repository's id", async () => {
  const { id } = github.repo("acme/shop");
  for (const path of [`${R}/issues/${number}`, `/repositories/${id}/issues/${number}`]) {
    expect(await app("GET", path)).toMatchObject({
      status: 200,
      body: {
        number,
        title: "Broken",
        body: "It is",
        state: "open",
        user: { login: "alice", id: github.as("alice").id, type: "User" },
        performed_via_github_app: null,
      },
    });
  }
  expect((await app("GET", `/repositories/${id}`)).body).toMatchObject({
    id,
    full_name: "acme/shop",
    default_branch: "main",
  });
  expect((await app("GET", "/repositories/1")).status).toBe(404);
});

test("what the app posts is a bot's, through the app", async () => {
  const made = await app("POST", `${R}/issues/${number}/comments`, { body: "Hello" });
  expect(made).toMatchObject({
    status: 201,
    body: {
      body: "Hello",
      user: { login: "countersign[bot]", type: "Bot", id: github.app().botId },
      performed_via_github_app: { id: 4711, slug: "countersign" },
    },
  });
});

test("a person who acts through an app is told apart", async () => {
  github.as("mona").through("countersign").comment(number, "/approve");
  expect((await app("GET", `${R}/issues/${number}/comments`)).body).toMatchObject([
    { user: { login: "mona", type: "User" }, performed_via_github_app: { id: 4711 } },
  ]);
});

test("comments have rising ids and whole seconds, and `since` goes by the last change", async () => {
  // A JWT lives by the clock of GitHub, so that one stays near the clock of who signs.
  const begun = Math.floor(Date.now() / 1_000) * 1_000;
  const second = (after: number) => new Date(begun + after * 1_000).toISOString().replace(".000Z", "Z");
  let now = begun + 700;
  const timed = await startLocalGitHub({ seed: SEED, clock: () => new Date(now) });
  const client = await asInstallation(timed, ALL);
  const issue = timed.as("mona").openIssue({ title: "T" }).number;
  const first = timed.as("mona").comment(issue, "one");
  now += 5_000;
  const later = timed.as("mona").comment(issue, "two");
  expect(later.id).toBeGreaterThan(first.id);
  const list = async (since: string) =>
    z
      .array(WithId)
      .parse((await client("GET", `${R}/issues/${issue}/comments?since=${since}`)).body)
      .map(({ id }) => id);
  expect(await list(second(5))).toEqual([later.id]);
  now += 5_000;
  timed.as("mona").editComment(first.id, "one, edited");
  expect(await list(second(5))).toEqual([first.id, later.id]);
  expect((await client("GET", `${R}/issues/comments/${first.id}`)).body).toMatchObject({
    body: "one, edited",
    created_at: second(0),
    updated_at: second(10),
  });
  await timed.close();
});

test("a comment is edited, deleted, and then gone", async () => {
  const { id } = WithId.parse((await app("POST", `${R}/issues/${number}/comments`, { body: "Hello" })).body);
  expect((await app("PATCH", `${R}/issues/comments/${id}`, { body: "Hello again" })).body).toMatchObject({
    id,
    body: "Hello again",
  });
  expect(
    github
      .repo("acme/shop")
      .comments(number)[0]
      ?.versions.map(({ body }) => body),
  ).toEqual(["Hello", "Hello again"]);
  expect((await app("DELETE", `${R}/issues/comments/${id}`)).status).toBe(204);
  expect((await app("GET", `${R}/issues/comments/${id}`)).status).toBe(404);
  expect((await app("PATCH", `${R}/issues/comments/${id}`, { body: "x" })).status).toBe(404);
});

test("a comment has 65,536 characters and not one more, and is not blank", async () => {
  const post = (body: string) => app("POST", `${R}/issues/${number}/comments`, { body });
  expect((await post("x".repeat(65_536))).status).toBe(201);
  expect((await post("x".repeat(65_537))).status).toBe(422);
  expect((await post("  \n")).status).toBe(422);
  expect((await app("POST", `${R}/issues/${number}/comments`, {})).status).toBe(422);
});

test("lists come in pages that link to the next", async () => {
  for (let nth = 1; nth <= 5; nth += 1) github.as("mona").comment(number, `comment ${nth}`);
  const first = await app("GET", `${R}/issues/${number}/comments?per_page=2`);
  expect(first.body).toMatchObject([{ body: "comment 1" }, { body: "comment 2" }]);
  expect(first.headers.get("link")).toContain(`page=2>; rel="next"`);
  expect(first.headers.get("link")).toContain(`page=3>; rel="last"`);
  const last = await app("GET", `${R}/issues/${number}/comments?per_page=2&page=3`);
  expect(last.body).toMatchObject([{ body: "comment 5" }]);
  expect(last.headers.get("link")).not.toContain(`rel="next"`);
});

test("a second reaction of a kind is the first again", async () => {
  const { id } = github.as("mona").comment(number, "/approve");
  for (const path of [`/issues/${number}/reactions`, `/issues/comments/${id}/reactions`]) {
    const one = await app("POST", R + path, { content: "+1" });
    const two = await app("POST", R + path, { content: "+1" });
    expect([one.status, two.status]).toEqual([201, 200]);
    expect(WithId.parse(two.body).id).toBe(WithId.parse(one.body).id);
    expect((await app("POST", R + path, { content: "confused" })).status).toBe(201);
    expect((await app("GET", R + path)).body).toMatchObject([
      { content: "+1", user: { type: "Bot" } },
      { content: "confused" },
    ]);
    expect((await app("POST", R + path, { content: "thumbs" })).status).toBe(422);
  }
});

test("a comment is folded through GraphQL by a token that may write issues", async () => {
  const { node_id, id } = z
    .object({ node_id: z.string(), id: z.number() })
    .parse((await app("POST", `${R}/issues/${number}/comments`, { body: "Old" })).body);
  const query =
    "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized } } }";
  const reader = await asInstallation(github, { issues: "read" });
  expect((await reader("POST", "/graphql", { query, variables: { id: node_id } })).body).toMatchObject({
    errors: [{ type: "FORBIDDEN" }],
  });
  expect((await app("POST", "/graphql", { query, variables: { id: "IC_none" } })).body).toMatchObject({
    errors: [{ type: "NOT_FOUND" }],
  });
  expect(github.repo("acme/shop").comments(number)[0]).toMatchObject({ id, minimized: null });
  expect((await app("POST", "/graphql", { query, variables: { id: node_id } })).body).toMatchObject({
    data: { minimizeComment: { minimizedComment: { isMinimized: true } } },
  });
  expect(github.repo("acme/shop").comments(number)[0]).toMatchObject({ minimized: "outdated" });
});

test("labels are made when they are put on, and taken off once", async () => {
  expect((await app("POST", `${R}/issues/${number}/labels`, { labels: ["countersign:plan"] })).body).toMatchObject([
    { name: "countersign:plan" },
  ]);
  expect((await app("GET", `${R}/issues?labels=countersign:plan`)).body).toMatchObject([{ number }]);
  const off = () => app("DELETE", `${R}/issues/${number}/labels/${encodeURIComponent("countersign:plan")}`);
  expect((await off()).status).toBe(200);
  expect(await off()).toMatchObject({ status: 404, body: { message: "Label does not exist" } });
  expect((await app("POST", `${R}/labels`, { name: "Countersign:Plan" })).body).toMatchObject({
    errors: [{ code: "already_exists" }],
  });
});

test("an issue is closed with its reason, reopened, transferred and deleted", async () => {
  const path = `${R}/issues/${number}`;
  expect((await app("PATCH", path, { state: "closed", state_reason: "not_planned" })).body).toMatchObject({
    state: "closed",
    state_reason: "not_planned",
    closed_by: { login: "countersign[bot]" },
  });
  github.as("alice").reopenIssue(number);
  expect((await app("GET", path)).body).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null });
  const moved = github.as("mona").transferIssue(number, "acme/other");
  const answer = await app("GET", path);
  expect(answer.status).toBe(301);
  expect(answer.headers.get("location")).toBe(`${github.url}/repos/acme/other/issues/${moved}`);
  github.as("mona").in("acme/other").deleteIssue(moved);
  expect((await app("GET", `/repos/acme/other/issues/${moved}`)).status).toBe(410);
});

test("roles are told by `role_name`; the old field lumps them together", async () => {
  const role = async (login: string) => (await app("GET", `${R}/collaborators/${login}/permission`)).body;
  expect(await role("octocat")).toMatchObject({
    permission: "write",
    role_name: "maintain",
    user: { id: github.as("octocat").id },
  });
  expect(await role("rita")).toMatchObject({ permission: "read", role_name: "triage" });
  expect(await role("mona")).toMatchObject({ permission: "admin", role_name: "admin" });
  expect(await role("stranger")).toMatchObject({ permission: "none", role_name: "none" });
  expect((await app("GET", `${R}/collaborators/nobody/permission`)).status).toBe(404);
  github.as("mona").setRole("octocat", "none");
  expect(await role("octocat")).toMatchObject({ role_name: "none" });
});

test("a login can be renamed and taken by somebody else; the id tells them apart", async () => {
  const { id } = github.as("octocat");
  github.renameUser("octocat", "octo");
  const other = github.addUser("octocat");
  expect((await app("GET", "/users/octo")).body).toMatchObject({ id });
  expect((await app("GET", "/users/octocat")).body).toMatchObject({ id: other.id });
  expect((await app("GET", `${R}/collaborators/octocat/permission`)).body).toMatchObject({ role_name: "none" });
  expect((await app("GET", `/users/${encodeURIComponent("countersign[bot]")}`)).body).toMatchObject({ type: "Bot" });
});

test("teams are read with the members permission, of the own organization only", async () => {
  expect((await app("GET", "/orgs/acme/teams/leads/members")).body).toMatchObject([{ login: "mona" }]);
  expect((await app("GET", "/orgs/acme/teams/none/members")).status).toBe(404);
  expect((await app("GET", "/orgs/other/teams/leads/members")).status).toBe(404);
  const without = await asInstallation(github, { issues: "write" });
  expect((await without("GET", "/orgs/acme/teams/leads/members")).status).toBe(403);
});

test("a renamed repository is found under its old name by a redirect, and an archived one cannot be written", async () => {
  const { id } = github.repo("acme/shop");
  github.as("mona").renameRepository("store");
  const answer = await app("GET", `${R}/issues/${number}`);
  expect(answer.status).toBe(301);
  expect(answer.headers.get("location")).toBe(`${github.url}/repositories/${id}/issues/${number}`);
  github.as("mona").archiveRepository(true);
  expect(await app("POST", `/repositories/${id}/issues/${number}/comments`, { body: "x" })).toMatchObject({
    status: 403,
  });
  expect((await app("GET", `/repositories/${id}`)).body).toMatchObject({ name: "store", archived: true });
});

test("people can do what their role lets them, and no more", () => {
  const { id } = github.as("mona").comment(number, "Mine");
  expect(() => github.as("alice").label(number, "x")).toThrow(/needs triage/);
  expect(() => github.as("alice").editComment(id, "Yours")).toThrow(/needs write/);
  expect(() => github.as("rita").push("x", { "a.txt": "a" })).toThrow(/needs write/);
  expect(() => github.as("octocat").setRole("alice", "admin")).toThrow(/needs admin/);
  expect(() => github.as("stranger").comment(number, "Hello")).toThrow(/needs read/);
  github.as("hubot").editComment(id, "Edited by somebody with write access");
  github.as("rita").label(number, "x");
});
