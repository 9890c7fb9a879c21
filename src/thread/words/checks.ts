// What the checks of a pull request said, in one sentence.

import type { RepoId } from "../../ids.ts";
import { codeSpan } from "../defuse.ts";
import type { CheckView, DeliveryView } from "../delivery-view.ts";
import { count, joinWords } from "./phrase.ts";

const MOST_NAMED = 5;

type Named = Pick<DeliveryView, "repositories">;

/** Checks of several repositories may have one name. */
const nameOf = ({ repositories }: Named, { name, repoId }: CheckView, one: boolean): string => {
  const repository = repositories.find((each) => each.repoId === repoId);
  return one || repositories.length < 2 || repository === undefined
    ? codeSpan(name)
    : `${codeSpan(name)} in ${codeSpan(repository.name)}`;
};

/** What GitHub says of a red check, where it is not simply that it failed. */
export const ENDED: Readonly<Record<string, string>> = {
  cancelled: "cancelled",
  timed_out: "timed out",
  stale: "given up as stale",
  startup_failure: "could not start",
};

/** What they said is a fact; that it proves nothing is in docs/verify.md. */
const passedOver = (checks: readonly CheckView[]): readonly string[] =>
  ["skipped", "neutral"].flatMap((word) => {
    const { length } = checks.filter(({ meaning, said }) => meaning === "no_opinion" && said === word);
    return length === 0 ? [] : [`${length} ${word}`];
  });

const passedWords = (passed: readonly CheckView[]): string => {
  const again = passed.filter(({ reruns = 0 }) => reruns > 0).length;
  return `${passed.length} passed${again === 0 ? "" : ` (${again} when run again)`}`;
};

/** "`test (20)` failed, 2 passed.", of all pull requests or of one repository's. Null when nothing is known. */
export const checksWords = (view: Pick<DeliveryView, "checks"> & Named, only?: RepoId): string | null => {
  const checks = (view.checks ?? []).filter(({ repoId }) => only === undefined || repoId === only);
  if (checks.length === 0) return null;
  const of = (meaning: CheckView["meaning"]) => checks.filter((check) => check.meaning === meaning);
  const named = (some: readonly CheckView[]): string => {
    const first = some.slice(0, MOST_NAMED).map((check) => {
      const how = ENDED[check.said];
      return `${nameOf(view, check, only !== undefined)}${how === undefined ? "" : ` (${how})`}`;
    });
    const rest = some.length - first.length;
    return joinWords(rest > 0 ? [...first, count(rest, "other")] : first, "and");
  };
  const passed = of("passed");
  const [missing, unfinished] = [
    of("waiting").filter(({ said }) => said === "missing"),
    of("waiting").filter(({ said }) => said !== "missing"),
  ];
  const parts = [
    of("failed").length > 0 ? `${named(of("failed"))} failed` : "",
    of("held").length > 0 ? `${named(of("held"))} ${of("held").length === 1 ? "waits" : "wait"} for a maintainer` : "",
    unfinished.length > 0 ? `${named(unfinished)} ${unfinished.length === 1 ? "is" : "are"} not finished` : "",
    missing.length > 0 ? `${named(missing)} ${missing.length === 1 ? "is" : "are"} required and not reported yet` : "",
    passed.length > 0 ? passedWords(passed) : "",
    ...passedOver(checks),
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : `${parts.join(", ")}.`;
};

/** GitHub holds the workflows of a first-time contributor until somebody lets them run. */
export const isHeld = (checks: readonly CheckView[] | null): boolean => {
  const meanings = new Set(checks?.map(({ meaning }) => meaning));
  return meanings.has("held") && !meanings.has("failed");
};

/** Of a check that is required, nothing was reported: it may never be, where no workflow runs for this change. */
export const isMissing = (checks: readonly CheckView[] | null): boolean =>
  (checks ?? []).some(({ said }) => said === "missing");
