// Why a delivery stands still, in words: one entry for every reason that the machine knows.

import type { Reason } from "../../delivery/reason.ts";
import { unreachable } from "../../result.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place } from "../delivery-view.ts";
import { analysisOfRed } from "./analysis.ts";
import { comesBack } from "./budget.ts";
import { checksWords } from "./checks.ts";
import { unprovenLines } from "./criteria.ts";
import { linesWithin } from "./lists.ts";
import { sentences } from "./phrase.ts";
import { mergedWords } from "./provenance.ts";
import {
  checkPages,
  isMerged,
  isWritten,
  onePull,
  pulls,
  redPulls,
  stayOpen,
  strayPulls,
  writtenInPart,
} from "./pulls.ts";
import { undoneByWords } from "./rollback.ts";
import { notReadyWords, regressionWords } from "./shipping.ts";
import {
  countersigning,
  endpointAway,
  kept,
  note,
  outOfBudget,
  questions,
  reasons,
  refusal,
  rejection,
  violations,
} from "./stop-sentences.ts";

export type Stop = Readonly<{
  /** For the headline of the status comment: "stopped by policy". */
  short: string;
  /** The first words, in bold, with what joins them to the rest: "**Stopped by policy.**" */
  lead: string;
  /** What happened, after the lead, on the same line. */
  what: string;
  /** A list below, where there is one. */
  detail: string | null;
}>;

/** Half of a comment. */
const LONGEST_DETAIL = 32_000;

const PHASE_WORK: Readonly<Record<DeliveryView["state"]["phase"], string>> = {
  intake: "triage",
  plan: "the plan",
  implement: "the patches",
  review: "showing the patches",
  verify: "the checks",
  deploy: "the readiness to merge",
  observe: "the observation after the merge",
  close: "the end",
};

