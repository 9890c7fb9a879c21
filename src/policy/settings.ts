// The `policy` section of a configuration: severities by rule, frozen paths, limits. Everything has a default.
import { z } from "zod";
import { GlobPattern } from "./glob.ts";
import { RULE_NAMES, type RuleName } from "./rules.ts";
import { Severity } from "./violation.ts";

/** A rule that cannot be loosened accepts no other word. */
const fixed = z.literal("block").default("block");
const block = Severity.default("block");
const warn = Severity.default("warn");

const severities = {
  "unsafe-path": fixed,
  "path-collision": fixed,
  "symlinked-parent": fixed,
  "file-kind": fixed,
  "own-configuration": fixed,
  "mode-change": block,
  "new-executable": block,
  "ci-files": block,
  "code-owners": block,
  "frozen-paths": block,
  "size-limits": block,
  secrets: block,
  "invisible-characters": block,
  "agent-instructions": block,
  "package-manager-config": block,
  "git-config": block,
  "editor-automation": block,
  "lfs-paths": block,
  "lock-without-manifest": block,
  "lock-foreign-host": block,
  "lock-contents": block,
  "dependency-sources": block,
  "install-scripts": block,
  "mass-deletion": block,
  "licence-removal": block,
  "dependency-changes": warn,
  "build-scripts": warn,
  "look-alikes": warn,
  "line-endings": warn,
  "test-removal": warn,
} satisfies Record<RuleName, z.ZodType<Severity>>;

/** Upper bounds: what GitHub's diff view still shows (300 files, 20,000 lines, 500 KB a file). */
const limits = {
  max_files: z.number().int().min(1).max(300).default(50),
  /** Added and removed lines of all files together. */
  max_lines: z.number().int().min(1).max(20_000).default(2_000),
  /** UTF-8 bytes of all added and removed lines: what does not fit a check run and two comments is not reviewed. */
  max_bytes: z.number().int().min(1).max(1_000_000).default(150_000),
  /** UTF-8 bytes of one file afterwards. */
  max_file_bytes: z.number().int().min(1).max(5_000_000).default(1_000_000),
  /** Characters of one added line. */
  max_line_length: z.number().int().min(40).max(10_000).default(1_000),
  max_deleted_files: z.number().int().min(0).max(300).default(5),
  /** Removed lines that no added line makes up for, of all files together. */
  max_deleted_lines: z.number().int().min(0).max(20_000).default(500),
};

export const PolicySettings = z.strictObject({
  ...severities,
  ...limits,
  /**
   * Globs, from the repository's root: nobody changes, adds or removes what they match. A file may list 100 (config/schema.ts);
   * the union of several files, today's and those of before, holds more.
   */
  frozen: z.array(GlobPattern).max(1_000).default([]),
  /** Hosts, beside the public registries, from which lock files may bring packages. */
  registries: z
    .array(z.string().regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "a host name in lower case"))
    .max(20)
    .default([]),
});
export type PolicySettings = z.infer<typeof PolicySettings>;

export const DEFAULT_POLICY: PolicySettings = PolicySettings.parse({});

const LIMIT_NAMES = [
  "max_files",
  "max_lines",
  "max_bytes",
  "max_file_bytes",
  "max_line_length",
  "max_deleted_files",
  "max_deleted_lines",
] as const;

/** Both at once: of two severities block, of two limits the smaller, all that either freezes, hosts that both allow. */
export const stricter = (a: PolicySettings, b: PolicySettings): PolicySettings =>
  PolicySettings.parse({
    ...Object.fromEntries(RULE_NAMES.map((rule) => [rule, a[rule] === "block" ? "block" : b[rule]])),
    ...Object.fromEntries(LIMIT_NAMES.map((limit) => [limit, Math.min(a[limit], b[limit])])),
    frozen: [...new Set([...a.frozen, ...b.frozen])].sort(),
    registries: a.registries.filter((host) => b.registries.includes(host)),
  });
