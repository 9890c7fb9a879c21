// The first line of a gate comment that is not open any more.
import type { Instant } from "../../instant.ts";
import { unreachable } from "../../result.ts";
import { joinWords, moment, person } from "../words/phrase.ts";
import type { Approvals, GateLife } from "./gate-life.ts";

type Closed = Exclude<GateLife, { kind: "open" }>;

const OVER = "Commands here no longer apply.";

/** "`octocat`, 21 Nov 10:02 UTC, and `mona`, 21 Nov 10:05 UTC" */
export const approvedBy = (by: Approvals): string =>
  joinWords(
    by.map(({ login, at }) => `${person(login)}, ${moment(at)}${by.length > 1 ? "," : ""}`),
    "and",
  ).replace(/,$/, "");

const byWhom = ({ by, at }: Readonly<{ by: string | null; at: Instant | null }>): string =>
  `${by === null ? "" : ` by ${person(by)}`}${at === null ? "" : `, ${moment(at)}`}.`;

/**
 * `replacement` links the newest version; `follows` says what an approval set going, `again` what a revision did.
 */
export const lifeLine = (
  life: Closed,
  words: Readonly<{ replacement: string; follows: string; again: string }>,
): string => {
  switch (life.kind) {
    case "approved":
      return life.by.length === 0
        ? `**Approved.** ${words.follows}`
        : `**Approved** by ${approvedBy(life.by)}. ${words.follows}`;
    case "rejected":
      return `**Turned down**${byWhom(life)} ${OVER}`;
    case "revised":
      return `**Sent back**${byWhom(life)} ${words.again} ${OVER}`;
    case "canceled":
      return `**Canceled**${byWhom(life)} ${OVER}`;
    case "closed":
      return "**Not open now.** Commands here do not apply at the moment.";
    case "replaced":
      return `**Replaced** by ${words.replacement}. ${OVER}`;
    default:
      return unreachable(life);
  }
};
