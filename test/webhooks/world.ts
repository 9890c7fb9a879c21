// A GitHub of plain values for intake: what can be read, what was said, and which calls were made. Unforeseen calls fail.
import { createHash } from "node:crypto";
import { CONFIG_PATH } from "../../src/config/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import type {
  Account,
  CommentFacts,
  IssueFacts,
  LabelPut,
  PullFacts,
  Reading,
  RepositoryFacts,
  RoleName,
} from "../../src/github/reading.ts";
import type { Speaking } from "../../src/github/speaking.ts";
import { CommentId, type InstallationId, IssueNumber, PullNumber, RepoId, Sha, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { INSTALLATION, ISSUE_ID, mona, octocat, REPO, SELF } from "./samples.ts";

export const shaOf = (text: string): Sha => Sha.parse(createHash("sha1").update(text).digest("hex"));
export const accountOf = (user: Readonly<{ id: number; login: string; type: Account["type"] }>): Account => ({
  id: UserId.parse(user.id),
  login: user.login,
  type: user.type,
});

const unforeseen = (name: string) => () => Promise.reject(new Error(`unforeseen call: ${name}`));

export type World = ReturnType<typeof createWorld>;

/** One installation with `acme/shop`, an open labeled issue 12 by octocat, and mona, who may write. */
export function createWorld() {
  const installations = new Map<number, "here" | "suspended">([[INSTALLATION, "here"]]);
  const repositories = new Map<number, RepositoryFacts & { installationId: number }>([
    [
      REPO,
      {
        id: RepoId.parse(REPO),
        installationId: INSTALLATION,
        owner: "acme",
        name: "shop",
        defaultBranch: "main",
        visibility: "private",
        archived: false,
      },
    ],
  ]);
  const world = {
    installations,
    repositories,
    /** Of every repository alike, unless `configs` or `heads` has its own. */
    config: null as string | null,
    configs: new Map<number, string | null>(),
    head: shaOf("head") as Sha | null,
    heads: new Map<number, Sha | null>(),
    roles: new Map<string, { role: RoleName; account: Account }>([
      [mona.login, { role: "write", account: accountOf(mona) }],
      [octocat.login, { role: "read", account: accountOf(octocat) }],
    ]),
    accounts: [accountOf(mona), accountOf(octocat)],
    teams: new Map<string, Account[]>(),
    issues: new Map<number, IssueFacts>(),
    comments: new Map<number, CommentFacts[]>(),
    /** Labels that were put on, by issue. */
    puts: new Map<number, LabelPut[]>(),
    hidden: new Set<number>(),
    commentsComplete: true,
    pulls: new Map<number, PullFacts>(),
    /** How a branch stands to an old base. */
    ancestry: "ahead" as Awaited<ReturnType<Reading["compare"]>>,
    /** Calls so far, in order. */
    calls: [] as string[],
    /** Called before each call is answered: the world may change, or the call fail. */
    onCall: (_name: string): void => {},
    issue: (number: number, change: Partial<IssueFacts> = {}): IssueFacts => {
      const issue: IssueFacts = {
        id: ISSUE_ID + number - 12,
        number: IssueNumber.parse(number),
        title: "Slugs lose their umlauts",
        body: "`slugify` drops every umlaut.\r\n\r\nIt should write ae, oe, ue.",
        author: accountOf(octocat),
        state: "open",
        labels: ["countersign"],
        isPullRequest: false,
        updatedAt: instant("2026-11-21T10:00:00Z"),
        ...(world.issues.get(number) ?? {}),
        ...change,
      };
      world.issues.set(number, issue);
      return issue;
    },
    say: (number: number, comment: Partial<CommentFacts> & { body: string }): void => {
      const said = world.comments.get(number) ?? [];
      const at = instant("2026-11-21T09:30:00Z");
      const id = CommentId.parse(1000 * number + said.length);
      const facts = { id, author: accountOf(mona), viaAppId: null, createdAt: at, updatedAt: comment.createdAt ?? at };
      world.comments.set(number, [...said, { ...facts, ...(comment.createdAt ? {} : { createdAt: at }), ...comment }]);
    },
    pull: (number: number, change: Partial<PullFacts> = {}): PullFacts => {
      const pull: PullFacts = {
        number: PullNumber.parse(number),
        state: "open",
        merged: false,
        mergeSha: null,
        headSha: shaOf("written"),
        headRef: "countersign/d-1",
        headRepoId: RepoId.parse(REPO),
        baseRef: "main",
        baseSha: shaOf("base"),
        author: accountOf({ id: SELF.botId, login: "countersign[bot]", type: "Bot" }),
        title: "t",
        body: "b",
        url: "u",
        ...(world.pulls.get(number) ?? {}),
        ...change,
      };
      world.pulls.set(number, pull);
      return pull;
    },
    self: () => Promise.resolve({ ...SELF, slug: "countersign", botLogin: "countersign[bot]" }),
    reading: async (installation: InstallationId, repos: readonly RepoId[]): Promise<Reading> => {
      open(installation, repos);
      return reading;
    },
    find: (_installation: InstallationId, name: string): Promise<RepoId | null> =>
      called(`find ${name}`, () => {
        const found = [...repositories.values()].find(
          (one) => `${one.owner}/${one.name}`.toLowerCase() === name.toLowerCase(),
        );
        return found?.id ?? null;
      }),
    speaking: async (installation: InstallationId, repos: readonly RepoId[]) => {
      open(installation, repos);
      return speaking;
    },
    /** What we said, by issue. */
    said: (number: number): string[] =>
      (world.comments.get(number) ?? []).filter(({ viaAppId }) => viaAppId === SELF.appId).map(({ body }) => body),
  };

  const called = <T>(name: string, answer: () => T): Promise<T> => {
    world.calls.push(name);
    try {
      world.onCall(name);
      return Promise.resolve(answer());
    } catch (error) {
      return Promise.reject(error);
    }
  };

  const open = (installation: InstallationId, repos: readonly RepoId[]): void => {
    const state = installations.get(installation);
    if (state === undefined) throw new GitHubError("not_found", "no such installation", { status: 404 });
    if (state === "suspended") throw new GitHubError("forbidden", "suspended", { status: 403 });
    for (const repo of repos) {
      if (repositories.get(repo)?.installationId !== installation) {
        throw new GitHubError("unprocessable", "not in the installation", { status: 422 });
      }
    }
  };

  const reading: Reading = {
    repository: (repo) => called("repository", () => repositories.get(repo) ?? null),
    issue: (_repo, number) => called("issue", () => world.issues.get(number) ?? null),
    comments: (_repo, number) =>
      called("comments", () => ({ items: world.comments.get(number) ?? [], complete: world.commentsComplete })),
    hiddenComments: (_repo, _number, ids) =>
      called("hidden comments", () => new Set(ids.filter((id) => world.hidden.has(id)))),
    role: (_repo, login) =>
      called(`role ${login}`, () => world.roles.get(login) ?? { role: "none" as const, account: null }),
    accountByLogin: (login) =>
      called(`account ${login}`, () => world.accounts.find((account) => account.login === login) ?? null),
    accountById: (id) => called(`account ${id}`, () => world.accounts.find((account) => account.id === id) ?? null),
    teamMembers: (org, slug) =>
      called(`team ${org}/${slug}`, () => {
        const items = world.teams.get(`${org}/${slug}`);
        if (items === undefined) throw new GitHubError("not_found", "no such team", { status: 404 });
        return { items, complete: true };
      }),
    file: (repo, path) =>
      called(`file ${path}`, () => {
        const config = world.configs.has(repo) ? (world.configs.get(repo) ?? null) : world.config;
        return path === CONFIG_PATH && config !== null ? { text: config, blob: shaOf(config) } : null;
      }),
    branchHead: (repo) =>
      called("branchHead", () => (world.heads.has(repo) ? (world.heads.get(repo) ?? null) : world.head)),
    compare: () => called("compare", () => world.ancestry),
    pull: (_repo, number) => called("pull", () => world.pulls.get(number) ?? null),
    comment: unforeseen("comment"),
    commit: unforeseen("commit"),
    labeledIssues: (_repo, label, since) =>
      called(`issues labeled ${label}`, () => {
        const items = [...world.issues.values()]
          .filter(({ state, labels, updatedAt }) => state === "open" && labels.includes(label) && updatedAt >= since)
          .toSorted((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
        return { items, complete: true };
      }),
    labelPuts: (_repo, number) =>
      called(`labels of ${number}`, () => ({ items: world.puts.get(number) ?? [], complete: true })),
    checkOutput: unforeseen("checkOutput"),
    jobLog: unforeseen("jobLog"),
    textAt: unforeseen("textAt"),
    tree: unforeseen("tree"),
    folder: unforeseen("folder"),
    mergeBase: unforeseen("mergeBase"),
    commitsOf: unforeseen("commitsOf"),
    pullCommits: unforeseen("pullCommits"),
    reviews: unforeseen("reviews"),
    review: unforeseen("review"),
    reviewComments: unforeseen("reviewComments"),
    blob: unforeseen("blob"),
    archive: unforeseen("archive"),
    checks: unforeseen("checks"),
    requiredChecks: unforeseen("requiredChecks"),
    requiresSignatures: unforeseen("requiresSignatures"),
    pullsByHead: unforeseen("pullsByHead"),
  };

  const speaking: Pick<Speaking, "createComment" | "findComments"> = {
    createComment: (_repo, number, body) =>
      called("createComment", () => {
        const said = world.comments.get(number) ?? [];
        const id = CommentId.parse(900_000 + said.length);
        const at = instant("2026-11-21T10:00:05Z");
        const author = accountOf({ id: SELF.botId, login: "countersign[bot]", type: "Bot" });
        world.comments.set(number, [...said, { id, body, author, viaAppId: SELF.appId, createdAt: at, updatedAt: at }]);
        return { id, at, url: `https://github.test/${number}#${id}` };
      }),
    findComments: (_repo, number, marker) =>
      called("findComments", () => ({
        items: (world.comments.get(number) ?? []).filter(
          ({ body, viaAppId }) => viaAppId === SELF.appId && body.includes(marker),
        ),
        complete: world.commentsComplete,
      })),
  };
  return world;
}
