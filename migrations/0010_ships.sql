CREATE TABLE "readiness" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "readiness_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"attempt" integer NOT NULL,
	"content" jsonb NOT NULL,
	"hash" text NOT NULL,
	"judged_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ship_parts" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ship_parts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"ship_id" integer NOT NULL,
	"ship_digest" text NOT NULL,
	"delivery_id" integer NOT NULL,
	"kind" text NOT NULL,
	"repo_id" bigint NOT NULL,
	"digest" text NOT NULL,
	CONSTRAINT "ship_parts_once" UNIQUE("ship_id","kind","repo_id"),
	CONSTRAINT "ship_parts_subject" UNIQUE("id","kind","repo_id","digest","ship_id","ship_digest"),
	CONSTRAINT "ship_parts_kind" CHECK ("kind" in ('merge', 'deployment'))
);
--> statement-breakpoint
CREATE TABLE "ships" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ships_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"attempt" integer NOT NULL,
	"version" integer NOT NULL,
	"digest" text NOT NULL,
	"content" jsonb NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ships_version" UNIQUE("delivery_id","version"),
	CONSTRAINT "ships_attempt" UNIQUE("delivery_id","attempt"),
	CONSTRAINT "ships_digest" UNIQUE("id","digest","delivery_id")
);
--> statement-breakpoint
ALTER TABLE "writes" DROP CONSTRAINT "writes_approved";
--> statement-breakpoint
ALTER TABLE "writes" ADD COLUMN "ship_id" integer;--> statement-breakpoint
ALTER TABLE "writes" ADD COLUMN "ship_digest" text;--> statement-breakpoint
ALTER TABLE "writes" ADD COLUMN "ship_part_id" integer GENERATED ALWAYS AS (case when subject_kind in ('merge', 'deployment') then subject_id end) STORED;--> statement-breakpoint
ALTER TABLE "writes" ADD COLUMN "approved_kind" text GENERATED ALWAYS AS (case when subject_kind in ('merge', 'deployment') then 'ship' else subject_kind end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "writes" ADD COLUMN "approved_id" integer GENERATED ALWAYS AS (case when subject_kind in ('merge', 'deployment') then ship_id else subject_id end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "writes" ADD COLUMN "approved_digest" text GENERATED ALWAYS AS (case when subject_kind in ('merge', 'deployment') then ship_digest else digest end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "writes" ADD COLUMN "deployment_id" bigint;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "ship_id" integer GENERATED ALWAYS AS (case when subject_kind = 'ship' then subject_id end) STORED;--> statement-breakpoint
ALTER TABLE "readiness" ADD CONSTRAINT "readiness_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ship_parts" ADD CONSTRAINT "ship_parts_ship" FOREIGN KEY ("ship_id","ship_digest","delivery_id") REFERENCES "public"."ships"("id","digest","delivery_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ships" ADD CONSTRAINT "ships_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "readiness_delivery_id_id_index" ON "readiness" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE INDEX "ship_parts_delivery_id_index" ON "ship_parts" USING btree ("delivery_id");--> statement-breakpoint
ALTER TABLE "writes" ADD CONSTRAINT "writes_ship_part" FOREIGN KEY ("ship_part_id","subject_kind","repo_id","digest","ship_id","ship_digest") REFERENCES "public"."ship_parts"("id","kind","repo_id","digest","ship_id","ship_digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "writes" ADD CONSTRAINT "writes_approved" FOREIGN KEY ("approval_id","approved_kind","approved_id","approved_digest","delivery_id") REFERENCES "public"."approvals"("id","subject_kind","subject_id","digest","delivery_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_of_ship" FOREIGN KEY ("ship_id","digest","delivery_id") REFERENCES "public"."ships"("id","digest","delivery_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "writes" ADD CONSTRAINT "writes_ship" CHECK ((ship_id is not null) = (subject_kind in ('merge', 'deployment')) and (ship_digest is not null) = (subject_kind in ('merge', 'deployment')));--> statement-breakpoint

CREATE TRIGGER "ships_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ships" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "ship_parts_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ship_parts" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "readiness_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "readiness" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint

-- As before; generated columns are not yet computed here, and now there are more of them.
CREATE OR REPLACE FUNCTION "approvals_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
    OR to_jsonb(NEW) - '{voided_at,void_reason,plan_id,patch_set_id,ship_id}'::text[]
      <> to_jsonb(OLD) - '{voided_at,void_reason,plan_id,patch_set_id,ship_id}'::text[] THEN
    RAISE EXCEPTION 'an approval can only be voided, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint

-- As before, with the receipt of a deployment.
CREATE OR REPLACE FUNCTION "writes_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  receipt text;
  receipts text[] := '{tree_sha,commit_sha,branch_at,pull_number,deployment_id,finished_at}';
  generated text[] := '{patch_set_id,ship_part_id,approved_kind,approved_id,approved_digest}';
BEGIN
  IF to_jsonb(NEW) - receipts - generated <> to_jsonb(OLD) - receipts - generated THEN
    RAISE EXCEPTION 'a write stays what it was approved as' USING ERRCODE = 'restrict_violation';
  END IF;
  FOREACH receipt IN ARRAY receipts LOOP
    IF to_jsonb(OLD) -> receipt <> 'null' AND to_jsonb(OLD) -> receipt <> to_jsonb(NEW) -> receipt THEN
      RAISE EXCEPTION 'the receipt % was already filled in', receipt USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
