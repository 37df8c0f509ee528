CREATE TABLE "project_people" (
	"org_id" text NOT NULL,
	"project_id" text NOT NULL,
	"place_id" text NOT NULL,
	"user_id" text NOT NULL,
	CONSTRAINT "project_people_project_id_place_id_user_id_pk" PRIMARY KEY("project_id","place_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "role_grants" (
	"org_id" text NOT NULL,
	"place_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"granted_by" text NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "role_grants_org_id_place_id_user_id_pk" PRIMARY KEY("org_id","place_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "visibility" text DEFAULT 'everyone' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_people" ADD CONSTRAINT "project_people_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_people" ADD CONSTRAINT "project_people_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;