// A connection to one of the two engines, as open.ts puts it together.
import type { QueueStore } from "../jobs/queue.ts";
import type { Drizzle } from "./transactions.ts";

export type Engine = "postgres" | "pglite";

export interface Connection {
  readonly engine: Engine;
  readonly drizzle: Drizzle;
  readonly queueStore: QueueStore;
  readonly migrate: () => Promise<void>;
  /** Calls back with each payload, and with null whenever some may have been missed. */
  readonly listen: (channel: string, heard: (payload: string | null) => void) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}
