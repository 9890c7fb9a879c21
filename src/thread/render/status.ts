// The status comment: one for each delivery, edited ever after. Where it is, whose turn it is, and what it did.
import { isTerminal } from "../../delivery/delivery.ts";
import { codeIn } from "../../delivery/subjects.ts";
import { deliveryName } from "../../ids.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place } from "../delivery-view.ts";
import { noteKey, patchKey, planKey, RESULT, shipKey } from "../key.ts";
import { isAnalysing } from "../words/analysis.ts";
import { overBudget, spentWords } from "../words/budget.ts";
import { checksWords, isHeld, isMissing } from "../words/checks.ts";
import { holdWords } from "../words/holds.ts";
import { linkTo, waitingUrl } from "../words/links.ts";
import { missedWords } from "../words/missed.ts";
import { hasSeveral, partsList } from "../words/parts.ts";
import { blocks, count, fold, joinWords, link, moment, sentences, shortSha } from "../words/phrase.ts";
import { checksHeld, draftWords, nothingWritten, pulls, redPulls, rewordedWords } from "../words/pulls.ts";
import { conflictWords, undoesWords, undoneByWords } from "../words/rollback.ts";
import { notReadyWords, observedWords, previewList, windowWords } from "../words/shipping.ts";
import { phaseLine, stateWords } from "../words/state.ts";
import { stopOf } from "../words/stop.ts";
import { pausedWords } from "../words/stop-sentences.ts";
import { waysOn } from "../words/ways.ts";
import { allWithheld, secretsWithheld } from "../words/withheld.ts";
import { approversNamed } from "./approvers.ts";
import { askedAgain } from "./asked-again.ts";
import { type Evidence, evidenceFold } from "./evidence.ts";
import { historyLines } from "./history.ts";
import { COMMENT_LIMIT, within } from "./layout.ts";
import { notUsed } from "./not-used.ts";
import { missingWords } from "./progress.ts";
import { runsFold } from "./runs.ts";
import { starter } from "./starter.ts";

const waitingGates = (view: DeliveryView): string => {
  const { state } = view;
  if (state.phase === "plan" && state.plan !== null)
    return linkTo(view, planKey(state.plan), `plan ${state.plan.version}`);
  if (state.phase === "deploy" && state.ship !== null)
    return linkTo(view, shipKey(state.ship), `merge ${state.ship.version}`);
  const links = state.targets.flatMap(({ repoId, patchSet }) => {
    const repository = view.repositories.find((one) => one.repoId === repoId);
    return patchSet === null || patchSet.approved || repository === undefined
      ? []
      : [linkTo(view, patchKey(repository.name, patchSet), `patch set ${patchSet.version} in ${repository.name}`)];
  });
  return joinWords(links, "and");
};

const openDigests = ({ state }: DeliveryView) => {
  if (state.phase === "plan") return state.plan === null ? [] : [state.plan.digest];
  if (state.phase === "deploy") return state.ship === null ? [] : [state.ship.digest];
  return state.targets.flatMap(({ patchSet }) => (patchSet === null || patchSet.approved ? [] : [patchSet.digest]));
};

const overdue = (view: DeliveryView): string | null =>
  view.facts.overdue ? "The time for deciding is over; nothing was done about it, and the gate stays open." : null;

/** What is being done, for whoever wonders whether something is expected of them. */
const NEXT: Readonly<Record<DeliveryView["state"]["phase"], string>> = {
  intake: "Nothing to do yet. The plan follows in a new comment, or the reason why there is none.",
  plan: "Nothing to do yet. The plan follows in a new comment.",
  implement: "Nothing to do yet. The patches follow in a new comment.",
  review: "Nothing to do yet. The patches follow in a new comment.",
  verify: "Nothing to do.",
  deploy: "Nothing to do yet. Whether it can be merged follows in a new comment.",
  observe: "Nothing to do.",
  close: "Nothing to do.",
};

