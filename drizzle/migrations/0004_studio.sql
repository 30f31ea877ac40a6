CREATE TABLE "prompt_checks" (
	"hash" text PRIMARY KEY NOT NULL,
	"verdict" jsonb NOT NULL,
	"checked_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "shots" DROP CONSTRAINT "shots_position";--> statement-breakpoint
ALTER TABLE "videos" DROP CONSTRAINT "videos_approval";--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "options" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "planned_by" text DEFAULT 'rules' NOT NULL;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "expected_minutes" double precision;--> statement-breakpoint
ALTER TABLE "quotes" ADD COLUMN "wish_hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "shot_attempts" ADD COLUMN "provider" text DEFAULT 'fal' NOT NULL;--> statement-breakpoint
ALTER TABLE "shots" ADD COLUMN "kind" text DEFAULT 'clip' NOT NULL;--> statement-breakpoint
ALTER TABLE "shots" ADD COLUMN "keep_seconds" double precision;--> statement-breakpoint
ALTER TABLE "shots" ADD COLUMN "caption" text;--> statement-breakpoint
ALTER TABLE "shots" ADD COLUMN "not_before" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "options" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "batch_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "take" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "assembled_percent" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "quotes_by_wish" ON "quotes" USING btree ("account_id","wish_hash","expires_at");--> statement-breakpoint
CREATE INDEX "shots_waiting" ON "shots" USING btree ("status","not_before");--> statement-breakpoint
CREATE INDEX "videos_by_batch" ON "videos" USING btree ("batch_id");--> statement-breakpoint
ALTER TABLE "shots" ADD CONSTRAINT "shots_position" UNIQUE("video_id","kind","position");--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_approval" UNIQUE("approval_id","take");