ALTER TABLE "runs" DROP CONSTRAINT "runs_outcome";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "step" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "canary" text;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_outcome" CHECK ("outcome" in ('succeeded', 'unusable', 'refused', 'failed', 'injected'));