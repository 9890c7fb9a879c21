CREATE TABLE "endpoints" (
	"endpoint" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"failures" integer NOT NULL,
	"opens" integer NOT NULL,
	"until" timestamp with time zone,
	"invited_at" timestamp with time zone,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "endpoints_state" CHECK ("state" in ('closed', 'open', 'half_open')),
	CONSTRAINT "endpoints_until" CHECK ((state = 'closed') = (until is null)),
	CONSTRAINT "endpoints_counts" CHECK (failures >= 0 and opens >= 0)
);
--> statement-breakpoint
CREATE TABLE "forecasts" (
	"plan_id" integer PRIMARY KEY NOT NULL,
	"tokens" integer NOT NULL,
	"micros" bigint,
	"most" boolean NOT NULL,
	"past_runs" integer NOT NULL,
	CONSTRAINT "forecasts_counts" CHECK (tokens >= 0 and micros >= 0 and past_runs >= 0)
);
--> statement-breakpoint
ALTER TABLE "forecasts" ADD CONSTRAINT "forecasts_plan_id_artifacts_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."artifacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "endpoints_due" ON "endpoints" USING btree ("until") WHERE until is not null;--> statement-breakpoint
CREATE INDEX "reservations_installation_id_role_id_index" ON "reservations" USING btree ("installation_id","role","id");--> statement-breakpoint
CREATE TRIGGER "forecasts_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "forecasts" EXECUTE FUNCTION "refuse_change"();
