// A delivery that undoes another, and one that is undone: what both say of each other.
import { deliveryName } from "../../ids.ts";
import type { ConflictAt } from "../../rollback/order.ts";
import type { LineSpan } from "../../rollback/three-way.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place, RollbackView } from "../delivery-view.ts";
import { commitLink, pullLink } from "./links.ts";
import { linesWithin } from "./lists.ts";
import { blocks, count, joinWords, link, person, sentences } from "./phrase.ts";

const named = ({ id, url }: RollbackView): string => link(deliveryName(id), url);

/** "Undoes D-12: acme/shop#57, merged as `4be1c02`." Null for a delivery that undoes nothing. */
export const undoesWords = ({ undoes }: DeliveryView, place: Place): string | null => {
  if (undoes === undefined) return null;
  const merges = (undoes.order?.repositories ?? []).map(
    (one) => `${pullLink(place, one, one.pullRequest)}, merged as ${commitLink(place, one, one.merge)}`,
  );
  return `Undoes ${named(undoes)}${merges.length === 0 ? "" : `: ${joinWords(merges, "and")}`}.`;
};

const hasConflicts = ({ undoes }: DeliveryView): boolean =>
  undoes?.order?.repositories.some(({ conflicts }) => conflicts.length > 0) ?? false;

/** Where it comes from, for whoever is to approve it. */
export const computedWords = (view: DeliveryView): string | null =>
  view.undoes === undefined || hasConflicts(view)
    ? null
    : "Computed from the history, without a model: files that nobody changed since are as they were before the merge, in the others the later changes stay.";

const WHY: Readonly<Record<ConflictAt["why"], string>> = {
  same_lines: "changed on the same lines since",
  changed_since: "made by the merge, and changed since",
  removed_since: "gone since",
  back_since: "taken away by the merge, and back since with other content",
  not_text: "no text, so no diff could show what undoes it",
  too_long: "too long to be compared",
};

const spanOf = ({ from, to }: LineSpan): string => {
  if (to < from) return `taken out at ${from}`;
  return from === to ? `${from}` : `${from} to ${to}`;
};

/** Of a file that was changed all over the first are enough. */
const MOST_SPANS = 5;
const MOST_COMMITS = 5;

const conflictLine = (place: Place, repository: { name: string }, conflict: ConflictAt): string => {
  const { path, why, lines, commits } = conflict;
  const spans = lines.slice(0, MOST_SPANS).map(spanOf);
  const more = lines.length > spans.length ? " and more" : "";
  const where = spans.length === 0 ? "" : ` (line ${joinWords(spans, "and")}${more})`;
  const last = commits.slice(-MOST_COMMITS).map(({ sha, author }) => {
    const by = author === null ? "" : ` of ${person(author)}`;
    return `${commitLink(place, repository, sha)}${by}`;
  });
  const by = last.length === 0 ? "" : ` by ${joinWords(last, "and")}`;
  return `- ${codeSpan(path)}: ${WHY[why]}${where}${by}.`;
};

const LONGEST_CONFLICTS = 8_000;

/** Why the agent was asked, file by file. Null where nothing was in the way. */
export const conflictWords = (view: DeliveryView, place: Place): string | null => {
  const { undoes } = view;
  const repositories = undoes?.order?.repositories ?? [];
  const several = repositories.length > 1;
  const lines = repositories.flatMap((one) =>
    one.conflicts.map((conflict) => {
      const line = conflictLine(place, one, conflict);
      return several ? line.replace("- ", `- ${codeSpan(one.name)} `) : line;
    }),
  );
  if (undoes === undefined || lines.length === 0) return null;
  return blocks(
    `**No rule can undo ${count(lines.length, "file")} of it**, so the agent was asked to plan it.`,
    linesWithin(lines, LONGEST_CONFLICTS),
  );
};

/** Of a delivery that is undone, or was. Null where nobody asked for that. */
export const undoneByWords = ({ undoneBy, settings }: DeliveryView): string | null => {
  if (undoneBy === undefined) return null;
  switch (undoneBy.stands) {
    case "live":
      return `${named(undoneBy)} is to undo it, and waits for its own approval; commands on this issue are for that one.`;
    case "open":
      return `What undoes it waits to be merged: ${named(undoneBy)}.`;
    case "landed":
      return `It was undone by ${named(undoneBy)}.`;
    case "canceled":
      return sentences(
        `${named(undoneBy)} was to undo it and was canceled, so it stands.`,
        `\`/${settings.prefix === null ? "" : `${settings.prefix} `}rollback\` asks for it again.`,
      );
  }
};
