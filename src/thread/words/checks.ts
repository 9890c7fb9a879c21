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

/** "`test (20)` failed, 2 passed.", of all pull requests or of one repository's. Null when nothing is known. */
export const checksWords = (view: Pick<DeliveryView, "checks"> & Named, only?: RepoId): string | null => {
  const checks = (view.checks ?? []).filter(({ repoId }) => only === undefined || repoId === only);
  if (checks.length === 0) return null;
  const of = (meaning: CheckView["meaning"]) => checks.filter((check) => check.meaning === meaning);
  const named = (some: readonly CheckView[]): string => {
    const first = some.slice(0, MOST_NAMED).map((check) => nameOf(view, check, only !== undefined));
    const rest = some.length - first.length;
    return joinWords(rest > 0 ? [...first, count(rest, "other")] : first, "and");
  };
  const passed = of("passed").length;
  const parts = [
    of("failed").length > 0 ? `${named(of("failed"))} failed` : "",
    of("held").length > 0 ? `${named(of("held"))} ${of("held").length === 1 ? "waits" : "wait"} for a maintainer` : "",
    of("waiting").length > 0 ? `${named(of("waiting"))} ${of("waiting").length === 1 ? "is" : "are"} not finished` : "",
    passed > 0 ? `${passed} passed` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : `${parts.join(", ")}.`;
};

/** GitHub holds the workflows of a first-time contributor until somebody lets them run. */
export const isHeld = (checks: readonly CheckView[] | null): boolean => {
  const meanings = new Set(checks?.map(({ meaning }) => meaning));
  return meanings.has("held") && !meanings.has("failed");
};
