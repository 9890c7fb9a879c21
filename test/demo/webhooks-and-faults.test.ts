// What the local GitHub sends, and what goes wrong on demand.
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { primaryLimit, secondaryLimit, serverError, tooManyRequests } from "../../demo/github/faults.ts";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { ALL, asInstallation, type Caller, start } from "./support.ts";

const R = "/repos/acme/shop";
type Heard = { headers: IncomingHttpHeaders; body: string; event: string };

let github: LocalGitHub;
let app: Caller;
let receiver: Server;
let heard: Heard[];
let answerWith: number;
beforeEach(async () => {
  heard = [];
  answerWith = 202;
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    heard.push({ headers: request.headers, body, event: String(request.headers["x-github-event"]) });
    response.writeHead(answerWith).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  github = await start();
  if (typeof address === "object") github.setWebhookUrl(`http://127.0.0.1:${address?.port}/api/github/webhooks`);
  app = await asInstallation(github, ALL);
});
afterEach(async () => {
  await github.close();
  receiver.closeAllConnections();
  receiver.close();
});

const names = () => heard.map(({ event, body }) => [event, JSON.parse(body).action ?? null].join("."));

test("a webhook is signed over its bytes, and carries GitHub's headers", async () => {
  github.as("alice").openIssue({ title: "Ünïcode", body: "It is" });
  await github.idle();
  const [hook] = heard;
  const signature = createHmac("sha256", github.app().webhookSecret)
    .update(hook?.body ?? "")
    .digest("hex");
  expect(hook?.headers).toMatchObject({
    "x-hub-signature-256": `sha256=${signature}`,
    "x-github-event": "issues",
    "content-type": "application/json",
    "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
    "x-github-hook-id": expect.stringMatching(/^\d+$/),
    "x-github-delivery": expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  });
  expect(JSON.parse(hook?.body ?? "{}")).toMatchObject({
    action: "opened",
    issue: { number: 1, title: "Ünïcode", user: { login: "alice" } },
    repository: { full_name: "acme/shop", owner: { type: "Organization" } },
    organization: { login: "acme" },
    sender: { login: "alice", type: "User" },
    installation: { id: github.app().installationId },
  });
});

test("an issue form puts its labels on in the reporter's name", async () => {
  github.as("alice").openIssue({ title: "Form", labels: ["countersign"], byForm: true });
  await github.idle();
  expect(names()).toEqual(["issues.opened", "issues.labeled"]);
  expect(JSON.parse(heard[1]?.body ?? "{}")).toMatchObject({
    label: { name: "countersign" },
    sender: { login: "alice" },
  });
  expect(() => github.as("alice").openIssue({ title: "Web", labels: ["countersign"] })).toThrow(/needs triage/);
});

test("a new branch comes as create and push, and wakes a pull request's head", async () => {
  github.as("hubot").push("topic", { "a.txt": "a\n" });
  github.as("hubot").openPull({ title: "T", head: "topic" });
  github.as("hubot").push("topic", { "a.txt": "b\n" });
  await github.idle();
  expect(names()).toEqual([
    "create.",
    "push.",
    "check_suite.requested",
    "pull_request.opened",
    "push.",
    "pull_request.synchronize",
    "check_suite.requested",
  ]);
  expect(JSON.parse(heard[4]?.body ?? "{}")).toMatchObject({
    ref: "refs/heads/topic",
    forced: false,
    commits: [{ added: [], modified: ["a.txt"] }],
  });
});

test("what the app does itself comes back to it", async () => {
  const { number } = github.as("alice").openIssue({ title: "T" });
  await app("POST", `${R}/issues/${number}/comments`, { body: "Hello" });
  await github.idle();
  expect(JSON.parse(heard.at(-1)?.body ?? "{}")).toMatchObject({
    action: "created",
    comment: { body: "Hello", performed_via_github_app: { id: 4711 } },
    sender: { type: "Bot" },
  });
});

test("an edit tells what was there before", async () => {
  const { number } = github.as("alice").openIssue({ title: "T" });
  const { id } = github.as("alice").comment(number, "one");
  github.as("alice").editComment(id, "two");
  github.as("alice").deleteComment(id);
  await github.idle();
  expect(names().slice(1)).toEqual(["issue_comment.created", "issue_comment.edited", "issue_comment.deleted"]);
  expect(JSON.parse(heard[2]?.body ?? "{}")).toMatchObject({
    changes: { body: { from: "one" } },
    comment: { body: "two" },
  });
});

test("installations and repositories announce what happens to them", async () => {
  const installation = github.installation();
  installation.announce();
  installation.choose(["acme/shop"]);
  installation.choose(["acme/other"]);
  installation.suspend();
  github.as("alice").in("acme/shop").openIssue({ title: "unheard" });
  installation.unsuspend();
  github.as("mona").in("acme/other").renameRepository("else");
  github.as("mona").in("acme/else").archiveRepository(true);
  installation.uninstall();
  await github.idle();
  expect(names()).toEqual([
    "installation.created",
    "installation_repositories.removed",
    "installation_repositories.added",
    "installation_repositories.removed",
    "installation.suspend",
    "installation.unsuspend",
    "repository.renamed",
    "repository.archived",
    "installation.deleted",
  ]);
  expect(JSON.parse(heard[0]?.body ?? "{}")).toMatchObject({
    installation: { id: installation.id, app_id: 4711, account: { login: "acme" } },
    repositories: [{ full_name: "acme/shop" }, { full_name: "acme/other" }],
  });
});

