// Counts what happened, from the local GitHub's own logs and from the app's database through the operator's tool.
import { z } from "zod";
import { askOperator } from "./app-process.ts";
import type { LocalGitHub } from "./github/local-github.ts";
import { isCreation } from "./github/requests.ts";
import type { ScriptedModel } from "./model/scripted-model.ts";
import { type Claim, claim, type Play, type Scenario } from "./scenarios/scenario.ts";
import { APP_SLUG, type Entries } from "./stage.ts";

/** The one line that `--json` ends with; null where there was nothing to read. */
export type Summary = Readonly<{
  outcome: string | null;
  phase: string | null;
  comments: number;
  commentEdits: number;
  checkRuns: number;
  pullRequest: number | null;
  /** The pull request of each repository, where the scenario has several. */
  pullRequests?: Readonly<Record<string, number | null>>;
  contentWritesBeforeApproval: number;
  githubRequests: number;
  tokens: number;
  ledgerEntries: number;
  ledgerVerified: boolean;
  ms: number;
}>;

const Delivery = z.object({
  delivery: z.string(),
  phase: z.string(),
  outcome: z.string().nullable(),
  tokens: z.number().int(),
  approvals: z.number().int(),
  ledgerEntries: z.number().int(),
});

export type Books = Readonly<{
  deliveries: readonly z.infer<typeof Delivery>[];
  ledgerVerified: boolean;
  complaint: string;
}>;

const listOf = (text: string): readonly z.infer<typeof Delivery>[] | null => {
  try {
    return z.array(Delivery).parse(JSON.parse(text));
  } catch {
    return null;
  }
};

/** Asks the operator's tool; only after the app has ended, since the embedded database has one owner. */
export const readBooks = async (entries: Entries, dataDir: string): Promise<Books> => {
  const listed = await askOperator(entries.operator, ["deliveries", "--json"], dataDir);
  const deliveries = listed.exitCode === 0 ? listOf(listed.stdout) : null;
  if (deliveries === null)
    return { deliveries: [], ledgerVerified: false, complaint: `deliveries: ${listed.stderr || listed.stdout}` };
  let complaint = "";
  for (const { delivery } of deliveries) {
    const verified = await askOperator(entries.operator, ["ledger", "verify", delivery, "--json"], dataDir);
    if (verified.exitCode !== 0) complaint += `ledger verify ${delivery}: ${verified.stderr || verified.stdout}`;
  }
  return { deliveries, ledgerVerified: deliveries.length > 0 && complaint === "", complaint };
};

const done = (github: LocalGitHub, method: string, path: RegExp): number =>
  github.requests.filter(
    (one) =>
      one.app === APP_SLUG &&
      one.performed &&
      one.method === method &&
      path.test(one.path) &&
      (one.status ?? 200) < 300,
  ).length;

const COMMENTS = /\/issues\/\d+\/comments$/;
const COMMENT = /\/issues\/comments\/\d+$/;
const DEPLOYMENTS = /\/deployments$/;
const CHECK_RUNS = /\/check-runs$/;

export type Facts = Readonly<{
  github: LocalGitHub;
  model: ScriptedModel;
  repositories: readonly string[];
  play: Play | null;
  books: Books;
  ms: number;
}>;

const pullIn = (github: LocalGitHub, repository: string): number | null =>
  github.repo(repository).pulls()[0]?.number ?? null;

export const summarize = ({ github, repositories, play, books, ms }: Facts): Summary => {
  const [delivery] = books.deliveries;
  const [first = ""] = repositories;
  const each = Object.fromEntries(repositories.map((name) => [name, pullIn(github, name)]));
  const approvedAt = play?.approvedBeforeRequest ?? null;
  const writes = github.contentWrites(APP_SLUG);
  return {
    outcome: delivery?.outcome ?? null,
    phase: delivery?.phase ?? null,
    comments: done(github, "POST", COMMENTS),
    commentEdits: done(github, "PATCH", COMMENT),
    checkRuns: done(github, "POST", CHECK_RUNS),
    pullRequest: pullIn(github, first),
    ...(repositories.length > 1 ? { pullRequests: each } : {}),
    contentWritesBeforeApproval: writes.filter(({ seq }) => approvedAt === null || seq < approvedAt).length,
    githubRequests: github.requests.filter(({ app }) => app === APP_SLUG).length,
    tokens: books.deliveries.reduce((sum, { tokens }) => sum + tokens, 0),
    ledgerEntries: books.deliveries.reduce((sum, { ledgerEntries }) => sum + ledgerEntries, 0),
    ledgerVerified: books.ledgerVerified,
    ms,
  };
};

const writeTokens = (github: LocalGitHub): Claim => {
  const tokens = github.tokens.filter(
    ({ app, permissions }) => app === APP_SLUG && permissions["contents"] === "write",
  );
  const kept = tokens.filter(({ repositories, revokedAt }) => repositories?.length !== 1 || revokedAt === null);
  return claim(
    "each token that could write contents was for one repository, and was revoked",
    kept.length === 0,
    `${tokens.length} such tokens, ${kept.length} kept`,
  );
};

/** What must hold in every scenario. */
export const commonClaims = (scenario: Scenario, summary: Summary, { github, model, books }: Facts): Claim[] => {
  const creations = github.requests.filter((one) => one.app === APP_SLUG && isCreation(one)).length;
  const writers = github.contentWrites(APP_SLUG).filter(({ permissions, path }) => {
    const held = DEPLOYMENTS.test(path) ? ["deployments"] : ["contents", "pull_requests"];
    return !held.some((name) => permissions?.[name] === "write");
  });
  const { deliveries = 1 } = scenario.expected;
  const unknown = github.unknownRequests().map(({ method, path }) => `${method} ${path}`);
  return [
    claim(
      `it ended as ${scenario.expected.outcome}`,
      summary.outcome === scenario.expected.outcome,
      summary.outcome ?? books.complaint,
    ),
    claim(
      `it ended in the phase ${scenario.expected.phase}`,
      summary.phase === scenario.expected.phase,
      summary.phase ?? "unknown",
    ),
    claim(
      `approvals in the database: ${scenario.expected.approvals}`,
      books.deliveries[0]?.approvals === scenario.expected.approvals,
      `${books.deliveries[0]?.approvals ?? "none"}`,
    ),
    claim(
      deliveries === 1 ? "there is one delivery" : `there are ${deliveries} deliveries`,
      books.deliveries.length === deliveries,
      `${books.deliveries.length}`,
    ),
    claim(
      "nothing was written before it was approved",
      summary.contentWritesBeforeApproval === 0,
      `${summary.contentWritesBeforeApproval} writes`,
    ),
    claim(
      "nothing was written with a token that is not for writing",
      writers.length === 0,
      writers.map(({ method, path }) => `${method} ${path}`),
    ),
    writeTokens(github),
    claim(
      "the ledger is whole",
      summary.ledgerVerified && summary.ledgerEntries > 0,
      books.complaint === "" ? `${summary.ledgerEntries} entries` : books.complaint,
    ),
    claim(
      "the tokens in the database are the tokens that the model counted",
      summary.tokens === model.tokens(),
      `${summary.tokens} and ${model.tokens()}`,
    ),
    claim(
      `at most ${scenario.expected.mostCreations} requests created something`,
      creations <= scenario.expected.mostCreations,
      `${creations}`,
    ),
    claim(
      "every request has an answer on GitHub",
      unknown.length === 0,
      unknown.length === 0 ? "none unknown" : unknown,
    ),
  ];
};
