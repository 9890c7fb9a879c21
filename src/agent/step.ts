// What a run was told to do, as a value: who answers, by which prompt, judged how strictly, how many times, and with which looks.
import { z } from "zod";
import { EFFORTS } from "./engine.ts";

/**
 * How an answer is judged before it is kept. `skip`: by its schema alone. `light`: by the role's own rules as well. `full`: and
 * another role judges it, which is the job's to arrange.
 */
export const QA_POLICIES = ["skip", "light", "full"] as const;

/** What a new iteration begins without: the answers that were broken, or nothing at all. What was looked at always stays. */
export const RESETS = ["broken_answers", "nothing"] as const;

export const LoopPolicy = z.object({
  /** Answers in all: the first, and those that mend it. */
  maxIterations: z.int().min(1).max(20),
  resets: z.enum(RESETS),
});
export type LoopPolicy = z.infer<typeof LoopPolicy>;

/** How far a role may look: calls of tools, and bytes of what they answer, in one run. */
export const LookBounds = z.object({ calls: z.int().min(1).max(100), bytes: z.int().min(1_000).max(1_000_000) });
export type LookBounds = z.infer<typeof LookBounds>;

export const StepSpec = z.object({
  role: z.string(),
  engine: z.string(),
  model: z.string(),
  effort: z.enum(EFFORTS).nullable(),
  prompt: z.object({ version: z.string(), schema: z.string() }),
  qa: z.enum(QA_POLICIES),
  loop: LoopPolicy,
  look: LookBounds.nullable(),
  maxOutputTokens: z.int().positive(),
  /** Of one call of the model. */
  timeoutMs: z.int().positive(),
});
export type StepSpec = Readonly<z.infer<typeof StepSpec>>;

/** "At most two repair attempts": the first answer and two more. */
export const THREE_ANSWERS: LoopPolicy = { maxIterations: 3, resets: "broken_answers" };
