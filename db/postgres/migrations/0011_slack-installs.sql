ALTER TABLE "slack_installations" ADD COLUMN "refresh_token" jsonb;--> statement-breakpoint
ALTER TABLE "slack_installations" ADD COLUMN "token_expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "slack_installations" ADD COLUMN "installed_by" text;--> statement-breakpoint
ALTER TABLE "slack_installations" ADD COLUMN "lapsed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "slack_installations" ADD COLUMN "lapsed_why" text;