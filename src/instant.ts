// A point in time as text: ISO 8601, UTC, milliseconds, so that instants compare as strings and hash alike everywhere.
import { z } from "zod";

export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .brand<"Instant">();
export type Instant = z.infer<typeof Instant>;

export type Clock = () => Date;

/** Whether so many seconds have passed since. */
export const olderThan = (at: Instant, seconds: number, now: Instant): boolean =>
  Date.parse(at) + seconds * 1000 <= Date.parse(now);

/** Normalises a date, or GitHub's `2026-11-21T10:00:00Z`; throws RangeError on text that is no date. */
export const instant = (at: Date | string): Instant => Instant.parse(new Date(at).toISOString());
