CREATE TABLE "forecast_watches" (
	"budget_id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"period_from" timestamp (3) with time zone NOT NULL,
	"period_until" timestamp (3) with time zone NOT NULL,
	"limit_revision" integer NOT NULL,
	"state" text NOT NULL,
	"since" timestamp (3) with time zone,
	"reaches_at" timestamp (3) with time zone,
	"evaluated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "forecast_watches" ADD CONSTRAINT "forecast_watches_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;