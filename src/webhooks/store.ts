// Receives once: the webhook's row and the job that will understand it, in one transaction. Understands nothing itself.
import { z } from "zod";
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { webhooks } from "../db/schema.ts";
import { InstallationId, RepoId, type WebhookGuid } from "../ids.ts";
import type { Clock } from "../instant.ts";

export type Stored = "stored" | "duplicate";

export type StoreDeps = Readonly<{ db: Database; clock: Clock; crash: CrashPoint }>;

export type Received = Readonly<{ guid: WebhookGuid; event: string; action: string | null; payload: unknown }>;

const Where = z.object({
  installation: z.object({ id: InstallationId }).optional().catch(undefined),
  repository: z.object({ id: RepoId }).optional().catch(undefined),
});

/** Throws what the database throws: then nothing was acknowledged. */
export async function storeWebhook(deps: StoreDeps, received: Received): Promise<Stored> {
  const { guid, event, action, payload } = received;
  const where = Where.safeParse(payload).data;
  await deps.crash("webhooks.before.store");
  const stored = await deps.db.transaction(async ({ sql, enqueue }): Promise<Stored> => {
    const inserted = await sql
      .insert(webhooks)
      .values({
        guid,
        event,
        action,
        installationId: where?.installation?.id ?? null,
        repoId: where?.repository?.id ?? null,
        payload,
        receivedAt: deps.clock(),
      })
      .onConflictDoNothing()
      .returning({ guid: webhooks.guid });
    // A webhook whose job was lost gets a new one from the sweep, not from a redelivery.
    if (inserted.length === 0) return "duplicate";
    await enqueue("intake", { guid });
    return "stored";
  });
  await deps.crash("webhooks.after.store");
  return stored;
}
