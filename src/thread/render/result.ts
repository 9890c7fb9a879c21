// The result comment: how it ended, what that leaves to do, and the evidence for all of it.
import { codeIn } from "../../delivery/subjects.ts";
import { isReverted } from "../../delivery/transitions/closing.ts";
import { deliveryName, type RepoId } from "../../ids.ts";
import { unreachable } from "../../result.ts";
import { codeSpan, inline } from "../defuse.ts";
import type { DeliveryView, Place } from "../delivery-view.ts";
import type { PlanView } from "../proposal-view.ts";
import { checksWords } from "../words/checks.ts";
import { CRITERIA_HEAD, criteriaRows, provenCount } from "../words/criteria.ts";
import { comparedWords } from "../words/forecast.ts";
import { pullLink } from "../words/links.ts";
import { linesWithin } from "../words/lists.ts";
import { orderOf } from "../words/order.ts";
import { hasSeveral } from "../words/parts.ts";
import { blocks, joinWords, moment, person, sentences } from "../words/phrase.ts";
import { isMergedAmiss, mergedWords } from "../words/provenance.ts";
import { draftWords, isMerged, pulls, rewordedWords, writtenInPart } from "../words/pulls.ts";
import { undoesWords, undoneByWords } from "../words/rollback.ts";
import { mergedAs, observedWords } from "../words/shipping.ts";
import { subjectName } from "../words/subject-name.ts";
import { evidenceFold } from "./evidence.ts";
import { sizeOfFiles, sizeWords } from "./files.ts";
import { COMMENT_LIMIT, HEAD_SUMMARY, sizeOf, within } from "./layout.ts";
import { runsFold } from "./runs.ts";
import { timeline } from "./timeline.ts";

const canceledBy = (view: DeliveryView): string => {
  const last = view.decisions.findLast(({ command }) => command === "cancel");
  return last === undefined ? "" : ` by ${person(last.login)}, ${moment(last.at)}`;
};

/** Cancel never closes a pull request or deletes a branch: it names them. */
const left = (view: DeliveryView, place: Place): string => {
  const branches = (stands: "yes" | "perhaps"): string =>
    joinWords(
      view.repositories.flatMap(({ branch, name }) => {
        if (branch?.stands !== stands) return [];
        return [hasSeveral(view) ? `${codeSpan(branch.name)} in ${codeSpan(name)}` : codeSpan(branch.name)];
      }),
      "and",
    );
  const [pushed, doubtful] = [branches("yes"), branches("perhaps")];
  if (pushed === "" && doubtful === "") {
    return `Nothing was written to ${hasSeveral(view) ? "any" : "the"} repository.`;
  }
  const standing = [pulls(view, place), pushed === "" ? "" : `branch ${pushed}`].filter((part) => part !== "");
  const missing = hasSeveral(view) ? writtenInPart(view, place) : null;
  return sentences(
    standing.length === 0 || missing !== null ? null : `What was pushed stays as it is: ${standing.join(", ")}.`,
    missing === null ? null : `What was pushed stays as it is. ${missing}`,
    doubtful === "" ? null : `The write was stopped on its way; branch ${doubtful} may be there already.`,
  );
};

/** Only the primary pull request says that it closes the issue; what undoes a merge closes nothing. */
const closing = (view: DeliveryView, place: Place): string => {
  if (view.undoes !== undefined) return "";
  if (!hasSeveral(view)) return ", and closes this issue";
  const primary = pulls(view, place, ({ role }) => role === "primary");
  return primary === "" ? "; closing this issue too" : `, and that of ${primary} closes this issue`;
};

const greenWords = (green: number): string => {
  if (green === 0) return "checks green";
  if (green === 1) return "its one check green";
  return green === 2 ? "both checks green" : `all ${green} checks green`;
};

const outcome = (view: DeliveryView, place: Place): string => {
  if (view.state.runStatus === "canceled") return `**Canceled**${canceledBy(view)}. ${left(view, place)}`;
  if (isReverted(view.state))
    return sentences("**Rolled back.**", `What ${pulls(view, place)} changed was taken back.`, undoneByWords(view));
  return sentences(ending(view, place), undoesWords(view, place), undoneByWords(view));
};

const ending = (view: DeliveryView, place: Place): string => {
  switch (view.state.exitPhase) {
    case "plan":
      return "**Plan approved.** It was asked for the plan alone: no patches were made, nothing was written to the repository.";
    case "review":
      return "**Patches approved.** It was asked for patches alone: nothing was pushed.";
    case "verify": {
      const green = view.checks?.filter(({ meaning }) => meaning === "passed").length ?? 0;
      const checks = greenWords(green);
      const merged = mergedWords(view, place);
      if (isMerged(view))
        return sentences(`**Merged**: ${pulls(view, place)}, ${checks}.`, merged, "Countersign stops here.");
      if (isMergedAmiss(view)) return sentences("**Merged with other content.**", merged, "Countersign stops here.");
      return sentences(
        `**Ready to merge**: ${pulls(view, place)}, ${checks}. Countersign stops here; merging is yours${closing(view, place)}.`,
        draftWords(view, place),
        rewordedWords(view, place),
      );
    }
    case "observe":
    case "close":
      return sentences(
        `**Done**: ${mergedAs(view, place) ?? `${pulls(view, place)} was merged`}, and what followed was watched and clean.`,
        observedWords(view),
      );
    default:
      return unreachable(view.state.exitPhase);
  }
};

