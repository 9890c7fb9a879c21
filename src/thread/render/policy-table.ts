// What the policy found, as a table of three columns for a check run's summary: rule, what it says, where.
import type { PolicyViolation } from "../../policy/violation.ts";
import { codeSpan, inline } from "../defuse.ts";
import { blocks, count } from "../words/phrase.ts";
import { policyVerdict } from "../words/violations.ts";
import { sizeOf } from "./layout.ts";

/** A summary has room for as much beside what else stands in it. */
const LONGEST = 30_000;

/** A pipe would end the cell, in a code span too; so would a line's end. */
const cell = (text: string): string => text.replaceAll("|", "¦").replaceAll(/\s*\n\s*/g, " ");

const row = ({ rule, message, path, line }: PolicyViolation): string => {
  const where = path === null ? "" : `${codeSpan(path)}${line === null ? "" : `, line ${line}`}`;
  return `| ${cell(codeSpan(rule))} | ${cell(inline(message))} | ${cell(where)} |`;
};

/** The verdict in a sentence, and what it stands on where there is something. Rows that do not fit are counted. */
export const policyTable = (violations: readonly PolicyViolation[]): string => {
  const rows: string[] = [];
  let used = 0;
  for (const each of violations.map(row)) {
    used += sizeOf(each) + 1;
    if (used > LONGEST) break;
    rows.push(each);
  }
  const left = violations.length - rows.length;
  const table = ["| rule | what it warns of | where |", "| --- | --- | --- |", ...rows].join("\n");
  return blocks(
    policyVerdict(violations),
    rows.length === 0 ? null : table,
    left === 0 ? null : `${count(left, "more warning")} stand in the comment.`,
  );
};
