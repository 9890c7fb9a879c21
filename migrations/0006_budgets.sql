CREATE TABLE "reservations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reservations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"installation_id" bigint NOT NULL,
	"day" date NOT NULL,
	"attempt" integer NOT NULL,
	"role" text NOT NULL,
	"model" text NOT NULL,
	"context_hash" text,
	"state" text NOT NULL,
	"estimated_tokens" integer NOT NULL,
	"estimated_micros" bigint,
	"input_tokens" integer DEFAULT 0 NOT NULL,
	"output_tokens" integer DEFAULT 0 NOT NULL,
	"cost_micros" bigint,
	"duration_ms" integer DEFAULT 0 NOT NULL,
	"over" jsonb,
	"reserved_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "reservations_state" CHECK ("state" in ('held', 'settled', 'lost')),
	CONSTRAINT "reservations_settled" CHECK ((state = 'held') = (settled_at is null)),
	CONSTRAINT "reservations_counts" CHECK (estimated_tokens >= 0 and estimated_micros >= 0 and input_tokens >= 0 and output_tokens >= 0 and cost_micros >= 0 and duration_ms >= 0)
);
--> statement-breakpoint
CREATE TABLE "resource_waits" (
	"delivery_id" integer PRIMARY KEY NOT NULL,
	"attempt" integer NOT NULL,
	"resource" text NOT NULL,
	"endpoint" text,
	"due_at" timestamp with time zone,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "resource_waits_resource" CHECK ("resource" in ('budget', 'endpoint')),
	CONSTRAINT "resource_waits_endpoint_named" CHECK ((resource = 'endpoint') = (endpoint is not null))
);
--> statement-breakpoint
ALTER TABLE "deliveries" DROP CONSTRAINT "deliveries_counts";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "micros_raised" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "ms_raised" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_installation_id_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resource_waits" ADD CONSTRAINT "resource_waits_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reservations_delivery_id_id_index" ON "reservations" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE INDEX "reservations_installation_id_day_index" ON "reservations" USING btree ("installation_id","day");--> statement-breakpoint
CREATE INDEX "reservations_held" ON "reservations" USING btree ("expires_at") WHERE state = 'held';--> statement-breakpoint
CREATE INDEX "resource_waits_due" ON "resource_waits" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "resource_waits_endpoint" ON "resource_waits" USING btree ("endpoint","since") WHERE endpoint is not null;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_counts" CHECK (version >= 0 and attempt >= 0 and revisions_left >= 0 and fixes_left >= 0 and token_budget >= 0 and micros_raised >= 0 and ms_raised >= 0);--> statement-breakpoint

-- What was spent stays counted: a settled row never changes, no row goes, and what is lost can still turn out to have been paid.
CREATE FUNCTION "reservations_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR OLD.state = 'settled' OR NEW.state = 'held' THEN
    RAISE EXCEPTION 'what was set aside or spent stays as it is: % refused', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.delivery_id, NEW.installation_id, NEW.day) IS DISTINCT FROM (OLD.id, OLD.delivery_id, OLD.installation_id, OLD.day) THEN
    RAISE EXCEPTION 'a reservation stays on the account that it was made on' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "reservations_stay" BEFORE UPDATE OR DELETE ON "reservations" FOR EACH ROW EXECUTE FUNCTION "reservations_guard"();--> statement-breakpoint
CREATE TRIGGER "reservations_stay_all" BEFORE TRUNCATE ON "reservations" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint

-- What was spent before calls were set aside.
INSERT INTO "reservations" ("delivery_id", "installation_id", "day", "attempt", "role", "model", "context_hash", "state", "estimated_tokens", "estimated_micros", "input_tokens", "output_tokens", "cost_micros", "duration_ms", "reserved_at", "expires_at", "settled_at")
SELECT r.delivery_id, d.installation_id, (r.started_at AT TIME ZONE 'UTC')::date, r.attempt, r.role, r.model, r.context_hash, 'settled', r.input_tokens + r.output_tokens, r.cost_micros, r.input_tokens, r.output_tokens, r.cost_micros, r.duration_ms, r.started_at, r.started_at, r.started_at
FROM "runs" r
JOIN "delivery_repos" d ON d.delivery_id = r.delivery_id AND d.role = 'primary'
JOIN "installations" i ON i.id = d.installation_id
WHERE r.input_tokens + r.output_tokens > 0
ORDER BY r.id;
