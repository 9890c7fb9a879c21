// What a rollback was found to need, path by path: kept as an artifact, so that what was approved can be followed back to it. Pure.
import { z } from "zod";
import { DeliveryId, PullNumber, RepoId, Sha } from "../ids.ts";
import { CONFLICTS } from "./undo.ts";

/** A later commit, and the account behind it where GitHub knows one. */
const LaterCommit = z.object({ sha: Sha, author: z.string().nullable() });
export type LaterCommit = z.infer<typeof LaterCommit>;

const ConflictAt = z.object({
  path: z.string(),
  why: z.enum(CONFLICTS),
  lines: z.array(z.object({ from: z.number().int(), to: z.number().int() })),
  /** Newest last; those that could be found. */
  commits: z.array(LaterCommit),
});
export type ConflictAt = z.infer<typeof ConflictAt>;

const UndoneRepository = z.object({
  repoId: RepoId,
  name: z.string(),
  pullRequest: PullNumber,
  /** The commit of the merge, the base before it, and the base on which it is undone. */
  merge: Sha,
  before: Sha,
  onto: Sha,
  undone: z.array(z.string()),
  /** As they were before the merge already. */
  asBefore: z.array(z.string()),
  conflicts: z.array(ConflictAt),
});
export type UndoneRepository = z.infer<typeof UndoneRepository>;

export const RevertOrder = z.object({ undoes: DeliveryId, repositories: z.array(UndoneRepository) });
export type RevertOrder = z.infer<typeof RevertOrder>;
