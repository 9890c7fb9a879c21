// Whether the comments that show an open gate still say what we put there, for whoever changed them while nobody was told.

import type { Delivery } from "../../delivery/delivery.ts";
import { report } from "../../delivery/inbox.ts";
import { subjectsOf } from "../../delivery/transitions/showing.ts";
import { instant } from "../../instant.ts";
import { lookAtGate } from "../../thread/gate-comments.ts";
import type { Occasion } from "../align-parts.ts";
import { type IntakeDeps, readingOf } from "../intake.ts";
import type { TakesPart } from "../live-deliveries.ts";

/** Throws GitHubError. */
export async function followGates(
  deps: IntakeDeps,
  { actor }: Occasion,
  delivery: Delivery,
  home: TakesPart,
): Promise<void> {
  if (delivery.runStatus !== "succeeded") return;
  for (const { repoId, subject, used } of subjectsOf(delivery)) {
    if (used || subject.shown === null) continue;
    const reading = await readingOf(deps, home.installationId, home.repoId);
    // Gates are shown on the issue, whichever repository they are about.
    const comment = (_where: unknown, id: typeof subject.shown.commentId) => reading.comment(home.repoId, id);
    const look = await lookAtGate({ sql: deps.db.sql, comment }, delivery.id, subject.shown);
    if (look.kind !== "touched") continue;
    const { commentId, changedAt } = look.touched;
    await deps.crash("reconcile.before.tell_gate");
    await deps.db.transaction((tx) =>
      report(tx, delivery.id, {
        event: {
          type: "gate_tampered",
          repoId,
          note: `comment ${commentId} was ${changedAt === null ? "deleted" : "edited"}`,
        },
        actor,
        at: instant(deps.clock()),
        // As the webhook of it would be known.
        dedupeKey: `gate_tampered:${commentId}:${changedAt ?? "deleted"}:${repoId ?? "plan"}`,
      }),
    );
  }
}
