// A judge's run, put together again: whether it saw whole files, and looked once more, stands in its packet.
import type { PlanDocument } from "../../artifacts/plan.ts";
import {
  evidenceProblems,
  FullJudgeDocument,
  JudgeDocument,
  mergedVerdicts,
  QaReport,
  verdictProblems,
} from "../../artifacts/qa-report.ts";
import type { ContextPacket } from "../../context/packet.ts";
import { linesOf } from "../../context/retrieval/index-file.ts";
import { err, ok } from "../../result.ts";
import { fullJudge, judge } from "../roles/judge.ts";
import { nothing, type RebuiltRole } from "./rebuilt.ts";
import type { StoredRun } from "./stored-run.ts";

/** As far as the packet has them. */
const standingIn = ({ repositories, left }: ContextPacket): ReadonlyMap<string, number | null> => {
  const known = new Map<string, number | null>(repositories.flatMap(({ paths }) => paths.map((path) => [path, null])));
  for (const { path, form, text } of left?.files ?? []) {
    if (form === "gone") known.delete(path);
    else known.set(path, form === "whole" && text !== null ? linesOf(text).length : null);
  }
  return known;
};

/** Its report says which edits of which repository it judged, beside what the model said of them. */
export const rebuiltJudge = (
  { packet, texts, artifact, repositories }: StoredRun,
  whole: StoredRun["packet"],
  plan: PlanDocument | null,
): RebuiltRole => {
  const role = packet?.left === undefined ? judge : fullJudge;
  const report = QaReport.safeParse(artifact?.content).data ?? null;
  const repository = repositories.find(({ repoId }) => repoId === report?.repoId)?.name ?? null;
  const isAlone = new Set(plan?.tasks.map((task) => task.repository.toLowerCase())).size === 1;
  const isThere = whole !== null && plan !== null && repository !== null;
  const doubted = packet?.doubted?.map(({ criterion }) => criterion);
  const criteria = plan?.criteria.filter(({ id }) => doubted === undefined || doubted.includes(id)) ?? [];
  const parsed = (output: unknown) =>
    packet?.left === undefined ? JudgeDocument.parse(output) : FullJudgeDocument.parse(output);
  return {
    version: role.promptVersion,
    schema: role.schema,
    messages: isThere ? role.messages({ packet: whole, texts, plan, repository, isAlone }) : null,
    why: isThere ? null : nothing,
    check:
      plan === null || packet === null
        ? null
        : async (output) => {
            if (packet.left !== undefined && packet.repositories.some(({ pathsLeftOut }) => pathsLeftOut > 0))
              return err("the repository has more paths than are stored");
            const problems = [
              ...verdictProblems(parsed(output), criteria, isAlone),
              ...(packet.left === undefined
                ? []
                : evidenceProblems(FullJudgeDocument.parse(output), standingIn(packet))),
            ];
            return ok(problems.length === 0 ? ok(null) : err(problems.join("\n")));
          },
    kept: (output) => {
      const { verdicts } = parsed(output);
      if (report === null) return output;
      return { ...report, verdicts: mergedVerdicts(doubted === undefined ? null : report, verdicts) };
    },
  };
};
