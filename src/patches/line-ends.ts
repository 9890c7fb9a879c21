// How a text ends its lines, and how a changed text keeps the ways of the one before it.

export type LineEnd = "\n" | "\r\n";

/** The more frequent of the two; `\n` where there is none. */
export const lineEndOf = (text: string): LineEnd => {
  const all = text.match(/\r?\n/g) ?? [];
  return all.filter((end) => end === "\r\n").length * 2 > all.length ? "\r\n" : "\n";
};

export const toLineFeeds = (text: string): string => text.replaceAll("\r\n", "\n");

export const withLineEnd = (text: string, end: LineEnd): string =>
  end === "\n" ? toLineFeeds(text) : toLineFeeds(text).replaceAll("\n", end);

/** Ends `after` with a newline where `before` did, and without one where it did not: models lose and add it by accident. */
export const keepFinalNewline = (before: string, after: string): string => {
  if (before === "" || after === "") return after;
  if (before.endsWith("\n")) return after.endsWith("\n") ? after : after + lineEndOf(before);
  return after.replace(/\r?\n$/, "");
};

const MARK = "\uFEFF";

/** A byte order mark is kept, and none is added. */
export const keepMark = (before: string, after: string): string => {
  const bare = after.startsWith(MARK) ? after.slice(1) : after;
  return before.startsWith(MARK) ? MARK + bare : bare;
};
