CREATE TABLE "trend_forecasts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"publication_id" text NOT NULL,
	"trend_id" text,
	"score" double precision NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"views" bigint,
	"graded_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "trend_forecasts_once" UNIQUE("publication_id")
);
--> statement-breakpoint
CREATE TABLE "trend_harvest_items" (
	"harvest_id" text NOT NULL,
	"trend_id" text NOT NULL,
	CONSTRAINT "trend_harvest_items_harvest_id_trend_id_pk" PRIMARY KEY("harvest_id","trend_id")
);
--> statement-breakpoint
CREATE TABLE "trend_harvests" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"platform" text NOT NULL,
	"query" text NOT NULL,
	"request" jsonb NOT NULL,
	"max_items" integer NOT NULL,
	"max_cost_usd" double precision NOT NULL,
	"status" text NOT NULL,
	"run_id" text,
	"skipped" jsonb NOT NULL,
	"fault" jsonb,
	"cost_usd" double precision,
	"leased_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "trend_search_harvests" (
	"search_id" text NOT NULL,
	"harvest_id" text NOT NULL,
	"is_starter" boolean NOT NULL,
	CONSTRAINT "trend_search_harvests_search_id_harvest_id_pk" PRIMARY KEY("search_id","harvest_id")
);
--> statement-breakpoint
CREATE TABLE "watch_finds" (
	"id" text PRIMARY KEY NOT NULL,
	"watch_id" text NOT NULL,
	"trend_id" text NOT NULL,
	"search_id" text NOT NULL,
	"score" double precision NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	CONSTRAINT "watch_finds_once" UNIQUE("watch_id","trend_id")
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"server_id" text,
	"keyword" text NOT NULL,
	"platforms" jsonb NOT NULL,
	"min_score" integer NOT NULL,
	"every_hours" integer NOT NULL,
	"daily_usd" double precision NOT NULL,
	"status" text NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_at" timestamp with time zone,
	"next_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "trend_searches" ADD COLUMN "status" text DEFAULT 'ready' NOT NULL;--> statement-breakpoint
ALTER TABLE "trend_searches" ADD COLUMN "seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "trends" ADD COLUMN "thumbnail_key" text;--> statement-breakpoint
ALTER TABLE "trends" ADD COLUMN "thumbnail_tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "trend_forecasts" ADD CONSTRAINT "trend_forecasts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_forecasts" ADD CONSTRAINT "trend_forecasts_trend_id_trends_id_fk" FOREIGN KEY ("trend_id") REFERENCES "public"."trends"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_harvest_items" ADD CONSTRAINT "trend_harvest_items_harvest_id_trend_harvests_id_fk" FOREIGN KEY ("harvest_id") REFERENCES "public"."trend_harvests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_harvest_items" ADD CONSTRAINT "trend_harvest_items_trend_id_trends_id_fk" FOREIGN KEY ("trend_id") REFERENCES "public"."trends"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_search_harvests" ADD CONSTRAINT "trend_search_harvests_search_id_trend_searches_id_fk" FOREIGN KEY ("search_id") REFERENCES "public"."trend_searches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_search_harvests" ADD CONSTRAINT "trend_search_harvests_harvest_id_trend_harvests_id_fk" FOREIGN KEY ("harvest_id") REFERENCES "public"."trend_harvests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_finds" ADD CONSTRAINT "watch_finds_watch_id_watches_id_fk" FOREIGN KEY ("watch_id") REFERENCES "public"."watches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_finds" ADD CONSTRAINT "watch_finds_trend_id_trends_id_fk" FOREIGN KEY ("trend_id") REFERENCES "public"."trends"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_finds" ADD CONSTRAINT "watch_finds_search_id_trend_searches_id_fk" FOREIGN KEY ("search_id") REFERENCES "public"."trend_searches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watches" ADD CONSTRAINT "watches_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "trend_forecasts_due" ON "trend_forecasts" USING btree ("graded_at","due_at");--> statement-breakpoint
CREATE INDEX "trend_harvests_by_query" ON "trend_harvests" USING btree ("platform","query","created_at");--> statement-breakpoint
CREATE INDEX "trend_harvests_by_purpose" ON "trend_harvests" USING btree ("purpose","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "trend_harvests_once" ON "trend_harvests" USING btree ("platform","query","max_items") WHERE "trend_harvests"."status" in ('waiting', 'running');--> statement-breakpoint
CREATE INDEX "trend_search_harvests_by_harvest" ON "trend_search_harvests" USING btree ("harvest_id");--> statement-breakpoint
CREATE INDEX "watches_due" ON "watches" USING btree ("status","next_at");--> statement-breakpoint
CREATE INDEX "watches_by_account" ON "watches" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "publications_by_picture" ON "publications" USING btree ("picture_id");--> statement-breakpoint
CREATE INDEX "trend_searches_by_account" ON "trend_searches" USING btree ("account_id","created_at");