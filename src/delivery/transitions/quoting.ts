// Whether the words or the click of a person mean exactly one version: by its code, or by what was visible when they were given.
import { unreachable } from "../../result.ts";
import { standsFor } from "../code.ts";
import type { Delivery } from "../delivery.ts";
import type { ApprovalOrigin, AskOf } from "../event.ts";
import type { CodeReason, Refusal } from "../refusal.ts";
import { codeIn, type PlacedSubject } from "../subjects.ts";

type Approve = Pick<AskOf<"approve">, "code" | "codeRequired" | "ttl">;

const newestRetired = (d: Delivery, code: string) => d.retired.findLast(({ digest }) => standsFor(code, digest));

/** A code that nothing open has. `shownCode`: of what can be approved instead. */
export const wrongCode = (d: Delivery, given: string, shownCode: string | null): Refusal => {
  const retired = newestRetired(d, given);
  if (retired === undefined) return { code: "unknown_code", given };
  switch (retired.as) {
    case "rejected":
      return { code: "rejected_code", given, shownCode };
    case "replaced":
      return { code: "superseded_code", given, shownCode };
    default:
      return unreachable(retired.as);
  }
};

/** Where nothing is open: still, a code of what is over has its own answer. Null for all others. */
export const ofTheRetired = (d: Delivery, given: string | null): Refusal | null =>
  given === null || newestRetired(d, given) === undefined ? null : wrongCode(d, given, null);

/** Why only the code itself will do. */
const demand = ({ ref, subject }: PlacedSubject, { codeRequired }: Approve): CodeReason | null => {
  if (ref.kind === "head") return "head";
  if ("quote" in subject && subject.quote === true) return "warning";
  return codeRequired ? "configured" : null;
};

/** Null when this, said so, means exactly this version. That enough of it was shown lately enough is judged by the caller. */
export const misunderstood = (
  d: Delivery,
  each: PlacedSubject,
  ask: Approve,
  origin: ApprovalOrigin,
): Refusal | null => {
  const { repoId, subject } = each;
  const { version, digest, shown } = subject;
  const shownCode = codeIn(d, digest);
  const stale: Refusal = { code: "stale", shownVersion: version, shownCode, repoId };
  const because = demand(each, ask);
  const given = ask.code !== null && standsFor(ask.code, digest) ? ask.code : null;
  // A code that an earlier version had too does not tell which of them was looked at.
  const isOfTwo = given !== null && newestRetired(d, given) !== undefined;
  const quoted = given !== null && !isOfTwo;
  if (isOfTwo && (origin.kind === "button" || because === "head")) return wrongCode(d, given, shownCode);
  if (origin.kind === "button") {
    // A button carries its code by itself: whoever is warned has to type it.
    if (!quoted || because === "warning") return { code: "code_required", shownCode, because: because ?? "configured" };
    // A click tells no time: its webhook may come, or come once more, long after what was clicked on had to be shown again.
    return subject.again !== undefined || (shown !== null && origin.clickedAt < shown.at) ? stale : null;
  }
  if (given === null && because !== null) return { code: "code_required", shownCode, because };
  // A code stands for its version whenever it was written, but where the version had to be shown again, or approvals are as old as it.
  const counts = subject.again === undefined && ask.ttl === undefined;
  if (quoted && (shown === null || counts)) return null;
  if (shown === null) return { code: "still_publishing" };
  // GitHub's clock has whole seconds; within one, ids of comments tell what came first.
  return origin.writtenAt >= shown.at && origin.commentId > shown.commentId ? null : stale;
};
