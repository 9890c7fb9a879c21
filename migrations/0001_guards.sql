-- What constraints cannot say: what was recorded stays as it was recorded.
-- A superuser can switch triggers off; then the hash chain tells (docs/security.md).

CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;--> statement-breakpoint

CREATE TRIGGER "ledger_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "runs_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "runs" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "artifacts_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "artifacts" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "patch_sets_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "patch_sets" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "patches_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "patches" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "context_packets_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "context_packets" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "constraint_snapshots_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "constraint_snapshots" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "doctrine_refs_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "doctrine_refs" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
CREATE TRIGGER "gates_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "gates" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint

-- The ledger stays in force even where a session switches ordinary triggers off (session_replication_role).
ALTER TABLE "ledger" ENABLE ALWAYS TRIGGER "ledger_append_only";--> statement-breakpoint

-- Each entry stands on the one before it.
CREATE FUNCTION "ledger_continue_chain"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  prior text := repeat('0', 64);
BEGIN
  IF NEW.seq > 1 THEN
    SELECT hash INTO prior FROM ledger WHERE chain = NEW.chain AND seq = NEW.seq - 1;
  END IF;
  IF prior IS DISTINCT FROM NEW.previous_hash THEN
    RAISE EXCEPTION 'ledger entry % of % does not stand on the one before it', NEW.seq, NEW.chain USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "ledger_chain" BEFORE INSERT ON "ledger" FOR EACH ROW EXECUTE FUNCTION "ledger_continue_chain"();--> statement-breakpoint

-- A head starts at nothing, moves forward only, and names an entry that is there.
CREATE FUNCTION "ledger_heads_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.seq <> 0 OR NEW.hash <> repeat('0', 64) THEN
      RAISE EXCEPTION 'a ledger chain starts at 0' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.chain <> OLD.chain OR NEW.seq <= OLD.seq
    OR NOT EXISTS (SELECT FROM ledger WHERE chain = NEW.chain AND seq = NEW.seq AND hash = NEW.hash) THEN
    RAISE EXCEPTION 'the head of % moves only forward, to an entry', OLD.chain USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "ledger_heads_forward" BEFORE INSERT OR UPDATE ON "ledger_heads" FOR EACH ROW EXECUTE FUNCTION "ledger_heads_guard"();--> statement-breakpoint
CREATE TRIGGER "ledger_heads_kept" BEFORE DELETE OR TRUNCATE ON "ledger_heads" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint

-- An approval can only be voided, once. (Generated columns are not yet computed here; they follow from the others.)
CREATE FUNCTION "approvals_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
    OR to_jsonb(NEW) - '{voided_at,void_reason,plan_id,patch_set_id}'::text[]
      <> to_jsonb(OLD) - '{voided_at,void_reason,plan_id,patch_set_id}'::text[] THEN
    RAISE EXCEPTION 'an approval can only be voided, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "approvals_void_only" BEFORE UPDATE ON "approvals" FOR EACH ROW EXECUTE FUNCTION "approvals_guard"();--> statement-breakpoint
CREATE TRIGGER "approvals_kept" BEFORE DELETE OR TRUNCATE ON "approvals" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint

-- A write is what was intended; each receipt is filled in once.
CREATE FUNCTION "writes_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  receipt text;
BEGIN
  IF to_jsonb(NEW) - '{tree_sha,commit_sha,branch_at,pull_number,finished_at,patch_set_id}'::text[]
    <> to_jsonb(OLD) - '{tree_sha,commit_sha,branch_at,pull_number,finished_at,patch_set_id}'::text[] THEN
    RAISE EXCEPTION 'a write stays what it was approved as' USING ERRCODE = 'restrict_violation';
  END IF;
  FOREACH receipt IN ARRAY '{tree_sha,commit_sha,branch_at,pull_number,finished_at}'::text[] LOOP
    IF to_jsonb(OLD) -> receipt <> 'null' AND to_jsonb(OLD) -> receipt <> to_jsonb(NEW) -> receipt THEN
      RAISE EXCEPTION 'the receipt % was already filled in', receipt USING ERRCODE = 'restrict_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "writes_receipts_once" BEFORE UPDATE ON "writes" FOR EACH ROW EXECUTE FUNCTION "writes_guard"();--> statement-breakpoint
CREATE TRIGGER "writes_kept" BEFORE DELETE OR TRUNCATE ON "writes" EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint

-- What GitHub signed stays; only our own notes about it change. Retention may delete what was processed.
CREATE FUNCTION "webhooks_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.processed_at IS NULL THEN
      RAISE EXCEPTION 'webhook % was not processed yet', OLD.guid USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.guid, NEW.event, NEW.action, NEW.installation_id, NEW.repo_id, NEW.payload)
    IS DISTINCT FROM (OLD.guid, OLD.event, OLD.action, OLD.installation_id, OLD.repo_id, OLD.payload) THEN
    RAISE EXCEPTION 'a received webhook does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "webhooks_received_once" BEFORE UPDATE OR DELETE ON "webhooks" FOR EACH ROW EXECUTE FUNCTION "webhooks_guard"();--> statement-breakpoint
CREATE TRIGGER "webhooks_kept" BEFORE TRUNCATE ON "webhooks" EXECUTE FUNCTION "refuse_change"();
