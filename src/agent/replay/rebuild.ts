// What a run was asked and how it was judged, put together again by the code of today from what is stored.
import { z } from "zod";
import { EditsDocument } from "../../artifacts/edits.ts";
import { PlanDocument } from "../../artifacts/plan.ts";
import { JudgeDocument, QaReport, verdictProblems } from "../../artifacts/qa-report.ts";
import type { TreeEntry } from "../../github/reading.ts";
import { Sha } from "../../ids.ts";
import { err, ok, type Result } from "../../result.ts";
import { loadPlan } from "../assignment.ts";
import { checkEdits } from "../check-edits.ts";
import { checkPlan } from "../check-plan.ts";
import type { Message } from "../engine.ts";
import { HOUSE_VERSION } from "../role.ts";
import { judge } from "../roles/judge.ts";
import { planner } from "../roles/planner.ts";
import { proposer } from "../roles/proposer.ts";
import { triage } from "../roles/triage.ts";
import type { ReplayDeps, StoredRun } from "./stored-run.ts";

/** The error says why the code of today cannot tell. */
type Check = (output: unknown) => Promise<Result<Result<null, string>, string>>;

export type Rebuilt = Readonly<{
  schema: z.ZodType;
  /** null where the prompt cannot be put together again; `why` says so. */
  messages: readonly Message[] | null;
  why: string | null;
  /** null where the judgement stands in the transcript alone. */
  check: Check | null;
  /** What is kept of an answer. */
  kept: (output: unknown) => unknown;
}>;

class NotKept extends Error {
  override readonly name = "NotKept";
}

const nowhere = {
  blob: async (): Promise<never> => {
    throw new NotKept("a file that the store does not have");
  },
};

/** A file whose content is not known here; asking the store for it finds nothing. */
const UNKNOWN = Sha.parse("0".repeat(40));

/** As far as the packet has it: the modes are not in it, and do not decide whether edits fit. */
const entriesOf = (packet: NonNullable<StoredRun["packet"]>): readonly TreeEntry[] =>
  packet.repositories.flatMap(({ paths, files }) => {
    const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
    return [...new Set([...paths, ...blobs.keys()])].map((path) => ({
      path,
      mode: "100644",
      type: "blob" as const,
      sha: blobs.get(path) ?? UNKNOWN,
      size: null,
    }));
  });

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const editsCheck =
  (deps: ReplayDeps, { packet }: StoredRun, plan: PlanDocument): Check =>
  async (output) => {
    const document = EditsDocument.parse(output);
    const [repository] = packet?.repositories ?? [];
    if (packet === null || repository === undefined) return { ok: false, error: "its context packet is not there" };
    const base = {
      repoId: repository.repoId,
      entries: entriesOf(packet),
      tasks: plan.tasks.filter((task) => sameName(task.repository, repository.name)),
      forbidden: () => false,
      shownWhole: new Set(repository.files.filter(({ whole }) => whole).map(({ path }) => path)),
    };
    try {
      const checked = await checkEdits(deps, nowhere, base, document, new AbortController().signal);
      return ok(checked.ok ? ok(null) : checked);
    } catch (thrown) {
      if (thrown instanceof NotKept) return { ok: false, error: thrown.message };
      throw thrown;
    }
  };

const nothing = "its context packet, or the text of a file in it, is no longer stored";

/** Whether every file that the packet names is there to be shown. */
const isWhole = ({ packet, texts }: StoredRun): boolean =>
  packet?.repositories.every(({ files }) => files.every(({ blob }) => texts.has(blob))) ?? false;

const asItIs = (output: unknown): unknown => output;

/** Its report says which edits of which repository it judged, beside what the model said of them. */
const judged = async (
  deps: ReplayDeps,
  { packet, texts, artifact, deliveryId, repositories }: StoredRun,
  whole: StoredRun["packet"],
): Promise<Pick<Rebuilt, "messages" | "why" | "check" | "kept">> => {
  const approved = packet?.plan ?? null;
  const plan =
    approved === null ? null : ((await loadPlan(deps.db.sql, deliveryId, approved.version))?.document ?? null);
  const report = QaReport.safeParse(artifact?.content).data ?? null;
  const repository = repositories.find(({ repoId }) => repoId === report?.repoId)?.name ?? null;
  const isAlone = new Set(plan?.tasks.map((task) => task.repository.toLowerCase())).size === 1;
  const isThere = whole !== null && plan !== null && repository !== null;
  return {
    messages: isThere ? judge.messages({ packet: whole, texts, plan, repository, isAlone }) : null,
    why: isThere ? null : nothing,
    check:
      plan === null
        ? null
        : async (output) => {
            const problems = verdictProblems(JudgeDocument.parse(output), plan.criteria, isAlone);
            return ok(problems.length === 0 ? ok(null) : err(problems.join("\n")));
          },
    kept: (output) => (report === null ? output : { ...report, verdicts: JudgeDocument.parse(output).verdicts }),
  };
};

const rebuiltBy = async (deps: ReplayDeps, run: StoredRun): Promise<Rebuilt & Readonly<{ version: string }>> => {
  const { packet, texts, role } = run;
  const whole = packet !== null && isWhole(run) ? packet : null;
  switch (role) {
    case "triage":
      return {
        version: triage.promptVersion,
        schema: triage.schema,
        messages: whole === null ? null : triage.messages(whole),
        why: whole === null ? nothing : null,
        check: null,
        kept: asItIs,
      };
    case "planner": {
      const names = packet?.repositories.map(({ name }) => name) ?? [];
      return {
        version: planner.promptVersion,
        schema: planner.schema,
        messages: whole === null ? null : planner.messages({ packet: whole, texts }),
        why: whole === null ? nothing : null,
        check: async (output) => ok(checkPlan(PlanDocument.parse(output), names)),
        kept: asItIs,
      };
    }
    case "proposer": {
      const approved = packet?.plan ?? null;
      const plan = approved === null ? null : await loadPlan(deps.db.sql, run.deliveryId, approved.version);
      const repository = packet?.repositories[0]?.name ?? null;
      const isThere = whole !== null && plan !== null && repository !== null;
      return {
        version: proposer.promptVersion,
        schema: proposer.schema,
        messages: isThere ? proposer.messages({ packet: whole, texts, plan: plan.document, repository }) : null,
        why: isThere ? null : nothing,
        check: plan === null ? null : editsCheck(deps, run, plan.document),
        kept: asItIs,
      };
    }
    case "judge":
      return { version: judge.promptVersion, schema: judge.schema, ...(await judged(deps, run, whole)) };
    default:
      return {
        version: "",
        schema: z.unknown(),
        messages: null,
        why: `the role ${role} is taken from the transcript`,
        check: null,
        kept: asItIs,
      };
  }
};

export async function rebuild(deps: ReplayDeps, run: StoredRun): Promise<Rebuilt> {
  const { version, ...rebuilt } = await rebuiltBy(deps, run);
  const today = `${version}, ${HOUSE_VERSION}`;
  if (version === "" || today === run.step.prompt.version) return rebuilt;
  const why = `the prompt was ${run.step.prompt.version} then, and is ${today} now`;
  return { ...rebuilt, messages: null, why };
}
