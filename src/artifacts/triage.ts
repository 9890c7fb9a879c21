// What triage must bring: a decision with its reasons. G0's rule, not the model, turns it into a state.
import { z } from "zod";

export const TriageDocument = z.object({
  decision: z.enum(["GO", "NO_GO", "DEFER"]),
  reasons: z.array(z.string().min(1).max(500)).min(1).max(10),
});
export type TriageDocument = z.infer<typeof TriageDocument>;
