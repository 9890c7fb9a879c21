// Why a delivery failed, is blocked, or ended: a closed union, so that every reason has words and a way on.
import { z } from "zod";

export const FAILED_REASONS = [
  "rejected",
  "deadline",
  "expired",
  "effect_dead",
  "plan_incomplete",
  "model_unusable",
  "ci_red",
  "regressed",
  "rollback_ended",
] as const;

export const BLOCKED_REASONS = [
  "no_go",
  "defer",
  "questions",
  "policy",
  "qa_failed",
  "revisions_spent",
  "budget",
  "endpoint",
  "injection",
  "write_refused",
  "no_checks",
  "unproven",
  "unapproved_head",
  "pr_closed",
  "retargeted",
  "merged_unapproved",
  "merged_unproven",
  "not_ready",
  "partial_merge",
  "rolling_back",
] as const;

export const CANCELED_REASONS = ["by_command", "source_gone"] as const;

/** How a delivery that reached `close/succeeded` differs from a plain success. */
export const CLOSED_REASONS = ["rolled_back"] as const;

export const Reason = z.enum([...FAILED_REASONS, ...BLOCKED_REASONS, ...CANCELED_REASONS, ...CLOSED_REASONS]);
export type Reason = z.infer<typeof Reason>;
export type FailedReason = (typeof FAILED_REASONS)[number];
export type BlockedReason = (typeof BLOCKED_REASONS)[number];
