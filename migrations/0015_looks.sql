CREATE TABLE "delivery_looks" (
	"delivery_id" integer PRIMARY KEY NOT NULL,
	"looked_at" timestamp with time zone NOT NULL,
	"heard_until" timestamp with time zone,
	"unsettled_since" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "label_looks" (
	"repo_id" bigint PRIMARY KEY NOT NULL,
	"looked_at" timestamp with time zone NOT NULL,
	"settled_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unheard_comments" (
	"repo_id" bigint NOT NULL,
	"comment_id" bigint NOT NULL,
	"delivery_id" integer NOT NULL,
	"issue_number" integer NOT NULL,
	"author_id" bigint NOT NULL,
	"author_login" text NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	CONSTRAINT "unheard_comments_repo_id_comment_id_pk" PRIMARY KEY("repo_id","comment_id")
);
--> statement-breakpoint
ALTER TABLE "delivery_looks" ADD CONSTRAINT "delivery_looks_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "label_looks" ADD CONSTRAINT "label_looks_repo_id_sources_repo_id_fk" FOREIGN KEY ("repo_id") REFERENCES "public"."sources"("repo_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unheard_comments" ADD CONSTRAINT "unheard_comments_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "label_looks_looked_at_index" ON "label_looks" USING btree ("looked_at");--> statement-breakpoint
CREATE INDEX "unheard_comments_delivery_id_index" ON "unheard_comments" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "deliveries_live" ON "deliveries" USING btree ("repo_id","id") WHERE run_status <> 'canceled' and not (phase = 'close' and run_status = 'succeeded');--> statement-breakpoint
CREATE INDEX "deliveries_ended" ON "deliveries" USING btree ("ended_at") WHERE run_status = 'succeeded' and ended_at is not null;--> statement-breakpoint
CREATE INDEX "webhooks_comment" ON "webhooks" USING btree ("repo_id",(payload -> 'comment' ->> 'id')) WHERE event = 'issue_comment' and action = 'created';--> statement-breakpoint
CREATE INDEX "webhooks_labeled" ON "webhooks" USING btree ("repo_id",(payload -> 'issue' ->> 'number')) WHERE event = 'issues' and action = 'labeled';