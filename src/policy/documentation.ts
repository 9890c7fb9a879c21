// The page about the rules, made of their facts and references, so that it says what the code does.
import { type Example, REFERENCE } from "./reference.ts";
import { quote } from "./rule.ts";
import { AGENT_FILES } from "./rules/agent-instructions.ts";
import { BUILD_FILES } from "./rules/build-scripts.ts";
import { CI_FILES } from "./rules/ci-files.ts";
import { EDITOR_FILES } from "./rules/editor-automation.ts";
import { GIT_FILES } from "./rules/git-config.ts";
import { PACKAGE_MANAGER_FILES } from "./rules/package-manager-config.ts";
import { RULE_NAMES, RULES, type RuleName } from "./rules.ts";

const LISTS: Readonly<Partial<Record<RuleName, readonly string[]>>> = {
  "ci-files": CI_FILES,
  "agent-instructions": AGENT_FILES,
  "package-manager-config": PACKAGE_MANAGER_FILES,
  "git-config": GIT_FILES,
  "editor-automation": EDITOR_FILES,
  "build-scripts": BUILD_FILES,
};

const LONGEST = 70;
const code = (text: string): string => `\`${quote(text, LONGEST).slice(1, -1).replaceAll('\\"', '"')}\``;

/** The change as a sentence. */
const exampleOf = ({ path, from, before, after, mode }: Example): string => {
  const name = from === undefined ? code(path) : `${code(from)} renamed to ${code(path)}`;
  const executable = mode === undefined ? "" : `, mode ${mode}`;
  if (after === undefined) return `${name} deleted`;
  if (before === undefined) return `new ${name}: ${code(after)}${executable}`;
  return before === after ? `${name}${executable}` : `${name}: ${code(before)} becomes ${code(after)}`;
};

const standing = (rule: RuleName): string => {
  const { severity, fixed, quote: quoted } = RULES[rule];
  const loosened = fixed
    ? "cannot be loosened"
    : severity === "block"
      ? "may be loosened to `warn`"
      : "may be tightened to `block`";
  const asks = quoted && !fixed ? "; approving a warning takes the code" : "";
  return `\`${severity}\`, ${loosened}${asks}. Version ${RULES[rule].version}.`;
};

const sectionOf = (rule: RuleName): string => {
  const list = LISTS[rule];
  return [
    `### ${rule}`,
    "",
    `${RULES[rule].summary}. ${standing(rule)}`,
    "",
    REFERENCE[rule].catches,
    "",
    `Example: ${exampleOf(REFERENCE[rule].example)}.`,
    ...(list === undefined
      ? []
      : [
          "",
          `<details><summary>Patterns, ${list.length}</summary>`,
          "",
          list.map((one) => `\`${one}\``).join(" "),
          "",
          "</details>",
        ]),
  ].join("\n");
};

export const policyReference = (): string => RULE_NAMES.map(sectionOf).join("\n\n");
