// What the analyst must bring of red checks: the cause, the lines that show it, and what would mend it. A rule decides what follows.
import { z } from "zod";
import { Digest, PullNumber, RepoId, Sha } from "../ids.ts";

export const EvidenceLine = z.object({
  /** The name of the check, as it was given. */
  check: z.string().min(1).max(300),
  /** Copied from what the check says. */
  line: z.string().min(1).max(500),
});
export type EvidenceLine = z.infer<typeof EvidenceLine>;

export const AnalysisDocument = z.object({
  evidence: z.array(EvidenceLine).max(8),
  cause: z.string().min(1).max(1200),
  /** change: the pull request has to change. rerun: nothing has to; the checks were unlucky or their machinery failed. */
  remedy: z.enum(["change", "rerun", "unclear"]),
  wouldFix: z.string().min(1).max(1200),
  /** owner/name of each repository that has to change; empty unless `remedy` is `change`. */
  repositories: z.array(z.string().min(3).max(200)).max(10),
});
export type AnalysisDocument = z.infer<typeof AnalysisDocument>;

/** What is kept of it, and of which red checks it speaks. */
export const FailureAnalysis = z.object({
  /** Names the red checks and the commits that they ran on. */
  red: Digest,
  /** What people have tried again is analysed anew. */
  attempt: z.number().int().nonnegative(),
  pulls: z.array(z.object({ repoId: RepoId, name: z.string(), pullRequest: PullNumber, head: Sha })),
  /** Null where no usable answer came; `why` says so. */
  document: AnalysisDocument.nullable(),
  why: z.string().nullable(),
});
export type FailureAnalysis = z.infer<typeof FailureAnalysis>;

const plain = (text: string): string => text.replace(/\s+/g, " ").trim();
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export type ShownCheck = Readonly<{ name: string; text: string }>;

/** One sentence for each thing that was not shown, or does not fit, for whoever analysed. */
export const analysisProblems = (
  { evidence, remedy, repositories }: AnalysisDocument,
  shown: readonly ShownCheck[],
  open: readonly string[],
): readonly string[] => {
  const texts = shown.map(({ name, text }) => ({ name, text: plain(text) }));
  return [
    ...evidence
      .filter(({ check }) => !shown.some(({ name }) => name === check))
      .map(({ check }) => `${check} is none of the failed checks.`),
    ...evidence
      .filter(
        ({ check, line }) =>
          texts.some(({ name }) => name === check) &&
          !texts.some(({ name, text }) => name === check && text.includes(plain(line))),
      )
      .map(
        ({ check, line }) => `${JSON.stringify(line.slice(0, 80))} does not stand in what ${check} says: copy a line.`,
      ),
    ...(evidence.length === 0 && remedy !== "unclear" && texts.some(({ text }) => text !== "")
      ? ["Show at least one line that tells the cause."]
      : []),
    ...repositories
      .filter((name) => !open.some((one) => same(one, name)))
      .map((name) => `${name} has no open pull request here.`),
    ...(remedy === "change" && repositories.length === 0 ? ["Name the repositories that have to change."] : []),
    ...(remedy !== "change" && repositories.length > 0 ? ["Where nothing has to change, no repository is named."] : []),
  ];
};
