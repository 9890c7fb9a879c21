// Asks one rule, by its name in the registry, and reports as the whole policy does. That both agree: judge.test.ts.
import { expect, it } from "vitest";
import type { FileChange } from "../../src/patches/patch-set.ts";
import { IMPLEMENTATIONS } from "../../src/policy/judge.ts";
import { type BaseTree, type Proposal, proposalOf } from "../../src/policy/proposal.ts";
import type { RuleName } from "../../src/policy/rules.ts";
import { PolicySettings } from "../../src/policy/settings.ts";
import type { PolicyViolation } from "../../src/policy/violation.ts";
import { fileChange } from "../patches/file-changes.ts";

type Settings = Parameters<typeof PolicySettings.parse>[0];

export const foundIn = async (
  rule: RuleName,
  proposal: Proposal,
  settings: Settings = {},
): Promise<PolicyViolation[]> =>
  (await IMPLEMENTATIONS[rule](proposal, PolicySettings.parse(settings))).map((found) => ({
    rule,
    severity: PolicySettings.parse(settings)[rule],
    ...found,
  }));

export const found = (
  rule: RuleName,
  changes: FileChange | FileChange[],
  settings: Settings = {},
  base: BaseTree | null = null,
): Promise<PolicyViolation[]> =>
  foundIn(rule, proposalOf(Array.isArray(changes) ? changes : [changes], base), settings);

/** A tree of ordinary files, beside what else is given. */
export const tree = (
  paths: readonly string[],
  more: Record<string, string> = {},
  attributes: Record<string, string> = {},
): BaseTree => ({
  modes: new Map([...paths.map((path) => [path, "100644"] as const), ...Object.entries(more)]),
  attributes: new Map(Object.entries(attributes)),
});

export const created = (path: string, after = "x\n") => fileChange(path, { after });
export const changed = (path: string, before: string, after: string) => fileChange(path, { before, after });
export const deleted = (path: string, before = "x\n") => fileChange(path, { before });
export const renamed = (previousPath: string, path: string, before = "x\n", after = before) =>
  fileChange(path, { previousPath, before, after });

/** A rule that is a list of paths: what is on it may not be created, changed, removed, or moved to or from. */
export const listsPaths = (
  rule: RuleName,
  severity: "warn" | "block",
  on: readonly string[],
  off: readonly string[],
): void => {
  it.each(on)("finds %j, however it is touched", async (path) => {
    const at = (line: number | null) => [{ rule, severity, path, line }];
    expect(await found(rule, created(path))).toMatchObject(at(1));
    expect(await found(rule, changed(path, "a\nb\n", "a\nc\n"))).toMatchObject(at(2));
    expect(await found(rule, deleted(path))).toMatchObject(at(null));
    expect(await found(rule, renamed(path, "elsewhere.txt"))).toMatchObject(at(null));
    expect(await found(rule, renamed("elsewhere.txt", path))).toMatchObject(at(null));
  });

  it.each(off)("leaves %j alone", async (path) => {
    expect(await found(rule, [created(path), changed(path, "a\n", "b\n"), deleted(path)])).toEqual([]);
  });
};
