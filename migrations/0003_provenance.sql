CREATE TABLE "provenance" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "provenance_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"repo_id" bigint NOT NULL,
	"pull_number" integer NOT NULL,
	"kind" text NOT NULL,
	"commit_sha" text NOT NULL,
	"verdict" text NOT NULL,
	"content" jsonb NOT NULL,
	"hash" text NOT NULL,
	"judged_at" timestamp with time zone NOT NULL,
	CONSTRAINT "provenance_kind" CHECK ("kind" in ('head', 'merge')),
	CONSTRAINT "provenance_verdict" CHECK ("verdict" in ('approved', 'unapproved', 'unproven'))
);
--> statement-breakpoint
ALTER TABLE "provenance" ADD CONSTRAINT "provenance_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provenance_delivery_id_id_index" ON "provenance" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE INDEX "provenance_commit" ON "provenance" USING btree ("repo_id","commit_sha");
--> statement-breakpoint

-- What was found stays as it was found; what is found later is another row.
CREATE TRIGGER "provenance_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "provenance" EXECUTE FUNCTION "refuse_change"();
