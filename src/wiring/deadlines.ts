// Rule M9 for `advance`: how long a state may last, by the configuration that the delivery was last given.
import { z } from "zod";
import { deadlineSeconds } from "../config/deadline.ts";
import { DEFAULT_CONFIG } from "../config/schema.ts";
import type { DeadlineOf } from "../delivery/deadline.ts";

const Snapshot = z.object({
  config: z.object({
    deadlines: z.record(z.string(), z.number().int().positive()),
    observe: z.object({ window: z.number().int().nonnegative() }).default(DEFAULT_CONFIG.observe),
  }),
});

/** A snapshot of an older version that lacks a deadline has the default for it. */
export const deadlinesOf = (snapshot: unknown): DeadlineOf => {
  const parsed = Snapshot.safeParse(snapshot);
  const { deadlines, observe } = parsed.success ? parsed.data.config : DEFAULT_CONFIG;
  const config = { ...DEFAULT_CONFIG, observe, deadlines: { ...DEFAULT_CONFIG.deadlines, ...deadlines } };
  return (phase, runStatus) => deadlineSeconds(config, phase, runStatus);
};
