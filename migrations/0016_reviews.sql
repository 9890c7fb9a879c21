ALTER TABLE "commands" DROP CONSTRAINT "commands_origin";--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_of_review" CHECK (origin_kind <> 'review' or name = 'revise');--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_origin" CHECK ("origin_kind" in ('comment', 'button', 'review'));