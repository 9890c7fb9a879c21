// At least one example of every event that can come to a delivery as it is: the alphabet of the docs and of the proofs.
import { CommentId, type Digest, PatchSetId, PullNumber, Sha } from "../../ids.ts";
import { type Instant, instant } from "../../instant.ts";
import { digestOf } from "../../ledger/canonical.ts";
import { type Delivery, EXIT_PHASES, HOLDS, type Target } from "../delivery.ts";
import { EVENT_TYPES, type EventOf, type MachineEvent, type Recorded } from "../event.ts";
import { isPatchSet, isPlan, isShip, type Pick, subjectsIn } from "../subjects.ts";
import { askExamples } from "./asks.ts";

/** `label` tells examples of one type apart; without a comma it is the plain one. */
export type Example = Readonly<{ label: string; recorded: Recorded }>;

type Happening = Exclude<MachineEvent, EventOf<"command">>;
type Labelled = Readonly<{ label: string; event: Happening }>;

const AT: Instant = instant("2026-11-21T10:00:00Z");
/** When what was shown at `AT` is old. */
const LATER: Instant = instant("2026-12-21T10:00:00Z");
const note = "as an example";

/** So that what is made in one state is never what was made in another. */
const newDigest = (d: Delivery, what: string): Digest => digestOf({ what, version: d.version });
const newSha = (d: Delivery, what: string): Sha => Sha.parse(newDigest(d, what).slice(0, 40));
const pullOf = (target: Target): PullNumber => target.written?.pullRequest ?? PullNumber.parse(1);

const plain = (event: Happening): Labelled => ({ label: event.type, event });
const variant = (which: string, event: Happening): Labelled => ({ label: `${event.type}, ${which}`, event });

type PatchesMade = EventOf<"patches_made">["patchSets"];

const madeNew = (d: Delivery, targets: readonly Target[]): PatchesMade =>
  targets.map(({ repoId, patchSet }) => ({
    repoId,
    id: PatchSetId.parse(d.version * 1_000 + repoId),
    version: (patchSet?.version ?? 0) + 1,
    digest: newDigest(d, `patch set of ${repoId}`),
  }));

const madeAgain = (targets: readonly Target[]): PatchesMade =>
  targets.flatMap(({ repoId, patchSet }) =>
    patchSet === null ? [] : [{ repoId, id: patchSet.id, version: patchSet.version, digest: patchSet.digest }],
  );

/** What was sent back is made anew; nothing sent back means a fix, which may be of everything or of nothing. */
const patchesMade = (d: Delivery): readonly Labelled[] => {
  const lacking = d.targets.filter(({ patchSet }) => patchSet === null);
  const made = (patchSets: PatchesMade) => ({ type: "patches_made", attempt: d.attempt, patchSets }) as const;
  const anew = plain(made(madeNew(d, lacking.length > 0 ? lacking : d.targets)));
  return lacking.length > 0 ? [anew] : [anew, variant("all as they were", made(madeAgain(d.targets)))];
};

const gatePublished = (d: Delivery, gate: EventOf<"gate_published">["gate"], isOfGate: Pick): readonly Labelled[] => {
  const shown = { at: AT, commentId: CommentId.parse(d.version) };
  const open = subjectsIn(d).filter(isOfGate);
  const subjects = open.map(({ repoId, subject }) => ({ repoId, digest: subject.digest, shown }));
  const elsewhere = { repoId: null, digest: newDigest(d, "of another time"), shown };
  return [
    variant(gate, {
      type: "gate_published",
      attempt: d.attempt,
      gate,
      subjects: subjects.length > 0 ? subjects : [elsewhere],
    }),
  ];
};

const written = (d: Delivery): readonly Labelled[] => {
  const receipt = (target: Target) => ({
    repoId: target.repoId,
    head: newSha(d, `head of ${target.repoId}`),
    tree: newSha(d, `tree of ${target.repoId}`),
    pullRequest: pullOf(target),
  });
  const all = plain({ type: "written", attempt: d.attempt, repos: d.targets.map(receipt) });
  const [first, ...others] = d.targets;
  if (first === undefined || others.length === 0) return [all];
  return [all, variant("some", { type: "written", attempt: d.attempt, repos: [receipt(first)] })];
};

