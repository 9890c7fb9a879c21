// Writes what the documentation says of configuration, commands and policy, from schema, catalogue and rules; with --check it only tells
// whether that is stale.
import { readFile, writeFile } from "node:fs/promises";
import { commandTable } from "../src/commands/reference.ts";
import { configJsonSchema, configTable } from "../src/config/reference.ts";
import { CONFIG_PATH } from "../src/config/schema.ts";
import { policyReference } from "../src/policy/documentation.ts";
import { RULE_NAMES } from "../src/policy/rules.ts";

const page = `# Configuration

A repository says how its deliveries go in \`${CONFIG_PATH}\`, on its default branch. Everything has a default, so the file may
be missing. An unknown key or value is refused, with its line, and nothing starts until it is repaired. What is in force is the
file as it stands on the default branch now: a pull request changes nothing until it is merged.

Editors complete and check the file with [the schema](countersign.schema.json):

\`\`\`yaml
# yaml-language-server: $schema=./countersign.schema.json
label: countersign
exit_phase: verify
approvers: [octocat, acme/maintainers]
approvals:
  review: 2
policy:
  frozen: [migrations/**]
\`\`\`

An operator may bound what repositories loosen with a file of the same form, named by \`COUNTERSIGN_CEILING\`. Of the two the stricter
counts, key by key, for the keys that the ceiling sets. Who may approve, labels and command names are no matter of strictness:
a ceiling that sets one of them is refused.

Durations are a number with \`s\`, \`m\`, \`h\` or \`d\`, or ISO 8601 without months and years.

<!-- This page is generated: npm run generate -->

${configTable()}
`;

const commands = `# Commands

A command stands in a new comment on the issue of a delivery, or on a pull request that the delivery opened, at the start of a line:
outside quotes, lists, tables, headings, code and HTML, and never below a quoted mail. Edited comments and comments of bots do not count.
Text that a command does not take is an error, and changes nothing. Several commands in one comment are followed together or, when
they contradict one another, not at all.

\`/approve\` and \`/reject\` are buttons on the check runs too. An approval counts for what was shown when its comment was written; with
the code of a version it counts for exactly that one. Where policy warns of what runs outside the checks, or \`approvals.code\` is \`required\`, nothing
less than the code counts; for the former there is no button. With \`approvals.ttl\`, what was shown too long ago is shown again first. Approvers need write access as well as a place on the list of \`${CONFIG_PATH}\`, both at the
moment when the command is read and again when something is written.

A review that an approver submits with *Request changes* on a pull request that the delivery opened is \`/revise\` for that repository: its words
and its comments on lines are the feedback ([why](decisions/reviews.md)). Nothing else in a review is a command.

Where another bot listens to the same words, \`commands.prefix: cs\` makes it \`/cs approve\`.

<!-- This page is generated: npm run generate -->

${commandTable()}
`;

const policy = `# Policy

Every proposed change is judged by the rules below before anybody is asked to approve it, and again by the rules of that day before it
is written. Rules are code, one file each in \`src/policy/rules/\`; none asks a model. What a rule *blocks* nobody can approve; what it
*warns* of stands in the comment that asks for the approval.

## Settings

\`policy\` in \`${CONFIG_PATH}\` sets a rule to \`warn\` or \`block\`, the limits, the frozen paths and the known registries, each with
its default in [configuration.md](configuration.md). An unknown rule or value is refused with its line. A fixed rule takes no other word than
\`block\`. The operator's ceiling bounds all of it, and of several repositories' settings the stricter ones count.

A renamed file is judged under both names. Where a list of patterns matches, case, Unicode form and look-alike letters make no difference.
A warning of what runs elsewhere, and of any rule that blocks by default, takes an approval that quotes the code of the version.

The policy version, a digest over the rules' versions and the settings, is part of what is approved.

## By hand

    git diff main | npm run -s countersign -- policy check --diff - [--config FILE] [--ceiling FILE] [--json]

judges any unified diff by the same rules. Exit codes: 0 nothing blocks, 1 something does, 2 the input cannot be used (the reason is one line).
The JSON is \`{"verdict": "pass|warn|block", "violations": [{"rule", "severity", "path", "line", "message"}]}\`.

Git's format with renames, copies, modes and binary files is read, and that of \`diff -u\`; a diff that two readers would read differently is
refused: truncated or combined diffs, headers that name another file than the hunks, words between files. A diff does not show the tree around it, nor the
whole of a changed file. So collisions and links that it does not name are not seen, and of a changed manifest only the changed lines are read.

## What no rule sees

A rule knows patterns, not intentions. Code that does harm in plain letters, a secret that was cut or encrypted, a dependency that turned bad at its registry:
these are for the people who read the diff. Nothing is resolved, fetched or run to find them.

## The ${RULE_NAMES.length} rules

<!-- This page is generated: npm run generate -->

${policyReference()}
`;

const schema = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;

const outputs = [
  { file: new URL("../docs/configuration.md", import.meta.url), content: page },
  { file: new URL("../docs/commands.md", import.meta.url), content: commands },
  { file: new URL("../docs/policy.md", import.meta.url), content: policy },
  { file: new URL("../docs/countersign.schema.json", import.meta.url), content: schema },
];

const stale: string[] = [];
for (const { file, content } of outputs) {
  const standing = await readFile(file, "utf8").catch(() => null);
  if (standing === content) continue;
  stale.push(file.pathname);
  if (!process.argv.includes("--check")) await writeFile(file, content);
}
if (process.argv.includes("--check") && stale.length > 0) {
  process.stderr.write(`stale, generate again: ${stale.join(", ")}\n`);
  process.exitCode = 1;
}
