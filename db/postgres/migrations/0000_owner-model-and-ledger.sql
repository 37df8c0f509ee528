CREATE TABLE "admissions" (
	"org_id" text NOT NULL,
	"project_id" text NOT NULL,
	"request_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"ts" timestamp (3) with time zone NOT NULL,
	"cost_nano_usd" bigint,
	"journal_id" text NOT NULL,
	"journal_offset" bigint NOT NULL,
	"admitted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "admissions_project_id_request_id_attempt_pk" PRIMARY KEY("project_id","request_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"limit_revision" integer NOT NULL,
	"percent" integer NOT NULL,
	"spent_nano_usd" bigint NOT NULL,
	"limit_nano_usd" bigint NOT NULL,
	"request_id" text,
	"attempt" integer,
	"crossed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "alerts_budget_id_period_from_limit_revision_percent_pk" PRIMARY KEY("budget_id","period_from","limit_revision","percent")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"origin" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "budget_cards" (
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"channel_id" text NOT NULL,
	"message_ts" text NOT NULL,
	"permalink" text,
	"shown_hash" text NOT NULL,
	"posted_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "budget_cards_budget_id_period_from_pk" PRIMARY KEY("budget_id","period_from")
);
--> statement-breakpoint
CREATE TABLE "budget_periods" (
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"period_until" timestamp (3) with time zone NOT NULL,
	"spent_nano_usd" bigint NOT NULL,
	"events" bigint NOT NULL,
	"unpriced_events" bigint NOT NULL,
	"limit_reached_at" timestamp (3) with time zone,
	CONSTRAINT "budget_periods_budget_id_period_from_pk" PRIMARY KEY("budget_id","period_from")
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"project_id" text NOT NULL,
	"limit_nano_usd" bigint NOT NULL,
	"thresholds_percent" integer[] NOT NULL,
	"limit_revision" integer NOT NULL,
	"installation_id" text,
	"channel_id" text,
	"stopped_at" timestamp (3) with time zone,
	"stopped_by" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"archived_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "job_slots" (
	"job" text NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"claimed_at" timestamp (3) with time zone NOT NULL,
	"claimed_by" text NOT NULL,
	"attempts" integer NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"error" text,
	CONSTRAINT "job_slots_job_slot_pk" PRIMARY KEY("job","slot")
);
--> statement-breakpoint
CREATE TABLE "journal_readers" (
	"journal_id" text NOT NULL,
	"reader" text NOT NULL,
	"next_offset" bigint NOT NULL,
	"planned_until" bigint,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journal_readers_journal_id_reader_pk" PRIMARY KEY("journal_id","reader")
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"notice" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"available_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "override_policies" (
	"org_id" text PRIMARY KEY NOT NULL,
	"lifters" text NOT NULL,
	"windows_s" integer[] NOT NULL,
	"amount_max_nano_usd" bigint,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "overrides" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"amount_nano_usd" bigint NOT NULL,
	"ceiling_nano_usd" bigint NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"granted_by" text NOT NULL,
	"reason" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "project_spend" (
	"org_id" text NOT NULL,
	"project_id" text NOT NULL,
	"day" date NOT NULL,
	"spent_nano_usd" bigint NOT NULL,
	"events" bigint NOT NULL,
	"unpriced_events" bigint NOT NULL,
	CONSTRAINT "project_spend_project_id_day_pk" PRIMARY KEY("project_id","day")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "slack_events_seen" (
	"event_id" text PRIMARY KEY NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slack_installations" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"team_id" text,
	"enterprise_id" text,
	"team_name" text NOT NULL,
	"bot_id" text NOT NULL,
	"bot_user_id" text NOT NULL,
	"bot_token" jsonb NOT NULL,
	"installed_at" timestamp (3) with time zone NOT NULL,
	"uninstalled_at" timestamp (3) with time zone,
	CONSTRAINT "slack_installations_where" UNIQUE NULLS NOT DISTINCT("enterprise_id","team_id")
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_cards" ADD CONSTRAINT "budget_cards_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_periods" ADD CONSTRAINT "budget_periods_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_installation_id_slack_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."slack_installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "override_policies" ADD CONSTRAINT "override_policies_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "overrides" ADD CONSTRAINT "overrides_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_installations" ADD CONSTRAINT "slack_installations_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "admissions_journal" ON "admissions" USING btree ("journal_id","journal_offset");--> statement-breakpoint
CREATE INDEX "admissions_ts" ON "admissions" USING btree ("ts");--> statement-breakpoint
CREATE INDEX "api_keys_project" ON "api_keys" USING btree ("org_id","project_id");--> statement-breakpoint
CREATE INDEX "audit_log_org" ON "audit_log" USING btree ("org_id","at");--> statement-breakpoint
CREATE INDEX "budgets_project" ON "budgets" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "outbox_pending" ON "outbox" USING btree ("available_at","id") WHERE "outbox"."delivered_at" is null;--> statement-breakpoint
CREATE INDEX "overrides_budget" ON "overrides" USING btree ("budget_id","period_from");--> statement-breakpoint
CREATE UNIQUE INDEX "overrides_one_running" ON "overrides" USING btree ("budget_id") WHERE "overrides"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "projects_name" ON "projects" USING btree ("org_id","name") WHERE "projects"."deleted_at" is null;