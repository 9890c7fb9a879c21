// What the tests of this folder share: a connection with a key of its own, and answers shaped as GitHub's.
import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { type Connection, type ConnectionOptions, connectionTo } from "../../src/github/connection.ts";
import { InstallationId, RepoId } from "../../src/ids.ts";

export const API = "https://github.test";
export const NOW = new Date("2026-11-21T10:00:00Z");
export const INSTALLATION = InstallationId.parse(77);
export const REPO = RepoId.parse(501);

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const connection = (options: Partial<ConnectionOptions> = {}): Connection =>
  connectionTo({
    apiUrl: API,
    appId: 12345,
    privateKey,
    clock: () => NOW,
    onSecret: () => {},
    pace: "none",
    timeoutMs: 2_000,
    ...options,
  });

export const account = (id: number, login: string, type = "User") => ({ id, login, type });

export const tokenAnswer = (permissions: Record<string, string>, repos: readonly number[] = [REPO]) => ({
  token: "ghs_12345_secret",
  expires_at: "2026-11-21T11:00:00Z",
  permissions,
  repository_selection: "selected",
  repositories: repos.map((id) => ({ id, full_name: id === REPO ? "acme/widgets" : `acme/other-${id}` })),
});

export const READ = {
  checks: "read",
  contents: "read",
  issues: "read",
  metadata: "read",
  pull_requests: "read",
  statuses: "read",
};
export const SPEAK = { checks: "write", issues: "write", metadata: "read" };

/** Answers the question for one token. */
export const mints = (answer: object, status = 201): nock.Interceptor | nock.Scope =>
  nock(API).post("/app/installations/77/access_tokens").reply(status, answer);

export const comment = (id: number, body: string, over: Record<string, unknown> = {}) => ({
  id,
  node_id: `IC_${id}`,
  body,
  user: account(9, "mona"),
  created_at: "2026-11-21T09:00:00Z",
  updated_at: "2026-11-21T09:00:00Z",
  html_url: `https://github.test/acme/widgets/issues/12#issuecomment-${id}`,
  ...over,
});

/** For every test file: nothing but nock answers, and nothing is left unasked unless the test says so. */
export const onlyNock = (): void => {
  nock.disableNetConnect();
};
