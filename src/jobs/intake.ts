// Understands one stored webhook: payload to domain event to whoever it concerns. Killed anywhere, it is run again.
import { eq } from "drizzle-orm";
import { type AdmissionDeps, considerTrigger } from "../admission/trigger.ts";
import type { ButtonClicked, CommentSpoken } from "../commands/handle.ts";
import type { ReviewSubmitted } from "../commands/read-review.ts";
import { followControlIssue } from "../control/follow.ts";
import { webhooks } from "../db/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import type { WebhookGuid } from "../ids.ts";
import type { Log } from "../ops/log.ts";
import { unreachable } from "../result.ts";
import { followRewrite, wakeWatchers } from "../webhooks/commit-facts.ts";
import { followConfiguration } from "../webhooks/configuration.ts";
import type { DomainEvent } from "../webhooks/domain-event.ts";
import { toDomainEvent } from "../webhooks/events.ts";
import { vouchForQueue } from "../webhooks/foreign.ts";
import { endWebhook } from "../webhooks/intake.ts";
import { followIssue } from "../webhooks/issue-facts.ts";
import { followPull } from "../webhooks/pull-facts.ts";
import { followSources } from "../webhooks/sources.ts";
import { followTampering } from "../webhooks/tampering.ts";
import type { PullDeps } from "../webhooks/tell-of-pull.ts";
import type { Handler } from "./handler.ts";

export type IntakeJobDeps = AdmissionDeps &
  PullDeps &
  Readonly<{
    github: Pick<GitHub, "self" | "reading">;
    /** Each leaves one of each effect, however often it is called with the same comment, click or review. */
    handleComment: (comment: CommentSpoken) => Promise<void>;
    handleButton: (click: ButtonClicked) => Promise<void>;
    handleReview: (review: ReviewSubmitted) => Promise<void>;
    log: Pick<Log, "error">;
  }>;

export const intakeJob =
  (deps: IntakeJobDeps): Handler<"intake"> =>
  async ({ guid }, { lastTry }) => {
    const [webhook] = await deps.db.sql.select().from(webhooks).where(eq(webhooks.guid, guid));
    if (webhook === undefined || webhook.processedAt !== null) return;
    const event = toDomainEvent(webhook, await deps.github.self());
    await deps.crash("intake.before.route");
    try {
      await route(deps, guid, event);
    } catch (error) {
      if (!lastTry || !isFinal(error)) throw error;
      deps.log.error({ guid, event: webhook.event, action: webhook.action, code: error.code }, "webhook given up");
      await endWebhook(deps, guid, `given_up ${error.code}`);
    }
  };

/** GitHub will say the same to each later try. Anything else, a bad key of ours included, waits for somebody to mend it. */
const isFinal = (error: unknown): error is GitHubError =>
  error instanceof GitHubError && !error.transient && error.code !== "unauthorized";

/** Every arm ends the webhook, in the transaction of what came of it where there is one. */
async function route(deps: IntakeJobDeps, guid: WebhookGuid, event: DomainEvent): Promise<void> {
  switch (event.kind) {
    case "issue_labeled":
      return considerTrigger(deps, guid, event);
    case "issue_unlabeled":
    case "issue_closed":
    case "issue_reopened":
    case "issue_edited":
    case "issue_deleted":
    case "issue_transferred":
      if ((await followControlIssue(deps, guid, event)) === "followed") return;
      return followIssue(deps, guid, event);
    case "configuration_changed":
      return followConfiguration(deps, guid, event);
    case "comment_created": {
      const { kind: _, place, ...comment } = event;
      const { installationId, repoId } = place;
      await deps.handleComment({ webhookGuid: guid, installationId, repoId, ...comment });
      return endWebhook(deps, guid, "comment");
    }
    case "check_button_clicked": {
      const { kind: _, place, ...click } = event;
      const { installationId, repoId } = place;
      await deps.handleButton({ webhookGuid: guid, installationId, repoId, ...click });
      return endWebhook(deps, guid, "button");
    }
    case "changes_requested": {
      const { kind: _, place, headSha: __, ...review } = event;
      const { installationId, repoId } = place;
      await deps.handleReview({ webhookGuid: guid, installationId, repoId, ...review });
      return wakeWatchers(deps, guid, event);
    }
    case "our_comment_edited":
    case "our_comment_deleted":
      return followTampering(deps, guid, event);
    case "check_run_created":
    case "check_run_completed":
    case "check_run_rerequested":
    case "check_suite_completed":
    case "workflow_run":
    case "status":
    case "deployment_status":
    case "pull_reviewed":
    case "pull_draft_changed":
    case "pull_reworded":
      return wakeWatchers(deps, guid, event);
    case "queue_asks_for_checks":
      return vouchForQueue(deps, guid, event);
    case "pull_opened":
    case "pull_closed":
    case "pull_reopened":
    case "pull_base_changed":
    case "pull_synchronized":
      return followPull(deps, guid, event);
    case "branch_rewritten":
      return followRewrite(deps, guid, event);
    case "installation_created":
    case "installation_deleted":
    case "installation_suspended":
    case "installation_unsuspended":
    case "installation_granted":
    case "repositories_changed":
    case "repository_changed":
      return followSources(deps, guid, event);
    case "ignored":
      return endWebhook(deps, guid, `ignored ${event.reason}`);
    default:
      return unreachable(event);
  }
}
