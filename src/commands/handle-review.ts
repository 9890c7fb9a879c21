// A person asks for changes in a review of a pull request that we opened: from the webhook to a recorded `/revise`, in order.
import { IssueNumber } from "../ids.ts";
import { deliveryOfPull } from "./find-delivery.ts";
import type { Handled } from "./handle.ts";
import { type CommandDeps, hearOut } from "./hear-out.ts";
import { readRules } from "./hearing.ts";
import { judgeReview } from "./judge-review.ts";
import { type ReviewSubmitted, readReview } from "./read-review.ts";
import { isFlooding, isReviewRecorded } from "./said-before.ts";

/** Throws GitHubError where trying again may help; run again, it leaves one of each effect. */
export const handleReview = async (deps: CommandDeps, review: ReviewSubmitted): Promise<Handled> => {
  const { author, repoId, reviewId } = review;
  if (author.type !== "User") return "not_a_person";
  const { sql } = deps.db;
  const conversation = await deliveryOfPull(sql, repoId, review.pull);
  const target = conversation?.repositories.find((one) => one.repoId === repoId);
  if (conversation === null || target === undefined) return "no_delivery";
  if (await isReviewRecorded(sql, reviewId)) return "already_recorded";
  if (await isFlooding(sql, conversation.deliveryId, author.id, deps.clock())) return "flood";

  const rules = await readRules(deps, review, conversation.primary);
  if (rules === null) return "repository_gone";
  return hearOut(deps, {
    spot: review,
    conversation,
    rules,
    // GitHub does not say of a review whether an app submitted it in a person's name.
    asker: { ...author, viaAppId: null },
    asksFor: (wanted) => wanted === "revise",
    codes: [],
    others: [target].filter((one) => one.repoId !== conversation.primary.repoId),
    // What was said is read, and compared, with its comments.
    isUnchanged: async () => true,
    readWords: () => readReview(deps, review),
    saying: {
      origin: { kind: "review", reviewId, submittedAt: review.submittedAt },
      repoId,
      issueNumber: IssueNumber.parse(review.pull),
      webhookGuid: review.webhookGuid,
    },
    judge: async (tx, delivery, hearing) =>
      (await isReviewRecorded(tx.sql, reviewId))
        ? "already_recorded"
        : judgeReview(`${target.owner}/${target.name}`, { delivery, conversation, hearing }),
  });
};
