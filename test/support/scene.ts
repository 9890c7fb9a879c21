// What every story plays on: the local GitHub with its people, a scripted model, and how to look at the thread. No app yet.

import { type LocalGitHub, startLocalGitHub } from "../../demo/github/local-github.ts";
import type { RepositoryView } from "../../demo/github/look.ts";
import type { Seed, SeedRepository } from "../../demo/github/seed.ts";
import { type Script, type ScriptedModel, startScriptedModel } from "../../demo/model/scripted-model.ts";
import { FILES, HAPPY_ANSWERS, ISSUE, TEST_CHECK } from "../../demo/repository/demo-repository.ts";

const REPO = "acme/shop";
export const PEOPLE = { owner: "mona", approver: "octocat", reporter: "hubot", outsider: "stranger" } as const;
const ACTIONS = { id: 15368, slug: "github-actions" };

const ROLES = { [PEOPLE.approver]: "maintain", [PEOPLE.reporter]: "triage" } as const;

const seed = (options: SceneOptions): Seed => ({
  users: Object.values(PEOPLE),
  organizations: [
    {
      login: "acme",
      members: { mona: "admin", octocat: "member", hubot: "member" },
      teams: options.teams ?? {},
    },
  ],
  repositories: [
    {
      owner: "acme",
      name: "shop",
      visibility: options.visibility ?? "public",
      files: options.files ?? { folder: FILES },
      roles: ROLES,
    },
    ...(options.beside ?? []).map((repository) => ({ visibility: "public" as const, roles: ROLES, ...repository })),
  ],
  apps: [
    {
      id: 4711,
      slug: "countersign",
      name: "Countersign",
      installations: [
        {
          account: "acme",
          ...(options.installedOn === undefined ? {} : { repositories: options.installedOn }),
        },
      ],
    },
    {
      ...ACTIONS,
      name: "GitHub Actions",
      permissions: { metadata: "read", contents: "read", checks: "write" },
      installations: [{ account: "acme" }],
    },
  ],
});

export type SceneOptions = Readonly<{
  answers?: Readonly<Record<string, Script>>;
  files?: Seed["repositories"][number]["files"];
  visibility?: "public" | "private" | "internal";
  /** Repositories beside acme/shop; public, and with the same people, where they do not say otherwise. */
  beside?: readonly SeedRepository[];
  /** Members by the slug of the organization's team. */
  teams?: Readonly<Record<string, readonly string[]>>;
  /** Names of the organization's repositories that the app may see; all of them unless given. */
  installedOn?: readonly string[];
  /** GitHub's clock; the real one unless given. */
  githubClock?: () => Date;
}>;

export interface Scene {
  readonly github: LocalGitHub;
  readonly shop: RepositoryView;
  /** Any repository by its full name. */
  readonly repo: (name: string) => RepositoryView;
  readonly model: ScriptedModel;
  /** What the app is told of all this: its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Opens the issue as the reporter and labels it as the approver; answers its number. */
  readonly begin: (issue?: { title: string; body?: string }) => number;
  readonly comments: (issue: number) => ReturnType<RepositoryView["comments"]>;
  /** Our own, oldest first. */
  readonly ours: (issue: number) => ReturnType<RepositoryView["comments"]>;
  /** Of the newest delivery. */
  readonly status: (issue: number) => string;
  readonly until: <T>(look: () => T | null | undefined | false, what: string) => Promise<T>;
  /** Waits for an open gate comment with these first words; answers its code. `not` is a code seen before. */
  readonly gate: (issue: number, words: RegExp, not?: string) => Promise<string>;
  /** Posts a comment and waits for the app's verdict on it. */
  readonly say: (issue: number, login: string, text: string) => Promise<"+1" | "confused">;
  /** As a CI service would: a completed check run on a commit, of acme/shop unless another repository is named. */
  readonly report: (
    sha: string,
    conclusion: "success" | "failure",
    name?: string,
    repository?: string,
  ) => Promise<void>;
  /** After whoever talks to it has ended. */
  readonly closeScene: () => Promise<void>;
}

/** Far above what any step takes; a story that hangs says what it waited for. */
const PATIENCE_MS = 400_000;

/** `logTail` is what a story that hangs shows of the app's log. */
export async function openScene(options: SceneOptions, logTail: () => string): Promise<Scene> {
  const { githubClock: clock } = options;
  const github = await startLocalGitHub({ seed: seed(options), ...(clock === undefined ? {} : { clock }) });
  const model = await startScriptedModel({ answers: options.answers ?? HAPPY_ANSWERS });
  const { id, privateKey, webhookSecret } = github.app("countersign");
  const shop = github.repo(REPO);
  const comments: Scene["comments"] = (issue) => shop.comments(issue);
  const ours: Scene["ours"] = (issue) => comments(issue).filter(({ user }) => user.login === "countersign[bot]");
  const status: Scene["status"] = (issue) =>
    ours(issue).findLast(({ body }) => body.startsWith("### Countersign D-"))?.body ?? "";
  const until: Scene["until"] = async (look, what) => {
    try {
      return await github.until(look, what, PATIENCE_MS);
    } catch (error) {
      const thread = shop.issues().map(({ number }) =>
        ours(number)
          .map(({ body }) => body.slice(0, 300))
          .join("\n---\n"),
      );
      throw new Error(`${error}\n\nThe thread:\n${thread.join("\n===\n")}\n\nThe log:\n${logTail()}`);
    }
  };

  return {
    github,
    shop,
    repo: (name) => github.repo(name),
    model,
    env: {
      APP_ID: String(id),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      HOST: "127.0.0.1",
      GITHUB_API_URL: github.url,
      GITHUB_PACE: "none",
      OPENAI_API_KEY: "sk-canary-that-must-never-be-seen",
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_MODEL: "scripted-1",
    },
    comments,
    ours,
    status,
    until,
    begin: (issue = ISSUE) => {
      const { number } = github.as(PEOPLE.reporter).openIssue(issue);
      github.as(PEOPLE.approver).label(number, "countersign");
      return number;
    },
    gate: (issue, words, not) =>
      until(() => {
        if (!/Waiting for/.test(status(issue))) return null;
        const open = ours(issue).findLast(({ body, minimized }) => minimized === null && words.test(body));
        const code = /^\/approve (?:\S+\/\S+ )?([2-9a-hj-km-np-z]{4,6})$/m.exec(open?.body ?? "")?.[1];
        return code === not ? null : code;
      }, `a gate that says ${words.source}`),
    say: async (issue, login, text) => {
      const { id } = github.as(login).comment(issue, text);
      return until(
        () => {
          const reactions = comments(issue).find((comment) => comment.id === id)?.reactedBy ?? [];
          const verdict = reactions.find((r) => r.login === "countersign[bot]" && r.content !== "eyes")?.content;
          return verdict === "+1" || verdict === "confused" ? verdict : null;
        },
        `the verdict on ${JSON.stringify(text)}`,
      );
    },
    report: async (sha, conclusion, name = TEST_CHECK, repository = REPO) => {
      const token = github.tokenFor(ACTIONS.slug, { checks: "write" });
      const answer = await fetch(`${github.url}/repos/${repository}/check-runs`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ name, head_sha: sha, status: "completed", conclusion }),
      });
      if (answer.status !== 201) throw new Error(`the check run was not taken: ${answer.status}`);
    },
    closeScene: async () => {
      await model.close();
      await github.close();
    },
  };
}
