// What the planner must bring: the artifact that G1 judges, a human reads, and every later step works from.
import { z } from "zod";

/** Strict structured outputs know no optional fields: what may be missing is null. */
export const PlanTask = z.object({
  id: z.string().regex(/^T[1-9][0-9]?$/),
  title: z.string().min(1).max(200),
  /** owner/name of one of the delivery's repositories. */
  repository: z.string().min(3).max(200),
  files: z.array(z.string().min(1).max(500)).max(50),
  description: z.string().min(1).max(4000),
  dependsOn: z.array(z.string()).max(20),
});
export type PlanTask = z.infer<typeof PlanTask>;

export const Criterion = z.object({
  id: z.string().regex(/^AC-[1-9][0-9]?$/),
  text: z.string().min(1).max(500),
  /** How it will be checked: a test, a check, a look. */
  check: z.string().min(1).max(500),
});
export type Criterion = z.infer<typeof Criterion>;

export const PlanQuestion = z.object({ text: z.string().min(1).max(1000), changesPlan: z.boolean() });

export const PlanDocument = z.object({
  title: z.string().min(1).max(120),
  cause: z.string().min(1).max(1500),
  change: z.string().min(1).max(1500),
  /** "about 3 files, 40 lines" */
  size: z.string().min(1).max(200),
  scope: z.array(z.string().min(1).max(500)).min(1).max(20),
  nonGoals: z.array(z.string().min(1).max(500)).max(20),
  architecture: z.string().min(1).max(6000),
  /** Mermaid source when structure changes, else null. */
  diagram: z.string().max(4000).nullable(),
  tasks: z.array(PlanTask).min(1).max(20),
  criteria: z.array(Criterion).min(1).max(20),
  qualityGates: z.array(z.string().min(1).max(500)).max(20),
  risks: z.array(z.string().min(1).max(500)).max(20),
  questions: z.array(PlanQuestion).max(10),
});
export type PlanDocument = z.infer<typeof PlanDocument>;
