// By what a version is decided: by a button, by a comment alone, or by its code where policy warns of what a nod is not enough for.
import { subjectsIn } from "../../delivery/subjects.ts";
import { mustQuoteCode } from "../../policy/rules.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import type { PatchSetView } from "../proposal-view.ts";
import { command } from "../words/commands.ts";
import { joinWords } from "../words/phrase.ts";

/** Whether the version that stands open under this digest asks for its code. */
const isByCode = (view: DeliveryView, digest: PatchSetView["digest"]): boolean =>
  view.state.targets.some(({ patchSet }) => patchSet?.digest === digest && patchSet.quote === true);

/** What is shown again, or asks for its code, has no button to approve it. */
export const decidedBy = (view: DeliveryView, digest: PatchSetView["digest"]): "comment" | "code" | "button" => {
  const shown = subjectsIn(view.state).find(({ subject }) => subject.digest === digest);
  if (shown?.subject.again !== undefined) return "comment";
  return isByCode(view, digest) ? "code" : "button";
};

const isAnyByCode = ({ state }: DeliveryView): boolean =>
  state.targets.some(({ patchSet }) => patchSet !== null && !patchSet.approved && patchSet.quote === true);

/** Null where a plain approval will do. */
export const byCode = (view: DeliveryView, { digest, violations }: PatchSetView): string | null => {
  if (!isByCode(view, digest)) return null;
  const rules = [...new Set(violations.filter((one) => mustQuoteCode([one])).map(({ rule }) => codeSpan(rule)))];
  const warned =
    rules.length === 0 ? "Policy warns" : `${joinWords(rules, "and")} ${rules.length === 1 ? "warns" : "warn"}`;
  return `${warned} of something that runs where no check has looked. So this is approved by its code, in a comment: ${command(view.settings.prefix, "approve")} alone does not count, and there is no button for it.`;
};

/** What approves every open patch set at once; null where one of them asks for its own code. */
export const approveAll = (view: DeliveryView): string | null =>
  isAnyByCode(view) ? null : `${command(view.settings.prefix, "approve all")} approves every open patch set.`;
