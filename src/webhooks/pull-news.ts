// What a pull request is that the machine does not know of it, when it is looked at and nobody told. Pure.
import type { Delivery, Target } from "../delivery/delivery.ts";
import type { MachineEvent } from "../delivery/event.ts";
import type { PullFacts } from "../github/reading.ts";
import type { Sha } from "../ids.ts";
import { newsOfHead } from "../provenance/facts.ts";
import type { Judged } from "../provenance/verdict.ts";
import type { OpenedPull } from "../verify/opened.ts";

const isStrayHead = ({ strayHead }: Target, head: Sha, reason: Delivery["reason"]): boolean =>
  strayHead?.head === head && (strayHead.approved || reason === "unapproved_head");

/** Whether the machine was told of this very head, so that nothing about it has to be judged. */
export const isKnownHead = ({ written, strayHead, countersigned = [] }: Target, head: Sha): boolean =>
  strayHead === null ? head === written?.head || countersigned.includes(head) : strayHead.head === head;

/**
 * Of one that is not merged. One cause at a time, as the machine takes them: what is told again each hour, and changes nothing,
 * would fill the ledger.
 */
export function pullNews(
  { reason, phase }: Pick<Delivery, "reason" | "phase">,
  { repoId, baseBranch, target }: Pick<OpenedPull, "repoId" | "baseBranch" | "target">,
  found: PullFacts,
  judged: Judged | null,
): readonly MachineEvent[] {
  const head = judged === null ? null : newsOfHead(repoId, target, judged);
  const isKnown = head?.type === "head_unapproved" && isStrayHead(target, head.head, reason);
  const news = head === null || isKnown ? [] : [head];
  // After the end only what the head holds is followed.
  if (phase === "close") return found.state === "open" ? news : [];
  if (found.state === "closed") {
    return reason === "pr_closed" ? [] : [{ type: "pull_closed", repoId, pullRequest: found.number }];
  }
  const isOnBase = found.baseRef === baseBranch;
  if (reason === "pr_closed") return [{ type: "pull_reopened", repoId, pullRequest: found.number }, ...news];
  if (!isOnBase) {
    const note = `onto ${found.baseRef}`.slice(0, 300);
    return reason === "retargeted" ? [] : [{ type: "pull_retargeted", repoId, note }];
  }
  return reason === "retargeted" ? [{ type: "pull_target_restored", repoId }, ...news] : news;
}
