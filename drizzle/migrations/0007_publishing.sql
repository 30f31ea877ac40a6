CREATE TABLE "host_allowances" (
	"day" text NOT NULL,
	"bucket" text NOT NULL,
	"used" integer NOT NULL,
	CONSTRAINT "host_allowances_day_bucket_pk" PRIMARY KEY("day","bucket")
);
--> statement-breakpoint
CREATE TABLE "publication_counts" (
	"publication_id" text NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"views" bigint,
	"likes" bigint,
	"comments" bigint,
	CONSTRAINT "publication_counts_publication_id_read_at_pk" PRIMARY KEY("publication_id","read_at")
);
--> statement-breakpoint
ALTER TABLE "channels" ALTER COLUMN "access_token_sealed" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "channels" ALTER COLUMN "refresh_token_sealed" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_states" ADD COLUMN "access" text DEFAULT 'upload' NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_states" ADD COLUMN "browser_hash" text;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "playlist" text;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "playlist_status" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "playlist_failure" text;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "captions_status" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "captions_failure" text;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "waiting_for" text;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "waiting_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "told_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "publication_counts" ADD CONSTRAINT "publication_counts_publication_id_publications_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- What was uploaded before went there with its visibility: the host has been told.
UPDATE "publications" SET "told_at" = "created_at" WHERE "host_video_id" IS NOT NULL;
