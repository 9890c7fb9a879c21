// Durations as people write them in a configuration: `90s`, `30m`, `72h`, `3d`, or ISO 8601 without months and years.
import { z } from "zod";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** One number and unit, or ISO 8601 with days, hours, minutes, seconds. Months and years have no fixed length. */
const PATTERN = /^(?:(\d{1,9})([smhd])|P(?=.)(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?)$/;

const toSeconds = (text: string): number => {
  const [, count, unit, days, hours, minutes, seconds] = PATTERN.exec(text) ?? [];
  if (count !== undefined) {
    return Number(count) * (unit === "d" ? SECONDS.d : unit === "h" ? SECONDS.h : unit === "m" ? SECONDS.m : SECONDS.s);
  }
  return (
    Number(days ?? 0) * SECONDS.d +
    Number(hours ?? 0) * SECONDS.h +
    Number(minutes ?? 0) * SECONDS.m +
    Number(seconds ?? 0)
  );
};

/** A duration in a file; parsed, it is a number of seconds within the bounds, both included. */
export const duration = (least: string, most: string) =>
  z
    .string({ error: "must be a duration in words, such as 30m, 72h, 3d or PT30M" })
    .regex(PATTERN, "is not a duration: write 30m, 72h, 3d or PT30M")
    .meta({ examples: ["90m", "3d", "PT72H"] })
    .transform(toSeconds)
    .refine(
      (seconds) => seconds >= toSeconds(least) && seconds <= toSeconds(most),
      `must be between ${least} and ${most}`,
    );
