// What goes back to a proposer: the rules that stop its change, or the criteria that a second role finds not met. Pure.
import { unmet } from "../artifacts/qa-report.ts";
import type { Mend } from "../context/packet.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import type { Made } from "./make-patch-set.ts";

const place = ({ path, line }: PolicyViolation): string =>
  path === null ? "" : ` at ${path}${line === null ? "" : `, line ${line}`}`;

/** Null where nothing is to be mended. Policy first: of a change that it stops, nobody is asked anything else. */
export function mendOf(
  { violations, report }: Pick<Made, "violations" | "report">,
  attempt: number,
  round: number,
): Mend | null {
  const blocks = violations.filter(({ severity }) => severity === "block");
  const problems =
    blocks.length > 0
      ? blocks.map((block) => ({
          source: `policy rule ${block.rule}, which nobody may approve away${place(block)}`,
          words: block.message,
        }))
      : unmet(report ?? { verdicts: [] }).map(({ criterion, because }) => ({
          source: `a second role, which finds ${criterion} of the plan not met`,
          words: because,
        }));
  return problems.length === 0 ? null : { attempt: blocks.length > 0 ? null : attempt, round, problems };
}
