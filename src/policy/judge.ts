// Runs every rule over a proposal and says what they found together.
import { digestOf } from "../ledger/canonical.ts";
import type { Proposal } from "./proposal.ts";
import type { Rule } from "./rule.ts";
import { agentInstructions } from "./rules/agent-instructions.ts";
import { buildScripts } from "./rules/build-scripts.ts";
import { ciFiles } from "./rules/ci-files.ts";
import { codeOwners } from "./rules/code-owners.ts";
import { dependencyChanges } from "./rules/dependency-changes.ts";
import { dependencySources } from "./rules/dependency-sources.ts";
import { editorAutomation } from "./rules/editor-automation.ts";
import { fileKind } from "./rules/file-kind.ts";
import { frozenPaths } from "./rules/frozen-paths.ts";
import { gitConfig } from "./rules/git-config.ts";
import { installScripts } from "./rules/install-scripts.ts";
import { invisibleCharacters } from "./rules/invisible-characters.ts";
import { lfsPaths } from "./rules/lfs-paths.ts";
import { licenceRemoval } from "./rules/licence-removal.ts";
import { lineEndings } from "./rules/line-endings.ts";
import { lockContents } from "./rules/lock-contents.ts";
import { lockForeignHost } from "./rules/lock-foreign-host.ts";
import { lockWithoutManifest } from "./rules/lock-without-manifest.ts";
import { lookAlikes } from "./rules/look-alikes.ts";
import { massDeletion } from "./rules/mass-deletion.ts";
import { modeChange } from "./rules/mode-change.ts";
import { newExecutable } from "./rules/new-executable.ts";
import { ownConfiguration } from "./rules/own-configuration.ts";
import { packageManagerConfig } from "./rules/package-manager-config.ts";
import { pathCollision } from "./rules/path-collision.ts";
import { secrets } from "./rules/secrets.ts";
import { sizeLimits } from "./rules/size-limits.ts";
import { symlinkedParent } from "./rules/symlinked-parent.ts";
import { testRemoval } from "./rules/test-removal.ts";
import { unsafePath } from "./rules/unsafe-path.ts";
import { RULE_NAMES, RULES, type RuleFacts, type RuleName } from "./rules.ts";
import type { PolicySettings } from "./settings.ts";
import type { PolicyViolation } from "./violation.ts";

export const IMPLEMENTATIONS: Readonly<Record<RuleName, Rule>> = {
  "unsafe-path": unsafePath,
  "path-collision": pathCollision,
  "symlinked-parent": symlinkedParent,
  "file-kind": fileKind,
  "own-configuration": ownConfiguration,
  "mode-change": modeChange,
  "new-executable": newExecutable,
  "ci-files": ciFiles,
  "code-owners": codeOwners,
  "frozen-paths": frozenPaths,
  "size-limits": sizeLimits,
  secrets,
  "invisible-characters": invisibleCharacters,
  "agent-instructions": agentInstructions,
  "package-manager-config": packageManagerConfig,
  "git-config": gitConfig,
  "editor-automation": editorAutomation,
  "lfs-paths": lfsPaths,
  "lock-without-manifest": lockWithoutManifest,
  "lock-foreign-host": lockForeignHost,
  "lock-contents": lockContents,
  "dependency-sources": dependencySources,
  "install-scripts": installScripts,
  "mass-deletion": massDeletion,
  "licence-removal": licenceRemoval,
  "dependency-changes": dependencyChanges,
  "build-scripts": buildScripts,
  "look-alikes": lookAlikes,
  "line-endings": lineEndings,
  "test-removal": testRemoval,
};

export type Verdict = "pass" | "warn" | "block";

export type Judgement = Readonly<{
  verdict: Verdict;
  violations: readonly PolicyViolation[];
  /** Rules, their versions and the settings in force, as one digest. */
  policyVersion: string;
}>;

/** So many findings of one rule are listed; how many more there are is said in one. */
const MOST_LISTED = 50;

/** Which rules judge, in which version, with which settings: equal exactly when the same is found in the same proposal. */
export const policyVersion = (
  settings: PolicySettings,
  rules: Readonly<Record<RuleName, Pick<RuleFacts, "version">>> = RULES,
): string => digestOf({ rules: RULE_NAMES.map((name) => [name, rules[name].version]), settings });

const verdictOf = (violations: readonly PolicyViolation[]): Verdict =>
  violations.some(({ severity }) => severity === "block") ? "block" : violations.length > 0 ? "warn" : "pass";

/** Every rule's findings with its severity, blocks first. */
export const judge = async (proposal: Proposal, settings: PolicySettings): Promise<Judgement> => {
  const found = await Promise.all(
    RULE_NAMES.map(async (rule) => {
      const findings = await IMPLEMENTATIONS[rule](proposal, settings);
      const severity = settings[rule];
      const violations = findings
        .slice(0, MOST_LISTED)
        .map((finding): PolicyViolation => ({ rule, severity, ...finding }));
      const more = findings.length - violations.length;
      const rest = { rule, severity, path: null, line: null, message: `And ${more} more of this rule.` };
      return more > 0 ? [...violations, rest] : violations;
    }),
  );
  const all = found.flat();
  const violations = [
    ...all.filter(({ severity }) => severity === "block"),
    ...all.filter((v) => v.severity === "warn"),
  ];
  return { verdict: verdictOf(violations), violations, policyVersion: policyVersion(settings) };
};
