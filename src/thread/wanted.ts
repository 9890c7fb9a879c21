// One thing that a delivery ought to have on GitHub, and how comments and check runs of it are made. Pure.
import type { CheckRunDraft, Reaction } from "../github/speaking.ts";
import type { Digest, IssueNumber, RepoId } from "../ids.ts";
import type { DeliveryView } from "./delivery-view.ts";

/** A subject that is to be approved, in whole or in part: the gate opens when all its parts are confirmed. */
type Shows = Readonly<{ repoId: RepoId | null; digest: Digest }>;

type Of<Kind extends string> = Readonly<{ kind: Kind; key: string; repoId: RepoId }>;

export type CommentPublication = Of<"comment"> &
  Readonly<{
    issue: IssueNumber;
    body: string;
    /** What it says when it is new, where that differs: approvers are mentioned once. */
    firstBody: string;
    /** Folded as outdated. */
    minimized: boolean;
    /** Whether it is posted where it is not there; else it is only brought up to date. */
    makes: boolean;
    shows: Shows | null;
  }>;

export type CheckPublication = Of<"check_run"> &
  Readonly<{ draft: CheckRunDraft; makes: boolean; shows: Shows | null }>;

export type Publication =
  | CommentPublication
  | CheckPublication
  | (Of<"reaction"> & Readonly<{ issue: IssueNumber; reaction: Reaction }>)
  | (Of<"label"> & Readonly<{ issue: IssueNumber; label: string; wanted: boolean }>);

/** A comment on the issue. */
export const comment = (
  view: DeliveryView,
  key: string,
  body: string,
  rest: Partial<Pick<CommentPublication, "firstBody" | "minimized" | "makes" | "shows">> = {},
): CommentPublication => ({
  kind: "comment",
  key,
  repoId: view.issue.repoId,
  issue: view.issue.number,
  body,
  firstBody: body,
  minimized: false,
  makes: rest.minimized !== true,
  shows: null,
  ...rest,
});

export const check = (
  repoId: RepoId,
  key: string,
  draft: CheckRunDraft,
  rest: Partial<Pick<CheckPublication, "makes" | "shows">> = {},
): CheckPublication => ({ kind: "check_run", key, repoId, draft, makes: true, shows: null, ...rest });

/** Made, or at least intended: it may stand there. */
export const wasPublished = (view: DeliveryView, key: string): boolean => view.published.some((one) => one.key === key);
