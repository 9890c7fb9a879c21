// What a summariser must bring: what a delivery changed, for those who read its end and were not there.
import { z } from "zod";

export const SummaryDocument = z.object({ summary: z.string().min(1).max(400) });
export type SummaryDocument = z.infer<typeof SummaryDocument>;

/** What is kept of it; null where none came, and the plan's own sentence stands. */
export const Summary = z.object({ words: z.string().nullable() });
export type Summary = z.infer<typeof Summary>;

const MOST_SENTENCES = 3;

/** What a schema cannot say; null where nothing is wrong. Abbreviations end no sentence, so one more than two is let pass. */
export const summaryProblem = ({ summary }: SummaryDocument): string | null => {
  const text = summary.trim();
  if (text === "") return "The summary is empty.";
  if (text.includes("\n")) return "The summary has more than one line.";
  const sentences = text.split(/[.!?](?:\s|$)/).filter((one) => one.trim() !== "").length;
  return sentences > MOST_SENTENCES ? "The summary has more than two sentences." : null;
};
