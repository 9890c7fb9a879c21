// The secrets of this process, known by value: cut out of what is logged and kept, and looked for in everything that leaves.
import { readings } from "./readings.ts";
import { PART, STRETCH, type Traces, tracesOf } from "./traces.ts";

/** Secrets that become known while the process runs (installation tokens) are added here by those who mint them. */
export type Redactor = Readonly<{
  add: (secret: string) => void;
  /** The text without any of them: by value first, by what tokens look like second. */
  apply: (text: string) => string;
  /** Whether the text holds one of them or a good part of one, also encoded. Then it must not leave the process. */
  finds: (text: string) => boolean;
}>;

/** Shorter values would cut holes into ordinary words. */
const SHORTEST_SECRET = 6;
/** Tokens live an hour, and JWTs ten minutes: of those that became known later, the newest are all that can be valid. */
const MOST_LATER = 500;

const TOKEN_PATTERN =
  /\bgh[opsur]_[A-Za-z0-9_]{16,}(?:\.[A-Za-z0-9_-]+){0,2}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bsk-[A-Za-z0-9_-]{16,}|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g;

/** JSON and PEM both write a line end as \n, URLs write signs as %xx: a secret must be found in each form. */
const formsOf = (secret: string): readonly string[] =>
  [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])].filter(
    (form) => form.length >= SHORTEST_SECRET,
  );

type Known = Readonly<{ forms: readonly string[]; traces: Traces }>;

/** `initial` are never forgotten. */
export function createRedactor(initial: readonly string[]): Redactor {
  const known = new Map<string, Known>();
  const parts = new Map<string, number>();
  const count = (some: readonly string[], by: 1 | -1): void => {
    for (const part of some) {
      const left = (parts.get(part) ?? 0) + by;
      if (left === 0) parts.delete(part);
      else parts.set(part, left);
    }
  };
  const forget = (secret: string): void => {
    count(known.get(secret)?.traces.parts ?? [], -1);
    known.delete(secret);
  };
  const add = (secret: string): void => {
    if (secret.length < SHORTEST_SECRET) return;
    const kept = known.get(secret) ?? { forms: formsOf(secret), traces: tracesOf(secret) };
    forget(secret);
    known.set(secret, kept);
    count(kept.traces.parts, 1);
  };
  for (const secret of initial) add(secret);
  const lasting = new Set(known.keys());
  const holds = (text: string): boolean => {
    for (const { traces } of known.values()) if (traces.anywhere.some((trace) => text.includes(trace))) return true;
    for (const [stretch] of text.matchAll(STRETCH)) {
      for (let at = 0; at + PART <= stretch.length; at++) if (parts.has(stretch.slice(at, at + PART))) return true;
    }
    return false;
  };

  return {
    add: (secret) => {
      if (lasting.has(secret)) return;
      add(secret);
      for (const oldest of known.keys()) {
        if (known.size - lasting.size <= MOST_LATER) break;
        if (!lasting.has(oldest)) forget(oldest);
      }
    },
    apply: (text) => {
      let clean = text;
      for (const { forms } of known.values()) {
        for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, "[redacted]");
      }
      return clean.replace(TOKEN_PATTERN, "[redacted]");
    },
    finds: (text) => readings(text).some(holds),
  };
}
