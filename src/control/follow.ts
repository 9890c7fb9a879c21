// Somebody changed the control issue itself, or the file that asks for one: it is put back, opened again, or looked after.
import type { WebhookGuid } from "../ids.ts";
import { type IntakeDeps, markProcessed } from "../webhooks/intake.ts";
import type { IssueEvent } from "../webhooks/issue-facts.ts";
import { controlIssueOf, forgetIssue, receiveBody } from "./rows.ts";

/** Ends the webhook where the issue is a control issue; `not_control` where it is for others. */
export async function followControlIssue(
  deps: IntakeDeps,
  guid: WebhookGuid,
  event: IssueEvent,
): Promise<"followed" | "not_control"> {
  const { repoId } = event.place;
  const control = await controlIssueOf(deps.db.sql, repoId);
  if (control === null || control.issueNumber !== event.issue.number) return "not_control";
  await deps.crash("intake.before.control_issue");
  await deps.db.transaction(async (tx) => {
    const gone = event.kind === "issue_deleted" || event.kind === "issue_transferred";
    if (gone) await forgetIssue(tx, repoId, event.issue.number);
    else await receiveBody(tx, repoId, null, deps.clock());
    await tx.enqueue("control", { repoId });
    await markProcessed(tx, guid, deps.clock(), "control_issue");
  });
  await deps.crash("intake.after.control_issue");
  return "followed";
}
