// What a look at all pull requests means for the delivery: facts about the pull requests first, then what G4 says of all of them. Pure.
import type { Delivery } from "../delivery/delivery.ts";
import type { MachineEvent } from "../delivery/event.ts";
import type { PullFacts } from "../github/reading.ts";
import { newsOfHead } from "../provenance/facts.ts";
import { isApproved } from "../provenance/verdict.ts";
import { unreachable } from "../result.ts";
import type { Seen } from "./look.ts";

type Fact = Extract<
  MachineEvent,
  { type: "head_unapproved" | "head_restored" | "pull_closed" | "pull_retargeted" | "pull_merged" }
>;
type Verdict = Extract<MachineEvent, { type: "checks_green" | "checks_red" | "no_checks" }>;

export type Decision = Readonly<{
  /** With the key under which each counts once. */
  facts: readonly Readonly<{ event: Fact; key: string }>[];
  /** Null: nothing is decided yet, look again later. */
  verdict: Verdict | null;
}>;

/** A fact that still holds is told to each attempt anew. */
export const keyOf = (event: Fact, found: PullFacts, attempt: number): string => {
  const about = `${event.type}:${event.repoId}`;
  switch (event.type) {
    case "pull_merged":
      return `${about}:${found.number}:${event.approvedTree}:${event.green}:${attempt}`;
    case "pull_closed":
      return `${about}:${found.number}:${attempt}`;
    case "pull_retargeted":
      return `${about}:${attempt}`;
    case "head_restored":
      return `${about}:${event.head}:${attempt}`;
    case "head_unapproved":
      // Who pushed may be learned later than what.
      return `${about}:${event.head}:${[...(event.by ?? [])].sort((a, b) => a - b).join("+")}${event.pushed ? ":pushed" : ""}:${attempt}`;
    default:
      return unreachable(event);
  }
};

const factOf = ({ pull, found, provenance, judged }: Seen): Fact | null => {
  const { repoId, written, baseBranch, target } = pull;
  if (found === null) return null;
  if (found.merged) return { type: "pull_merged", repoId, approvedTree: isApproved(provenance), green: judged.passed };
  if (found.state === "closed") return { type: "pull_closed", repoId, pullRequest: written.pullRequest };
  if (found.baseRef !== baseBranch)
    return { type: "pull_retargeted", repoId, note: `it now targets ${found.baseRef}`.slice(0, 300) };
  return provenance === null ? null : newsOfHead(repoId, target, provenance);
};

/** With the key under which it counts once. Null where all is as the machine knows it. */
export const factOn = (seen: Seen, attempt: number): Decision["facts"][number] | null => {
  const event = factOf(seen);
  return event === null || seen.found === null ? null : { event, key: keyOf(event, seen.found, attempt) };
};

const named = (seen: readonly Seen[], verdict: string): string =>
  seen
    .filter(({ judged }) => judged.verdict === verdict)
    .map(({ pull, judged }) => {
      const failed = judged.evidence.counted.filter(({ meaning }) => meaning === "failed").map(({ name }) => name);
      const what = failed.length === 0 ? verdict : `failed: ${failed.join(", ")}`;
      return `${pull.name}#${pull.written.pullRequest} ${what}`;
    })
    .join("; ")
    .slice(0, 1_500);

/** Red as soon as one is; green only when all are. */
const verdictOf = (seen: readonly Seen[], attempt: number): Verdict | null => {
  const verdicts = new Set(seen.map(({ judged }) => judged.verdict));
  if (verdicts.has("red")) return { type: "checks_red", attempt, note: named(seen, "red") };
  if (seen.length > 0 && seen.every(({ judged, provenance }) => judged.passed && isApproved(provenance))) {
    return { type: "checks_green", attempt, note: named(seen, "green") };
  }
  if (verdicts.has("waiting") || verdicts.has("held")) return null;
  return verdicts.has("no_checks") ? { type: "no_checks", attempt } : null;
};

/** A pull request that is not where it should be comes first: its checks no longer decide anything. */
export function decide(delivery: Delivery, seen: readonly Seen[]): Decision {
  const facts = seen.flatMap((each) => factOn(each, delivery.attempt) ?? []);
  return { facts, verdict: facts.length > 0 ? null : verdictOf(seen, delivery.attempt) };
}