/** Whose turn it is. */
const turn = (view: DeliveryView, place: Place): string => {
  const { state, facts } = view;
  if (isTerminal(state)) {
    return `It is over: ${linkTo(view, RESULT, "the result")}.`;
  }
  if (state.holds.length > 0) return holdWords(view);
  if (state.runStatus === "failed" || state.runStatus === "blocked") {
    if (state.reason === null) return "Nothing is done by itself.";
    const { lead, what } = stopOf(state.reason, view, place);
    const more = linkTo(view, noteKey(state.phase, state.attempt, state.reason), "More");
    return sentences(lead, what, waysOn(view), more === "More" ? null : `${more}.`);
  }
  if (state.runStatus === "succeeded") {
    const gates = waitingGates(view);
    return sentences(
      `Waiting for ${approversNamed(view)} since ${moment(facts.since)}${gates === "" ? "" : `: ${gates}`}.`,
      missingWords(view, openDigests(view)),
      overdue(view),
      ...openDigests(view).map((digest) => askedAgain(view, digest)),
    );
  }
  if (facts.paused !== null) return pausedWords(facts.paused);
  if (state.phase === "verify" && isHeld(view.checks)) {
    return checksHeld(view, place);
  }
  if (isAnalysing(view)) {
    return sentences(
      `Checks failed on ${redPulls(view, place)}: ${checksWords(view) ?? "one of them failed."}`,
      "Nothing to do yet: a model reads what they say, and either proposes a change, which you review, or you are asked.",
    );
  }
  if (state.phase === "verify") {
    const where = pulls(view, place);
    return where === ""
      ? NEXT.verify
      : sentences(
          `Nothing to do: ${where} ${where.includes(" and ") ? "stand, and their" : "stands, and its"} checks are watched.`,
          isMissing(view.checks) ? checksWords(view) : null,
          draftWords(view, place),
          rewordedWords(view, place),
        );
  }
  if (state.phase === "deploy") return notReadyWords(view, place) ?? NEXT.deploy;
  if (state.phase === "observe" && state.runStatus === "pending")
    return "Nothing to do: what was approved is being merged.";
  if (state.phase === "observe") return sentences(NEXT.observe, observedWords(view), windowWords(view));
  return NEXT[state.phase];
};

/** Whoever opens the issue to answer should not have to look for what was asked. */
const asked = (view: DeliveryView, place: Place): string | null =>
  view.state.runStatus === "blocked" && view.state.reason === "questions" && view.state.holds.length === 0
    ? stopOf("questions", view, place).detail
    : null;

/** Of the one repository; several have a list of their own. */
const base = (view: DeliveryView): string | null => {
  const [repository] = view.repositories;
  if (repository === undefined || hasSeveral(view)) return null;
  const moved = view.facts.baseMoved.includes(repository.repoId)
    ? " (its branch has moved on since; the write is on this base)"
    : "";
  return `Base ${codeSpan(repository.name)} at ${shortSha(repository.baseSha)}${moved}.`;
};

const repeated = (view: DeliveryView): string | null =>
  view.facts.triggerRepeated
    ? "The label was put on again meanwhile; one delivery an issue is enough, so this one goes on."
    : null;

const evidence = (view: DeliveryView): Evidence => {
  const run = view.runs.at(-1);
  const { plan, targets } = view.state;
  return [
    ["Trace", view.traceId],
    ["Context hash of the last run", run?.contextHash ?? null],
    ["Not shown to the model", allWithheld(view)],
    ["Constraint hash of the last run", run?.constraintHash ?? null],
    ["Digest of the plan", plan === null ? null : `${plan.digest} (${codeIn(view.state, plan.digest)})`],
    ...targets.map(
      ({ patchSet }) =>
        [
          "Digest of the patch set",
          patchSet === null ? null : `${patchSet.digest} (${codeIn(view.state, patchSet.digest)})`,
        ] as const,
    ),
    [
      "Digest of the merge",
      view.state.ship === null ? null : `${view.state.ship.digest} (${codeIn(view.state, view.state.ship.digest)})`,
    ],
    ["Ledger entries", String(view.ledger.entries)],
    ["Ledger head", view.ledger.head],
  ];
};

export const statusComment = (view: DeliveryView, place: Place): string => {
  const waiting = waitingUrl(place, view);
  const history = historyLines(view, place);
  return within(
    COMMENT_LIMIT,
    blocks(
      `### Countersign ${deliveryName(view.id)}: ${stateWords(view, place)}\n${phaseLine(view)}`,
      sentences(undoesWords(view, place), turn(view, place), nothingWritten(view)),
      isTerminal(view.state) ? undoneByWords(view) : null,
      isTerminal(view.state) ? null : conflictWords(view, place),
      asked(view, place),
      view.state.phase === "deploy" ? previewList(view, place) : null,
      hasSeveral(view) ? `**Repositories**\n\n${partsList(view, place)}` : null,
      sentences(
        base(view),
        spentWords(view),
        isTerminal(view.state) ? null : overBudget(view),
        waiting === null ? null : `${link("Everything that waits for people", waiting)}.`,
      ),
      isTerminal(view.state)
        ? null
        : sentences(repeated(view), notUsed(view, 0, "the label"), secretsWithheld(view), missedWords(view)),
      starter(view),
      fold(`What happened, ${count(history.length, "step")}`, history.join("\n")),
      runsFold(view),
      evidenceFold(evidence(view)),
    ),
  );
};
