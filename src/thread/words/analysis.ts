// Why checks are red, as the analyst says, in words: under the note of a delivery that waits for people, and over a proposed fix.
import { codeSpan, inline } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import type { PatchSetView } from "../proposal-view.ts";
import { blocks } from "./phrase.ts";

type Analysis = NonNullable<DeliveryView["analysis"]>;
type Document = NonNullable<Analysis["document"]>;

const WORDS: Readonly<Record<Document["remedy"], string>> = {
  change: "The model proposes a change",
  rerun: "The model finds nothing to change: the checks were unlucky, or their machinery failed",
  unclear: "The model cannot tell from what the checks say",
};

const lines = ({ evidence }: Document): string =>
  evidence.map(({ check, line }) => `- ${codeSpan(check)}: ${codeSpan(line)}`).join("\n");

const told = (document: Document): string =>
  blocks(
    `**Why, as a model reads it** (an opinion, not a proof): ${inline(document.cause)}`,
    document.evidence.length === 0 ? null : lines(document),
    `${WORDS[document.remedy]}. What would mend it: ${inline(document.wouldFix)}`,
  );

/** For a delivery that stopped at red checks; null where nobody was asked. */
export const analysisOfRed = (view: DeliveryView): string | null => {
  const { analysis } = view;
  if (analysis === undefined || analysis.attempt !== view.state.attempt) return null;
  if (analysis.document !== null) return told(analysis.document);
  return `No analysis was made of it: ${inline(analysis.why ?? "no usable answer came")}`;
};

/** For a patch set that is to mend red checks: the commit that it stands on is the one that was analysed. */
export const mends = (view: DeliveryView, { repoId, text }: PatchSetView): string | null => {
  const { analysis } = view;
  const isOfIt = analysis?.pulls.some((pull) => pull.repoId === repoId && pull.head === text.parentSha) === true;
  if (!isOfIt || analysis?.document?.remedy !== "change") return null;
  return told(analysis.document);
};

/** Whether red checks are being analysed now. */
export const isAnalysing = (view: DeliveryView): boolean =>
  view.state.phase === "verify" &&
  view.state.runStatus === "running" &&
  view.state.fixesLeft > 0 &&
  (view.checks ?? []).some(({ meaning }) => meaning === "failed");
