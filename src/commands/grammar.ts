// What follows a command's name, read by the grammar of its entry in the catalogue.

import { exitOf } from "../config/exit-phase.ts";
import { err, ok, type Result } from "../result.ts";
import { amountOf } from "./amount.ts";
import { CATALOGUE, type CommandName } from "./catalogue.ts";

/** As it was written; whether there is such a repository is for others to find out. */
export type CommandTarget =
  | Readonly<{ kind: "repository"; fullName: string }>
  | Readonly<{ kind: "all" }>
  | Readonly<{ kind: "plan" }>;

export type CommandArguments = Readonly<{
  target: CommandTarget | null;
  /** Lower case. */
  code: string | null;
  /** Markdown as it was written. */
  text: string | null;
}>;

export type UsageProblem = Readonly<{ problem: "unexpected_text" | "missing_text"; given: string }>;

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/[A-Za-z0-9._-]{1,100}$/;
/** The alphabet of codes has no letters or digits that look like others. */
const CODE = /^[23456789abcdefghjkmnpqrstuvwxyz]{4,6}$/;

const CRITERION = /^AC-[1-9][0-9]?$/i;

const ownerOf = (fullName: string): string => fullName.slice(0, fullName.indexOf("/")).toLowerCase();

/**
 * Before free text a word like `src/slug.ts` may be text or repository. It is a repository when it is one of those that may be meant,
 * has the same owner as one of them (a typing error, which must not be taken for text), or is all there is.
 */
const meansRepository = (word: string, alone: boolean, repositories: readonly string[]): boolean =>
  REPOSITORY.test(word) &&
  (alone || repositories.some((name) => name.toLowerCase() === word.toLowerCase() || ownerOf(name) === ownerOf(word)));

/** One word of a kind, and nothing else. */
const wordIn = (
  [word, ...more]: readonly string[],
  isOne: (word: string) => boolean,
): Result<CommandArguments, UsageProblem> => {
  if (word === undefined) return err({ problem: "missing_text", given: "" });
  return more.length === 0 && isOne(word)
    ? ok({ target: null, code: null, text: word })
    : err({ problem: "unexpected_text", given: [word, ...more].join(" ") });
};

/** `rest` is what stands on the command's line, `below` what follows until the next command. */
export const argumentsOf = (
  name: CommandName,
  rest: string,
  below: string,
  repositories: readonly string[],
): Result<CommandArguments, UsageProblem> => {
  const { grammar } = CATALOGUE[name];
  const words = rest === "" ? [] : rest.split(/[ \t]+/);
  const [first] = words;
  if (grammar.text.kind === "amount") return wordIn(words, (word) => amountOf(word) !== null);
  if (grammar.text.kind === "criterion") return wordIn(words, (word) => CRITERION.test(word));
  if (grammar.text.kind === "exit") return wordIn(words, (word) => exitOf(word) !== null);
  const takesText = grammar.text.kind !== "none";
  const all = `${rest}${below}`.trim();
  let target: CommandTarget | null = null;
  if (first !== undefined) {
    if (grammar.target === "repository_or_all" && first.toLowerCase() === "all") target = { kind: "all" };
    else if (grammar.target === "plan_or_repository" && first.toLowerCase() === "plan") target = { kind: "plan" };
    else if (grammar.target !== "none" && meansRepository(first, !takesText || all === first, repositories)) {
      target = { kind: "repository", fullName: first };
    }
  }
  if (takesText) {
    const text = target === null ? all : all.slice(first?.length ?? 0).trim();
    if (text !== "") return ok({ target, code: null, text });
    if (grammar.text.kind === "required") return err({ problem: "missing_text", given: rest });
    return ok({ target, code: null, text: null });
  }

  const left = target === null ? words : words.slice(1);
  const [word] = left;
  const code =
    grammar.code === "optional" && word !== undefined && CODE.test(word.toLowerCase()) ? word.toLowerCase() : null;
  const unexpected = code === null ? left : left.slice(1);
  return unexpected.length > 0
    ? err({ problem: "unexpected_text", given: unexpected.join(" ") })
    : ok({ target, code, text: null });
};
