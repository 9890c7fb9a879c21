// `countersign context show`: what a briefing would show of a local checkout for an issue, by the app's own choice.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { parseCeiling, withinCeiling } from "../../config/ceiling.ts";
import { parseConfig } from "../../config/parse.ts";
import { CONFIG_PATH } from "../../config/schema.ts";
import { textOf } from "../../context/blob-store.ts";
import { compared } from "../../context/candidates.ts";
import { type ChosenIn, chooseIn, FILE_BUDGET } from "../../context/choose-in.ts";
import type { Question } from "../../context/retrieval/question.ts";
import { rulesOf } from "../../context/shown-by-rules.ts";
import { shownProse } from "../../context/shown-text.ts";
import { showHidden } from "../../hidden-characters.ts";
import { digestOf } from "../../ledger/canonical.ts";
import { err, ok, type Result } from "../../result.ts";
import { type Checkout, readCheckout } from "./checkout.ts";
import { type CliOutcome, printed, unusable } from "./outcome.ts";

const MOST_BUDGET = 10_000_000;

const Issue = z.object({ title: z.string().default(""), body: z.string().nullable().default("") });

/** JSON as GitHub's API has it, or text: its first line is the title, with or without the marks of a heading. */
const issueIn = (text: string): Question => {
  try {
    const issue = Issue.safeParse(JSON.parse(text));
    if (issue.success) return { title: issue.data.title, body: issue.data.body ?? "" };
  } catch {
    // Text, then.
  }
  const [title = "", ...body] = text.trim().split("\n");
  return { title: title.replace(/^#{1,6}\s+/, ""), body: body.join("\n") };
};

const budgetOf = (text: string | null): number | null => {
  if (text === null) return FILE_BUDGET;
  const budget = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return budget >= 1 && budget <= MOST_BUDGET ? budget : null;
};

const rulesIn = ({ entries, bytes }: Checkout, ceiling: string | null): Result<ReturnType<typeof rulesOf>, string> => {
  const sha = entries.find(({ path, mode }) => path === CONFIG_PATH && mode !== "120000")?.sha;
  const content = sha === undefined ? undefined : bytes.get(sha);
  const config = parseConfig(content === undefined ? "" : (textOf(content) ?? "\0"));
  const bound = parseCeiling(ceiling ?? "");
  if (!config.ok) return err(`${CONFIG_PATH} cannot be used, so what may be shown is not known: try config check`);
  if (!bound.ok) return err("the ceiling cannot be used");
  return ok(rulesOf(withinCeiling(config.value, bound.value).config, []));
};

const asJson = ({ files, tokens }: ChosenIn): string =>
  JSON.stringify({
    files: files.map(({ path, ranges, reason, tokens: own }) => ({
      path,
      ranges: ranges.map(({ from, to }) => [from, to]),
      reason,
      tokens: own,
    })),
    tokens,
    // What a model would be given, by the names of the blobs.
    hash: digestOf(files),
  });

const asText = ({ files, tokens }: ChosenIn, budget: number): string =>
  [
    ...files.map(({ path, ranges, reason, whole, tokens: own }) => {
      const lines = whole ? "whole" : `lines ${ranges.map(({ from, to }) => `${from}-${to}`).join(", ")}`;
      // A path is somebody's words: nothing in it may take hold of the terminal.
      return `${String(own).padStart(7)}  ${reason.padEnd(16)}  ${showHidden(path.replaceAll("\n", "\u240A"))}  ${lines}`;
    }),
    `${files.length} files, ${tokens} of ${budget} tokens`,
  ].join("\n");

export type ContextOptions = Readonly<{
  repo: string;
  issue: string;
  budget: string | null;
  ceiling: string | null;
  format: "json" | "text";
}>;

export async function showContext(options: ContextOptions): Promise<CliOutcome> {
  const budget = budgetOf(options.budget);
  if (budget === null) return unusable(`--budget must be a whole number of tokens from 1 to ${MOST_BUDGET}`);
  const issue = await readFile(options.issue, "utf8").catch(() => null);
  if (issue === null) return unusable(`${options.issue}: cannot be read`);
  if (issue.trim() === "") return unusable(`${options.issue}: is empty; its first line is the title of the issue`);
  const ceiling = options.ceiling === null ? null : await readFile(options.ceiling, "utf8").catch(() => undefined);
  if (ceiling === undefined) return unusable(`${options.ceiling}: cannot be read`);
  const checkout = await readCheckout(options.repo);
  if (!checkout.ok) return unusable(checkout.error);
  const rules = rulesIn(checkout.value, ceiling);
  if (!rules.ok) return unusable(rules.error);

  const asked = issueIn(issue);
  const question = { title: (await shownProse(asked.title)).text, body: (await shownProse(asked.body)).text };
  const { entries, bytes } = checkout.value;
  const candidates = compared(entries, rules.value.forbidden, question, []).flatMap(({ path, sha }) => {
    const content = bytes.get(sha);
    const text = content === undefined ? null : textOf(content);
    return text === null ? [] : [{ path, sha, text }];
  });
  const { doctrine } = rules.value;
  const nothing = async (): Promise<void> => {};
  const chosen = await chooseIn({ candidates, doctrine }, { question, required: [], budget, pause: nothing });
  return printed(`${options.format === "json" ? asJson(chosen) : asText(chosen, budget)}\n`);
}