test("nothing is sent again by itself, and everything is on record", async () => {
  answerWith = 500;
  github.as("alice").openIssue({ title: "T" });
  await github.idle();
  answerWith = 202;
  github.as("alice").openIssue({ title: "U" });
  await github.idle();
  expect(github.webhooks.log.map(({ attempts }) => attempts.map(({ status }) => status))).toEqual([[500], [202]]);
});

test("webhooks can be held and come back in reverse, be lost, and come twice", async () => {
  github.webhooks.pause();
  const { number } = github.as("alice").openIssue({ title: "T" });
  github.as("alice").comment(number, "one");
  await github.idle();
  expect(heard).toEqual([]);
  github.webhooks.resume("reversed");
  await github.idle();
  expect(names()).toEqual(["issue_comment.created", "issues.opened"]);

  github.webhooks.drop({ event: "issue_comment" });
  github.as("alice").comment(number, "lost");
  github.webhooks.duplicate({ event: "issue_comment" });
  github.as("alice").comment(number, "twice");
  await github.idle();
  const [, , third, fourth] = heard;
  expect(heard).toHaveLength(4);
  expect(third?.headers["x-github-delivery"]).toBe(fourth?.headers["x-github-delivery"]);
  expect(third?.body).toBe(fourth?.body);
});

test("a recorded webhook is sent again under its GUID, or replayed under another", async () => {
  github.as("alice").openIssue({ title: "T" });
  await github.idle();
  const [hook] = github.webhooks.log;
  if (hook === undefined) throw new Error("nothing was recorded");
  github.webhooks.replay(hook, "same");
  github.webhooks.replay(hook, "new");
  await github.idle();
  const guids = heard.map(({ headers }) => headers["x-github-delivery"]);
  expect(guids[1]).toBe(guids[0]);
  expect(guids[2]).not.toBe(guids[0]);
  expect(new Set(heard.map(({ headers }) => headers["x-hub-signature-256"])).size).toBe(1);
});

test("a limit is answered as GitHub answers it, and nothing is performed", async () => {
  const { number } = github.as("alice").openIssue({ title: "T" });
  const comment = () => app("POST", `${R}/issues/${number}/comments`, { body: "x" });
  const planned = github.faults.add({ method: "POST", path: "/comments" }, secondaryLimit(7));
  github.faults.add({ method: "POST", path: "/comments" }, tooManyRequests(3), { after: 1 });
  const limited = await comment();
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([403, "7"]);
  const second = await comment();
  expect([second.status, second.headers.get("retry-after")]).toEqual([429, "3"]);
  github.faults.add({ method: "POST", path: "/comments" }, primaryLimit(new Date("2026-11-21T10:00:00Z")));
  const spent = await comment();
  expect([spent.status, spent.headers.get("x-ratelimit-remaining"), spent.headers.get("x-ratelimit-reset")]).toEqual([
    403,
    "0",
    "1795255200",
  ]);
  expect((await comment()).status).toBe(201);
  expect(planned.hits).toBe(1);
  expect(github.repo("acme/shop").comments(number)).toHaveLength(1);
  expect(github.requests.slice(-4).map(({ status, performed }) => [status, performed])).toEqual([
    [403, false],
    [429, false],
    [403, false],
    [201, true],
  ]);
});

test("an answer can be lost after the work was done, or the connection before it", async () => {
  const { number } = github.as("alice").openIssue({ title: "T" });
  const comment = (body: string) => app("POST", `${R}/issues/${number}/comments`, { body });
  github.faults.add({ path: "/comments" }, { kind: "lose_response" });
  await expect(comment("done")).rejects.toThrow();
  github.faults.add({ path: "/comments" }, { kind: "drop" });
  await expect(comment("not done")).rejects.toThrow();
  github.faults.add({ path: "/comments" }, serverError(502));
  expect(github.requests.slice(-2).map(({ status, performed }) => [status, performed])).toEqual([
    [null, true],
    [null, false],
  ]);
  expect(
    github
      .repo("acme/shop")
      .comments(number)
      .map(({ body }) => body),
  ).toEqual(["done"]);
});

test("something can happen between two calls, and an answer can lie", async () => {
  const { number } = github.as("alice").openIssue({ title: "T" });
  const { id } = github.as("alice").comment(number, "/approve");
  github.faults.add(
    { method: "GET", path: `/comments/${id}` },
    { kind: "meanwhile", run: () => github.as("alice").deleteComment(id) },
  );
  expect((await app("GET", `${R}/issues/comments/${id}`)).status).toBe(404);
  github.faults.add(
    { path: "/git/trees" },
    { kind: "rewrite", body: (body) => Object.assign({}, body, { truncated: true }) },
  );
  expect((await app("GET", `${R}/git/trees/main?recursive=1`)).body).toMatchObject({ truncated: true });
});
