ALTER TABLE "override_requests" ADD COLUMN "message_channel_id" text;--> statement-breakpoint
ALTER TABLE "override_requests" ADD COLUMN "message_ts" text;--> statement-breakpoint
ALTER TABLE "override_requests" ADD COLUMN "message_state" text;--> statement-breakpoint
CREATE INDEX "override_requests_outdated" ON "override_requests" USING btree ("budget_id") WHERE "override_requests"."message_state" <> "override_requests"."state";