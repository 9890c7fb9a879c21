// Finds credentials in a text, and says where and of what kind; never what they are.
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { IGNORABLE } from "./path-forms.ts";
import { SECRET_PATTERNS } from "./secret-patterns.ts";

/** First and last line, counted from 1. */
export type FoundSecret = Readonly<{ from: number; to: number; kind: string }>;

const kindsIn = (text: string): string[] =>
  SECRET_PATTERNS.flatMap(({ kind, pattern, likely }) =>
    [...text.matchAll(pattern)].some(([match]) => likely?.(match) ?? true) ? [kind] : [],
  );

/** Literals that are joined in the code (`"AKIA" + "…"`) as the one that they become. */
const joined = (text: string): string => text.replace(/["'`]\s{0,40}(?:\+|\.\.?|,|\|\||&|\\)?\s{0,40}["'`]/g, "");

/** What the long base64 words of a line say. */
const decoded = (line: string): string =>
  [...line.matchAll(/[A-Za-z0-9+/_-]{24,4000}={0,2}/g)]
    .map(([word]) => Buffer.from(word, "base64").toString("latin1"))
    .join("\n");

const ownFindings = (lines: readonly string[]): FoundSecret[] =>
  lines.flatMap((line, at) => {
    const seen = line.replace(IGNORABLE, "");
    const kinds = new Set([seen, joined(seen), decoded(seen)].flatMap(kindsIn));
    return [...kinds].map((kind) => ({ from: at + 1, to: at + 1, kind }));
  });

/** A credential whose halves stand on lines of their own: the first line of up to three is named. */
const acrossLines = (lines: readonly string[], known: ReadonlySet<number>): FoundSecret[] =>
  lines.flatMap((_, at) => {
    const part = lines.slice(at, at + 3);
    if (
      !/["'`]\s{0,40}(?:\+|\.|,|\\|\|\|)?$/.test((lines[at] ?? "").trimEnd()) ||
      part.some((_, next) => known.has(at + next + 1))
    )
      return [];
    return kindsIn(joined(part.join("\n"))).map((kind) => ({ from: at + 1, to: at + part.length, kind }));
  });

/** The library's finding without what it found: its messages quote the credential. */
const kindOf = (ruleId: string): string => `a credential (${ruleId.replace(/^@secretlint\/secretlint-rule-/, "")})`;

/** Every credential that we can recognise, in order of lines; cut or encrypted ones cannot be. */
export const findSecrets = async (text: string): Promise<readonly FoundSecret[]> => {
  const lines = text.split("\n");
  const own = ownFindings(lines);
  const known = new Set(own.map(({ from }) => from));
  const { messages } = await lintSource({
    source: {
      filePath: "added.txt",
      ext: ".txt",
      contentType: "text",
      // A text cannot excuse itself: the library obeys comments that switch it off.
      content: text.replace(/secretlint-/gi, "secretlint_"),
    },
    options: {
      noPhysicFilePath: true,
      maskSecrets: true,
      config: { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator }] },
    },
  });
  const theirs = messages
    .map(({ ruleId, loc }) => ({ from: loc.start.line, to: loc.end.line, kind: kindOf(ruleId) }))
    .filter(({ from }) => !known.has(from));
  return [...own, ...acrossLines(lines, known), ...theirs].sort((a, b) => a.from - b.from);
};
