// The registry of policy rules: name, default severity, version, what it is for. Data only; judge.ts runs them.
import type { PolicyViolation, Severity } from "./violation.ts";

export type RuleFacts = Readonly<{
  /** What is reported when the configuration does not say otherwise. */
  severity: Severity;
  /** A fixed rule is never less than its severity: what it finds cannot be written, or not be judged by a reader. */
  fixed: boolean;
  /** Raised whenever the rule finds more, less, or something else: it is part of the policy version. */
  version: number;
  /** Whoever approves in spite of a warning must quote the code of what is approved. */
  quote: boolean;
  summary: string;
}>;

/** Where a configuration makes a warning of it, the approval has to quote the code. */
const block = (version: number, summary: string) =>
  ({ severity: "block", fixed: false, quote: true, version, summary }) as const;
const fixed = (version: number, summary: string) =>
  ({ severity: "block", fixed: true, quote: true, version, summary }) as const;
const warn = (version: number, summary: string) =>
  ({ severity: "warn", fixed: false, quote: false, version, summary }) as const;
/** A warning of something that runs: a nod is not enough. */
const warnAndQuote = (version: number, summary: string) =>
  ({ severity: "warn", fixed: false, quote: true, version, summary }) as const;

export const RULES = {
  "unsafe-path": fixed(2, "A path that leaves the repository, reaches `.git`, or means another file on some system"),
  "path-collision": fixed(2, "A path that another one hides where case or Unicode form does not count"),
  "symlinked-parent": fixed(1, "A path that goes through a symbolic link or a submodule"),
  "file-kind": fixed(2, "Binary files, invalid UTF-8, symbolic links and submodules"),
  "own-configuration": fixed(1, "The configuration that governs these very rules"),
  "mode-change": block(1, "A changed file mode"),
  "new-executable": block(1, "A new executable file"),
  "ci-files": block(2, "Workflows and other files that build servers and bots obey"),
  "code-owners": block(1, "Files that say who must review"),
  "frozen-paths": block(1, "Paths that the configuration freezes"),
  "size-limits": block(1, "More files, lines or bytes, or longer lines, than a person can review"),
  secrets: block(2, "Credentials in added lines"),
  "invisible-characters": block(
    2,
    "Bidirectional controls, characters that nobody sees, and text that blanks push out of sight",
  ),
  "agent-instructions": block(2, "Files that instruct coding agents"),
  "package-manager-config": block(2, "Files that say where packages come from and what runs at installation"),
  "git-config": block(2, "Files that change what git and its hooks do, and repositories within the repository"),
  "editor-automation": block(2, "Files that editors, shells and debuggers run when they are started here"),
  "lfs-paths": block(2, "Files that git LFS keeps elsewhere"),
  "lock-without-manifest": block(2, "A lock file that changes without the dependencies of its manifest"),
  "lock-foreign-host": block(2, "A lock file that brings packages from a host not used before"),
  "lock-contents": block(1, "A lock file whose entries name other content, or another package, than before"),
  "dependency-sources": block(4, "Dependencies from git, URLs or the file system"),
  "install-scripts": block(3, "Scripts that run when a package is installed"),
  "mass-deletion": block(2, "More deleted files or lines than a change should have"),
  "licence-removal": block(2, "A licence that is removed, renamed away or replaced"),
  "dependency-changes": warn(2, "Dependencies added, removed or changed"),
  "build-scripts": warnAndQuote(
    2,
    "Dockerfiles, makefiles, scripts of manifests and other files that run when something is built",
  ),
  "look-alikes": warn(1, "Words that mix alphabets, and signs that are drawn like others"),
  "line-endings": warn(1, "Lines that change only in how they end"),
  "test-removal": warn(2, "Tests that are removed, skipped or renamed away"),
} as const satisfies Record<string, RuleFacts>;

export type RuleName = keyof typeof RULES;

export const isRuleName = (name: string): name is RuleName => Object.hasOwn(RULES, name);
export const RULE_NAMES: readonly RuleName[] = Object.keys(RULES).filter(isRuleName);

/**
 * Whether what was found asks for an approval that quotes the code. A rule that is not known any more counts as one that
 * does: what an older version found is not forgotten.
 */
export const mustQuoteCode = (violations: readonly Pick<PolicyViolation, "rule">[]): boolean =>
  violations.some(({ rule }) => !isRuleName(rule) || RULES[rule].quote);
