// A comment's Markdown to the commands in it: commands, an answer because they cannot be followed, or nothing.
import { distance } from "fastest-levenshtein";
import { COMMAND_NAMES, type CommandName, commandLine } from "./catalogue.ts";
import { contradiction } from "./contradiction.ts";
import { argumentsOf, type CommandArguments } from "./grammar.ts";
import { isIntricate } from "./intricate.ts";
import { findQuotedMail } from "./quoted-mail.ts";
import type { GrammarRefusal } from "./refusal.ts";
import { type SpokenLine, spokenLines } from "./spoken-lines.ts";

export type ParsedCommand = CommandArguments &
  Readonly<{
    name: CommandName;
    /** Which command of its comment, from 0. */
    position: number;
  }>;

export type Parsed =
  | Readonly<{ kind: "nothing" }>
  | Readonly<{ kind: "commands"; commands: readonly ParsedCommand[] }>
  /** Nothing of the comment is applied. `command` is the first that was recognised, or the word that was not. */
  | Readonly<{ kind: "answer"; command: string; refusal: GrammarRefusal }>;

export type ParseOptions = Readonly<{
  /** `commands.prefix` of the configuration. */
  prefix: string | null;
  /** owner/name of the repositories that may be meant, in any case. */
  repositories: readonly string[];
}>;

/** Reading Markdown takes time that grows with the square of its length; what it is full of is bounded by `isIntricate`. */
export const MOST_CHARACTERS = 10_000;
export const MOST_COMMANDS = 10;

const LINE_END = /\r\n|\r|\n/;

/** What a refusal quotes of a comment. */
const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

type Spoken = Readonly<{ line: SpokenLine; rest: string } & ({ name: CommandName } | { name: null; given: string })>;

const isName = (word: string): word is CommandName => COMMAND_NAMES.some((name) => name === word);

/** ASCII alone: letters that look like these, and characters that nobody sees, make another word. */
const WORD = /^[\x21-\x7e]{1,40}$/;

/** Blanks and tabs part words; other white space, which people cannot tell from them, does not. */
const splitWord = (text: string): readonly [word: string, rest: string] => {
  const end = text.search(/[ \t]/);
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end).replace(/^[ \t]+|[ \t]+$/g, "")];
};

/** A line that speaks to us, or null: slash-words of other bots, paths, comments in code. */
const spokenTo = (line: SpokenLine, prefix: string | null): Spoken | null => {
  const addressed = prefix !== null;
  const [first, afterFirst] = splitWord(line.text.slice(1));
  if (addressed && first.toLowerCase() !== prefix) return null;
  const [given, rest] = addressed ? splitWord(afterFirst) : [first, afterFirst];
  if (!WORD.test(given)) return addressed ? { line, rest, name: null, given: cut(given) } : null;
  const word = given.toLowerCase();
  if (isName(word)) return { line, rest, name: word };
  if (addressed) return { line, rest, name: null, given: cut(given) };
  return !word.includes("/") && nearest(word) !== null ? { line, rest, name: null, given } : null;
};

const nearest = (word: string): CommandName | null => {
  const lower = word.toLowerCase();
  return COMMAND_NAMES.find((name) => lower === name || isNear(lower, name)) ?? null;
};

const isNear = (word: string, name: CommandName): boolean => distance(word, name) <= 1;

const answer = (command: string, refusal: GrammarRefusal): Parsed => ({ kind: "answer", command, refusal });

/** Whether any line could be a command at all: cheap, and asked before a comment costs more. */
export const mayCommand = (comment: string): boolean => /(?:^|[\r\n])\/[a-z]/i.test(comment);

const isCandidate = (line: string, prefix: string | null): boolean => {
  if (!line.startsWith("/")) return false;
  const [first, rest] = splitWord(line.slice(1));
  if (first.toLowerCase() === prefix) return true;
  return [first, splitWord(rest)[0]].some((word) => WORD.test(word) && nearest(word) !== null);
};

const isUnread = (comment: string): boolean => comment.length > MOST_CHARACTERS || isIntricate(comment);

/**
 * Whether any line may be for us, whatever word goes before commands today; `prefix` did when the delivery last knew. Asked before
 * GitHub is: slash-words of other bots and quoted commands cost nothing.
 */
export const mayBeForUs = (comment: string, prefix: string | null): boolean =>
  comment.split(LINE_END).some((line) => isCandidate(line, prefix)) &&
  (isUnread(comment) || spokenLines(comment).some(({ text }) => isCandidate(text, prefix)));

/** What is not read is not judged either: it is answered where a command would begin it, and nothing of it counts. */
const unread = (comment: string, { prefix }: ParseOptions, refusal: GrammarRefusal): Parsed => {
  const lines = comment.split(LINE_END);
  const name = COMMAND_NAMES.find((candidate) =>
    lines.some((line) => {
      const start = commandLine(prefix, candidate);
      return line === start || line.startsWith(`${start} `);
    }),
  );
  return name === undefined ? { kind: "nothing" } : answer(name, refusal);
};

const same = (a: CommandArguments & { name: string }, b: CommandArguments & { name: string }): boolean =>
  a.name === b.name && JSON.stringify([a.target, a.code, a.text]) === JSON.stringify([b.target, b.code, b.text]);

/** Never throws. A comment is followed whole or not at all. */
export const parseComment = (comment: string, options: ParseOptions): Parsed => {
  if (!mayCommand(comment)) return { kind: "nothing" };
  if (comment.length > MOST_CHARACTERS) {
    return unread(comment, options, { code: "comment_too_long", most: MOST_CHARACTERS });
  }
  if (isIntricate(comment)) return unread(comment, options, { code: "comment_too_intricate" });

  const mail = findQuotedMail(comment);
  const end = mail.kind === "from" ? mail.offset : comment.length;
  const spoken = spokenLines(comment)
    .filter((line) => line.start < end)
    .flatMap((line) => spokenTo(line, options.prefix) ?? []);
  const [first] = spoken;
  if (first === undefined) return { kind: "nothing" };
  const command = first.name ?? first.given;
  if (mail.kind === "somewhere") return answer(command, { code: "quoted_mail" });
  if (spoken.length > MOST_COMMANDS) return answer(command, { code: "too_many_commands", most: MOST_COMMANDS });

  const commands: ParsedCommand[] = [];
  for (const [index, one] of spoken.entries()) {
    if (one.name === null) {
      return answer(one.given, { code: "unknown_command", given: one.given, meant: nearest(one.given) });
    }
    const below = comment.slice(one.line.end, Math.min(end, spoken[index + 1]?.line.start ?? end));
    const read = argumentsOf(one.name, one.rest, below, options.repositories);
    if (!read.ok) {
      return answer(one.name, {
        code: "usage",
        command: one.name,
        problem: read.error.problem,
        given: cut(read.error.given),
      });
    }
    const parsed = { name: one.name, ...read.value };
    if (!commands.some((earlier) => same(earlier, parsed))) commands.push({ ...parsed, position: commands.length });
  }
  const names = contradiction(commands);
  return names === null
    ? { kind: "commands", commands }
    : answer(command, { code: "contradiction", commands: [...names] });
};
