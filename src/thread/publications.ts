// The desired state on GitHub: every comment, check run, label and reaction that a delivery ought to have now. Pure.
import { hasApprovedChanges } from "../delivery/changed.ts";
import { isShowing } from "../delivery/work.ts";
import { isTooVisible } from "./audience.ts";
import type { DeliveryView, Place } from "./delivery-view.ts";
import * as keys from "./key.ts";
import { ofPatchSet, ofPlan, ofShip } from "./proposals.ts";
import { labelsOf } from "./render/labels.ts";
import { noteComment, reasonOfNote, settledNote, wantedNote } from "./render/note.ts";
import { provenanceChecks } from "./render/provenance.ts";
import { resultComment } from "./render/result.ts";
import { missingPermission, reminder, repeatedTrigger } from "./render/short-comments.ts";
import { statusComment } from "./render/status.ts";
import { hiddenCheck, hiddenComment, hiddenStatus } from "./render/too-visible.ts";
import { type CheckPublication, check, comment, type Publication, wasPublished } from "./wanted.ts";
import { isHeld } from "./words/checks.ts";
import { checksHeld } from "./words/pulls.ts";

export type { CheckPublication, CommentPublication, Publication } from "./wanted.ts";

/** What GitHub refused us, as far as the thread must say so. */
export type Missing = Readonly<{ checks: boolean }>;

const isConfirmed = (view: DeliveryView, key: string): boolean =>
  view.published.some((one) => one.key === key && one.id !== null);

/** The gate that waits, for its reminder. */
const waitingGate = (view: DeliveryView) => {
  const { state } = view;
  if (state.runStatus !== "succeeded" || state.holds.length > 0) return null;
  if (state.phase === "plan" && state.plan !== null) {
    const { digest, version } = state.plan;
    return { key: keys.planKey({ version }), what: `Plan ${version}`, digest, repository: view.issue.repository };
  }
  if (state.phase === "deploy" && state.ship !== null) {
    const { digest, version } = state.ship;
    return { key: keys.shipKey({ version }), what: `Merge ${version}`, digest, repository: view.issue.repository };
  }
  const open = state.targets.find(({ patchSet }) => patchSet !== null && !patchSet.approved);
  const repository = view.repositories.find(({ repoId }) => repoId === open?.repoId);
  if (state.phase !== "review" || open?.patchSet == null || repository === undefined) return null;
  const { digest, version } = open.patchSet;
  return {
    key: keys.patchKey(repository.name, { version }),
    what: `Patch set ${version}`,
    digest,
    repository: repository.name,
  };
};

/** What was said once stays as it was said: a comment whose moment is over is not drawn again. */
const reminders = (view: DeliveryView): readonly Publication[] => {
  const gate = waitingGate(view);
  if (gate === null || view.remindedAt === null) return [];
  const key = keys.reminderKey(gate.key);
  if (isConfirmed(view, key)) return [];
  return [comment(view, key, reminder(view, gate, "name"), { firstBody: reminder(view, gate, "mention") })];
};

const notes = (view: DeliveryView, place: Place): readonly Publication[] => {
  const wanted = wantedNote(view);
  const { reason } = view.state;
  const old = view.published.flatMap(({ key }) => {
    const why = key === wanted ? null : reasonOfNote(key);
    return why === null ? [] : [comment(view, key, settledNote(view, place, why), { minimized: true })];
  });
  return wanted === null || reason === null ? old : [...old, comment(view, wanted, noteComment(view, place, reason))];
};

/** A maintainer must act, so it is said in a comment of its own. */
const held = (view: DeliveryView, place: Place): readonly Publication[] => {
  const { phase, runStatus, attempt } = view.state;
  const key = keys.heldKey(attempt);
  if (phase === "verify" && runStatus === "running" && isHeld(view.checks)) {
    return [comment(view, key, checksHeld(view, place))];
  }
  return wasPublished(view, key) ? [comment(view, key, "**Checks have started.**", { minimized: true })] : [];
};

