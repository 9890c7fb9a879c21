// How a use of the WriteGate ends. Everything but `written` means that no further call was made.
import type { Written } from "../delivery/delivery.ts";
import type { Approvable } from "../delivery/event.ts";
import { GitHubError, NotGranted } from "../github/errors.ts";
import type { RepoId } from "../ids.ts";
import type { LeftStanding } from "./left-standing.ts";

export type WrittenRepo = Written & Readonly<{ repoId: RepoId }>;

/** Why a write that was approved is not made: each needs a person, and none goes away by trying again at once. */
export type WriteRefusal =
  | "not_writable"
  | "token_too_wide"
  | "rules_unusable"
  | "thread_unreadable"
  | "patch_set_unreadable"
  | "digest_differs"
  | "content_differs"
  | "other_target"
  | "forged_trailer"
  | "holds_secret"
  | "plan_changed"
  | "base_differs"
  | "parent_differs"
  | "blob_differs"
  | "tree_differs"
  | "commit_differs"
  | "unsigned"
  | "branch_taken"
  | "branch_gone"
  | "branch_refused"
  | "pull_taken"
  | "pull_not_open"
  | "pull_refused"
  | "not_approved"
  | "merge_refused"
  | "deployment_refused";

/** Why it is nobody's wish any more: the job ends quietly, the machine knows already. */
export type NotWanted = "gone" | "canceled" | "held" | "frozen" | "other_attempt" | "other_work" | "superseded";

type About = Readonly<{ repoId: RepoId; note: string }>;

export type WriteEnd =
  | Readonly<{ kind: "written" }>
  | (Readonly<{ kind: "refused"; code: WriteRefusal }> & About)
  | (Readonly<{ kind: "approval_void"; of: Approvable }> & About)
  /** A command that a person gave and that has not reached us yet says no. */
  | (Readonly<{ kind: "overruled" }> & About)
  | (Readonly<{ kind: "base_rewritten" }> & About)
  | (Readonly<{ kind: "policy_now_blocks" }> & About)
  | Readonly<{ kind: "not_wanted"; why: NotWanted }>;

/**
 * `finished` has every repository whose pull request stands, whatever became of the others; `standing` all that the
 * delivery has something for.
 */
export type WriteOutcome = Readonly<{
  end: WriteEnd;
  finished: readonly WrittenRepo[];
  standing: readonly LeftStanding[];
}>;

/** Carries an end out of the depth of a write; caught in the public face and nowhere else. */
export class WriteStop extends Error {
  override readonly name = "WriteStop";
  readonly end: Exclude<WriteEnd, { kind: "written" }>;

  constructor(end: Exclude<WriteEnd, { kind: "written" }>) {
    super(end.kind === "not_wanted" ? end.why : `${end.kind}: ${end.note}`);
    this.end = end;
  }
}

export const refuse = (code: WriteRefusal, repoId: RepoId, note: string): WriteStop =>
  new WriteStop({ kind: "refused", code, repoId, note });

/** What GitHub refuses for good is a refusal for the person; the rest stays a fault, and the job tries again. */
export const refusalOf = (code: WriteRefusal, repoId: RepoId, error: unknown): unknown => {
  if (!(error instanceof GitHubError)) return error;
  if (error.code === "token_too_wide") return refuse("token_too_wide", repoId, error.message);
  const final = ["forbidden", "not_found", "unprocessable", "conflict"].includes(error.code);
  if (error instanceof NotGranted) return refuse(code, repoId, error.message);
  return final ? refuse(code, repoId, `GitHub: ${error.message}`) : error;
};

export const orRefuse = async <T>(code: WriteRefusal, repoId: RepoId, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    throw refusalOf(code, repoId, error);
  }
};
