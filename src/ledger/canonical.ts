// One text for one value, and its hash: RFC 8785 over what Postgres keeps, so that a row read back hashes as before. Pure.
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { Digest } from "../ids.ts";
import { storableJson } from "./storable.ts";

/** JSON would turn NaN and the infinities into null in silence, and two values would share a hash. */
function finite(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`${value} has no JSON`);
  return value;
}

/**
 * Keys sorted, no spaces, properties without a value left out, dates as ISO text, what Postgres cannot keep replaced.
 * Throws TypeError or RangeError on what is no JSON: functions, cycles, bigints, NaN and the infinities.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(JSON.parse(storableJson(value, finite)));
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
}

/** SHA-256 of the canonical JSON, in lower-case hexadecimal. */
export const digestOf = (value: unknown): Digest =>
  Digest.parse(createHash("sha256").update(canonicalJson(value)).digest("hex"));