const approvedPlan = (view: DeliveryView): PlanView | null =>
  view.plans.findLast(({ digest }) => view.state.plan?.digest === digest && view.state.plan.approved) ?? null;

/** What of the plan each repository got: its size, its pull request, and when to merge it. */
const parts = (view: DeliveryView, place: Place, plan: PlanView): readonly string[] => {
  const current = view.repositories.flatMap((repository) => {
    const made = view.patchSets.find(
      ({ id, repoId }) =>
        repoId === repository.repoId &&
        view.state.targets.some(({ patchSet }) => patchSet?.id === id && patchSet.approved),
    );
    return made === undefined ? [] : [{ repository, size: sizeWords(sizeOfFiles(made.files)) }];
  });
  const names = current.map(({ repository }) => repository.name);
  return current.map(({ repository, size }) => {
    const { name, pullRequest } = repository;
    const { after, together } = orderOf(plan.document, name, names);
    const order = [
      after.length === 0 ? "" : `; merge it after ${joinWords(after.map(codeSpan), "and")}`,
      together.length === 0 ? "" : `; merge it together with ${joinWords(together.map(codeSpan), "and")}`,
    ];
    const merge = pullRequest === null || isMerged(view) ? "" : order.join("");
    return hasSeveral(view)
      ? `- ${pullRequest === null ? codeSpan(name) : pullLink(place, repository, pullRequest)}: ${size}${merge}`
      : `${size} in ${codeSpan(name)}.`;
  });
};

const changed = (view: DeliveryView, place: Place, plan: PlanView | null): string | null => {
  if (plan === null) return null;
  const change = inline(view.summary?.words ?? plan.document.change);
  const words = sizeOf(change) <= HEAD_SUMMARY ? change : inline(plan.document.title);
  const lines = parts(view, place, plan);
  return hasSeveral(view) ? blocks(words, lines.join("\n")) : sentences(words, ...lines);
};

/** What a plan with very long criteria would take from the rest. */
const LONGEST_CRITERIA = 20_000;

const criteria = (view: DeliveryView, place: Place, plan: PlanView | null): string | null => {
  if (plan === null) return null;
  if (view.criteria !== null && view.criteria.length > 0) {
    const rows = criteriaRows(view, place, plan.document.criteria, view.criteria);
    return `**Done means**, ${provenCount(view.criteria)}\n\n${CRITERIA_HEAD}\n${linesWithin(rows, LONGEST_CRITERIA)}`;
  }
  const lines = plan.document.criteria.map(
    ({ id, text, check }) => `- **${id}** ${inline(text)} Checked by: ${inline(check)}`,
  );
  const proof = checksWords(view);
  const how =
    proof === null
      ? "Nothing was run for these."
      : `The checks of the pull ${hasSeveral(view) ? "requests" : "request"} as a whole: ${proof} They are not tied to single criteria.`;
  return `**Done means**. ${how}\n\n${linesWithin(lines, LONGEST_CRITERIA)}`;
};

/** Many versions, each with many approvers; all of them are in the ledger. */
const LONGEST_APPROVALS = 8_000;

const approvals = (view: DeliveryView): string | null => {
  if (view.approvals.length === 0) return null;
  const lines = view.approvals.map(({ kind, digest, login, at, voided }) => {
    const still = voided === null ? "" : `; it no longer counts: ${inline(voided)}`;
    return `- ${person(login)}: ${subjectName(view, kind, digest)} (${codeSpan(codeIn(view.state, digest))}), ${moment(at)}${still}`;
  });
  return `**Approvals**, ${view.approvals.length} in all\n\n${linesWithin(lines, LONGEST_APPROVALS)}`;
};

/** Digests of the last approvals; the others are in the ledger. */
const MOST_DIGESTS = 20;

/** Where there are several. */
const inRepository = (view: DeliveryView, repoId: RepoId): string => {
  const repository = view.repositories.find((one) => one.repoId === repoId);
  return hasSeveral(view) && repository !== undefined ? ` in ${codeSpan(repository.name)}` : "";
};

export const resultComment = (view: DeliveryView, place: Place): string => {
  const plan = approvedPlan(view);
  // What was taken back is described by the plan and the patch set comments; here it would read as if it were there.
  const done = view.state.runStatus !== "canceled" && !isReverted(view.state);
  return within(
    COMMENT_LIMIT,
    blocks(
      `${outcome(view, place)}\nThis was ${deliveryName(view.id)}.`,
      done ? changed(view, place, plan) : null,
      done ? criteria(view, place, plan) : null,
      timeline(view),
      approvals(view),
      comparedWords(view, plan),
      runsFold(view),
      evidenceFold([
        ...view.approvals
          .slice(-MOST_DIGESTS)
          .map(
            ({ kind, digest, login }) =>
              [`Approved by ${codeSpan(login)}, ${subjectName(view, kind, digest)}`, digest] as const,
          ),
        ...view.state.targets.flatMap(({ repoId, written }) =>
          written === null
            ? []
            : ([
                [`Commit${inRepository(view, repoId)}`, written.head],
                [`Tree${inRepository(view, repoId)}`, written.tree],
              ] as const),
        ),
        ["Ledger entries", String(view.ledgerAtEnd.entries)],
        ["Ledger head", view.ledgerAtEnd.head],
        ["Trace", view.traceId],
      ]),
    ),
  );
};
