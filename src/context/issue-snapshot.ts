// The issue as it was when the label was put on: the only words of it that a model ever sees.
import { z } from "zod";
import { CommentId, Digest, IssueNumber, RepoId, UserId } from "../ids.ts";
import { Instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import { storableText } from "../ledger/storable.ts";
import { NOTHING_WITHHELD, Withheld } from "./withheld.ts";

/** `role` on the repository when the snapshot was taken; null where it was not asked for. */
const Author = z.object({ id: UserId, login: z.string(), role: z.string().nullable().default(null) });

/** Of an issue's text, as GitHub has it. */
export const writtenDigest = ({ title, body }: Readonly<{ title: string; body: string }>): Digest =>
  digestOf({ title: storableText(title), body: storableText(body) });

export const IssueSnapshot = z.object({
  repoId: RepoId,
  number: IssueNumber,
  /** As their readers see them, without what looks like a secret; so are the comments. */
  title: z.string(),
  body: z.string(),
  /** Of title and body as they were written, before anything was left out: an edit is told by it. */
  written: Digest,
  author: Author,
  labels: z.array(z.string()),
  takenAt: Instant,
  /** By people who may write to the repository, before the trigger, never edited after it. */
  comments: z.array(z.object({ id: CommentId, author: Author, body: z.string(), createdAt: Instant })),
  /** Of all these texts together. */
  withheld: Withheld.default(NOTHING_WITHHELD),
});
export type IssueSnapshot = z.infer<typeof IssueSnapshot>;
