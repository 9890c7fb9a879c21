// Tells the machine that a gate is wholly shown: every part of it seen on GitHub in this run, with the time that counts.
import type { GateSubject } from "../delivery/delivery.ts";
import { report } from "../delivery/inbox.ts";
import { CommentId, type Digest, type RepoId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import type { DeliveryView } from "./delivery-view.ts";
import { type Desk, now, type Put } from "./desk.ts";
import { gateToOpen, type Publication } from "./publications.ts";

export type Proof = Extract<Put, { kind: "stands" }>;
/** What was seen on GitHub in this run, in the order in which it was last seen. */
export type Proofs = Map<string, Proof>;

type Unshown = Readonly<{ repoId: RepoId | null; subject: GateSubject }>;

/** The subjects of the gate that is to be opened, as far as they are not shown. */
export const unshown = (view: DeliveryView): readonly Unshown[] => {
  const { plan, targets, ship } = view.state;
  const subjects = (): readonly Unshown[] => {
    switch (gateToOpen(view)) {
      case "plan":
        return plan === null ? [] : [{ repoId: null, subject: plan }];
      case "review":
        return targets.flatMap(({ repoId, patchSet }) => (patchSet === null ? [] : [{ repoId, subject: patchSet }]));
      case "deploy":
        return ship === null ? [] : [{ repoId: null, subject: ship }];
      case null:
        return [];
    }
  };
  return subjects().filter(({ subject }) => subject.shown === null);
};

/** Webhooks wake it earlier. */
const GUARD_AFTER_SECONDS = 60;

/** Nothing where no gate waits, or where a part of it has not been seen. */
export const openGate = async (
  desk: Desk,
  view: DeliveryView,
  wanted: readonly Publication[],
  proofs: Proofs,
): Promise<void> => {
  const gate = gateToOpen(view);
  const open = unshown(view);
  if (gate === null || open.length === 0) return;
  const subjects = open.flatMap(({ repoId, subject }) => {
    const shown = shownAs(wanted, subject.digest, proofs);
    return shown === null ? [] : [{ repoId, digest: subject.digest, shown }];
  });
  if (subjects.length < open.length) return;
  const { id, state } = view;
  await desk.step("before.report");
  await desk.deps.db.transaction(async (tx) => {
    // What it shows must stay true while it waits.
    if (gate === "deploy") {
      await tx.enqueue(
        "assess",
        { deliveryId: id, attempt: state.attempt },
        { startAfterSeconds: GUARD_AFTER_SECONDS },
      );
    }
    await report(tx, id, {
      event: { type: "gate_published", attempt: state.attempt, gate, subjects },
      actor: { kind: "system", id: "publish" },
      at: now(desk),
      // A gate that is shown again after tampering has another version, so it is told again.
      dedupeKey: `work:publish:${state.attempt}:${state.version}:gate_published`,
    });
  });
  await desk.step("after.report");
};

const later = (at: Instant, milliseconds: number): Instant => instant(new Date(Date.parse(at) + milliseconds));

/**
 * When and in which comment a subject was wholly shown. GitHub's clock has whole seconds: behind a comment that is new, the
 * ids of comments tell what came after it; behind anything else a command in the same second does not count.
 */
const shownAs = (wanted: readonly Publication[], digest: Digest, proofs: Proofs) => {
  const parts = wanted.filter(
    (one) => (one.kind === "comment" || one.kind === "check_run") && one.shows?.digest === digest,
  );
  const seen = [...proofs].filter(([key]) => parts.some((part) => part.key === key));
  const comments = seen.filter(([key]) => parts.some((part) => part.key === key && part.kind === "comment"));
  const newest = Math.max(0, ...comments.map(([, { id }]) => id));
  if (parts.length === 0 || seen.length < parts.length || newest === 0) return null;
  const at = seen.map(([, proof]) => proof.at).reduce((a, b) => (a > b ? a : b));
  const last = seen.at(-1)?.[1];
  return { at: last?.fresh === true ? at : later(at, 1000), commentId: CommentId.parse(newest) };
};
