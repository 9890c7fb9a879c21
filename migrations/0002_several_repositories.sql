ALTER TABLE "delivery_repos" ADD COLUMN "position" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "patch_sets" ADD COLUMN "visibilities" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "delivery_repos" ADD CONSTRAINT "delivery_repos_first" CHECK (role <> 'primary' or position = 0);