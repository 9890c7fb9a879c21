// Finding the one place in a file that a search-and-replace edit means, or saying what stands there instead.
import { distance } from "fastest-levenshtein";
import { type LineEnd, lineEndOf, toLineFeeds, withLineEnd } from "./line-ends.ts";

/** The part of a file that a search most likely meant. */
export type Actual = Readonly<{
  /** Its first line, counted from 1, and how many there are. */
  line: number;
  lines: number;
  /** The whole file, as the edits before this one left it: who shows a part must know all of it, to keep secrets out. */
  whole: string;
}>;

export type Searched =
  | Readonly<{ found: "once"; text: string }>
  | Readonly<{ found: "often"; lines: readonly number[] }>
  | Readonly<{ found: "never"; actual: Actual | null }>;

const MOST_PLACES = 10;

/** Every start of `needle`, overlapping ones too, up to a handful. */
const placesOf = (needle: string, text: string): number[] => {
  const places: number[] = [];
  for (let at = text.indexOf(needle); at !== -1 && places.length < MOST_PLACES; at = text.indexOf(needle, at + 1)) {
    places.push(at);
  }
  return places;
};

const lineAt = (text: string, place: number): number => text.slice(0, place).split("\n").length;

/** The position in `raw` of what stands at `place` when each CRLF counts as one character. */
const rawPlace = (raw: string, place: number): number => {
  let left = place;
  let at = 0;
  while (left > 0) {
    at += raw.startsWith("\r\n", at) ? 2 : 1;
    left--;
  }
  return at;
};

/** Longest line, and most lines, that are compared letter by letter for a near miss. */
const LONGEST = 300;
const MOST_LINES = 5_000;
/** Under this likeness (1 is equal) a line is another line, not a misspelt one. */
const LIKE = 0.6;

const likeness = (a: string, b: string): number => {
  if (a === b) return 1;
  if (a === "" || b === "" || a.length > LONGEST || b.length > LONGEST) return 0;
  return 1 - distance(a, b) / Math.max(a.length, b.length);
};

/** Where most lines of the search stand, told by equal lines first and by the most alike line else. */
const nearest = (wanted: readonly string[], lines: readonly string[]): number | null => {
  const votes = new Map<number, number>();
  const places = new Map<string, number[]>();
  for (const [at, line] of lines.entries())
    if (line !== "") places.set(line, [...(places.get(line) ?? []).slice(0, 50), at]);
  for (const [at, line] of wanted.entries()) {
    for (const place of places.get(line) ?? []) votes.set(place - at, (votes.get(place - at) ?? 0) + 1);
  }
  const [best] = [...votes].filter(([start]) => start >= 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (best !== undefined) return best[0];

  const first = wanted.findIndex((line) => line !== "");
  const text = wanted[first];
  if (text === undefined || lines.length > MOST_LINES) return null;
  let [place, like] = [-1, 0];
  for (const [at, line] of lines.entries()) {
    const score = likeness(text, line);
    if (score > like) [place, like] = [at, score];
  }
  return like >= LIKE && place >= first ? place - first : null;
};

/** The part of the file that the search most likely meant; null when nothing is like it. */
const nearMiss = (search: string, text: string): Actual | null => {
  const wanted = search.replace(/\n$/, "").split("\n");
  const lines = text.split("\n");
  const start = nearest(
    wanted.map((line) => line.trim()),
    lines.map((line) => line.trim()),
  );
  if (start === null) return null;
  return { line: start + 1, lines: Math.min(wanted.length, lines.length - start), whole: text };
};

const endWithin = (part: string, whole: string): LineEnd => {
  const [first] = /\r?\n/.exec(part) ?? [];
  return first === undefined ? lineEndOf(whole) : first === "\r\n" ? "\r\n" : "\n";
};

/**
 * Replaces the one occurrence of `search`. Line ends do not count when searching, since a model does not see them; what
 * is put in ends its lines as what was taken out did.
 */
export const replaceOnce = (raw: string, search: string, replacement: string): Searched => {
  const [text, needle] = [toLineFeeds(raw), toLineFeeds(search)];
  const places = placesOf(needle, text);
  const [place] = places;
  if (place === undefined) return { found: "never", actual: nearMiss(needle, text) };
  if (places.length > 1) return { found: "often", lines: places.map((at) => lineAt(text, at)) };
  const [start, end] = [rawPlace(raw, place), rawPlace(raw, place + needle.length)];
  const put = withLineEnd(replacement, endWithin(raw.slice(start, end), raw));
  return { found: "once", text: raw.slice(0, start) + put + raw.slice(end) };
};
