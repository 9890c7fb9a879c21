// What every part of intake is handed: the stored webhook, where it came from, and the way to say that it is done with.
import { and, eq, isNull } from "drizzle-orm";
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Tx } from "../db/database.ts";
import { webhooks } from "../db/schema.ts";
import type { Actor } from "../delivery/event.ts";
import type { GitHub } from "../github/github.ts";
import type { InstallationId, RepoId, WebhookGuid } from "../ids.ts";
import type { Clock } from "../instant.ts";
import type { Sender } from "./payloads.ts";

export type IntakeDeps = Readonly<{
  db: Database;
  clock: Clock;
  crash: CrashPoint;
  github: Pick<GitHub, "reading">;
}>;

/** Names GitHub's part as an actor of its own kind: a person only where an account of a person did it. */
export const actorOf = (sender: Sender): Actor =>
  sender.type === "User"
    ? { kind: "human", id: sender.id, login: sender.login }
    : { kind: "github", id: `${sender.type}:${sender.id}` };

/** The second fact of a webhook. Where a delivery or an event came of it, it stands in the same transaction. */
export async function markProcessed(tx: Tx, guid: WebhookGuid, at: Date, outcome: string): Promise<void> {
  await tx.sql
    .update(webhooks)
    .set({ processedAt: at, outcome })
    .where(and(eq(webhooks.guid, guid), isNull(webhooks.processedAt)));
}

/** For a webhook that nothing came of, or only what stands in transactions of its own. */
export async function endWebhook(
  deps: Pick<IntakeDeps, "db" | "clock" | "crash">,
  guid: WebhookGuid,
  outcome: string,
): Promise<void> {
  await deps.crash("intake.before.end");
  await deps.db.transaction((tx) => markProcessed(tx, guid, deps.clock(), outcome));
  await deps.crash("intake.after.end");
}

/** One repository of one installation, read with a token that can do nothing else. Throws GitHubError. */
export const readingOf = (deps: Pick<IntakeDeps, "github">, installationId: InstallationId, repoId: RepoId) =>
  deps.github.reading(installationId, [repoId]);
