// Has the analyst say why checks are red: what they say is read, shown bounded and clean, and the answer kept for the watch to decide on.
import { AnalysisDocument, analysisProblems, type FailureAnalysis } from "../artifacts/failure-analysis.ts";
import type { PlanDocument } from "../artifacts/plan.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { briefDelivery } from "../context/brief.ts";
import type { ContextPacket, RedPull } from "../context/packet.ts";
import { savePacket } from "../context/save-packet.ts";
import type { GitHub } from "../github/github.ts";
import type { Digest, RepoId, RunId } from "../ids.ts";
import { err, ok } from "../result.ts";
import { readRed } from "../verify/read-red.ts";
import { type Red, redDigest } from "../verify/red.ts";
import { isMoreVisible } from "../visibility.ts";
import type { Assignment, TakingPart } from "./assignment.ts";
import { standingHere } from "./elsewhere.ts";
import { recordArtifact, wordsOf } from "./record.ts";
import { analyst } from "./roles/analyst.ts";
import { type RunDeps, runRole } from "./run-role.ts";
import { type SettleDeps, settle, type Without } from "./settle.ts";

export type AnalyseDeps = SettleDeps &
  RunDeps &
  Readonly<{ model: string; github: Pick<GitHub, "reading">; ceiling: Ceiling }>;

export type Wanted = Readonly<{
  assignment: Assignment;
  plan: Readonly<{ document: PlanDocument; digest: Digest; version: number }>;
  red: readonly Red[];
}>;

type Job = Readonly<{ tries: number; lastTry: boolean; signal: AbortSignal }>;
type Tx = Parameters<typeof recordArtifact>[0];

/** What fewer people see than the issue is not quoted on it, and an analysis is made of quotes. */
const CLOSED = "the checks are of a repository that fewer people see than the issue";
/** One analysis goes to the proposer of each repository that it names: what one's checks say would be known in the other. */
const MIXED = "the checks are of repositories that not the same people see";

const keeping =
  (deps: AnalyseDeps, { assignment, red }: Wanted) =>
  (document: AnalysisDocument | null, why: string | null) =>
  async (tx: Tx, runId: RunId | null): Promise<null> => {
    const { delivery, traceId } = assignment;
    const content: FailureAnalysis = {
      red: redDigest(red),
      attempt: delivery.attempt,
      pulls: red.map(({ pull, head }) => ({
        repoId: pull.repoId,
        name: pull.name,
        pullRequest: pull.written.pullRequest,
        head,
      })),
      document,
      why,
    };
    const facts = { deliveryId: delivery.id, traceId, runId, kind: "failure_analysis", at: deps.clock() } as const;
    await recordArtifact(tx, { ...facts, content });
    return null;
  };

/** Null, or why no model is asked about these red checks together. */
export function whyNotAnalysed(
  repos: readonly Pick<TakingPart, "repoId" | "role" | "visibility">[],
  red: readonly RepoId[],
): string | null {
  const home = repos.find(({ role }) => role === "primary");
  const seen = red.map((repoId) => repos.find((repo) => repo.repoId === repoId)?.visibility);
  if (home === undefined || seen.some((each) => each === undefined || isMoreVisible(home.visibility, each)))
    return CLOSED;
  return new Set(seen).size > 1 ? MIXED : null;
}

/** Keeps an analysis of these red checks, or why there is none. Throws GitHubError, and EndpointUnavailable while tries are left. */
export async function analyse(deps: AnalyseDeps, wanted: Wanted, job: Job): Promise<void> {
  const { assignment, plan, red } = wanted;
  const { delivery, traceId } = assignment;
  const keep = keeping(deps, wanted);
  const giveUp = (why: string) => deps.db.transaction((tx) => keep(null, why)(tx, null));
  const whyNot = whyNotAnalysed(
    assignment.repos,
    red.map(({ pull }) => pull.repoId),
  );
  if (whyNot !== null) return void (await giveUp(whyNot));

  await deps.crash("analyse.before.read");
  const pulls: RedPull[] = [];
  for (const each of red) {
    const reading = await deps.github.reading(each.pull.installationId, [each.pull.repoId], job.signal);
    pulls.push(await readRed(reading, each));
  }
  const briefed = await brief(deps, wanted, pulls, job.signal);
  if (!briefed.ok) return void (await giveUp(briefed.error.why));
  const { packet, texts, look } = briefed.value;
  const contextHash = await deps.db.transaction((tx) =>
    savePacket(tx, { deliveryId: delivery.id, traceId, at: deps.clock(), packet }),
  );

  await deps.crash("analyse.before.model");
  const input = { packet, texts, plan: plan.document };
  const open = packet.repositories.map(({ name }) => name);
  const run = await runRole(deps, analyst, input, {
    assignment,
    contextHash,
    model: assignment.models.analyst ?? deps.model,
    signal: job.signal,
    look,
    check: (document) => {
      const problems = analysisProblems(
        document,
        pulls.flatMap(({ checks }) => checks),
        open,
      );
      return problems.length === 0 ? ok(null) : err(problems.join("\n"));
    },
  });
  const without: Without = {
    // The pull request stands: people can go on from red checks without an analysis, and are not made to wait for one.
    stops: ["unusable", "over_budget", "endpoint_away", ...(job.lastTry ? (["unavailable"] as const) : [])],
    keep: async (tx, runId, stop) => void (await keep(null, wordsOf(stop))(tx, runId)),
  };
  await settle(
    deps,
    "analyse",
    run,
    job.tries,
    (tx, runId, document) => keep(AnalysisDocument.parse(document), null)(tx, runId),
    without,
  );
}

/** The repositories as the pull requests leave them; nothing that people said since is a cause of red checks. */
async function brief(
  deps: AnalyseDeps,
  { assignment, plan, red }: Wanted,
  pulls: readonly RedPull[],
  signal: AbortSignal,
) {
  const repos = assignment.repos.flatMap((repo) => {
    const found = red.find(({ pull }) => pull.repoId === repo.repoId);
    return found === undefined ? [] : [{ ...repo, baseSha: found.head }];
  });
  const names = repos.map(({ name }) => name.toLowerCase());
  const tasks = plan.document.tasks.filter(({ repository }) => names.includes(repository.toLowerCase()));
  const wanted = {
    repos,
    feedback: [],
    plan: { version: plan.version, digest: plan.digest },
    about: pulls.flatMap(({ checks }) => checks.map(({ text }) => text.slice(-2_000))),
    required: [...new Set(tasks.flatMap(({ files }) => files))],
  };
  const briefed = await briefDelivery(deps, assignment, wanted, signal);
  if (!briefed.ok) return briefed;
  const standing = await Promise.all(repos.map((repo) => standingHere(deps.db.sql, assignment.delivery.id, repo)));
  const packet: ContextPacket = {
    ...briefed.value.packet,
    standing: standing.filter((each) => each !== null),
    red: [...pulls],
  };
  return ok({ ...briefed.value, packet });
}
