// Lines that change only in how they end: noise that hides what really changed.
import { counted, type Rule } from "../rule.ts";

/** Without its carriage returns. A loop, because `/\r+$/` takes quadratic time on a line full of them. */
const bare = (text: string): string => {
  let end = text.length;
  while (text[end - 1] === "\r") end--;
  return text.slice(0, end);
};

export const lineEndings: Rule = ({ files }) =>
  files.flatMap(({ path, added, removed }) => {
    const gone = new Map<string, Set<string>>();
    for (const { text } of removed) gone.set(bare(text), (gone.get(bare(text)) ?? new Set()).add(text));
    const churned = added.filter(({ text }) => {
      const forms = gone.get(bare(text));
      return forms !== undefined && !forms.has(text);
    });
    const [first] = churned;
    if (first === undefined) return [];
    const message = `${counted(churned.length, "line")} differ${churned.length === 1 ? "s" : ""} only in the line end.`;
    return [{ path, line: first.number, message }];
  });
