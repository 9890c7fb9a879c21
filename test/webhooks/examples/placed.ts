// What each event and action that reaches the app is to it: a story that has it, or nothing at all.

/** `kinds` of domain event that it may become. `unless`: which of them concern nobody. */
export type Placed = "inert" | Readonly<{ kinds: readonly string[]; story: string; unless?: string }>;

const STORIES = "test/stories";
const matters = (kind: string | readonly string[], story: string, unless?: string): Placed => ({
  kinds: [kind].flat(),
  story: `${STORIES}/${story}.db.test.ts`,
  ...(unless === undefined ? {} : { unless }),
});

/** By event, then by action; `-` where an event has none. */
export const PLACED: Readonly<Record<string, Readonly<Record<string, Placed>>>> = {
  issues: {
    labeled: matters("issue_labeled", "admission"),
    unlabeled: matters("issue_unlabeled", "holds"),
    closed: matters("issue_closed", "holds"),
    reopened: matters("issue_reopened", "holds"),
    edited: matters("issue_edited", "issue-changes"),
    deleted: matters("issue_deleted", "issue-changes"),
    transferred: matters("issue_transferred", "issue-changes"),
    assigned: "inert",
    unassigned: "inert",
    demilestoned: "inert",
    milestoned: "inert",
    locked: "inert",
    unlocked: "inert",
    // The label that an issue is opened with has an event of its own.
    opened: "inert",
    pinned: "inert",
    unpinned: "inert",
  },
  issue_comment: {
    created: matters("comment_created", "decisions"),
    edited: matters("our_comment_edited", "tampering", "comments of others"),
    deleted: matters("our_comment_deleted", "tampering", "comments of others"),
  },
  check_run: {
    created: matters("check_run_created", "after-the-pull-request"),
    completed: matters("check_run_completed", "after-the-pull-request"),
    rerequested: matters("check_run_rerequested", "after-the-pull-request"),
    requested_action: matters("check_button_clicked", "buttons", "buttons of other apps"),
  },
  check_suite: {
    completed: matters("check_suite_completed", "after-the-pull-request"),
    // The runs of a suite have events of their own; a suite without runs says nothing.
    requested: "inert",
    rerequested: "inert",
  },
  status: { "-": matters("status", "full") },
  workflow_run: {
    requested: matters("workflow_run", "after-the-pull-request"),
    in_progress: matters("workflow_run", "after-the-pull-request"),
    completed: matters("workflow_run", "after-the-pull-request"),
  },
  deployment_status: { created: matters("deployment_status", "full") },
  merge_group: { checks_requested: matters("queue_asks_for_checks", "provenance-required") },
  push: { "-": matters("branch_rewritten", "provenance", "pushes that only add commits, and those of tags") },
  pull_request: {
    opened: matters("pull_opened", "provenance-required"),
    closed: matters("pull_closed", "merged"),
    reopened: matters("pull_reopened", "after-the-pull-request"),
    edited: matters(["pull_base_changed", "pull_reworded"], "after-the-pull-request"),
    synchronize: matters("pull_synchronized", "provenance"),
    converted_to_draft: matters("pull_draft_changed", "after-the-pull-request"),
    ready_for_review: matters("pull_draft_changed", "after-the-pull-request"),
    // `closed` says it.
    merged: "inert",
    // Auto-merge and the queue end in a merge, which is judged.
    auto_merge_enabled: "inert",
    auto_merge_disabled: "inert",
    enqueued: "inert",
    dequeued: "inert",
    assigned: "inert",
    unassigned: "inert",
    labeled: "inert",
    unlabeled: "inert",
    locked: "inert",
    unlocked: "inert",
    review_requested: "inert",
    review_request_removed: "inert",
  },
  pull_request_review: {
    // One that asks for changes is `changes_requested`, in request-changes; GitHub's examples have none.
    submitted: matters("pull_reviewed", "full"),
    dismissed: matters("pull_reviewed", "full"),
    edited: "inert",
  },
  repository: {
    renamed: matters("repository_changed", "holds"),
    transferred: matters("repository_changed", "holds"),
    archived: matters("repository_changed", "holds"),
    unarchived: matters("repository_changed", "holds"),
    deleted: matters("repository_changed", "holds"),
    privatized: matters("repository_changed", "seen-by-more"),
    publicized: matters("repository_changed", "seen-by-more"),
    // A repository that is new comes with its installation; what is edited is read where it counts.
    created: "inert",
    edited: "inert",
  },
  // Sent to every App, subscribed or not.
  installation: {
    created: matters("installation_created", "webhooks"),
    deleted: matters("installation_deleted", "holds"),
    suspend: matters("installation_suspended", "holds"),
    unsuspend: matters("installation_unsuspended", "holds"),
    new_permissions_accepted: matters("installation_granted", "permissions"),
  },
  installation_repositories: {
    added: matters("repositories_changed", "holds"),
    removed: matters("repositories_changed", "holds"),
  },
};
