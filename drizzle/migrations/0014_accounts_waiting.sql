ALTER TABLE "shots" ADD COLUMN "waiting_for" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "waiting_for" text;