// A finding of a policy rule.
import { z } from "zod";

export const Severity = z.enum(["warn", "block"]);
export type Severity = z.infer<typeof Severity>;

export const PolicyViolation = z.object({
  rule: z.string(),
  severity: Severity,
  path: z.string().nullable(),
  line: z.number().int().positive().nullable(),
  message: z.string(),
});
export type PolicyViolation = z.infer<typeof PolicyViolation>;
