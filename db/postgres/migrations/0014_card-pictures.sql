ALTER TABLE "budget_cards" ADD COLUMN "picture" jsonb;--> statement-breakpoint
ALTER TABLE "forecast_watches" ADD COLUMN "forecast" jsonb;--> statement-breakpoint
ALTER TABLE "forecast_watches" ADD COLUMN "course" jsonb;