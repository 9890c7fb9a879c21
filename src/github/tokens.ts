// The one file that mints: asks GitHub for a token that can do just what is named, and believes only GitHub's answer.
import { z } from "zod";
import { type InstallationId, RepoId } from "../ids.ts";
import { answer } from "./answer.ts";
import { signAppJwt } from "./app-jwt.ts";
import { type Client, openClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import { GitHubError, NotGranted } from "./errors.ts";
import { TOKEN_REPOSITORIES } from "./limits.ts";
import type { NamedRepository } from "./repositories.ts";

type Permission =
  | "actions"
  | "checks"
  | "contents"
  | "deployments"
  | "issues"
  | "members"
  | "metadata"
  | "pull_requests"
  | "statuses";
export type Permissions = Readonly<Partial<Record<Permission, "read" | "write">>>;

export const READING: Permissions = {
  checks: "read",
  contents: "read",
  issues: "read",
  metadata: "read",
  pull_requests: "read",
  statuses: "read",
};

/** Asked for alone, because an owner may have declined it, and GitHub then refuses the whole token. */
export const READING_TEAMS: Permissions = { members: "read", metadata: "read" };

/** The logs of jobs; alone for the same reason. */
export const READING_ACTIONS: Permissions = { actions: "read", metadata: "read" };
/** Asked for apart, because what is shown of previews can be done without. */
export const READING_DEPLOYMENTS: Permissions = { deployments: "read", metadata: "read" };

export const SPEAKING: Permissions = { checks: "write", issues: "write", metadata: "read" };

/** For what any account may look up, under the App's own limits. */
export const LOOKING: Permissions = { metadata: "read" };

export type Asked = Readonly<{
  installation: InstallationId;
  permissions: Permissions;
  /** `any` is for tokens that hold nothing but `metadata: read`. */
  repos: readonly RepoId[] | "any";
}>;

export type Token = Readonly<{
  value: string;
  installation: InstallationId;
  expiresAt: Date;
  repos: readonly NamedRepository[];
}>;

const TokenAnswer = z.object({
  token: z.string().min(1),
  expires_at: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  permissions: z.record(z.string(), z.string()),
  repository_selection: z.string().nullish(),
  repositories: z.array(z.object({ id: RepoId, full_name: z.string().regex(/^[^/]+\/[^/]+$/) })).nullish(),
});
type TokenAnswer = z.infer<typeof TokenAnswer>;

const named = (id: RepoId, fullName: string): NamedRepository => {
  const [owner = "", name = ""] = fullName.split("/");
  return { id, owner, name };
};

const checkPermissions = (asked: Permissions, given: TokenAnswer["permissions"]): void => {
  const wanted = new Map<string, string>(Object.entries(asked));
  for (const [name, level] of Object.entries(given)) {
    // GitHub adds `metadata: read` to every token.
    if (name === "metadata" && level === "read") continue;
    if (wanted.get(name) !== level && !(wanted.get(name) === "write" && level === "read")) {
      throw new GitHubError("token_too_wide", `GitHub gave ${name}: ${level}, which was not asked for`);
    }
  }
  for (const [name, level] of wanted) {
    if (given[name] !== level) throw new GitHubError("forbidden", `GitHub did not give ${name}: ${level}`);
  }
};

const checkRepositories = (asked: Asked["repos"], given: TokenAnswer): void => {
  if (asked === "any") return;
  if (given.repository_selection !== "selected" || given.repositories === undefined || given.repositories === null) {
    throw new GitHubError("token_too_wide", "GitHub gave a token that is not narrowed to the repositories asked for");
  }
  const wanted = new Set<number>(asked);
  const got = new Set<number>(given.repositories.map((repo) => repo.id));
  for (const id of got) {
    if (!wanted.has(id))
      throw new GitHubError("token_too_wide", `GitHub gave repository ${id}, which was not asked for`);
  }
  for (const id of wanted) {
    if (!got.has(id)) throw new GitHubError("forbidden", `GitHub did not give repository ${id}`);
  }
};

const checkQuestion = (asked: Asked): void => {
  // An empty list would mean every repository of the installation to GitHub.
  if (asked.repos !== "any" && (asked.repos.length === 0 || asked.repos.length > TOKEN_REPOSITORIES)) {
    throw new RangeError(`a token names 1 to ${TOKEN_REPOSITORIES} repositories, not ${asked.repos.length}`);
  }
  if (asked.repos === "any" && Object.keys(asked.permissions).some((name) => name !== "metadata")) {
    throw new RangeError("a token for any repository may hold nothing but metadata");
  }
};

/** Ends a token at once. Throws GitHubError; a token that GitHub no longer knows is ended already. */
export const revoke = async (connection: Connection, token: Pick<Token, "value" | "installation">): Promise<void> => {
  const client = openClient(connection, {
    auth: token.value,
    paceId: `revoke:${token.installation}`,
    redirects: "refuse",
  });
  try {
    await client.rest.apps.revokeInstallationAccessToken();
  } catch (error) {
    if (error instanceof GitHubError && error.code === "unauthorized") return;
    throw error;
  }
};

const InstallationAnswer = z.object({ permissions: z.record(z.string(), z.string()) });

/** As GitHub's settings call it: `Pull requests: write`. */
const titled = (name: string, level: string): string => {
  const words = name.replaceAll("_", " ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}: ${level}`;
};

/** GitHub refuses the whole token where the installation lacks a part of it, and does not say which. */
const refusal = async (client: Client, { installation, permissions }: Asked, error: unknown): Promise<unknown> => {
  const isAboutPermissions =
    error instanceof GitHubError && error.code === "unprocessable" && /not granted/i.test(error.message);
  if (!isAboutPermissions) return error;
  try {
    const call = client.rest.apps.getInstallation({ installation_id: installation });
    const { permissions: has } = await answer(InstallationAnswer, call);
    const lacks = Object.entries(permissions).filter(([name, level]) => has[name] !== level && has[name] !== "write");
    if (lacks.length === 0) return error;
    return new NotGranted(
      lacks.map(([name]) => name),
      lacks.map(([name, level]) => titled(name, level)),
    );
  } catch {
    return error;
  }
};

/**
 * A token with exactly these permissions on exactly these repositories. Throws GitHubError `token_too_wide` when GitHub
 * gave more (the token is revoked before), `forbidden` when it gave less, NotGranted when the installation has less.
 */
export const mint = async (connection: Connection, asked: Asked, signal?: AbortSignal): Promise<Token> => {
  checkQuestion(asked);
  const client = openClient(connection, {
    auth: await signAppJwt(connection),
    paceId: `mint:${asked.installation}`,
    redirects: "refuse",
    ...(signal === undefined ? {} : { signal }),
  });
  const call = client.rest.apps.createInstallationAccessToken({
    installation_id: asked.installation,
    permissions: { ...asked.permissions },
    ...(asked.repos === "any" ? {} : { repository_ids: [...asked.repos] }),
  });
  const given = await answer(TokenAnswer, call).catch(async (error: unknown) => {
    throw await refusal(client, asked, error);
  });
  connection.onSecret(given.token);
  const token = { value: given.token, installation: asked.installation };
  try {
    checkPermissions(asked.permissions, given.permissions);
    checkRepositories(asked.repos, given);
  } catch (error) {
    await revoke(connection, token).catch(() => {});
    throw error;
  }
  return {
    ...token,
    expiresAt: given.expires_at,
    repos: (given.repositories ?? []).map((repo) => named(repo.id, repo.full_name)),
  };
};
