// The checks that count: not our own, and of each name only the newest run. Shared by G4 and G5.
import type { CheckFacts } from "../../github/reading.ts";
import { unreachable } from "../../result.ts";

/** What a check says for the gate; each of GitHub's conclusions has exactly one meaning. */
export type Meaning = "passed" | "no_opinion" | "failed" | "waiting" | "held";

export type Counted = Readonly<{
  /** Of the newest run. */
  id: CheckFacts["id"];
  name: string;
  source: CheckFacts["source"];
  appId: number | null;
  meaning: Meaning;
  /** GitHub's word, or its state while there is none. */
  said: string;
  url: string | null;
  /** Older runs of this name that no longer count. */
  reruns: number;
}>;

export type Ours = Readonly<{
  appIds: readonly number[];
  /** Contexts of commit statuses, which carry no app; a check run is ours by its app alone, as anyone can take a name. */
  statusNames: readonly string[];
}>;

export const meaningOf = ({ state, conclusion }: Pick<CheckFacts, "state" | "conclusion">): Meaning => {
  if (state !== "completed") return "waiting";
  switch (conclusion) {
    case "success":
      return "passed";
    // GitHub lets both count as success where a check is required; neither is proof of anything by itself.
    case "neutral":
    case "skipped":
      return "no_opinion";
    // A cancelled run proves nothing and nobody will finish it; stale is what GitHub makes of a run after 14 days.
    case "failure":
    case "timed_out":
    case "startup_failure":
    case "cancelled":
    case "stale":
      return "failed";
    case "action_required":
      return "held";
    // Completed, and no word yet: GitHub has not said it all.
    case null:
      return "waiting";
    default:
      return unreachable(conclusion);
  }
};

const isOurs = (check: CheckFacts, { appIds, statusNames }: Ours): boolean =>
  check.source === "status" ? statusNames.includes(check.name) : check.appId !== null && appIds.includes(check.appId);

/** One name of two apps is two checks: the green one does not hide the other. Ids grow, so the greatest is the newest. */
const keyOf = ({ source, appId, name }: CheckFacts): string => JSON.stringify([source, appId, name]);

export const newestChecks = (checks: readonly CheckFacts[], ours: Ours): readonly Counted[] => {
  const byKey = new Map<string, CheckFacts[]>();
  for (const check of checks) {
    if (isOurs(check, ours)) continue;
    byKey.set(keyOf(check), [...(byKey.get(keyOf(check)) ?? []), check]);
  }
  return [...byKey.values()].map(countNewest).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
};

const countNewest = (runs: readonly CheckFacts[]): Counted => {
  const newest = runs.reduce((a, b) => (b.id > a.id ? b : a));
  const { id, name, source, appId, state, conclusion, url } = newest;
  return {
    id,
    name,
    source,
    appId,
    meaning: meaningOf(newest),
    said: conclusion ?? state,
    url,
    reruns: runs.length - 1,
  };
};