const provenance = (view: DeliveryView, place: Place): readonly Publication[] =>
  view.state.targets.flatMap((target) => {
    const repository = view.repositories.find(({ repoId }) => repoId === target.repoId);
    if (repository === undefined) return [];
    return provenanceChecks(view, place, target, repository).map(({ key, draft }) => check(target.repoId, key, draft));
  });

/** Its words come first, or the news that there are none: then nobody reads two versions of it. */
const awaitsSummary = ({ state, summary }: DeliveryView): boolean =>
  summary === null &&
  state.phase === "close" &&
  (state.runStatus === "pending" || state.runStatus === "running") &&
  hasApprovedChanges(state);

const ended = ({ state }: DeliveryView): boolean =>
  state.runStatus === "canceled" || (state.phase === "close" && state.runStatus !== "failed");

const labels = (view: DeliveryView): readonly Publication[] =>
  labelsOf(view).map(({ label, wanted }) => ({
    kind: "label",
    key: keys.labelKey(label),
    repoId: view.issue.repoId,
    issue: view.issue.number,
    label,
    wanted,
  }));

/** What was posted is taken back where more people see it than may; check runs in other repositories stand as they do. */
const hidden = (view: DeliveryView, place: Place): readonly Publication[] => {
  const proposals = [
    ...view.plans.flatMap((plan) => ofPlan(view, place, plan)),
    ...view.patchSets.flatMap((patchSet) => ofPatchSet(view, place, patchSet)),
    ...(view.ships ?? []).flatMap((ship) => ofShip(view, place, ship)),
  ].flatMap((one): CheckPublication[] => {
    if (one.kind !== "check_run" || !wasPublished(view, one.key)) return [];
    const draft = one.repoId === view.issue.repoId ? hiddenCheck(one.draft) : one.draft;
    return [{ ...one, draft, makes: false, shows: null }];
  });
  const posted = view.published.filter(({ key }) => keys.isOnIssue(key) && key !== keys.STATUS);
  return [
    ...proposals,
    ...provenance(view, place),
    ...posted.map(({ key }) => comment(view, key, hiddenComment(view), { makes: false })),
    comment(view, keys.STATUS, hiddenStatus(view)),
    ...labels(view),
  ];
};

/**
 * In the order in which they are made. Empty where there is nothing left to write on. The status heads the thread, so a new
 * one is posted before any other comment; one that stands is edited last, so that one edit says all.
 */
export const publicationsOf = (
  view: DeliveryView,
  place: Place,
  missing: Missing = { checks: false },
): readonly Publication[] => {
  if (view.state.reason === "source_gone") return [];
  if (isTooVisible(view)) return hidden(view, place);
  const issue = { repoId: view.issue.repoId, issue: view.issue.number } as const;
  const wasMissing = wasPublished(view, keys.PERMISSION);
  const status = [comment(view, keys.STATUS, statusComment(view, place))];
  const stands = isConfirmed(view, keys.STATUS);
  return [
    { kind: "reaction", key: keys.EYES, ...issue, reaction: "eyes" },
    ...(stands ? [] : status),
    ...view.plans.flatMap((plan) => ofPlan(view, place, plan)),
    ...view.patchSets.flatMap((patchSet) => ofPatchSet(view, place, patchSet)),
    ...(view.ships ?? []).flatMap((ship) => ofShip(view, place, ship)),
    ...provenance(view, place),
    ...notes(view, place),
    ...held(view, place),
    ...reminders(view),
    ...(view.facts.triggerRepeated ? [comment(view, keys.REPEATED, repeatedTrigger(view))] : []),
    ...(missing.checks || wasMissing
      ? [comment(view, keys.PERMISSION, missingPermission(view, "Checks: write"), { minimized: !missing.checks })]
      : []),
    ...(ended(view) && !awaitsSummary(view) ? [comment(view, keys.RESULT, resultComment(view, place))] : []),
    ...(stands ? status : []),
    ...labels(view),
  ];
};

/** Which gate the publications are to open now; null where none waits to be shown. */
export const gateToOpen = (view: DeliveryView): "plan" | "review" | "deploy" | null => {
  if (view.state.holds.length > 0 || !isShowing(view.state)) return null;
  const { phase } = view.state;
  return phase === "plan" || phase === "review" || phase === "deploy" ? phase : null;
};
