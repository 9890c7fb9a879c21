// A few lines of a file for whoever edits it, as far as they may be shown.
import { shownFile } from "../context/shown-text.ts";
import type { Data } from "./untrusted.ts";

/** Lines before and after those that are meant. */
const AROUND = 3;
/** Characters: the rest of a file in one line helps nobody. */
const LONGEST = 4_000;

/** Cut from the whole file after its secrets are: in a part of it, half of one might look like none. `line` counts from 1. */
export async function excerpt(path: string, whole: string, line: number, lines: number): Promise<Data> {
  const { text } = await shownFile(whole);
  const first = Math.max(1, line - AROUND);
  const part = text.split("\n").slice(first - 1, line - 1 + lines + AROUND);
  return { source: `file ${path} from line ${first}`, text: part.join("\n").slice(0, LONGEST) };
}
