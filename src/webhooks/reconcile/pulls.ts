// The pull requests of a delivery as they are now, over or not; where a watch reads them anyway it is left to that.
import type { Delivery } from "../../delivery/delivery.ts";
import { isShowing, workOf } from "../../delivery/work.ts";
import type { RepoId } from "../../ids.ts";
import type { Opened } from "../../verify/opened.ts";
import { readingOf } from "../intake.ts";
import { type PullDeps, tellOfPull } from "../tell-of-pull.ts";

/** `assess` looks after an open deploy gate by itself; asked once too often it finds nothing to do. */
const isGuarded = (d: Delivery): boolean =>
  d.phase === "deploy" && d.holds.length === 0 && (isShowing(d) || d.runStatus === "succeeded");

/** Throws GitHubError. */
export async function followPulls(
  deps: PullDeps,
  { delivery, traceId, ...opened }: Opened,
  isReadable: (repoId: RepoId) => boolean,
): Promise<void> {
  const { id: deliveryId, attempt, version } = delivery;
  if (isGuarded(delivery)) return deps.db.transaction((tx) => tx.enqueue("assess", { deliveryId, attempt }));
  const work = workOf(delivery);
  if (work === "watch" || work === "assess") return;
  for (const pull of opened.pulls) {
    const { installationId, repoId, written } = pull;
    if (!isReadable(repoId)) continue;
    const reading = await readingOf(deps, installationId, repoId);
    const at = { opened: { delivery, traceId, ...opened }, pull };
    // As long as the delivery is what it was, the same is told once.
    const key = `looked:${repoId}:${written.pullRequest}:v${version}`;
    await tellOfPull(deps, undefined, reading, at, { kind: "looked", headSha: null, sender: null, key });
  }
}
