CREATE TABLE "pending_adjustments" (
	"repricing_id" text NOT NULL,
	"from_ordinal" bigint NOT NULL,
	"next_ordinal" bigint NOT NULL,
	"org_id" text NOT NULL,
	"events" jsonb NOT NULL,
	CONSTRAINT "pending_adjustments_repricing_id_from_ordinal_pk" PRIMARY KEY("repricing_id","from_ordinal")
);
--> statement-breakpoint
CREATE TABLE "repricings" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"requested_by" text NOT NULL,
	"scope" jsonb NOT NULL,
	"begun_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"adjustments" bigint NOT NULL,
	"newly_priced" bigint NOT NULL,
	"difference_nano_usd" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "pending_adjustments" ADD CONSTRAINT "pending_adjustments_repricing_id_repricings_id_fk" FOREIGN KEY ("repricing_id") REFERENCES "public"."repricings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repricings" ADD CONSTRAINT "repricings_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "repricings_unfinished" ON "repricings" USING btree ("org_id") WHERE "repricings"."finished_at" is null;