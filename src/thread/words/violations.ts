// What the policy found, as a list: rule, where, why.
import type { PolicyViolation } from "../../policy/violation.ts";
import { codeSpan, inline } from "../defuse.ts";
import { linesWithin } from "./lists.ts";
import { count } from "./phrase.ts";

const where = ({ path, line }: PolicyViolation): string =>
  path === null ? "" : ` ${codeSpan(path)}${line === null ? "" : ` (line ${line})`}`;

export const violationLine = (violation: PolicyViolation): string =>
  `- ${violation.severity === "block" ? "**stops**" : "warns"}: ${codeSpan(violation.rule)}${where(violation)}: ${inline(violation.message)}`;

/** In a comment of which nobody approves anything. */
export const violationsWithin = (violations: readonly PolicyViolation[], most: number): string =>
  linesWithin(violations.map(violationLine), most);

export const violationList = (violations: readonly PolicyViolation[]): string =>
  violations.map(violationLine).join("\n");

export const policyVerdict = (violations: readonly PolicyViolation[]): string =>
  violations.length === 0 ? "Policy: passed." : `Policy: passed, with ${count(violations.length, "warning")}.`;