const eachTarget =
  (events: (target: Target, d: Delivery) => readonly Labelled[]) =>
  (d: Delivery): readonly Labelled[] =>
    d.targets.flatMap((target) => events(target, d));

/** Results carry the attempt that runs. */
const result =
  (of: (attempt: number) => Happening) =>
  ({ attempt }: Delivery): readonly Labelled[] => [plain(of(attempt))];

const resources = (of: (resource: "budget" | "endpoint", attempt: number) => Happening) => (d: Delivery) =>
  (["budget", "endpoint"] as const).map((resource) => variant(resource, of(resource, d.attempt)));

const happenings: { readonly [T in Happening["type"]]: (d: Delivery) => readonly Labelled[] } = {
  effect_started: result((attempt) => ({ type: "effect_started", attempt })),
  effect_failed: result((attempt) => ({ type: "effect_failed", attempt, note })),
  effect_dead: result((attempt) => ({ type: "effect_dead", attempt, note })),
  model_unusable: result((attempt) => ({ type: "model_unusable", attempt, note })),
  resource_refused: resources((resource, attempt) => ({ type: "resource_refused", attempt, resource, note })),
  resource_back: resources((resource, attempt) => ({ type: "resource_back", attempt, resource })),
  injection_found: result((attempt) => ({ type: "injection_found", attempt, note })),
  deadline: result((attempt) => ({ type: "deadline", attempt })),

  triaged: ({ attempt }) => [
    variant("GO", { type: "triaged", attempt, passed: true, decision: "GO" }),
    variant("NO_GO", { type: "triaged", attempt, passed: false, decision: "NO_GO" }),
    variant("DEFER", { type: "triaged", attempt, passed: false, decision: "DEFER" }),
  ],
  plan_made: (d) => [
    plain({
      type: "plan_made",
      attempt: d.attempt,
      version: (d.plan?.version ?? 0) + 1,
      digest: newDigest(d, "plan"),
    }),
  ],
  plan_incomplete: result((attempt) => ({ type: "plan_incomplete", attempt, note })),
  plan_has_questions: result((attempt) => ({ type: "plan_has_questions", attempt })),
  patches_made: patchesMade,
  revert_conflicts: result((attempt) => ({ type: "revert_conflicts", attempt, note })),
  policy_blocked: result((attempt) => ({ type: "policy_blocked", attempt, note })),
  qa_failed: result((attempt) => ({ type: "qa_failed", attempt, note })),

  gate_published: (d) => [
    ...gatePublished(d, "plan", isPlan),
    ...gatePublished(d, "review", isPatchSet),
    ...gatePublished(d, "deploy", isShip),
  ],
  gate_tampered: (d) => [
    plain({ type: "gate_tampered", repoId: null, note }),
    ...d.targets.map(({ repoId }) => variant("of R", { type: "gate_tampered", repoId, note })),
  ],

  gate_expired: () => [plain({ type: "gate_expired", ttl: 3600 })],

  written,
  write_refused: result((attempt) => ({ type: "write_refused", attempt, note })),
  approval_void: eachTarget(({ repoId, strayHead }, { attempt }) => [
    plain({ type: "approval_void", attempt, repoId, of: "patchset", note }),
    variant("of the plan", { type: "approval_void", attempt, repoId, of: "plan", note }),
    ...(strayHead === null
      ? []
      : [variant("of the head", { type: "approval_void", attempt, repoId, of: "head", note })]),
  ]),
  policy_now_blocks: result((attempt) => ({ type: "policy_now_blocks", attempt, note })),
  base_moved: eachTarget(({ repoId }) => [plain({ type: "base_moved", repoId })]),
  base_rewritten: eachTarget(({ repoId }) => [plain({ type: "base_rewritten", repoId, note })]),

  checks_green: ({ attempt }) => [
    plain({ type: "checks_green", attempt, note }),
    variant("unproven", { type: "checks_green", attempt, note, unproven: ["AC-1"] }),
  ],
  checks_red: result((attempt) => ({ type: "checks_red", attempt, note })),
  no_checks: result((attempt) => ({ type: "no_checks", attempt })),
  fix_proposed: result((attempt) => ({ type: "fix_proposed", attempt, note })),

  head_unapproved: eachTarget(({ repoId, strayHead }, d) => [
    plain({ type: "head_unapproved", repoId, head: newSha(d, "somebody's commit") }),
    ...(strayHead === null ? [] : [variant("the same", { type: "head_unapproved", repoId, head: strayHead.head })]),
  ]),
  head_restored: eachTarget(({ repoId, written }, d) => [
    plain({ type: "head_restored", repoId, head: written?.head ?? newSha(d, "head") }),
  ]),
  pull_closed: eachTarget((target) => [
    plain({ type: "pull_closed", repoId: target.repoId, pullRequest: pullOf(target) }),
  ]),
  pull_reopened: eachTarget((target) => [
    plain({ type: "pull_reopened", repoId: target.repoId, pullRequest: pullOf(target) }),
  ]),
  pull_retargeted: eachTarget(({ repoId }) => [plain({ type: "pull_retargeted", repoId, note })]),
  pull_target_restored: eachTarget(({ repoId }) => [plain({ type: "pull_target_restored", repoId })]),
  pull_merged: eachTarget(({ repoId }) => [
    plain({ type: "pull_merged", repoId, approvedTree: true, green: true }),
    variant("unproven", { type: "pull_merged", repoId, approvedTree: true, green: true, unproven: ["AC-1"] }),
    variant("not green", { type: "pull_merged", repoId, approvedTree: true, green: false }),
    variant("another tree", { type: "pull_merged", repoId, approvedTree: false, green: true }),
  ]),

  ready_to_ship: (d) => [
    plain({
      type: "ready_to_ship",
      attempt: d.attempt,
      version: (d.ship?.version ?? 0) + 1,
      digest: newDigest(d, "ship"),
    }),
  ],
  not_ready: result((attempt) => ({ type: "not_ready", attempt, note })),
  readiness_lost: () => [
    variant("merge", { type: "readiness_lost", cause: "merge", note }),
    variant("checks", { type: "readiness_lost", cause: "checks", note }),
  ],
  shipped: result((attempt) => ({ type: "shipped", attempt, note })),
  merge_refused: result((attempt) => ({ type: "merge_refused", attempt, note })),
  partly_shipped: (d) => [
    plain({
      type: "partly_shipped",
      attempt: d.attempt,
      merged: d.targets.slice(0, 1).map(({ repoId }) => repoId),
      note,
    }),
  ],
  window_clean: result((attempt) => ({ type: "window_clean", attempt, note })),
  regressed: result((attempt) => ({ type: "regressed", attempt, note })),

  close_published: result((attempt) => ({ type: "close_published", attempt })),
  rolled_back: () => [plain({ type: "rolled_back", note })],
  rollback_ended: () => [plain({ type: "rollback_ended", note })],
  source_gone: () => [plain({ type: "source_gone", note })],
  exit_shortened: () => EXIT_PHASES.map((exitPhase) => variant(exitPhase, { type: "exit_shortened", exitPhase })),

  hold_added: () => HOLDS.map((hold) => variant(hold, { type: "hold_added", hold, note })),
  hold_removed: () => HOLDS.map((hold) => variant(hold, { type: "hold_removed", hold })),
  issue_edited: () => [plain({ type: "issue_edited" })],
  trigger_repeated: () => [plain({ type: "trigger_repeated" })],
};

export const examples = (d: Delivery): readonly Example[] =>
  EVENT_TYPES.flatMap((type): readonly Example[] => {
    if (type === "command") return askExamples(d);
    const actor = { kind: "system", id: "example" } as const;
    return happenings[type](d).map(({ label, event }) => ({
      label,
      recorded: { event, actor, at: type === "gate_expired" ? LATER : AT },
    }));
  });
