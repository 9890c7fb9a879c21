// Gemfiles and gem specifications, line by line: they are programs, so what is no such line is only pointed at.
import { type Entries, entries } from "./entries.ts";

const GEM =
  /^\s{0,200}(?:gem|(?:\w{1,40}\.)?add(?:_runtime|_development)?_dependency)[\s(]{1,20}["']([^"']{1,200})["']\)?(.*)$/;
const SOURCE = /^\s{0,200}(source|git_source|git|github|path|ruby|plugin|gemspec|eval_gemfile)\b(.*)$/;

const withoutComment = (text: string): string => {
  const start = text.indexOf(" #");
  return (start === -1 ? text : text.slice(0, start)).replace(/^[\s,(]+/, "").trim();
};

export const gemLine = (line: string): [string, string] | null => {
  const [, name, rest = ""] = GEM.exec(line) ?? [];
  if (name !== undefined) return [name, withoutComment(rest).replace(/\)$/, "") || "any version"];
  const [, word, after = ""] = SOURCE.exec(line) ?? [];
  return word === undefined ? null : [word, withoutComment(after) || "yes"];
};

export const readGemfile = (text: string): Entries =>
  entries(
    text
      .split("\n")
      .map(gemLine)
      .filter((found) => found !== null),
  );

/** A line that names a gem or a source, or says nothing: empty, a comment, the beginning or end of a group. */
export const isGemLine = (line: string): boolean =>
  /^(?:#.*|end|group\b.*|)$/.test(line.trim()) || gemLine(line) !== null;
