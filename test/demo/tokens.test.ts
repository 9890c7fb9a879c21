// Tokens of the local GitHub: who is nobody, what narrowing limits, what revoking ends.
import { createHash } from "node:crypto";
import githubAppJwt from "universal-github-app-jwt";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalGitHub } from "../../demo/github/local-github.ts";
import { ALL, asApp, asInstallation, Minted, SEED, start, withSecret } from "./support.ts";

let github: LocalGitHub;
beforeEach(async () => {
  github = await start();
});
afterEach(() => github.close());

test("an unknown token is nobody, whatever it asks", async () => {
  for (const secret of ["ghs_made_up", "ghp_made_up", "x.y.z"]) {
    const nobody = withSecret(github, secret);
    for (const path of ["/repos/acme/shop", "/users/mona", "/app", "/no/such/route"]) {
      expect(await nobody("GET", path)).toMatchObject({ status: 401 });
    }
  }
  expect((await fetch(`${github.url}/repos/acme/shop`)).status).toBe(401);
});

test("a JWT signed by another key, or for another app, or for too long, is refused", async () => {
  const other = await start();
  const { id } = github.app();
  const foreign = await githubAppJwt({ id, privateKey: other.app().privateKey });
  expect((await withSecret(github, foreign.token)("GET", "/app")).status).toBe(401);
  const stranger = await githubAppJwt({ id: id + 1, privateKey: github.app().privateKey });
  expect((await withSecret(github, stranger.token)("GET", "/app")).status).toBe(401);
  const old = await githubAppJwt({
    id,
    privateKey: github.app().privateKey,
    now: Math.floor(Date.now() / 1000) - 3600,
  });
  expect((await withSecret(github, old.token)("GET", "/app")).status).toBe(401);
  await other.close();
});

test("an app's JWT reads no repository, and an installation's token is no app", async () => {
  const app = await asApp(github);
  expect(await app("GET", "/app")).toMatchObject({ status: 200, body: { id: 4711, slug: "countersign" } });
  expect((await app("GET", "/repos/acme/shop/issues")).status).toBe(401);
  const installation = await asInstallation(github, { issues: "write" });
  expect((await installation("GET", "/app")).status).toBe(401);
});

test("a token holds what was asked for and metadata, and nothing else", async () => {
  const app = await asApp(github);
  const path = `/app/installations/${github.app().installationId}/access_tokens`;
  const { id } = github.repo("acme/shop");
  const answer = await app("POST", path, { permissions: { contents: "read" }, repository_ids: [id] });
  expect(answer).toMatchObject({
    status: 201,
    body: { repository_selection: "selected", repositories: [{ id, full_name: "acme/shop" }] },
  });
  expect(Minted.parse(answer.body).permissions).toEqual({ metadata: "read", contents: "read" });

  const reader = withSecret(github, Minted.parse(answer.body).token);
  expect((await reader("GET", "/repos/acme/shop/contents/README.md")).status).toBe(200);
  expect(await reader("POST", "/repos/acme/shop/git/blobs", { content: "x" })).toMatchObject({
    status: 403,
    body: { message: "Resource not accessible by integration" },
  });
  const issue = github.as("mona").openIssue({ title: "One" });
  expect((await reader("POST", `/repos/acme/shop/issues/${issue.number}/comments`, { body: "x" })).status).toBe(403);
  // Of a repository that the token does not name, not even the existence shows.
  expect((await reader("GET", "/repos/acme/other")).status).toBe(404);
});

test("each write needs its own permission", async () => {
  const base = github.repo("acme/shop").head() ?? "";
  const { number } = github.as("mona").openIssue({ title: "One" });
  const writes: [string, string, string, unknown][] = [
    ["issues", "POST", `/issues/${number}/comments`, { body: "x" }],
    ["issues", "POST", `/issues/${number}/labels`, { labels: ["x"] }],
    ["issues", "POST", `/issues/${number}/reactions`, { content: "eyes" }],
    ["issues", "PATCH", `/issues/${number}`, { title: "Two" }],
    ["checks", "POST", "/check-runs", { name: "x", head_sha: base }],
    ["contents", "POST", "/git/blobs", { content: "x" }],
    ["contents", "POST", "/git/refs", { ref: "refs/heads/x", sha: base }],
    ["pull_requests", "POST", "/pulls", { title: "x", head: "x", base: "main" }],
  ];
  for (const [permission, method, path, body] of writes) {
    const { [permission]: _, ...rest } = ALL;
    const without = await asInstallation(github, rest);
    expect(await without(method, `/repos/acme/shop${path}`, body), `${method} ${path}`).toMatchObject({ status: 403 });
  }
});

test("more than the installation has is refused, not cut down", async () => {
  const app = await asApp(github);
  const path = `/app/installations/${github.app().installationId}/access_tokens`;
  for (const permissions of [
    { workflows: "write" },
    { statuses: "write" },
    { administration: "read" },
    { issues: "admin" },
  ]) {
    expect(await app("POST", path, { permissions })).toMatchObject({ status: 422 });
  }
  expect((await app("POST", path, { repository_ids: [1] })).status).toBe(422);
  expect((await app("POST", "/app/installations/1/access_tokens", {})).status).toBe(404);
  expect(github.tokens).toHaveLength(0);
});

test("a token that was revoked or has expired is nobody's", async () => {
  const first = await asInstallation(github, ALL);
  expect((await first("DELETE", "/installation/token")).status).toBe(204);
  expect((await first("GET", "/repos/acme/shop")).status).toBe(401);
  expect((await first("DELETE", "/installation/token")).status).toBe(401);
  const second = await asInstallation(github, ALL);
  github.expireTokens();
  expect((await second("GET", "/repos/acme/shop")).status).toBe(401);
  expect(github.tokens.map((token) => token.revokedAt !== null)).toEqual([true, false]);
});

test("a suspended installation, and one that is gone, refuse everything", async () => {
  const before = await asInstallation(github, ALL);
  github.installation().suspend();
  expect((await before("GET", "/repos/acme/shop")).status).toBe(403);
  const app = await asApp(github);
  const path = `/app/installations/${github.app().installationId}/access_tokens`;
  expect((await app("POST", path, {})).status).toBe(403);
  github.installation().unsuspend();
  expect((await before("GET", "/repos/acme/shop")).status).toBe(200);
  github.installation().uninstall();
  expect((await before("GET", "/repos/acme/shop")).status).toBe(401);
  expect((await app("POST", path, {})).status).toBe(404);
});

test("what was asked is on record with the rights of the token, and no token's value is in it", async () => {
  const writer = await asInstallation(github, { issues: "write" });
  const { number } = github.as("mona").openIssue({ title: "One" });
  await writer("POST", `/repos/acme/shop/issues/${number}/comments`, { body: "hello" });
  expect(github.requests.at(-1)).toMatchObject({
    method: "POST",
    path: `/repos/acme/shop/issues/${number}/comments`,
    app: "countersign",
    permissions: { metadata: "read", issues: "write" },
    body: { body: "hello" },
    status: 201,
  });
  expect(JSON.stringify(github.requests)).not.toContain(writer.token);
});

test("several run at once and share nothing", async () => {
  const other = await start(SEED);
  const mine = await asInstallation(github, ALL);
  expect((await withSecret(other, mine.token)("GET", "/repos/acme/shop")).status).toBe(401);
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  expect(hash(other.app().privateKey)).not.toBe(hash(github.app().privateKey));
  await other.close();
});
