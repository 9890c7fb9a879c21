// Warnings that people accepted with a patch set, as annotations on the lines of its files: only where the commit has those lines.
import type { CheckAnnotation } from "../../github/speaking.ts";
import type { PolicyViolation } from "../../policy/violation.ts";
import { headline } from "../defuse.ts";
import type { PatchSetView } from "../proposal-view.ts";
import { count } from "../words/phrase.ts";

/** GitHub takes so many with one request; further requests would append them again with each retry. */
const MOST = 50;

/** GitHub's limits are 64 KB and 255 characters. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_TITLE = 255;

export type Warnings = Readonly<{ annotations: readonly CheckAnnotation[]; leftOut: string | null }>;

const annotationOf = ({ rule, path, line, message }: PolicyViolation & { path: string }): CheckAnnotation => ({
  path,
  // What is said of a whole file stands at its first line.
  line: line ?? 1,
  level: "warning",
  title: headline(rule, LONGEST_TITLE),
  message: headline(message, LONGEST_MESSAGE),
});

/** Of a patch set that is in the head as it was approved. */
export const warningsOn = (patchSet: PatchSetView | null): Warnings => {
  if (patchSet === null) return { annotations: [], leftOut: null };
  const there = new Set(patchSet.files.flatMap(({ path, newBlob }) => (newBlob === null ? [] : [path])));
  const warnings = patchSet.violations.flatMap((violation) => {
    const { path, severity } = violation;
    return severity === "warn" && path !== null && there.has(path) ? [annotationOf({ ...violation, path })] : [];
  });
  const more = warnings.length - MOST;
  return {
    annotations: warnings.slice(0, MOST),
    leftOut: more > 0 ? `${count(more, "more warning")} stand with the patch set, and not on lines here.` : null,
  };
};
