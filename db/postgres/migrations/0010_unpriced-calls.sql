CREATE TABLE "unpriced_calls" (
	"identity" uuid PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"project_id" text NOT NULL,
	"ts" timestamp (3) with time zone NOT NULL,
	"model" text NOT NULL,
	"estimate_nano_usd" bigint NOT NULL,
	"facts" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "budget_periods" ADD COLUMN "estimated_nano_usd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "budget_periods" ADD COLUMN "unpriced_models" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "unpriced_calls_model" ON "unpriced_calls" USING btree ("org_id","model","ts");