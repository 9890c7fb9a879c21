// What a run was asked and how it was judged, put together again by the code of today from what is stored.
import { z } from "zod";
import { AnalysisDocument, analysisProblems, FailureAnalysis } from "../../artifacts/failure-analysis.ts";
import { PlanDocument } from "../../artifacts/plan.ts";
import { SummaryDocument, summaryProblem } from "../../artifacts/summary.ts";
import { err, ok } from "../../result.ts";
import { loadPlan } from "../assignment.ts";
import { checkPlan } from "../check-plan.ts";
import { HOUSE_VERSION, ROLE_NAMES, type RoleName } from "../role.ts";
import { analyst } from "../roles/analyst.ts";
import { planner } from "../roles/planner.ts";
import { proposer } from "../roles/proposer.ts";
import { summariser } from "../roles/summariser.ts";
import { triage } from "../roles/triage.ts";
import { editsCheck } from "./edits-check.ts";
import { rebuiltJudge } from "./rebuild-judge.ts";
import { nothing, type Rebuilt, type RebuiltRole } from "./rebuilt.ts";
import type { ReplayDeps, StoredRun } from "./stored-run.ts";

/** Whether every file that the packet names is there to be shown. */
const isWhole = ({ packet, texts }: StoredRun): boolean =>
  packet?.repositories.every(({ files }) => files.every(({ blob }) => texts.has(blob))) ?? false;

const asItIs = (output: unknown): unknown => output;

/** `whole`: the packet, where every text of it is still stored. */
type Rebuild = (deps: ReplayDeps, run: StoredRun, whole: StoredRun["packet"]) => Promise<RebuiltRole>;

const planOf = async (deps: ReplayDeps, { packet, deliveryId }: StoredRun): Promise<PlanDocument | null> => {
  const approved = packet?.plan ?? null;
  return approved === null ? null : ((await loadPlan(deps.db.sql, deliveryId, approved.version))?.document ?? null);
};

/** Every role says here how a run of it is put together again: a new one does not compile without. */
const REBUILD = {
  triage: async (_deps, _run, whole) => ({
    version: triage.promptVersion,
    schema: triage.schema,
    messages: whole === null ? null : triage.messages(whole),
    why: whole === null ? nothing : null,
    check: null,
    kept: asItIs,
  }),
  planner: async (_deps, { packet, texts }, whole) => {
    const names = packet?.repositories.map(({ name }) => name) ?? [];
    return {
      version: planner.promptVersion,
      schema: planner.schema,
      messages: whole === null ? null : planner.messages({ packet: whole, texts }),
      why: whole === null ? nothing : null,
      check: async (output) => ok(checkPlan(PlanDocument.parse(output), names)),
      kept: asItIs,
    };
  },
  proposer: async (deps, run, whole) => {
    const plan = await planOf(deps, run);
    const repository = run.packet?.repositories[0]?.name ?? null;
    const isThere = whole !== null && plan !== null && repository !== null;
    return {
      version: proposer.promptVersion,
      schema: proposer.schema,
      messages: isThere ? proposer.messages({ packet: whole, texts: run.texts, plan, repository }) : null,
      why: isThere ? null : nothing,
      check: plan === null ? null : editsCheck(deps, run, plan),
      kept: asItIs,
    };
  },
  judge: async (deps, run, whole) => rebuiltJudge(run, whole, await planOf(deps, run)),
  analyst: async (deps, run, whole) => {
    const plan = await planOf(deps, run);
    const isThere = whole !== null && plan !== null;
    const shown = (run.packet?.red ?? []).flatMap(({ checks }) => checks);
    const open = run.packet?.repositories.map(({ name }) => name) ?? [];
    const kept = FailureAnalysis.safeParse(run.artifact?.content).data ?? null;
    return {
      version: analyst.promptVersion,
      schema: analyst.schema,
      messages: isThere ? analyst.messages({ packet: whole, texts: run.texts, plan }) : null,
      why: isThere ? null : nothing,
      check: async (output) => {
        const problems = analysisProblems(AnalysisDocument.parse(output), shown, open);
        return ok(problems.length === 0 ? ok(null) : err(problems.join("\n")));
      },
      kept: (output) => (kept === null ? output : { ...kept, document: AnalysisDocument.parse(output) }),
    };
  },
  summariser: async (deps, run, whole) => {
    const plan = await planOf(deps, run);
    const isThere = whole !== null && plan !== null;
    return {
      version: summariser.promptVersion,
      schema: summariser.schema,
      messages: isThere ? summariser.messages({ packet: whole, plan }) : null,
      why: isThere ? null : nothing,
      check: async (output) => {
        const problem = summaryProblem(SummaryDocument.parse(output));
        return ok(problem === null ? ok(null) : err(problem));
      },
      kept: (output) => ({ words: SummaryDocument.parse(output).summary.trim() }),
    };
  },
} satisfies Readonly<Record<RoleName, Rebuild>>;

/** Of a role that there is no longer, the transcript alone tells. */
const unknownRole = (role: string): RebuiltRole => ({
  version: "",
  schema: z.unknown(),
  messages: null,
  why: `the role ${role} is taken from the transcript`,
  check: null,
  kept: asItIs,
});

const rebuiltBy = async (deps: ReplayDeps, run: StoredRun): Promise<RebuiltRole> => {
  const role = ROLE_NAMES.find((name) => name === run.role);
  if (role === undefined) return unknownRole(run.role);
  const rebuildIt: Rebuild = REBUILD[role];
  return rebuildIt(deps, run, run.packet !== null && isWhole(run) ? run.packet : null);
};

export async function rebuild(deps: ReplayDeps, run: StoredRun): Promise<Rebuilt> {
  const { version, ...rebuilt } = await rebuiltBy(deps, run);
  const today = `${version}, ${HOUSE_VERSION}`;
  if (version === "" || today === run.step.prompt.version) return rebuilt;
  const why = `the prompt was ${run.step.prompt.version} then, and is ${today} now`;
  return { ...rebuilt, messages: null, why };
}
