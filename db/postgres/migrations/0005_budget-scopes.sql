CREATE TABLE "budget_leases" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"replica_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"counter" text DEFAULT '' NOT NULL,
	"amount_nano_usd" bigint NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"counted_until" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "budget_recounts" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"purpose" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"period_until" timestamp (3) with time zone NOT NULL,
	"cut" jsonb NOT NULL,
	"baselines" jsonb NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"corrected_nano_usd" bigint,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "hold_entries" (
	"hold_id" text NOT NULL,
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"counter" text DEFAULT '' NOT NULL,
	"amount_nano_usd" bigint NOT NULL,
	CONSTRAINT "hold_entries_hold_id_budget_id_period_from_counter_pk" PRIMARY KEY("hold_id","budget_id","period_from","counter")
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"project_id" text NOT NULL,
	"identity" uuid NOT NULL,
	"request_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"amount_nano_usd" bigint NOT NULL,
	"price_version" text,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"counted_until" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"settled_nano_usd" bigint,
	"is_over" boolean DEFAULT false NOT NULL,
	CONSTRAINT "holds_identity_unique" UNIQUE("identity")
);
--> statement-breakpoint
CREATE TABLE "override_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"budget_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"counter" text DEFAULT '' NOT NULL,
	"amount_nano_usd" bigint NOT NULL,
	"window_s" integer NOT NULL,
	"reason" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"deny_reason" text
);
--> statement-breakpoint
CREATE TABLE "wide_stops" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"project_id" text,
	"reason" text NOT NULL,
	"stopped_at" timestamp (3) with time zone NOT NULL,
	"stopped_by" text NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	"lifted_by" text
);
--> statement-breakpoint
DROP INDEX "overrides_one_running";
--> statement-breakpoint
ALTER TABLE "alerts" DROP CONSTRAINT "alerts_budget_id_period_from_limit_revision_percent_pk";
--> statement-breakpoint
ALTER TABLE "budget_periods" DROP CONSTRAINT "budget_periods_budget_id_period_from_pk";
--> statement-breakpoint
ALTER TABLE "budgets" ALTER COLUMN "project_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "counter" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "person" text;
--> statement-breakpoint
ALTER TABLE "budget_periods" ADD COLUMN "counter" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "budget_periods" ADD COLUMN "held_nano_usd" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "name" text;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "scope" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "period_rule" jsonb DEFAULT '{"unit":"month","time_zone":"UTC","starts_on":1}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "rollover" jsonb;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "ladder" jsonb DEFAULT '[{"percent":100,"action":"stop"}]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "mode" text DEFAULT 'cached' NOT NULL;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "on_unreachable" text DEFAULT 'allow' NOT NULL;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "on_unpriced" text DEFAULT 'estimate_high' NOT NULL;
--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "override_policy" jsonb;
--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "counter" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "overrides" ADD COLUMN "counter" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_budget_id_period_from_counter_limit_revision_percent_pk" PRIMARY KEY("budget_id","period_from","counter","limit_revision","percent");
--> statement-breakpoint
ALTER TABLE "budget_periods" ADD CONSTRAINT "budget_periods_budget_id_period_from_counter_pk" PRIMARY KEY("budget_id","period_from","counter");
--> statement-breakpoint
ALTER TABLE "budget_leases" ADD CONSTRAINT "budget_leases_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "budget_recounts" ADD CONSTRAINT "budget_recounts_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "hold_entries" ADD CONSTRAINT "hold_entries_hold_id_holds_id_fk" FOREIGN KEY ("hold_id") REFERENCES "public"."holds"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "override_requests" ADD CONSTRAINT "override_requests_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "wide_stops" ADD CONSTRAINT "wide_stops_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "wide_stops" ADD CONSTRAINT "wide_stops_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "budget_leases_live" ON "budget_leases" USING btree ("budget_id","period_from") WHERE "budget_leases"."ended_at" is null;
--> statement-breakpoint
CREATE INDEX "budget_recounts_due" ON "budget_recounts" USING btree ("requested_at") WHERE "budget_recounts"."finished_at" is null;
--> statement-breakpoint
CREATE INDEX "budget_recounts_budget" ON "budget_recounts" USING btree ("budget_id","period_from");
--> statement-breakpoint
CREATE INDEX "hold_entries_budget" ON "hold_entries" USING btree ("budget_id","period_from");
--> statement-breakpoint
CREATE INDEX "holds_due" ON "holds" USING btree ("counted_until") WHERE "holds"."state" = 'live';
--> statement-breakpoint
CREATE INDEX "override_requests_pending" ON "override_requests" USING btree ("budget_id") WHERE "override_requests"."state" = 'pending';
--> statement-breakpoint
CREATE INDEX "wide_stops_running" ON "wide_stops" USING btree ("org_id") WHERE "wide_stops"."lifted_at" is null;
--> statement-breakpoint
CREATE INDEX "budgets_org" ON "budgets" USING btree ("org_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "overrides_one_running" ON "overrides" USING btree ("budget_id","counter") WHERE "overrides"."ended_at" is null;
