// A ContextPacket is the whole briefing of a run; its hash, the context hash, covers every byte that the model was given of it.
import { z } from "zod";
import { AnalysisDocument } from "../artifacts/failure-analysis.ts";
import { Digest, PullNumber, RepoId, Sha } from "../ids.ts";
import { IssueSnapshot } from "./issue-snapshot.ts";
import { NOTHING_WITHHELD, Withheld } from "./withheld.ts";

/** Lines count from 1, both ends included. */
const Span = z.object({ from: z.number().int().positive(), to: z.number().int().positive() });

/**
 * A file that was chosen, and the lines of it that are shown. Its text is in the blob store under `blob`; the hash covers it
 * through that name and the ranges, and what was taken out of it before it was shown through `withheld`, which is of the
 * whole file.
 */
export const ChosenFile = z.object({
  path: z.string(),
  blob: Sha,
  reason: z.enum(["task", "doctrine", "named", "defines", "matches", "whole_repository"]),
  /** Characters divided by four, of ranges and outline. */
  tokens: z.number().int().nonnegative(),
  /** Packets of before there were ranges have whole files only. */
  whole: z.boolean().default(true),
  ranges: z.array(Span).default([]),
  /** Of a file that is shown in part: what its other lines define. */
  outline: z.array(z.object({ line: z.number().int().positive(), name: z.string() })).default([]),
  withheld: Withheld.default(NOTHING_WITHHELD),
});
export type ChosenFile = z.infer<typeof ChosenFile>;

export const RepositoryContext = z.object({
  repoId: RepoId,
  name: z.string(),
  visibility: z.enum(["public", "internal", "private"]),
  baseBranch: z.string(),
  baseSha: Sha,
  baseTree: Sha,
  /** Paths of the tree, bounded; `pathsLeftOut` counts the rest. */
  paths: z.array(z.string()),
  pathsLeftOut: z.number().int().nonnegative(),
  files: z.array(ChosenFile),
  /** The repository's own rules among these files: what governed the work. */
  doctrine: z.array(z.object({ path: z.string(), blob: Sha })).default([]),
});
export type RepositoryContext = z.infer<typeof RepositoryContext>;

/** What an approver asked for in `/revise`, or said in `/reject` or `/plan`. */
export const Feedback = z.object({
  scope: z.union([RepoId, z.literal("plan")]),
  words: z.string(),
  by: z.string(),
  withheld: Withheld.default(NOTHING_WITHHELD),
});
export type Feedback = z.infer<typeof Feedback>;

/** What is proposed in another repository of the delivery: one diff a file, as shown; `leftOut` counts files too long to be. */
export const ProposedElsewhere = z.object({
  repoId: RepoId,
  name: z.string(),
  diffs: z.array(z.string()),
  leftOut: z.number().int().nonnegative(),
  withheld: Withheld.default(NOTHING_WITHHELD),
});
export type ProposedElsewhere = z.infer<typeof ProposedElsewhere>;

/** What somebody is asked to mend: the words of a rule, or of another role, about what they proposed. */
export const Mend = z.object({
  /** What people have tried again is judged and mended anew; null for a rule, which says the same each time. */
  attempt: z.number().int().nonnegative().nullable(),
  /** Counted from 1. */
  round: z.number().int().positive(),
  problems: z.array(z.object({ source: z.string(), words: z.string() })).min(1),
});
export type Mend = z.infer<typeof Mend>;

/** A file that tasks before this one changed: as they leave it, or what they changed of a long one; `text` null: it is gone. */
export const EarlierFile = z.object({
  path: z.string(),
  tasks: z.array(z.string()),
  form: z.enum(["whole", "diff", "gone"]),
  text: z.string().nullable(),
  withheld: Withheld.default(NOTHING_WITHHELD),
});
export type EarlierFile = z.infer<typeof EarlierFile>;

/** The task that a proposer carries out, and what those before it have left in the same repository. */
export const CarriedOut = z.object({
  id: z.string(),
  /** Of the edits of the tasks before it, in their order: with others the same answer might not fit. */
  after: z.array(Digest),
  files: z.array(EarlierFile),
  /** Files that were changed and are too long to be shown. */
  leftOut: z.number().int().nonnegative(),
});
export type CarriedOut = z.infer<typeof CarriedOut>;
/** A failed check and what it says of itself, as it may be shown. */
export const FailedCheck = z.object({
  name: z.string(),
  /** GitHub's word for how it ended. */
  said: z.string(),
  /** `nothing`: it says no more than that. */
  from: z.enum(["log", "output", "nothing"]),
  text: z.string(),
  /** Whether all that it says is shown. */
  whole: z.boolean(),
  withheld: Withheld.default(NOTHING_WITHHELD),
});
export type FailedCheck = z.infer<typeof FailedCheck>;

/** The red checks of one pull request. */
export const RedPull = z.object({
  repoId: RepoId,
  name: z.string(),
  pullRequest: PullNumber,
  head: Sha,
  checks: z.array(FailedCheck),
  /** Failed too, and not shown. */
  leftOut: z.number().int().nonnegative(),
});
export type RedPull = z.infer<typeof RedPull>;

export const ContextPacket = z.object({
  issue: IssueSnapshot,
  /** The approved plan that a proposer works from, by the digest that was approved; null before. */
  plan: z.object({ version: z.number().int().positive(), digest: Digest }).nullable(),
  feedback: z.array(Feedback),
  /** Empty in the first packet, which is the snapshot that admission took. */
  repositories: z.array(RepositoryContext),
  /** For a proposer. */
  task: CarriedOut.optional(),
  /** For a proposer, where a delivery has several repositories. */
  elsewhere: z.array(ProposedElsewhere).optional(),
  /** What the last plan asked, where it waited for answers: `feedback` without the questions says little. */
  asked: z.array(z.string()).optional(),
  /** The change of the repository itself, for who judges or mends it. */
  proposed: ProposedElsewhere.optional(),
  mend: Mend.optional(),
  /** For who judges whole files: as the change leaves them. */
  left: z.object({ files: z.array(EarlierFile), leftOut: z.number().int().nonnegative() }).optional(),
  /** For who looks once more: what was found not met, and why. */
  doubted: z.array(z.object({ criterion: z.string(), because: z.string() })).optional(),
  /** What stands on the pull request already: a change that is made now stands on top of it. */
  standing: z.array(ProposedElsewhere).optional(),
  /** For an analyst. */
  red: z.array(RedPull).optional(),
  /** For a proposer who is to mend red checks. */
  analysis: AnalysisDocument.optional(),
});
export type ContextPacket = z.infer<typeof ContextPacket>;