/** Exhaustive: a new reason without words does not compile. */
export const stopOf = (reason: Reason, view: DeliveryView, place: Place): Stop => {
  const work = PHASE_WORK[view.state.phase];
  const stop = (short: string, title: string, what: string, detail: string | null = null): Stop => ({
    short,
    lead: `**${title}.**`,
    what,
    detail,
  });
  switch (reason) {
    case "rejected":
      return { short: "turned down", lead: "**Turned down**", what: rejection(view), detail: null };
    case "deadline":
      return stop("out of time", "Out of time", sentences(`The time for ${work} is over.`, note(view), stayOpen(view)));
    case "expired":
      return stop(
        "nobody decided in time",
        "Nobody decided in time",
        sentences(
          `It was shown several times, and each time nobody decided within ${codeSpan("approvals.ttl")}. It is kept, and can be shown once more.`,
          stayOpen(view),
        ),
      );
    case "effect_dead":
      return stop(
        "gave up after several tries",
        "Gave up",
        sentences(`The work on ${work} failed for good.`, note(view), kept(view)),
      );
    case "plan_incomplete":
      return stop(
        "the plan is incomplete",
        "The plan is incomplete",
        sentences("The model left out what a plan must have.", note(view)),
      );
    case "model_unusable":
      return stop(
        "the model's answer is unusable",
        "The model's answer could not be used",
        sentences(note(view), kept(view)),
      );
    case "ci_red":
      return {
        short: "checks failed",
        lead: `**Checks failed on ${redPulls(view, place)}**:`,
        what: sentences(checksWords(view) ?? note(view), checkPages(view, place), stayOpen(view)),
        detail: analysisOfRed(view),
      };
    case "regressed":
      return stop(
        "a regression after the merge",
        "Something broke after the merge",
        regressionWords(view, place) ?? note(view),
      );
    case "no_go":
      return stop("triage advised against it", "Triage advised against this", "", reasons(view));
    case "defer":
      return stop("triage would wait", "Triage would wait with this", "", reasons(view));
    case "questions":
      return stop(
        "questions before the plan",
        "Questions first",
        "The answers change the plan, so nothing was guessed.",
        questions(view),
      );
    case "policy": {
      const found = violations(view);
      const what = sentences(found === null ? note(view) : null, "The patches are kept.");
      return stop(
        "stopped by policy",
        isWritten(view) ? "Stopped by policy" : "Stopped by policy, nothing written",
        what,
        found,
      );
    }
    case "qa_failed":
      return stop(
        "a second role finds a criterion not met",
        "The patches do not meet the plan, as a second role judges",
        sentences(note(view), "That is a model's opinion.", kept(view)),
      );
    case "revisions_spent":
      return stop(
        "no revisions left",
        "No revisions left",
        "The number of new versions that this delivery may have is used up (`max_revisions`).",
      );
    case "budget":
      return comesBack(view)
        ? stop("paused, the budget of the day is used up", "Paused", outOfBudget(view))
        : stop("out of budget", "Out of budget", outOfBudget(view));
    case "endpoint":
      return stop("paused, the model endpoint does not answer", "Paused", endpointAway(view));
    case "injection":
      return stop(
        "the model was led astray",
        "Frozen",
        sentences("The model's output shows that something it read gave it orders.", note(view)),
      );
    case "write_refused":
      return refusedWrite(view, place);
    case "no_checks":
      return stop(
        "no checks",
        `No check has run on ${pulls(view, place)}`,
        sentences("Zero checks prove nothing, so this is not green.", stayOpen(view)),
      );
    case "unproven":
      return stop(
        "criteria without evidence",
        "Not every criterion is proven",
        sentences(
          "The checks are green, and nothing that can be read shows that these hold. Look, and accept each that does.",
          stayOpen(view),
        ),
        linesWithin(unprovenLines(view), LONGEST_DETAIL),
      );
    case "unapproved_head":
      return stop(
        "an unapproved commit",
        `A commit on ${strayPulls(view, place)} was not approved`,
        countersigning(view),
      );
    case "pr_closed":
      return stop("a pull request was closed", `${onePull(view, place)} was closed`, "Reopen it to continue.");
    case "retargeted":
      return stop(
        "a pull request was retargeted",
        `${onePull(view, place)} points at another branch`,
        sentences("What was approved was approved for the old one. Point it back to continue.", note(view)),
      );
    case "merged_unapproved":
      return stop(
        "merged with other content",
        `${onePull(view, place)} was merged with content that nobody approved here`,
        sentences(mergedWords(view, place), note(view)),
      );
    case "merged_unproven":
      return stop(
        "merged before the checks were green",
        `${onePull(view, place)} was merged before its checks were green`,
        note(view),
      );
    case "not_ready":
      return stop(
        "not ready to merge",
        `${onePull(view, place)} is not ready to merge`,
        sentences(notReadyWords(view, place) ?? note(view), stayOpen(view)),
      );
    case "partial_merge":
      return isMerged(view)
        ? stop("merged, not deployed", "It is merged, and what should follow was stopped", note(view))
        : stop("merged in part", "Only some of the pull requests could be merged", note(view));
    case "rolling_back":
      return stop("a rollback is under way", "A rollback is under way", undoneByWords(view) ?? "");
    case "by_command":
      return stop("canceled", "Canceled", "");
    case "source_gone":
      return stop("the source is gone", "The source is gone", note(view));
    case "rolled_back":
      return stop("rolled back", "Rolled back", undoneByWords(view) ?? "");
    case "rollback_ended":
      return stop(
        "merged, and not rolled back",
        "What was merged stands",
        sentences(note(view), "The rollback came to nothing."),
      );
    default:
      return unreachable(reason);
  }
};

const refusedWrite = (view: DeliveryView, place: Place): Stop => {
  const standing = writtenInPart(view, place);
  return {
    short: standing === null ? "the write was refused" : "written in part",
    lead: standing === null ? "**Not written.**" : "**Written in part.**",
    what: sentences(standing, refusal(view), kept(view)),
    detail: null,
  };
};
