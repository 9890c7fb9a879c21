// Reads what a review says, as it is now: its own words and its comments on lines, of which GitHub's webhook sends none.
import { shownProse } from "../context/shown-text.ts";
import type { ReviewComment } from "../github/reading.ts";
import type { InstallationId, PullNumber, RepoId, ReviewId, Sha, WebhookGuid } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { err, ok, type Result } from "../result.ts";
import type { Asker } from "./authorise.ts";
import type { HearingDeps } from "./hearing.ts";
import { MOST_CHARACTERS } from "./parse.ts";
import type { CommandRefusal } from "./refusal.ts";
import { reviewWords } from "./review-words.ts";

/** A review that asks for changes, as it was when it was submitted. */
export type ReviewSubmitted = Readonly<{
  webhookGuid: WebhookGuid;
  installationId: InstallationId;
  repoId: RepoId;
  pull: PullNumber;
  reviewId: ReviewId;
  /** The head that was reviewed. */
  reviewedSha: Sha;
  body: string;
  author: Omit<Asker, "viaAppId">;
  submittedAt: Instant;
}>;

/** Comments are written before the review is submitted, which touches them once more: GitHub need not do that in one second. */
const SETTLED_MS = 5_000;

const isAsSubmitted = (comment: ReviewComment, { author, submittedAt }: ReviewSubmitted): boolean =>
  comment.author.id === author.id && Date.parse(comment.updatedAt) <= Date.parse(submittedAt) + SETTLED_MS;

/** Each piece by itself: what one of them leaves open hides nothing of the others. */
const asRead = async (text: string): Promise<string> => (await shownProse(text)).text;

/** The words, as their readers see them, or why they do not count. Throws GitHubError where trying again may help. */
export const readReview = async (
  deps: HearingDeps,
  review: ReviewSubmitted,
): Promise<Result<string, CommandRefusal>> => {
  const { installationId, repoId, pull: number, reviewId, reviewedSha } = review;
  const reading = await deps.github.reading(installationId, [repoId]);
  await deps.crash("commands.before.read_review");
  const pull = await reading.pull(repoId, number);
  if (pull !== null && pull.headSha !== reviewedSha) {
    return err({ code: "review_outdated", reviewed: reviewedSha, head: pull.headSha });
  }
  const now = await reading.review(repoId, number, reviewId);
  const stands = now?.state === "CHANGES_REQUESTED" && now.body === review.body && now.author.id === review.author.id;
  if (pull === null || !stands) return err({ code: "review_changed" });

  await deps.crash("commands.before.read_review_comments");
  const { items, complete } = await reading.reviewComments(repoId, number, reviewId);
  if (!items.every((comment) => isAsSubmitted(comment, review))) return err({ code: "review_changed" });
  const tooLong = { code: "review_too_long", most: MOST_CHARACTERS } as const;
  if (!complete || reviewWords(review.body, items).length > MOST_CHARACTERS) return err(tooLong);

  const comments: ReviewComment[] = [];
  for (const comment of items) comments.push({ ...comment, body: await asRead(comment.body) });
  const words = reviewWords(await asRead(review.body), comments);
  return words === "" ? err({ code: "usage", command: "revise", problem: "missing_text", given: "" }) : ok(words);
};
