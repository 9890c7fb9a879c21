// Whether the title or the text of a pull request of ours is still what was approved. The write was exact; anybody with write may edit.
import { z } from "zod";
import type { PullFacts } from "../github/reading.ts";
import type { ApprovedWords } from "./approved-words.ts";

export const Reworded = z.enum(["title", "text"]);
export type Reworded = z.infer<typeof Reworded>;

/** Null where nothing was written. */
type Approved = Pick<ApprovedWords, "pullTitle" | "pullBody"> | null;

/** An editor on the web ends lines in its own way, and leaves blanks at the ends. */
const plain = (text: string): string => text.replaceAll("\r\n", "\n").trim();

/** Pure. */
export function rewordedOf(approved: Approved, found: Pick<PullFacts, "title" | "body"> | null): Reworded[] {
  if (approved === null || found === null) return [];
  return [
    ...(plain(approved.pullTitle) === plain(found.title) ? [] : (["title"] as const)),
    ...(plain(approved.pullBody) === plain(found.body) ? [] : (["text"] as const)),
  ];
}
