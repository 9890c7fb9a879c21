// A small local GitHub for these tests, and a client that speaks to it as any HTTP client would.
import githubAppJwt from "universal-github-app-jwt";
import { z } from "zod";
import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import type { Seed, SeedRepository } from "../../demo/github/seed.ts";

export const SHOP: SeedRepository = {
  owner: "acme",
  name: "shop",
  files: {
    "README.md": "# Shop\n",
    "src/slug.js": "export const slug = (text) => text;\n",
    "bin/run": { content: "#!/bin/sh\necho ok\n", mode: "100755" },
    "src/latest": { content: "slug.js", mode: "120000" },
    "src.txt": "sorts between\n",
  },
  roles: { octocat: "maintain", hubot: "write", rita: "triage", alice: "read" },
};

export const SEED: Seed = {
  users: ["mona", "octocat", "hubot", "rita", "alice", "stranger"],
  organizations: [{ login: "acme", members: { mona: "admin", octocat: "member" }, teams: { leads: ["mona"] } }],
  repositories: [SHOP, { owner: "acme", name: "other", files: { "a.txt": "a\n" } }],
  apps: [{ id: 4711, slug: "countersign", installations: [{ account: "acme" }] }],
};

export type Answered = Readonly<{ status: number; headers: Headers; body: unknown }>;
export type Caller = (method: string, path: string, body?: unknown) => Promise<Answered>;

export const withSecret =
  (github: LocalGitHub, secret: string): Caller =>
  async (method, path, body) => {
    const answer = await fetch(`${github.url}${path}`, {
      method,
      redirect: "manual",
      headers: { authorization: `Bearer ${secret}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === "" ? null : JSON.parse(text) };
  };

export const asApp = async (github: LocalGitHub): Promise<Caller> => {
  const { id, privateKey } = github.app();
  return withSecret(github, (await githubAppJwt({ id, privateKey })).token);
};

export const Minted = z.object({
  token: z.string(),
  expires_at: z.string(),
  permissions: z.record(z.string(), z.string()),
  repository_selection: z.string(),
});

/** A client on an installation token that was asked for over HTTP. */
export const asInstallation = async (
  github: LocalGitHub,
  permissions: Record<string, string>,
  repositoryIds?: number[],
): Promise<Caller & { token: string }> => {
  const app = await asApp(github);
  const wanted = { permissions, ...(repositoryIds === undefined ? {} : { repository_ids: repositoryIds }) };
  const answer = await app("POST", `/app/installations/${github.app().installationId}/access_tokens`, wanted);
  const { token } = Minted.parse(answer.body);
  return Object.assign(withSecret(github, token), { token });
};

export const ALL: Record<string, string> = {
  issues: "write",
  checks: "write",
  contents: "write",
  pull_requests: "write",
  statuses: "read",
  members: "read",
};

export const start = (seed: Seed = SEED): Promise<LocalGitHub> => startLocalGitHub({ seed });
