// What of a patch set must be shown whole, what stands before it for those who saw the last version, and where all of it finds room.
import { deliveryName } from "../../ids.ts";
import { knowsIssue } from "../audience.ts";
import { fence } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import type { PatchSetView } from "../proposal-view.ts";
import { judgedSections } from "../words/judged.ts";
import { blocks, count, fold } from "../words/phrase.ts";
import { policyVerdict, violationList } from "../words/violations.ts";
import { deltaSections } from "./delta.ts";
import { diffSections, fileList } from "./files.ts";
import { type Layout, layout } from "./layout.ts";

type Shown = Pick<PatchSetView, "files" | "text" | "violations">;

/** Everything but the diffs that the digest covers and that a reader of the repository will see. */
const textSection = ({ text }: Shown): string => {
  const message = text.commitBody === "" ? text.commitHeadline : `${text.commitHeadline}\n\n${text.commitBody}`;
  const lines = [message, text.pullTitle, text.pullBody].join("\n").split("\n").length;
  return fold(
    `Commit message and pull request, ${count(lines, "line")}`,
    blocks(
      "Commit message; lines follow it that name the delivery, the write and who approved:",
      fence(message),
      "Title of the pull request:",
      fence(text.pullTitle),
      "Text of the pull request:",
      fence(text.pullBody),
    ),
  );
};

/** What must be shown whole, in reading order: files, policy, diffs, texts. */
export const patchSetSections = (patchSet: Shown): readonly string[] => [
  `**Files**\n\n${fileList(patchSet.files)}`,
  blocks(
    `${policyVerdict(patchSet.violations)} Nothing has been run: the checks of the pull request are the first run.`,
    patchSet.violations.length === 0 ? null : violationList(patchSet.violations),
  ),
  ...diffSections(patchSet.files),
  textSection(patchSet),
];

/** Whether all of it can be shown. What cannot be reviewed honestly is refused before anyone is asked. */
export const patchSetFits = (patchSet: Shown, checks: boolean): boolean =>
  layout(patchSetSections(patchSet), { check: checks }) !== null;

export type LaidOut = Readonly<{
  pages: Layout;
  sections: readonly string[];
  /** Differences since the last version for which there was no room beside the whole. */
  left: number;
}>;

/**
 * Who judges reads the issue, and may quote it. What is laid out here stands in the repository's check run too, so where more
 * people see the repository than the issue, only the line in the comment tells of it.
 */
const mayQuote = (view: DeliveryView, { repoId }: PatchSetView): boolean =>
  view.repositories.some((repository) => repository.repoId === repoId && knowsIssue(view, repository));

/** The whole always; before it, where there is room, what a second role says, and as much of what changed since the last version as finds room. */
export const laidOut = (view: DeliveryView, patchSet: PatchSetView): LaidOut => {
  const whole = patchSetSections(patchSet);
  const { list, differences } = deltaSections(patchSet);
  const places = { check: view.settings.checkProposals };
  const said = mayQuote(view, patchSet) ? judgedSections(patchSet.judged) : [];
  for (let shown = differences.length; shown >= 0; shown--) {
    const sections = [...said, ...list, ...differences.slice(0, shown), ...whole];
    const pages = layout(sections, places);
    if (pages !== null) return { pages, sections, left: differences.length - shown };
  }
  const pages = layout(whole, places);
  if (pages === null) {
    throw new RangeError(`patch set ${patchSet.version} of ${deliveryName(view.id)} is too large to be reviewed`);
  }
  return { pages, sections: whole, left: differences.length };
};
