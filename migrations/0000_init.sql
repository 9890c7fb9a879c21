CREATE TABLE "accepted_criteria" (
	"delivery_id" integer NOT NULL,
	"criterion" text NOT NULL,
	"person_id" bigint NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "accepted_criteria_delivery_id_criterion_pk" PRIMARY KEY("delivery_id","criterion")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "approvals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" integer NOT NULL,
	"digest" text NOT NULL,
	"plan_id" integer GENERATED ALWAYS AS (case when subject_kind = 'plan' then subject_id end) STORED,
	"patch_set_id" integer GENERATED ALWAYS AS (case when subject_kind = 'patchset' then subject_id end) STORED,
	"person_id" bigint NOT NULL,
	"person_login" text NOT NULL,
	"person_role" text,
	"command_id" integer NOT NULL,
	"webhook_guid" text NOT NULL,
	"approved_at" timestamp with time zone NOT NULL,
	"voided_at" timestamp with time zone,
	"void_reason" text,
	CONSTRAINT "approvals_subject" UNIQUE("id","subject_kind","subject_id","digest","delivery_id"),
	CONSTRAINT "approvals_kind" CHECK ("subject_kind" in ('plan', 'patchset', 'ship', 'merge', 'deployment', 'revert', 'head')),
	CONSTRAINT "approvals_void" CHECK ((voided_at is null) = (void_reason is null))
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "artifacts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"run_id" integer,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "artifacts_deliveryId_kind_version_unique" UNIQUE("delivery_id","kind","version"),
	CONSTRAINT "artifacts_hash" UNIQUE("id","hash","delivery_id"),
	CONSTRAINT "artifacts_kind" CHECK ("kind" in ('decision', 'architecture', 'scope', 'plan', 'gates', 'edits', 'qa_report', 'failure_analysis', 'summary'))
);
--> statement-breakpoint
CREATE TABLE "blobs" (
	"sha" text PRIMARY KEY NOT NULL,
	"content" "bytea" NOT NULL,
	"used_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "commands_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer,
	"origin_kind" text NOT NULL,
	"origin_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"repo_id" bigint NOT NULL,
	"issue_number" integer NOT NULL,
	"webhook_guid" text NOT NULL,
	"name" text NOT NULL,
	"args" jsonb NOT NULL,
	"actor_id" bigint NOT NULL,
	"actor_login" text NOT NULL,
	"actor_role" text,
	"received_at" timestamp with time zone NOT NULL,
	"verdict" text NOT NULL,
	"refusal" jsonb,
	"decided_at" timestamp with time zone,
	CONSTRAINT "commands_once" UNIQUE("origin_kind","origin_id","position"),
	CONSTRAINT "commands_decided" CHECK ((verdict = 'waiting') = (decided_at is null)),
	CONSTRAINT "commands_origin" CHECK ("origin_kind" in ('comment', 'button')),
	CONSTRAINT "commands_verdict" CHECK ("verdict" in ('waiting', 'accepted', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "constraint_snapshots" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "constraint_snapshots_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "constraint_snapshots_deliveryId_version_unique" UNIQUE("delivery_id","version")
);
--> statement-breakpoint
CREATE TABLE "content_pace" (
	"installation_id" bigint NOT NULL,
	"window" text NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "content_pace_installation_id_window_pk" PRIMARY KEY("installation_id","window")
);
--> statement-breakpoint
CREATE TABLE "context_packets" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "context_packets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "context_packets_deliveryId_version_unique" UNIQUE("delivery_id","version")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"repo_id" bigint NOT NULL,
	"issue_number" integer NOT NULL,
	"issue_id" bigint NOT NULL,
	"issue_title" text NOT NULL,
	"parent_id" integer,
	"trigger_guid" text NOT NULL,
	"requester_id" bigint NOT NULL,
	"requester_login" text NOT NULL,
	"phase" text NOT NULL,
	"run_status" text NOT NULL,
	"reason" text,
	"holds" jsonb NOT NULL,
	"exit_phase" text NOT NULL,
	"version" integer NOT NULL,
	"attempt" integer NOT NULL,
	"revisions_left" integer NOT NULL,
	"fixes_left" integer NOT NULL,
	"gates" jsonb NOT NULL,
	"token_budget" integer NOT NULL,
	"trace_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"deadline_at" timestamp with time zone,
	"deadline_seconds" integer,
	"deadline_left_seconds" integer,
	"reminded_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "deliveries_phase" CHECK ("phase" in ('intake', 'plan', 'implement', 'review', 'verify', 'deploy', 'observe', 'close')),
	CONSTRAINT "deliveries_run_status" CHECK ("run_status" in ('pending', 'running', 'succeeded', 'failed', 'blocked', 'canceled')),
	CONSTRAINT "deliveries_exit" CHECK ("exit_phase" in ('plan', 'review', 'verify', 'observe', 'close')),
	CONSTRAINT "deliveries_reason" CHECK ((run_status in ('failed', 'blocked', 'canceled')) = (reason is not null) or (phase = 'close' and run_status = 'succeeded')),
	CONSTRAINT "deliveries_counts" CHECK (version >= 0 and attempt >= 0 and revisions_left >= 0 and fixes_left >= 0 and token_budget >= 0),
	CONSTRAINT "deliveries_deadline" CHECK (deadline_at is null or (deadline_seconds is not null and deadline_left_seconds is null)),
	CONSTRAINT "deliveries_ended" CHECK ((ended_at is not null) = (run_status = 'canceled' or (phase = 'close' and run_status = 'succeeded')))
);
--> statement-breakpoint
CREATE TABLE "delivery_repos" (
	"delivery_id" integer NOT NULL,
	"repo_id" bigint NOT NULL,
	"installation_id" bigint NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"visibility" text NOT NULL,
	"role" text NOT NULL,
	"base_branch" text NOT NULL,
	"base_sha" text NOT NULL,
	"pull_number" integer,
	"head_sha" text,
	CONSTRAINT "delivery_repos_delivery_id_repo_id_pk" PRIMARY KEY("delivery_id","repo_id"),
	CONSTRAINT "delivery_repos_role" CHECK ("role" in ('primary', 'secondary')),
	CONSTRAINT "delivery_repos_visibility" CHECK ("visibility" in ('public', 'internal', 'private'))
);
--> statement-breakpoint
CREATE TABLE "doctrine_refs" (
	"context_packet_id" integer NOT NULL,
	"repo_id" bigint NOT NULL,
	"path" text NOT NULL,
	"blob_sha" text NOT NULL,
	CONSTRAINT "doctrine_refs_context_packet_id_repo_id_path_pk" PRIMARY KEY("context_packet_id","repo_id","path")
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "feedback_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"command_id" integer NOT NULL,
	"repo_id" bigint,
	"words" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "feedback_commandId_unique" UNIQUE("command_id")
);
--> statement-breakpoint
CREATE TABLE "gates" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "gates_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"gate" text NOT NULL,
	"attempt" integer NOT NULL,
	"passed" boolean NOT NULL,
	"evidence" jsonb NOT NULL,
	"judged_at" timestamp with time zone NOT NULL,
	CONSTRAINT "gates_gate" CHECK ("gate" in ('G0', 'G1', 'G2', 'G3', 'G4', 'G5'))
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "inbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"dedupe_key" text NOT NULL,
	"recorded" jsonb NOT NULL,
	"webhook_guid" text,
	"received_at" timestamp with time zone NOT NULL,
	"applied_at" timestamp with time zone,
	"step" text,
	CONSTRAINT "inbox_once" UNIQUE("delivery_id","dedupe_key"),
	CONSTRAINT "inbox_step" CHECK ("step" in ('moved', 'noted', 'refused', 'stale')),
	CONSTRAINT "inbox_applied" CHECK ((applied_at is null) = (step is null))
);
--> statement-breakpoint
CREATE TABLE "installations" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"account_login" text NOT NULL,
	"suspended_at" timestamp with time zone,
	"removed_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"chain" text NOT NULL,
	"seq" integer NOT NULL,
	"delivery_id" integer,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"entity_kind" text NOT NULL,
	"entity_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"note" text,
	"trace_id" text NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "ledger_chain_seq_pk" PRIMARY KEY("chain","seq"),
	CONSTRAINT "ledger_hash" UNIQUE("hash"),
	CONSTRAINT "ledger_seq" CHECK (seq > 0),
	CONSTRAINT "ledger_actor" CHECK ("actor_kind" in ('human', 'system', 'github'))
);
--> statement-breakpoint
CREATE TABLE "ledger_heads" (
	"chain" text PRIMARY KEY NOT NULL,
	"seq" integer NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patch_sets" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "patch_sets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"repo_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"digest" text NOT NULL,
	"content" jsonb NOT NULL,
	"artifact_id" integer,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "patch_sets_deliveryId_repoId_version_unique" UNIQUE("delivery_id","repo_id","version"),
	CONSTRAINT "patch_sets_digest" UNIQUE("id","digest","delivery_id"),
	CONSTRAINT "patch_sets_repo" UNIQUE("id","repo_id")
);
--> statement-breakpoint
CREATE TABLE "patches" (
	"patch_set_id" integer NOT NULL,
	"position" integer NOT NULL,
	"path" text NOT NULL,
	"change" jsonb NOT NULL,
	"diff" text NOT NULL,
	CONSTRAINT "patches_patch_set_id_position_pk" PRIMARY KEY("patch_set_id","position"),
	CONSTRAINT "patches_patchSetId_path_unique" UNIQUE("patch_set_id","path")
);
--> statement-breakpoint
CREATE TABLE "phase_runs" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "phase_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"phase" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"left_at" timestamp with time zone,
	"ended_as" text,
	"reason" text,
	"ended_by" text,
	CONSTRAINT "phase_runs_phase" CHECK ("phase" in ('intake', 'plan', 'implement', 'review', 'verify', 'deploy', 'observe', 'close')),
	CONSTRAINT "phase_runs_ended_as" CHECK ("ended_as" in ('pending', 'running', 'succeeded', 'failed', 'blocked', 'canceled')),
	CONSTRAINT "phase_runs_left" CHECK ((left_at is null) = (ended_as is null))
);
--> statement-breakpoint
CREATE TABLE "policy_violations" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "policy_violations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"patch_set_id" integer,
	"attempt" integer NOT NULL,
	"rule" text NOT NULL,
	"severity" text NOT NULL,
	"path" text,
	"line" integer,
	"message" text NOT NULL,
	CONSTRAINT "policy_violations_severity" CHECK ("severity" in ('warn', 'block'))
);
--> statement-breakpoint
CREATE TABLE "publications" (
	"delivery_id" integer NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"repo_id" bigint NOT NULL,
	"remote_id" bigint,
	"url" text,
	"body_hash" text,
	"published_at" timestamp with time zone,
	CONSTRAINT "publications_delivery_id_key_pk" PRIMARY KEY("delivery_id","key"),
	CONSTRAINT "publications_kind" CHECK ("kind" in ('comment', 'check_run', 'reaction', 'label'))
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"delivery_id" integer NOT NULL,
	"attempt" integer NOT NULL,
	"role" text NOT NULL,
	"engine" text NOT NULL,
	"model" text NOT NULL,
	"prompt_version" text NOT NULL,
	"prompt_hash" text NOT NULL,
	"context_hash" text NOT NULL,
	"constraint_hash" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"cost_micros" bigint,
	"started_at" timestamp with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"transcript" jsonb NOT NULL,
	"outcome" text NOT NULL,
	"error" text,
	CONSTRAINT "runs_outcome" CHECK ("outcome" in ('succeeded', 'unusable', 'refused', 'failed')),
	CONSTRAINT "runs_tokens" CHECK (input_tokens >= 0 and output_tokens >= 0)
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"repo_id" bigint PRIMARY KEY NOT NULL,
	"installation_id" bigint NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"visibility" text NOT NULL,
	"active" boolean NOT NULL,
	"archived" boolean DEFAULT false NOT NULL,
	"default_exit_phase" text,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sources_visibility" CHECK ("visibility" in ('public', 'internal', 'private')),
	CONSTRAINT "sources_exit" CHECK ("default_exit_phase" in ('plan', 'review', 'verify', 'observe', 'close'))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"guid" text PRIMARY KEY NOT NULL,
	"event" text NOT NULL,
	"action" text,
	"installation_id" bigint,
	"repo_id" bigint,
	"payload" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"processed_at" timestamp with time zone,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "writes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"delivery_id" integer NOT NULL,
	"approval_id" integer NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" integer NOT NULL,
	"digest" text NOT NULL,
	"patch_set_id" integer GENERATED ALWAYS AS (case when subject_kind = 'patchset' then subject_id end) STORED,
	"repo_id" bigint NOT NULL,
	"branch" text NOT NULL,
	"intended_at" timestamp with time zone NOT NULL,
	"tree_sha" text,
	"commit_sha" text,
	"branch_at" timestamp with time zone,
	"pull_number" integer,
	"finished_at" timestamp with time zone,
	CONSTRAINT "writes_once" UNIQUE("subject_kind","subject_id","digest"),
	CONSTRAINT "writes_kind" CHECK ("subject_kind" in ('patchset', 'merge', 'deployment', 'revert'))
);
--> statement-breakpoint
ALTER TABLE "accepted_criteria" ADD CONSTRAINT "accepted_criteria_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_command_id_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_webhook_guid_webhooks_guid_fk" FOREIGN KEY ("webhook_guid") REFERENCES "public"."webhooks"("guid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_of_plan" FOREIGN KEY ("plan_id","digest","delivery_id") REFERENCES "public"."artifacts"("id","hash","delivery_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_of_patch_set" FOREIGN KEY ("patch_set_id","digest","delivery_id") REFERENCES "public"."patch_sets"("id","digest","delivery_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_webhook_guid_webhooks_guid_fk" FOREIGN KEY ("webhook_guid") REFERENCES "public"."webhooks"("guid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "constraint_snapshots" ADD CONSTRAINT "constraint_snapshots_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "context_packets" ADD CONSTRAINT "context_packets_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_repo_id_sources_repo_id_fk" FOREIGN KEY ("repo_id") REFERENCES "public"."sources"("repo_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_trigger_guid_webhooks_guid_fk" FOREIGN KEY ("trigger_guid") REFERENCES "public"."webhooks"("guid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_parent_id_deliveries_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_repos" ADD CONSTRAINT "delivery_repos_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "doctrine_refs" ADD CONSTRAINT "doctrine_refs_context_packet_id_context_packets_id_fk" FOREIGN KEY ("context_packet_id") REFERENCES "public"."context_packets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_command_id_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gates" ADD CONSTRAINT "gates_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_webhook_guid_webhooks_guid_fk" FOREIGN KEY ("webhook_guid") REFERENCES "public"."webhooks"("guid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patch_sets" ADD CONSTRAINT "patch_sets_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patch_sets" ADD CONSTRAINT "patch_sets_artifact_id_artifacts_id_fk" FOREIGN KEY ("artifact_id") REFERENCES "public"."artifacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patches" ADD CONSTRAINT "patches_patch_set_id_patch_sets_id_fk" FOREIGN KEY ("patch_set_id") REFERENCES "public"."patch_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phase_runs" ADD CONSTRAINT "phase_runs_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_violations" ADD CONSTRAINT "policy_violations_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_violations" ADD CONSTRAINT "policy_violations_patch_set_id_patch_sets_id_fk" FOREIGN KEY ("patch_set_id") REFERENCES "public"."patch_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_installation_id_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "writes" ADD CONSTRAINT "writes_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "writes" ADD CONSTRAINT "writes_approved" FOREIGN KEY ("approval_id","subject_kind","subject_id","digest","delivery_id") REFERENCES "public"."approvals"("id","subject_kind","subject_id","digest","delivery_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "writes" ADD CONSTRAINT "writes_repository" FOREIGN KEY ("patch_set_id","repo_id") REFERENCES "public"."patch_sets"("id","repo_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_once" ON "approvals" USING btree ("subject_kind","subject_id","digest","person_id") WHERE voided_at is null;--> statement-breakpoint
CREATE INDEX "approvals_delivery_id_index" ON "approvals" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "approvals_command_id_index" ON "approvals" USING btree ("command_id");--> statement-breakpoint
CREATE INDEX "approvals_webhook_guid_index" ON "approvals" USING btree ("webhook_guid");--> statement-breakpoint
CREATE INDEX "artifacts_run_id_index" ON "artifacts" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "commands_delivery_id_index" ON "commands" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "commands_webhook_guid_index" ON "commands" USING btree ("webhook_guid");--> statement-breakpoint
CREATE INDEX "commands_waiting" ON "commands" USING btree ("received_at") WHERE verdict = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_live" ON "deliveries" USING btree ("repo_id","issue_number") WHERE run_status <> 'canceled' and not (phase = 'close' and run_status = 'succeeded');--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("deadline_at") WHERE deadline_at is not null;--> statement-breakpoint
CREATE INDEX "deliveries_working" ON "deliveries" USING btree ("changed_at") WHERE run_status in ('pending', 'running');--> statement-breakpoint
CREATE INDEX "deliveries_repo_id_created_at_index" ON "deliveries" USING btree ("repo_id","created_at");--> statement-breakpoint
CREATE INDEX "deliveries_repo_id_issue_number_index" ON "deliveries" USING btree ("repo_id","issue_number");--> statement-breakpoint
CREATE INDEX "deliveries_trigger_guid_index" ON "deliveries" USING btree ("trigger_guid");--> statement-breakpoint
CREATE INDEX "deliveries_parent_id_index" ON "deliveries" USING btree ("parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_repos_one_primary" ON "delivery_repos" USING btree ("delivery_id") WHERE role = 'primary';--> statement-breakpoint
CREATE INDEX "delivery_repos_pull" ON "delivery_repos" USING btree ("repo_id","pull_number") WHERE pull_number is not null;--> statement-breakpoint
CREATE INDEX "delivery_repos_head" ON "delivery_repos" USING btree ("head_sha") WHERE head_sha is not null;--> statement-breakpoint
CREATE INDEX "feedback_delivery_id_index" ON "feedback" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "gates_delivery_id_id_index" ON "gates" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE INDEX "inbox_waiting" ON "inbox" USING btree ("delivery_id","id") WHERE applied_at is null;--> statement-breakpoint
CREATE INDEX "inbox_webhook_guid_index" ON "inbox" USING btree ("webhook_guid");--> statement-breakpoint
CREATE INDEX "ledger_delivery_id_index" ON "ledger" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "patch_sets_artifact_id_index" ON "patch_sets" USING btree ("artifact_id");--> statement-breakpoint
CREATE INDEX "phase_runs_delivery_id_id_index" ON "phase_runs" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "phase_runs_one_open" ON "phase_runs" USING btree ("delivery_id") WHERE left_at is null;--> statement-breakpoint
CREATE INDEX "policy_violations_delivery_id_attempt_index" ON "policy_violations" USING btree ("delivery_id","attempt");--> statement-breakpoint
CREATE INDEX "policy_violations_patch_set_id_index" ON "policy_violations" USING btree ("patch_set_id");--> statement-breakpoint
CREATE INDEX "publications_remote" ON "publications" USING btree ("kind","remote_id") WHERE remote_id is not null;--> statement-breakpoint
CREATE INDEX "runs_delivery_id_id_index" ON "runs" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE INDEX "sources_installation_id_index" ON "sources" USING btree ("installation_id");--> statement-breakpoint
CREATE INDEX "webhooks_received_at_index" ON "webhooks" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "webhooks_unprocessed" ON "webhooks" USING btree ("received_at") WHERE processed_at is null;--> statement-breakpoint
CREATE INDEX "writes_delivery_id_index" ON "writes" USING btree ("delivery_id");