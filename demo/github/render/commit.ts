// Commits, comparisons and statuses as GitHub writes them.
import { commitsBetween, type FileChange } from "../git-history.ts";
import type { CommitFacts, Signature } from "../git-objects.ts";
import type { Account, Repo, Status } from "../records.ts";
import { iso } from "../records.ts";
import type { World } from "../world.ts";
import { nodeId, userShape } from "./people.ts";
import { htmlUrl, repoUrl } from "./repository.ts";

export const noreply = (account: Account): string => `${account.id}+${account.login}@users.noreply.github.com`;
export const WEB_FLOW = { name: "GitHub", email: "noreply@github.com" };

const person = (who: Signature) => ({ name: who.name, email: who.email, date: iso(who.at) });

/** GitHub finds the account behind a signature by its address. */
const accountBehind = (world: World, who: Signature): Account | null => {
  const id = Number(/^(\d+)\+.*@users\.noreply\.github\.com$/.exec(who.email)?.[1]);
  return world.accounts.get(id) ?? null;
};

const userBehind = (world: World, who: Signature) => {
  const account = accountBehind(world, who);
  return account === null ? null : userShape(world, account);
};

const verification = (commit: CommitFacts) => ({
  verified: commit.signed,
  reason: commit.signed ? "valid" : "unsigned",
  signature: commit.signed ? "-----BEGIN PGP SIGNATURE-----" : null,
  payload: commit.signed ? commit.message : null,
  verified_at: commit.signed ? iso(commit.committer.at) : null,
});

const parentsOf = (world: World, repo: Repo, commit: CommitFacts) =>
  commit.parents.map((sha) => ({
    sha,
    url: `${repoUrl(world, repo)}/commits/${sha}`,
    html_url: `${htmlUrl(world, repo)}/commit/${sha}`,
  }));

/** The answer of the git data API. */
export const gitCommitShape = (world: World, repo: Repo, sha: string, commit: CommitFacts) => ({
  sha,
  node_id: nodeId("C", repo.id),
  url: `${repoUrl(world, repo)}/git/commits/${sha}`,
  html_url: `${htmlUrl(world, repo)}/commit/${sha}`,
  author: person(commit.author),
  committer: person(commit.committer),
  tree: { sha: commit.tree, url: `${repoUrl(world, repo)}/git/trees/${commit.tree}` },
  message: commit.message,
  parents: parentsOf(world, repo, commit),
  verification: verification(commit),
});

/** The answer of the commits API, which knows the accounts behind the signatures. */
export const commitShape = (world: World, repo: Repo, sha: string, commit: CommitFacts) => ({
  sha,
  node_id: nodeId("C", repo.id),
  commit: {
    author: person(commit.author),
    committer: person(commit.committer),
    message: commit.message,
    tree: { sha: commit.tree, url: `${repoUrl(world, repo)}/git/trees/${commit.tree}` },
    url: `${repoUrl(world, repo)}/git/commits/${sha}`,
    comment_count: 0,
    verification: verification(commit),
  },
  url: `${repoUrl(world, repo)}/commits/${sha}`,
  html_url: `${htmlUrl(world, repo)}/commit/${sha}`,
  comments_url: `${repoUrl(world, repo)}/commits/${sha}/comments`,
  author: userBehind(world, commit.author),
  committer: userBehind(world, commit.committer),
  parents: parentsOf(world, repo, commit),
});

export const commitsShape = (world: World, repo: Repo, shas: readonly string[]) =>
  shas.flatMap((sha) => {
    const commit = repo.git.commit(sha);
    return commit === null ? [] : [commitShape(world, repo, sha, commit)];
  });

export const fileShape = (world: World, repo: Repo, head: string, change: FileChange) => ({
  ...change,
  blob_url: `${htmlUrl(world, repo)}/blob/${head}/${change.filename}`,
  raw_url: `${htmlUrl(world, repo)}/raw/${head}/${change.filename}`,
  contents_url: `${repoUrl(world, repo)}/contents/${encodeURIComponent(change.filename)}?ref=${head}`,
});

/** One page of a comparison: the commits of that page, and the files on the first page alone, 300 of them at most. */
export const compareShape = (
  world: World,
  repo: Repo,
  { base, head, fork, ahead }: Readonly<{ base: string; head: string; fork: string; ahead: readonly string[] }>,
  shown: Readonly<{ commits: readonly string[]; files: readonly FileChange[] }>,
) => {
  const behind = commitsBetween(repo.git, head, base);
  const status =
    ahead.length > 0 ? (behind.length > 0 ? "diverged" : "ahead") : behind.length > 0 ? "behind" : "identical";
  return {
    url: `${repoUrl(world, repo)}/compare/${base}...${head}`,
    html_url: `${htmlUrl(world, repo)}/compare/${base}...${head}`,
    permalink_url: `${htmlUrl(world, repo)}/compare/${base}...${head}`,
    diff_url: `${htmlUrl(world, repo)}/compare/${base}...${head}.diff`,
    patch_url: `${htmlUrl(world, repo)}/compare/${base}...${head}.patch`,
    base_commit: commitsShape(world, repo, [base])[0],
    merge_base_commit: commitsShape(world, repo, [fork])[0],
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: commitsShape(world, repo, shown.commits),
    files: shown.files.slice(0, 300).map((change) => fileShape(world, repo, head, change)),
  };
};

export const statusShape = (world: World, repo: Repo, status: Status) => ({
  url: `${repoUrl(world, repo)}/statuses/${status.sha}`,
  avatar_url: `${world.url}/avatars/${status.by.id}`,
  id: status.id,
  node_id: nodeId("SC", status.id),
  state: status.state,
  description: status.description,
  target_url: status.targetUrl,
  context: status.context,
  created_at: iso(status.at),
  updated_at: iso(status.at),
  creator: userShape(world, status.by),
});
