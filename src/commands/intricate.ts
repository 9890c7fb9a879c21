// Comments whose Markdown would take long to read: bounded by what is counted in them, before they are read.

/**
 * The parser's time grows with the square of how many marks of emphasis and links there are, of lines, and of how deep quotes and
 * lists stand in one another. Within these it takes a fraction of a second; nobody writes a command among more.
 */
const MOST_MARKS = 2_000;
const MOST_LINES = 1_000;
/** Lists and quotes that begin on one line, each in the one before. */
const NESTED = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){100}/m;

const countOf = (text: string, pattern: RegExp, most: number): number => {
  let count = 0;
  for (const _ of text.matchAll(pattern)) {
    count += 1;
    if (count > most) break;
  }
  return count;
};

/** Linear in the length of the comment. */
export const isIntricate = (comment: string): boolean =>
  countOf(comment, /[*_~[\]]/g, MOST_MARKS) > MOST_MARKS ||
  countOf(comment, /\r\n|\r|\n/g, MOST_LINES) >= MOST_LINES ||
  NESTED.test(comment);
