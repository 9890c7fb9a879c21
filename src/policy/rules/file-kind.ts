// Only text in ordinary files can be shown, reviewed and written; everything else is refused.

import { type ProposedFile, pathsOf } from "../proposal.ts";
import type { Finding, Rule } from "../rule.ts";

const KINDS: ReadonlyMap<string, string> = new Map([
  ["100644", ""],
  ["100755", ""],
  ["120000", "a symbolic link"],
  ["160000", "a submodule"],
]);

const kindOf = (mode: string | null | undefined): string =>
  mode === null || mode === undefined ? "" : (KINDS.get(mode) ?? "neither a file nor anything else that git knows");

const problems = (
  { oldMode, newMode, content, before, after, added }: ProposedFile,
  standing: readonly (string | undefined)[],
): Omit<Finding, "path">[] => {
  const found: Omit<Finding, "path">[] = [];
  for (const kind of new Set([oldMode, newMode, ...standing].map(kindOf))) {
    if (kind !== "") found.push({ line: null, message: `This is ${kind}, not an ordinary file.` });
  }
  const zero = added.find(({ text }) => text.includes("\0"));
  if (content === "binary" || zero !== undefined || before?.includes("\0") || after?.includes("\0")) {
    found.push({ line: zero?.number ?? null, message: "The file is binary; a reviewer cannot read it." });
  }
  const invalid = content === "not_utf8" ? added.find(({ text }) => text.includes("\uFFFD")) : undefined;
  const broken = added.find(({ text }) => !text.isWellFormed()) ?? invalid;
  if (content === "not_utf8" || broken !== undefined) {
    found.push({ line: broken?.number ?? null, message: "The text is not valid UTF-8." });
  }
  return found;
};

/** What a change says of the old mode is not believed where the tree is known. */
export const fileKind: Rule = ({ files, base }) =>
  files.flatMap((file) => {
    const standing = pathsOf(file).map((path) => base?.modes.get(path));
    return problems(file, standing).map((problem) => ({ path: file.path, ...problem }));
  });
