// What the two drivers throw, as one: the SQLSTATE and the constraint that refused.
import { DrizzleQueryError } from "drizzle-orm";

export type Violation = Readonly<{ code: string; constraint: string | null }>;

/** SQLSTATE of a row that a unique index refused, and of one whose foreign key names nothing. */
export const UNIQUE_VIOLATION = "23505";
export const FOREIGN_KEY_VIOLATION = "23503";

const textOf = (value: object, key: string): string | null => {
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" && found !== "" ? found : null;
};

/** The SQL error inside `error`, whatever it was wrapped in; null when there is none. */
export function violationOf(error: unknown): Violation | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = textOf(at, "code");
    if (code !== null && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)) {
      return { code, constraint: textOf(at, "constraint_name") ?? textOf(at, "constraint") };
    }
  }
  return null;
}

/** Whether a unique index refused a row: `constraint` names it, or any when left out. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const violation = violationOf(error);
  return violation?.code === UNIQUE_VIOLATION && (constraint === undefined || violation.constraint === constraint);
}

/**
 * What went wrong, in words that can be logged and shown. Of a statement that failed only the SQLSTATE: its text and its
 * parameters hold what people wrote, and the server's own message quotes it.
 */
export function plainMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const violation = violationOf(error);
  if (violation !== null) {
    const { code, constraint } = violation;
    return `the database refused a statement (${code}${constraint === null ? "" : `, ${constraint}`})`;
  }
  if (error instanceof DrizzleQueryError) return `the database did not answer: ${error.cause?.message ?? "unknown"}`;
  return error.message;
}

/** A transaction took longer than it may; it was rolled back. */
export class TransactionTimeout extends Error {
  override readonly name = "TransactionTimeout";
  constructor(seconds: number) {
    super(`a transaction took longer than ${seconds} s and was rolled back`);
  }
}
