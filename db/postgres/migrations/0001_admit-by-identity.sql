CREATE TABLE "admitted_calls" (
	"identity" uuid PRIMARY KEY NOT NULL,
	"ts" timestamp (3) with time zone NOT NULL,
	"cost_nano_usd" bigint,
	"admitted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_claims" (
	"claim" uuid PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"claimed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "counted_ranges" (
	"journal_id" text NOT NULL,
	"from_offset" bigint NOT NULL,
	"next_offset" bigint NOT NULL,
	"admitted" integer NOT NULL,
	"not_admitted" bigint[] NOT NULL,
	CONSTRAINT "counted_ranges_journal_id_from_offset_pk" PRIMARY KEY("journal_id","from_offset")
);
--> statement-breakpoint
CREATE INDEX "admitted_calls_admitted_at" ON "admitted_calls" USING brin ("admitted_at");--> statement-breakpoint
CREATE INDEX "call_claims_claimed_at" ON "call_claims" USING brin ("claimed_at");--> statement-breakpoint
-- Nothing is admitted by the version before this one from here on; what it admitted is carried over, so that a repeat stays one.
LOCK TABLE "admissions" IN EXCLUSIVE MODE;--> statement-breakpoint
INSERT INTO "admitted_calls" ("identity", "ts", "cost_nano_usd", "admitted_at")
SELECT encode(substr(sha256(convert_to("project_id" || E'\n' || "request_id" || E'\n' || "attempt", 'UTF8')), 1, 16), 'hex')::uuid,
	"ts", "cost_nano_usd", "admitted_at"
FROM "admissions";--> statement-breakpoint
-- What was counted and is not archived yet, cut where a batch that the archive has begun ends.
INSERT INTO "counted_ranges" ("journal_id", "from_offset", "next_offset", "admitted", "not_admitted")
SELECT "journal_id", "from_offset", "next_offset", ("next_offset" - "from_offset" - cardinality("not_admitted"))::integer, "not_admitted"
FROM (
	SELECT range."journal_id", range."from_offset", range."next_offset",
		ARRAY(
			SELECT o FROM generate_series(range."from_offset", range."next_offset" - 1) o
			EXCEPT SELECT "journal_offset" FROM "admissions" WHERE "admissions"."journal_id" = range."journal_id"
		) AS "not_admitted"
	FROM (
		SELECT ledger."journal_id", coalesce(archive."next_offset", 0) AS "from_offset", coalesce(archive."planned_until", ledger."next_offset") AS "next_offset"
		FROM "journal_readers" ledger
		LEFT JOIN "journal_readers" archive ON archive."journal_id" = ledger."journal_id" AND archive."reader" = 'archive'
		WHERE ledger."reader" = 'ledger'
		UNION ALL
		SELECT ledger."journal_id", archive."planned_until", ledger."next_offset"
		FROM "journal_readers" ledger
		JOIN "journal_readers" archive ON archive."journal_id" = ledger."journal_id" AND archive."reader" = 'archive'
		WHERE ledger."reader" = 'ledger' AND archive."planned_until" IS NOT NULL
	) range
	WHERE range."next_offset" > range."from_offset"
) unarchived;
