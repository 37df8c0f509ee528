CREATE TABLE "first_event_watchers" (
	"org_id" text NOT NULL,
	"installation_id" text NOT NULL,
	"user_id" text NOT NULL,
	"view_id" text DEFAULT '' NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"told_at" timestamp (3) with time zone,
	"available_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "first_event_watchers_installation_id_user_id_view_id_pk" PRIMARY KEY("installation_id","user_id","view_id")
);
--> statement-breakpoint
CREATE TABLE "onboarding_steps" (
	"org_id" text NOT NULL,
	"step" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"details" jsonb,
	CONSTRAINT "onboarding_steps_org_id_step_pk" PRIMARY KEY("org_id","step")
);
--> statement-breakpoint
CREATE TABLE "welcome_messages" (
	"installation_id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"channel_id" text,
	"message_ts" text,
	"shown" text,
	"proposed_at" timestamp (3) with time zone,
	"available_at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "first_event_watchers" ADD CONSTRAINT "first_event_watchers_installation_id_slack_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."slack_installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welcome_messages" ADD CONSTRAINT "welcome_messages_installation_id_slack_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."slack_installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
INSERT INTO "onboarding_steps" ("org_id", "step", "at")
  SELECT "org_id", 'installed', min("installed_at") FROM "slack_installations" GROUP BY "org_id"
  UNION ALL SELECT "org_id", 'project_named', min("created_at") FROM "projects" GROUP BY "org_id"
  UNION ALL SELECT "org_id", 'key_made', min("created_at") FROM "api_keys" GROUP BY "org_id"
  UNION ALL SELECT "org_id", 'first_event', min("day")::timestamp AT TIME ZONE 'UTC' FROM "project_spend" GROUP BY "org_id"
  UNION ALL SELECT DISTINCT "org_id", 'proposed', now() FROM "project_spend"
  UNION ALL SELECT "org_id", 'first_budget', min("created_at") FROM "budgets" GROUP BY "org_id"
  UNION ALL SELECT "org_id", 'first_alert', min("crossed_at") FROM "alerts" GROUP BY "org_id";--> statement-breakpoint
INSERT INTO "welcome_messages" ("installation_id", "org_id", "available_at", "done_at")
  SELECT "id", "org_id", now(), now() FROM "slack_installations";
