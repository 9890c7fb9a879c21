// Credentials in added lines.
import type { ProposedFile } from "../proposal.ts";
import type { Finding, Rule } from "../rule.ts";
import { findSecrets } from "../secret-scan.ts";

/** Where the whole text is known it is scanned whole, so that a new line that completes an old one is found. */
const inFile = async ({ path, after, added }: ProposedFile): Promise<Finding[]> => {
  if (added.length === 0) return [];
  const numbers = added.map(({ number }) => number);
  const found = await findSecrets(after ?? added.map(({ text }) => text).join("\n"));
  return found.flatMap(({ from, to, kind }) => {
    const line = after === null ? numbers[from - 1] : numbers.find((number) => number >= from && number <= to);
    return line === undefined ? [] : [{ path, line, message: `The line holds ${kind}.` }];
  });
};

export const secrets: Rule = async ({ files }) => (await Promise.all(files.map(inFile))).flat();
