DROP INDEX "deliveries_one_live";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "undoes" integer;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_undoes_deliveries_id_fk" FOREIGN KEY ("undoes") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_rollback" ON "deliveries" USING btree ("undoes") WHERE run_status <> 'canceled';--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_live" ON "deliveries" USING btree ("repo_id","issue_number") WHERE run_status <> 'canceled' and not (phase = 'close' and run_status = 'succeeded') and reason is distinct from 'rolling_back';