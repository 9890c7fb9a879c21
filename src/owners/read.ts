// Reads a repository's CODEOWNERS as it stands now, where GitHub looks for it: the default branch, never a pull request.
import type { Reading } from "../github/reading.ts";
import type { RepoId } from "../ids.ts";
import { MOST_BYTES, parseCodeOwners, type Rule } from "./parse.ts";

/** In this order, and only the first that is there. */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

export type OwnersPort = Pick<Reading, "repository" | "branchHead" | "textAt">;

export type OwnersReading =
  /** No file: nobody owns anything. */
  | Readonly<{ kind: "rules"; rules: readonly Rule[] }>
  /** The end of a sentence that begins with the name of the repository, or of the file. */
  | Readonly<{ kind: "unusable"; file: string | null; problem: string }>;

const unusable = (file: string | null, problem: string): OwnersReading => ({ kind: "unusable", file, problem });

const MOST_LINES_NAMED = 5;

const inLines = (lines: readonly number[]): string => {
  const named = lines.slice(0, MOST_LINES_NAMED).join(", ");
  const more = lines.length > MOST_LINES_NAMED ? ` and ${lines.length - MOST_LINES_NAMED} more` : "";
  return `${lines.length === 1 ? "line" : "lines"} ${named}${more} cannot be understood`;
};

/** Throws GitHubError where trying again may tell. */
export const readCodeOwners = async (github: OwnersPort, repo: RepoId): Promise<OwnersReading> => {
  const facts = await github.repository(repo);
  const commit = facts === null ? null : await github.branchHead(repo, facts.defaultBranch);
  if (commit === null) return unusable(null, "the repository, or its default branch, is gone");
  for (const file of PLACES) {
    const found = await github.textAt(repo, file, commit);
    if (found.kind === "absent") continue;
    if (found.kind === "unreadable") return unusable(file, "is no text file");
    if (Buffer.byteLength(found.text) > MOST_BYTES) return unusable(file, "is larger than the 3 MB that GitHub reads");
    const parsed = parseCodeOwners(found.text);
    return parsed.ok ? { kind: "rules", rules: parsed.value } : unusable(file, inLines(parsed.error));
  }
  return { kind: "rules", rules: [] };
};
