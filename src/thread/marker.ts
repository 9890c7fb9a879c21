// The hidden last line by which a comment of ours is found again: keyed, so that nobody else can write one.
import { createHmac } from "node:crypto";
import type { TraceId } from "../ids.ts";

/** `<!-- countersign 0123… -->`: an HMAC of which thing this is, of which delivery. */
export const markerOf = (key: string, trace: TraceId | string, publication: string): string =>
  `<!-- countersign ${createHmac("sha256", key).update(`${trace}\n${publication}`).digest("hex").slice(0, 40)} -->`;

export const withMarker = (body: string, marker: string): string => `${body}\n\n${marker}`;

/**
 * Only the very end counts: a marker that was copied from the source of another comment can stand in text that we show,
 * but never behind our own.
 */
export const carries = (body: string, marker: string): boolean => body.trimEnd().endsWith(marker);
