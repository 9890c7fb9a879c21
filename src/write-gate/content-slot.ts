// Waits for a turn to create something on GitHub, by the pace that all processes share for an installation.
import { setTimeout as sleep } from "node:timers/promises";
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { Connection } from "../github/connection.ts";
import { GitHubError } from "../github/errors.ts";
import type { InstallationId } from "../ids.ts";
import type { Clock } from "../instant.ts";
import { claimSlot } from "../thread/limiter.ts";

/** Longer waits are the queue's: a write that sleeps holds a token that can write. */
const PATIENCE_SECONDS = 10;

type SlotDeps = Readonly<{ db: Database; connection: Pick<Connection, "pace">; clock: Clock; crash: CrashPoint }>;

/** Throws GitHubError `rate_limited`, with the seconds to wait, when the turn is too far off. */
export const contentSlot = async (
  { db, connection, clock, crash }: SlotDeps,
  installation: InstallationId,
  signal: AbortSignal | undefined,
): Promise<void> => {
  if (connection.pace === "none") return;
  await crash("write.before.slot");
  const slot = await db.transaction((tx) => claimSlot(tx, installation, clock(), PATIENCE_SECONDS));
  if (slot.kind === "later") {
    throw new GitHubError("rate_limited", "the installation creates as much as it may", {
      retryAfter: Math.ceil(slot.seconds),
    });
  }
  if (slot.seconds > 0) await sleep(slot.seconds * 1000, undefined, signal === undefined ? {} : { signal });
};
