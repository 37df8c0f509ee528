CREATE TABLE "digest_posts" (
	"org_id" text NOT NULL,
	"digest_id" text NOT NULL,
	"day" date NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"available_at" timestamp (3) with time zone NOT NULL,
	"unanswered" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"message_ts" text,
	CONSTRAINT "digest_posts_digest_id_day_pk" PRIMARY KEY("digest_id","day")
);
--> statement-breakpoint
CREATE TABLE "digests" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"installation_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"weekday" integer,
	"hour" integer NOT NULL,
	"time_zone" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"warned_of" text,
	CONSTRAINT "digests_channel" UNIQUE("installation_id","channel_id")
);
--> statement-breakpoint
ALTER TABLE "digest_posts" ADD CONSTRAINT "digest_posts_digest_id_digests_id_fk" FOREIGN KEY ("digest_id") REFERENCES "public"."digests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "digests" ADD CONSTRAINT "digests_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "digests" ADD CONSTRAINT "digests_installation_id_slack_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."slack_installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "digest_posts_pending" ON "digest_posts" USING btree ("available_at") WHERE "digest_posts"."state" = 'pending';