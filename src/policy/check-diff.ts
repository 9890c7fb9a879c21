// The policy check of the command line: the same rules on any unified diff, as an exit code and a text.
import { readForeignDiff } from "./foreign-diff.ts";
import { judge } from "./judge.ts";
import { counted, quote } from "./rule.ts";
import type { PolicySettings } from "./settings.ts";
import type { PolicyViolation } from "./violation.ts";

/** 0: nothing blocks. 1: something does. 2: the input cannot be judged. */
export type Checked = Readonly<{ exitCode: 0 | 1 | 2; stdout: string; stderr: string }>;

/** Plain names stay readable; any other cannot take hold of the terminal. */
const shown = (path: string): string => (/^[\w./@+-]+$/.test(path) ? path : quote(path, 300));

const place = ({ path, line }: PolicyViolation): string =>
  path === null ? "the whole change" : `${shown(path)}${line === null ? "" : `:${line}`}`;

/** Judges without the base tree: collisions and links with files that the diff does not name cannot be seen. */
export const checkDiff = async (
  diff: Uint8Array,
  settings: PolicySettings,
  format: "json" | "text",
): Promise<Checked> => {
  const proposal = readForeignDiff(diff);
  if (!proposal.ok) {
    const { line, message } = proposal.error;
    return {
      exitCode: 2,
      stdout: "",
      stderr: `The diff cannot be used${line === null ? "" : `, line ${line}`}: ${message}.\n`,
    };
  }
  const { verdict, violations } = await judge(proposal.value, settings);
  const exitCode = verdict === "block" ? 1 : 0;
  if (format === "json") {
    const rows = violations.map(({ rule, severity, path, line, message }) => ({ rule, severity, path, line, message }));
    return { exitCode, stdout: `${JSON.stringify({ verdict, violations: rows })}\n`, stderr: "" };
  }
  const rows = violations.map((found) => `${found.severity}  ${found.rule}  ${place(found)}  ${found.message}\n`);
  const summary = `${verdict}: ${counted(proposal.value.files.length, "file")}, ${counted(violations.length, "finding")}\n`;
  return { exitCode, stdout: rows.join("") + summary, stderr: "" };
};
