// Payloads in the form in which GitHub sends them, cut to what any reader of ours could look at, and a little more.

export const SELF = { appId: 4711, botId: 900 } as const;
export const INSTALLATION = 77;
export const REPO = 501;
export const ISSUE_ID = 88_001;

export const mona = { id: 11, login: "mona", type: "User", site_admin: false } as const;
export const octocat = { id: 12, login: "octocat", type: "User", site_admin: false } as const;
export const ourBot = { id: SELF.botId, login: "countersign[bot]", type: "Bot", site_admin: false } as const;
export const otherBot = { id: 901, login: "dependabot[bot]", type: "Bot", site_admin: false } as const;
const acme = { id: 3, login: "acme", type: "Organization", site_admin: false } as const;

export type Json = Readonly<Record<string, unknown>>;

export const repository = (change: Json = {}): Json => ({
  id: REPO,
  node_id: "R_x",
  name: "shop",
  full_name: "acme/shop",
  private: true,
  visibility: "private",
  owner: acme,
  default_branch: "main",
  archived: false,
  ...change,
});

export const ofRepository = (change: Json = {}): Json => ({
  repository: repository(),
  installation: { id: INSTALLATION, node_id: "I_x" },
  organization: { id: 3, login: "acme" },
  sender: mona,
  ...change,
});

export const issue = (change: Json = {}): Json => ({
  id: ISSUE_ID,
  node_id: "I_y",
  number: 12,
  title: "Slugs lose their umlauts",
  body: "`slugify` drops every umlaut.\r\n\r\nIt should write ae, oe, ue.",
  user: octocat,
  state: "open",
  locked: false,
  labels: [{ id: 1, name: "countersign" }],
  created_at: "2026-11-21T09:00:00Z",
  updated_at: "2026-11-21T10:00:00Z",
  closed_at: null,
  performed_via_github_app: null,
  ...change,
});

export const labeled = (change: Json = {}, issueChange: Json = {}, label = "countersign"): Json =>
  ofRepository({ action: "labeled", issue: issue(issueChange), label: { id: 1, name: label }, ...change });

export const issues = (action: string, issueChange: Json = {}, change: Json = {}): Json =>
  ofRepository({ action, issue: issue(issueChange), ...change });

export const comment = (change: Json = {}): Json => ({
  id: 3001,
  body: "/approve k7m2",
  user: mona,
  created_at: "2026-11-21T10:05:00Z",
  updated_at: "2026-11-21T10:05:00Z",
  performed_via_github_app: null,
  ...change,
});

export const commented = (action: string, commentChange: Json = {}, change: Json = {}): Json =>
  ofRepository({ action, issue: issue(), comment: comment(commentChange), ...change });

export const SHA = "a".repeat(40);

export const checkRun = (action: string, runChange: Json = {}, change: Json = {}): Json =>
  ofRepository({
    action,
    check_run: { id: 6001, head_sha: SHA, external_id: "", status: "completed", app: { id: 15368 }, ...runChange },
    ...change,
  });

export const pullRequest = (action: string, change: Json = {}): Json =>
  ofRepository({
    action,
    number: 57,
    pull_request: {
      id: 1,
      number: 57,
      state: "open",
      updated_at: "2026-11-21T11:00:00Z",
      merged: false,
      head: { sha: SHA, ref: "topic" },
    },
    ...change,
  });

/** One that asks for changes. */
export const REVIEW = {
  id: 80_001,
  state: "changes_requested",
  body: "Not like this.",
  user: octocat,
  commit_id: SHA,
  submitted_at: "2026-11-21T11:00:00Z",
};

export const push = (change: Json = {}): Json =>
  ofRepository({
    ref: "refs/heads/main",
    before: "b".repeat(40),
    after: "c".repeat(40),
    created: false,
    deleted: false,
    forced: false,
    ...change,
  });

export const installationObject = (change: Json = {}): Json => ({
  id: INSTALLATION,
  account: acme,
  repository_selection: "selected",
  app_id: SELF.appId,
  created_at: "2026-11-20T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  suspended_by: null,
  suspended_at: null,
  ...change,
});

export const listed = (id: number, fullName: string, isPrivate = true): Json => ({
  id,
  node_id: "R_z",
  name: fullName.split("/")[1],
  full_name: fullName,
  private: isPrivate,
});

export const installation = (action: string, installationChange: Json = {}, change: Json = {}): Json => ({
  action,
  installation: installationObject(installationChange),
  repositories: [listed(REPO, "acme/shop")],
  sender: mona,
  ...change,
});

export const installationRepositories = (
  action: "added" | "removed",
  repositories: readonly Json[],
  installationChange: Json = {},
): Json => ({
  action,
  installation: installationObject(installationChange),
  repository_selection: "selected",
  repositories_added: action === "added" ? repositories : [],
  repositories_removed: action === "removed" ? repositories : [],
  requester: null,
  sender: mona,
});

export const repositoryEvent = (action: string, repositoryChange: Json = {}): Json =>
  ofRepository({ action, repository: repository(repositoryChange) });
