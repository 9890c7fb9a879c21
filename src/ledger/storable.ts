// What Postgres can keep of a text or a JSON value: neither U+0000 nor half of a surrogate pair. Pure.

/** JSON writes both as escapes. A literal backslash before `u0000` also matches: then the slow way changes nothing. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/** The text with what Postgres refuses replaced by U+FFFD. */
export const storableText = (text: string): string => text.replaceAll("\u0000", "\ufffd").toWellFormed();

function cleaned(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), cleaned(inner)]));
}

/** JSON text of a value as a jsonb column takes it. Throws TypeError on what is no JSON (functions, cycles, bigints). */
export function storableJson(value: unknown, replacer?: (key: string, inner: unknown) => unknown): string {
  const text = JSON.stringify(value, replacer);
  if (text === undefined) throw new TypeError("not a JSON value");
  return SUSPECT.test(text) ? JSON.stringify(cleaned(JSON.parse(text))) : text;
}
