// Reads the reviews of a pull request, and single ones with their comments on lines.
import { z } from "zod";
import { ReviewId, Sha } from "../ids.ts";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { AuthorAnswer, pageOf, Time } from "./facts.ts";
import type { Reading, ReviewAt, ReviewComment, ReviewListed } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";

const Review = z.object({
  user: AuthorAnswer,
  state: z.enum(["APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED", "PENDING"]).catch("COMMENTED"),
});

const ListedAnswer = Review.extend({ id: ReviewId, submitted_at: Time.nullish() }).transform(
  ({ id, user, state, submitted_at }): ReviewListed => ({ id, author: user, state, submittedAt: submitted_at ?? null }),
);

const ReviewAtAnswer = Review.extend({ body: z.string().nullish(), commit_id: Sha.nullish() }).transform(
  (review): ReviewAt => ({
    author: review.user,
    state: review.state,
    body: review.body ?? "",
    commit: review.commit_id ?? null,
  }),
);

const line = z.number().int().positive().nullish();

const Answered = z.object({
  user: AuthorAnswer,
  path: z.string(),
  body: z.string(),
  diff_hunk: z.string().nullish(),
  subject_type: z.string().nullish(),
  start_line: line,
  original_start_line: line,
  line,
  original_line: line,
  side: z.string().nullish(),
  updated_at: Time,
});

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Git's note under a last line without its end. */
const NO_NEWLINE = "\\";

/** A hunk that is shown with a comment ends at the line that the comment is about. */
const endOfHunk = (hunk: string): ReviewComment["lines"] => {
  const [head = "", ...lines] = hunk.split("\n");
  const found = HUNK.exec(head);
  const last = lines.findLast((one) => !one.startsWith(NO_NEWLINE));
  if (found === null || last === undefined) return null;
  const side = last.startsWith("-") ? "before" : "after";
  const other = side === "before" ? "+" : "-";
  const start = Number(found[side === "before" ? 1 : 2]);
  const at = start + lines.filter((one) => !one.startsWith(other) && !one.startsWith(NO_NEWLINE)).length - 1;
  return { first: at, last: at, side };
};

/** This list is the one of GitHub's lists of comments in which lines may be left out: then the hunk tells. */
const linesOf = (comment: z.infer<typeof Answered>): ReviewComment["lines"] => {
  if (comment.subject_type === "file") return null;
  const last = comment.line ?? comment.original_line;
  if (last == null) return endOfHunk(comment.diff_hunk ?? "");
  const first = comment.start_line ?? comment.original_start_line ?? last;
  return { first: Math.min(first, last), last, side: comment.side === "LEFT" ? "before" : "after" };
};

const CommentAnswer = Answered.transform(
  (comment): ReviewComment => ({
    author: comment.user,
    path: comment.path,
    lines: linesOf(comment),
    body: comment.body,
    updatedAt: comment.updated_at,
  }),
);

export const readReviews = (client: Client, at: AddressOf): Pick<Reading, "reviews" | "review" | "reviewComments"> => ({
  reviews: (repo, number) =>
    listed(pageOf(ListedAnswer), (page) =>
      client.rest.pulls.listReviews({ ...at(repo), pull_number: number, ...page }),
    ),

  review: (repo, number, id) =>
    orNull(answer(ReviewAtAnswer, client.rest.pulls.getReview({ ...at(repo), pull_number: number, review_id: id }))),

  reviewComments: (repo, number, id) =>
    listed(pageOf(CommentAnswer), (page) =>
      client.rest.pulls.listCommentsForReview({ ...at(repo), pull_number: number, review_id: id, ...page }),
    ),
});
