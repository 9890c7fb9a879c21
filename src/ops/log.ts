// Structured logs: a static message and fixed fields; known secrets are cut out by value wherever they stand.
import { type Logger, pino } from "pino";
import type { Redactor } from "../secrets/redactor.ts";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** Writes one JSON object a line; every line passes the redactor last, whatever put it together. */
export function createLog(level: string, redactor: Pick<Redactor, "apply">, write: (line: string) => void): Logger {
  return pino(
    {
      level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(redactor.apply(line)) },
  );
}
