CREATE TABLE "hook_look" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"settled_until" timestamp with time zone NOT NULL,
	"looked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "hook_look_one" CHECK (id = 1)
);
--> statement-breakpoint
CREATE TABLE "lost_webhooks" (
	"guid" text PRIMARY KEY NOT NULL,
	"event" text NOT NULL,
	"action" text,
	"installation_id" bigint,
	"repo_id" bigint,
	"sent_at" timestamp with time zone NOT NULL,
	"lost_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "lost_webhooks_repo_id_sent_at_index" ON "lost_webhooks" USING btree ("repo_id","sent_at");