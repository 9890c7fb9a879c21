// Everything that a scenario plays on: the local GitHub with its people, the scripted model, the CI, and the app itself.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type AppProcess, startApp } from "./app-process.ts";
import { type Ci, startCi } from "./ci.ts";
import { type LocalGitHub, startLocalGitHub } from "./github/local-github.ts";
import type { RepositoryView } from "./github/look.ts";
import type { Seed } from "./github/seed.ts";
import { type ScriptedModel, startScriptedModel } from "./model/scripted-model.ts";
import { type Answers, FILES, REPOSITORY, TEST_CHECK } from "./repository/demo-repository.ts";
import { startTranscript, type Transcript } from "./transcript.ts";

export const APP_SLUG = "countersign";
const ACTIONS = { id: 15368, slug: "github-actions" };
/** Who owns all of it, who reports, who decides, and who has nothing to say here. */
export const PEOPLE = { owner: "mona", reporter: "hubot", approver: "octocat", outsider: "stranger" } as const;

/** A repository beside the shop: its full name, and the folder with its files. */
export type Beside = Readonly<{ name: string; folder: string }>;

const ROLES = { [PEOPLE.approver]: "maintain", [PEOPLE.reporter]: "triage" } as const;
const RULES = { main: { requiredChecks: [{ context: TEST_CHECK, appId: ACTIONS.id }] } };

const seed = (beside: readonly Beside[]): Seed => ({
  users: Object.values(PEOPLE),
  organizations: [{ login: "acme", members: { mona: "admin", octocat: "member", hubot: "member" } }],
  repositories: [
    {
      owner: "acme",
      name: "shop",
      // Public, so that an outsider can comment.
      visibility: "public",
      files: { folder: FILES },
      roles: ROLES,
      rules: RULES,
    },
    ...beside.map(({ name, folder }) => ({
      owner: "acme",
      name: name.split("/")[1] ?? "",
      visibility: "public" as const,
      files: { folder },
      roles: ROLES,
      rules: RULES,
    })),
  ],
  apps: [
    { id: 4711, slug: APP_SLUG, name: "Countersign", installations: [{ account: "acme" }] },
    {
      ...ACTIONS,
      name: "GitHub Actions",
      permissions: { metadata: "read", contents: "read", checks: "write", pull_requests: "read" },
      installations: [{ account: "acme" }],
    },
  ],
});

/** How the app and the operator's tool are started: arguments to node. */
export type Entries = Readonly<{ app: readonly string[]; operator: readonly string[] }>;

export type StageOptions = Readonly<{
  answers: Answers;
  beside?: readonly Beside[];
  entries: Entries;
  /** A folder that is empty or not there yet. */
  folder: string;
  write: (text: string) => void;
  canRewrite: boolean;
}>;

export type Stage = Readonly<{
  github: LocalGitHub;
  shop: RepositoryView;
  model: ScriptedModel;
  ci: Ci;
  /** Where the app is now; `stopApp` and `startApp` are what an operator does. */
  app: () => AppProcess;
  /** True when it ended cleanly. */
  stopApp: () => Promise<boolean>;
  /** On the data that it left. */
  startApp: () => Promise<void>;
  transcript: Transcript;
  dataDir: string;
  /** Looks at the thread again after each change until there is what a person waits for. */
  until: <T>(look: () => T | null | undefined | false, what: string) => Promise<T>;
  /** Ends the app first, then what it talks to; true when the app ended cleanly. */
  end: () => Promise<boolean>;
}>;

/** Far above what any step takes, so that a slow machine does not fail and a broken app does not hang. */
const STEP_PATIENCE_MS = 180_000;

export const setStage = async (options: StageOptions): Promise<Stage> => {
  const beside = options.beside ?? [];
  const github = await startLocalGitHub({ seed: seed(beside) });
  const model = await startScriptedModel({ answers: options.answers });
  const ci = await startCi({
    githubUrl: github.url,
    token: () => github.tokenFor(ACTIONS.slug, { contents: "read", checks: "write" }),
    webhookSecret: github.app(ACTIONS.slug).webhookSecret,
    checkName: TEST_CHECK,
  });
  github.setWebhookUrl(ci.webhookUrl, ACTIONS.slug);
  const dataDir = join(options.folder, "data");
  await mkdir(dataDir, { recursive: true });
  const { id, privateKey, webhookSecret } = github.app(APP_SLUG);
  const closeAll = async (): Promise<void> => {
    await github.idle();
    await ci.close();
    await model.close();
    await github.close();
  };
  const run = async (): Promise<AppProcess> => {
    const started = await startApp({
      entry: options.entries.app,
      logFile: join(options.folder, "app.log"),
      env: {
        APP_ID: String(id),
        PRIVATE_KEY: privateKey,
        WEBHOOK_SECRET: webhookSecret,
        GITHUB_API_URL: github.url,
        // The local GitHub has no limits to keep to.
        GITHUB_PACE: "none",
        OPENAI_API_KEY: "the-scripted-model-takes-any-key",
        OPENAI_BASE_URL: model.baseUrl,
        OPENAI_MODEL: "scripted-1",
        COUNTERSIGN_DATA_DIR: dataDir,
      },
    });
    github.setWebhookUrl(`${started.url}/api/github/webhooks`, APP_SLUG);
    return started;
  };
  let app: AppProcess;
  try {
    app = await run();
  } catch (error) {
    await closeAll();
    throw error;
  }
  github.installation(APP_SLUG).announce();
  const transcript = startTranscript({
    github,
    repositories: [REPOSITORY, ...beside.map(({ name }) => name)],
    write: options.write,
    canRewrite: options.canRewrite,
  });

  return {
    github,
    shop: github.repo(REPOSITORY),
    model,
    ci,
    app: () => app,
    stopApp: () => app.stop(),
    startApp: async () => {
      app = await run();
    },
    transcript,
    dataDir,
    until: async (look, what) => {
      const done = transcript.waitFor(`waiting for ${what}`);
      try {
        return await github.until(look, what, STEP_PATIENCE_MS);
      } finally {
        done();
      }
    },
    end: async () => {
      await github.idle();
      await ci.idle();
      const clean = await app.stop();
      transcript.close();
      await closeAll();
      return clean;
    },
  };
};
