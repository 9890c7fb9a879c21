// Takes what looks like a secret out of a text, line for line, so that what is left keeps its place.
import { findSecrets } from "../policy/secret-scan.ts";

export type Cleaned = Readonly<{ text: string; kinds: readonly string[] }>;

const placeholder = (kind: string): string => `[removed: looks like ${kind}]`;

/** Words that stand for a line that a model was not shown: whoever quotes them means no text of a file. */
export const PLACEHOLDER = /\[removed: looks like [^\]\n]{1,100}\]/;

const BEGINS = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const ENDS = /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const PUTTY = /PuTTY-User-Key-File-[0-9]/;
const BASE64 = /^[A-Za-z0-9+/=]+$/;
const SHORTEST_BODY = 16;
/** A key of 8,192 bits has a hundred. Code that only names both ends of a key has them anywhere. */
const MOST_KEY_LINES = 110;

/** What the body of a key looks like, also quoted as a line of a string or of a comment. In linear time. */
const isKeyLine = (line: string): boolean => {
  const text = line.replaceAll("\\n", "").replaceAll("\\r", "");
  let [from, to] = [0, text.length];
  while (from < to && !BASE64.test(text.charAt(from))) from++;
  while (to > from && !BASE64.test(text.charAt(to - 1))) to--;
  if (from === to) return true;
  const body = text.slice(from, to);
  return (body.length >= SHORTEST_BODY && BASE64.test(body)) || /^[A-Za-z-]{1,40}: /.test(body);
};

/** A key is more than the line that names it: to its last line, or as far as lines look like one. */
const keyEnd = (lines: readonly string[], from: number): number => {
  const first = lines[from] ?? "";
  if (BEGINS.test(first) && ENDS.test(first.slice(first.search(BEGINS)))) return from;
  if (PUTTY.test(first))
    return lines.findLastIndex(
      (line, at) => at >= from && /^Private-(?:MAC|Lines|Hash)|^[A-Za-z0-9+/=]{16,}$/.test(line.trim()),
    );
  const end = lines.findIndex((line, at) => at > from && ENDS.test(line));
  const other = lines.findIndex((line, at) => at > from && BEGINS.test(line));
  if (end > from && end - from <= MOST_KEY_LINES && (other < 0 || end < other)) return end;
  const after = lines.findIndex((line, at) => at > from && !isKeyLine(line));
  return (after < 0 ? lines.length : after) - 1;
};

/** The same number of lines; a line with a secret, or a part of one, is replaced whole. The same text when cleaned twice. */
export const withoutSecrets = async (text: string): Promise<Cleaned> => {
  const lines = text.split("\n");
  const kinds: string[] = [];
  const gone = new Map<number, string>();
  for (const { from, to, kind } of await findSecrets(text)) {
    const start = from - 1;
    const isKey = BEGINS.test(lines[start] ?? "") || PUTTY.test(lines[start] ?? "");
    const end = Math.max(to - 1, isKey ? keyEnd(lines, start) : 0);
    if (!gone.has(start)) kinds.push(kind);
    for (let at = start; at <= end; at++) if (!gone.has(at)) gone.set(at, kind);
  }
  if (gone.size === 0) return { text, kinds };
  return {
    text: lines
      .map((line, at) => {
        const kind = gone.get(at);
        return kind === undefined ? line : placeholder(kind);
      })
      .join("\n"),
    kinds,
  };
};
