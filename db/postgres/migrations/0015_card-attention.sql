ALTER TABLE "budget_cards" ADD COLUMN "acknowledged_by" text;--> statement-breakpoint
ALTER TABLE "budget_cards" ADD COLUMN "acknowledged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "budget_cards" ADD COLUMN "acknowledged_state" text;--> statement-breakpoint
ALTER TABLE "budget_cards" ADD COLUMN "quiet_by" text;--> statement-breakpoint
ALTER TABLE "budget_cards" ADD COLUMN "quiet_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "budget_cards" ADD COLUMN "quiet_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "quieted_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "budget_cards_quiet" ON "budget_cards" USING btree ("quiet_until") WHERE "budget_cards"."quiet_until" is not null;