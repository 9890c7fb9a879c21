CREATE TABLE "control_issues" (
	"repo_id" bigint PRIMARY KEY NOT NULL,
	"wanted" text NOT NULL,
	"issue_number" integer,
	"issue_id" bigint,
	"body_hash" text,
	"drawn_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "control_issues_wanted" CHECK ("wanted" in ('on', 'off')),
	CONSTRAINT "control_issues_receipt" CHECK ((issue_number is null) = (issue_id is null))
);
--> statement-breakpoint
CREATE TABLE "control_replies" (
	"command_id" integer PRIMARY KEY NOT NULL,
	"repo_id" bigint NOT NULL,
	"reply_id" bigint,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "deferred_triggers" (
	"guid" text PRIMARY KEY NOT NULL,
	"repo_id" bigint NOT NULL,
	"installation_id" bigint NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "freezes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "freezes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"installation_id" bigint NOT NULL,
	"repo_id" bigint,
	"by" text NOT NULL,
	"reason" text,
	"person_id" bigint,
	"person_login" text,
	"command_id" integer,
	"frozen_at" timestamp with time zone NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by_id" bigint,
	"lifted_by_login" text,
	"lift_command_id" integer,
	CONSTRAINT "freezes_by" CHECK ("by" in ('approver', 'operator')),
	CONSTRAINT "freezes_person" CHECK ((by = 'approver') = (person_id is not null) and (by = 'approver') = (command_id is not null) and (person_id is null) = (person_login is null)),
	CONSTRAINT "freezes_approvers" CHECK (by = 'operator' or repo_id is not null),
	CONSTRAINT "freezes_lifted" CHECK ((lifted_by_id is null or lifted_at is not null) and (lifted_at is null or (by = 'approver') = (lifted_by_id is not null)) and (lifted_by_id is null) = (lifted_by_login is null) and (lifted_by_id is null) = (lift_command_id is null))
);
--> statement-breakpoint
ALTER TABLE "control_issues" ADD CONSTRAINT "control_issues_repo_id_sources_repo_id_fk" FOREIGN KEY ("repo_id") REFERENCES "public"."sources"("repo_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "control_replies" ADD CONSTRAINT "control_replies_command_id_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deferred_triggers" ADD CONSTRAINT "deferred_triggers_guid_webhooks_guid_fk" FOREIGN KEY ("guid") REFERENCES "public"."webhooks"("guid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "freezes" ADD CONSTRAINT "freezes_installation_id_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "freezes" ADD CONSTRAINT "freezes_repo_id_sources_repo_id_fk" FOREIGN KEY ("repo_id") REFERENCES "public"."sources"("repo_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "freezes" ADD CONSTRAINT "freezes_command_id_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "freezes" ADD CONSTRAINT "freezes_lift_command_id_commands_id_fk" FOREIGN KEY ("lift_command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "control_issues_issue" ON "control_issues" USING btree ("repo_id","issue_number");--> statement-breakpoint
CREATE INDEX "control_issues_drawn" ON "control_issues" USING btree ("drawn_at");--> statement-breakpoint
CREATE INDEX "control_replies_owed" ON "control_replies" USING btree ("repo_id") WHERE answered_at is null;--> statement-breakpoint
CREATE INDEX "deferred_triggers_installation_id_index" ON "deferred_triggers" USING btree ("installation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "freezes_repository" ON "freezes" USING btree ("repo_id","by") WHERE lifted_at is null and repo_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "freezes_installation" ON "freezes" USING btree ("installation_id","by") WHERE lifted_at is null and repo_id is null;--> statement-breakpoint
CREATE INDEX "freezes_of_repository" ON "freezes" USING btree ("repo_id");--> statement-breakpoint

-- A freeze stays as it was put; it can only be lifted, once.
CREATE FUNCTION "freezes_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL
    OR to_jsonb(NEW) - '{lifted_at,lifted_by_id,lifted_by_login,lift_command_id}'::text[]
      <> to_jsonb(OLD) - '{lifted_at,lifted_by_id,lifted_by_login,lift_command_id}'::text[] THEN
    RAISE EXCEPTION 'a freeze can only be lifted, once: % refused', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "freezes_stay" BEFORE UPDATE OR DELETE ON "freezes" FOR EACH ROW EXECUTE FUNCTION "freezes_guard"();--> statement-breakpoint
CREATE TRIGGER "freezes_stay_all" BEFORE TRUNCATE ON "freezes" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint

-- While a freeze stands over any repository of a delivery, or over its installation, nothing of it is written and no model is
-- paid for. Whoever freezes holds the installation's row, so none of these rows is inserted beside a freeze that is being put.
CREATE FUNCTION "refuse_while_frozen"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  standing integer;
BEGIN
  PERFORM FROM installations i
    WHERE i.id IN (SELECT d.installation_id FROM delivery_repos d WHERE d.delivery_id = NEW.delivery_id)
    ORDER BY i.id FOR SHARE;
  SELECT f.id INTO standing
    FROM freezes f
    JOIN delivery_repos d ON d.repo_id = f.repo_id OR (f.repo_id IS NULL AND d.installation_id = f.installation_id)
    WHERE d.delivery_id = NEW.delivery_id AND f.lifted_at IS NULL
    LIMIT 1;
  IF standing IS NOT NULL THEN
    RAISE EXCEPTION 'frozen: freeze % stands, no row of % for delivery %', standing, TG_TABLE_NAME, NEW.delivery_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "writes_not_frozen" BEFORE INSERT ON "writes" FOR EACH ROW EXECUTE FUNCTION "refuse_while_frozen"();--> statement-breakpoint
CREATE TRIGGER "reservations_not_frozen" BEFORE INSERT ON "reservations" FOR EACH ROW EXECUTE FUNCTION "refuse_while_frozen"();
