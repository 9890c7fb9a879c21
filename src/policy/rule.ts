// What a rule is: a pure function from a proposal to findings. Its name and severity stand in rules.ts.
import type { Proposal } from "./proposal.ts";
import type { PolicySettings } from "./settings.ts";

export type Finding = Readonly<{
  path: string | null;
  /** In the file afterwards; null where no line is meant. */
  line: number | null;
  /** One sentence. What it quotes of the proposal goes through `quote`; a secret is never quoted. */
  message: string;
}>;

export type Rule = (proposal: Proposal, settings: PolicySettings) => readonly Finding[] | Promise<readonly Finding[]>;

/** Untrusted text within a message: short, in quotes, with every character that is not plainly visible escaped. */
export const quote = (text: string, longest = 80): string => {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return JSON.stringify(cut).replace(
    /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
};

/** `1 file`, `2 files`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
