// Accounts, apps and installations as GitHub writes them. The types of its webhooks hold the shape.
import type {
  App as AppShape,
  InstallationLite,
  Organization as OrganizationShape,
  User,
} from "@octokit/webhooks-types";
import type { Account, App, Installation, Token } from "../records.ts";
import { iso } from "../records.ts";
import type { World } from "../world.ts";

export const nodeId = (kind: string, id: number): string => `${kind}_${Buffer.from(String(id)).toString("base64url")}`;

export const userShape = (world: World, account: Account): User => {
  const url = `${world.url}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("U", account.id),
    avatar_url: `${world.url}/avatars/${account.id}`,
    gravatar_id: "",
    url,
    html_url: `${world.url}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
};

export const organizationShape = (world: World, account: Account): OrganizationShape => {
  const url = `${world.url}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("O", account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/${account.id}`,
    description: null,
  };
};

export const appShape = (world: World, app: App) => {
  const shape = {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    owner: userShape(world, app.owner),
    name: app.name,
    description: null,
    external_url: world.url,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
  } satisfies AppShape;
  return { ...shape, permissions: app.permissions, events: app.events };
};

export const installationLite = (installation: Installation): InstallationLite => ({
  id: installation.id,
  node_id: nodeId("MDIzOk", installation.id),
});

export const installationShape = (world: World, installation: Installation) => ({
  id: installation.id,
  account: userShape(world, installation.account),
  repository_selection: installation.repositories === null ? "all" : "selected",
  access_tokens_url: `${world.url}/app/installations/${installation.id}/access_tokens`,
  repositories_url: `${world.url}/installation/repositories`,
  html_url: `${world.url}/settings/installations/${installation.id}`,
  app_id: installation.app.id,
  app_slug: installation.app.slug,
  target_id: installation.account.id,
  target_type: installation.account.type,
  permissions: installation.permissions,
  events: installation.app.events,
  created_at: iso(installation.createdAt),
  updated_at: iso(installation.updatedAt),
  single_file_name: null,
  has_multiple_single_files: false,
  single_file_paths: [],
  suspended_by: null,
  suspended_at: installation.suspendedAt === null ? null : iso(installation.suspendedAt),
});

/** What the installation reports as granted with a token: metadata can always be read. */
export const tokenShape = (token: Token) => ({
  token: token.value,
  expires_at: iso(token.expiresAt),
  permissions: token.permissions,
  repository_selection: token.repositories === null && token.installation.repositories === null ? "all" : "selected",
});
