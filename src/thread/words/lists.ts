// Lists of foreign lines that may be longer than their place: what is left out is counted, never dropped in silence.
import { joinWords } from "./phrase.ts";

const bytes = new TextEncoder();

/** Lines from the front until `most` bytes are used; then how many more there are. */
export const linesWithin = (lines: readonly string[], most: number): string => {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += bytes.encode(line).length + 1;
    return used > most;
  });
  if (end < 0) return lines.join("\n");
  return [...lines.slice(0, end), `- and ${lines.length - end} more, too long to be shown here`].join("\n");
};

/** Names from the front until `most` bytes are used; then how many more there are. */
export const namesWithin = (names: readonly string[], most: number): string => {
  let used = 0;
  const end = names.findIndex((name) => {
    used += bytes.encode(name).length + 2;
    return used > most;
  });
  const named = end < 0 ? names : names.slice(0, end);
  return joinWords(end < 0 ? named : [...named, `${names.length - end} more`], "and");
};
