// The smallest pieces of our sentences: numbers, names, times, lists, links.
import type { Sha } from "../../ids.ts";
import type { Instant } from "../../instant.ts";
import { codeSpan } from "../defuse.ts";

export const number = (value: number): string => value.toString().replace(/\B(?=(?:\d{3})+$)/g, ",");

/** `1 file`, `3 files`; `many` where adding an s is not enough. */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;

export const joinWords = (items: readonly string[], last: "and" | "or"): string => {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
};

/** Logins stand in code spans: they name, they do not call. */
export const person = (login: string): string => codeSpan(login);
export const people = (logins: readonly string[], last: "and" | "or" = "and"): string =>
  joinWords(logins.map(person), last);

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `09:41 UTC`, where the day is plain from what stands beside it. */
export const clock = (at: Instant): string => `${at.slice(11, 16)} UTC`;

/** `21 Nov 09:41 UTC`. Always with its date: a comment is read long after it was written. */
export const moment = (at: Instant): string =>
  `${Number(at.slice(8, 10))} ${MONTHS[Number(at.slice(5, 7)) - 1]} ${clock(at)}`;

/** `under 1 s`, `45 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export const span = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 1) return "under 1 s";
  if (seconds < 60) return `${seconds} s`;
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
  if (hours < 1) return pair(minutes, "min", seconds % 60, "s");
  if (days < 1) return pair(hours, "h", minutes % 60, "min");
  return pair(days, "d", hours % 24, "h");
};

export const between = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from);

export const shortSha = (sha: Sha | string): string => codeSpan(sha.slice(0, 7));

/** A link whose words and address are ours. */
export const link = (words: string, url: string | null): string =>
  url === null || url === "" ? words : `[${words}](${url})`;

/** A folded part; `summary` is plain words of ours with code spans at most. */
export const fold = (summary: string, content: string): string =>
  `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;

/** Blocks with an empty line between them; empty ones are left out. */
export const blocks = (...parts: readonly (string | null)[]): string =>
  parts.filter((part): part is string => part !== null && part !== "").join("\n\n");

/** Sentences on one line; empty ones are left out. */
export const sentences = (...parts: readonly (string | null)[]): string =>
  parts.filter((part): part is string => part !== null && part !== "").join(" ");
