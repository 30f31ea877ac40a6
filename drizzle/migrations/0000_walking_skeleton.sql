CREATE TABLE "approvals" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"approver_id" text NOT NULL,
	"operation" text NOT NULL,
	"input_hash" text NOT NULL,
	"input" jsonb NOT NULL,
	"preview" jsonb NOT NULL,
	"surface" text NOT NULL,
	"status" text NOT NULL,
	"choices" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	"decided_on" text,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"account_id" text NOT NULL,
	"surface" text NOT NULL,
	"operation" text NOT NULL,
	"effect" text NOT NULL,
	"input_hash" text NOT NULL,
	"approval_id" text,
	"outcome" text NOT NULL,
	"reference" text
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"locale" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"account_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "identities_provider_subject_pk" PRIMARY KEY("provider","subject")
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"host_channel_id" text NOT NULL,
	"title" text NOT NULL,
	"handle" text,
	"status" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"access_token_sealed" text NOT NULL,
	"refresh_token_sealed" text NOT NULL,
	"access_expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "channels_host" UNIQUE("account_id","host_channel_id")
);
--> statement-breakpoint
CREATE TABLE "oauth_states" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"code_verifier_sealed" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "publications" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"video_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"tags" jsonb NOT NULL,
	"category_id" text NOT NULL,
	"privacy" text NOT NULL,
	"publish_at" timestamp with time zone,
	"made_for_kids" boolean NOT NULL,
	"notify_subscribers" boolean NOT NULL,
	"status" text NOT NULL,
	"failure" text,
	"failure_reason" text,
	"session_sealed" text,
	"last_chunk_sent" boolean NOT NULL,
	"uploaded_bytes" bigint NOT NULL,
	"total_bytes" bigint NOT NULL,
	"host_video_id" text,
	"host_privacy" text,
	"created_at" timestamp with time zone NOT NULL,
	"live_at" timestamp with time zone,
	CONSTRAINT "publications_host_video" UNIQUE("host_video_id")
);
--> statement-breakpoint
CREATE TABLE "compensations" (
	"root_video_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quota_holds" (
	"reference" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"amount" integer NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "quota_holds_amount_positive" CHECK ("quota_holds"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "quota_transfers" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"account_id" text NOT NULL,
	"verb" text NOT NULL,
	"debit" text NOT NULL,
	"credit" text NOT NULL,
	"amount" integer NOT NULL,
	"reference" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	CONSTRAINT "quota_transfers_key" UNIQUE("key"),
	CONSTRAINT "quota_transfers_amount_positive" CHECK ("quota_transfers"."amount" > 0),
	CONSTRAINT "quota_transfers_two_sides" CHECK ("quota_transfers"."debit" <> "quota_transfers"."credit")
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"account_id" text PRIMARY KEY NOT NULL,
	"granted" integer NOT NULL,
	"available" integer NOT NULL,
	"held" integer NOT NULL,
	"spent" integer NOT NULL,
	"expired" integer NOT NULL,
	CONSTRAINT "wallets_available_not_negative" CHECK ("wallets"."available" >= 0),
	CONSTRAINT "wallets_held_not_negative" CHECK ("wallets"."held" >= 0),
	CONSTRAINT "wallets_spent_not_negative" CHECK ("wallets"."spent" >= 0),
	CONSTRAINT "wallets_expired_not_negative" CHECK ("wallets"."expired" >= 0),
	CONSTRAINT "wallets_balanced" CHECK ("wallets"."granted" = "wallets"."available" + "wallets"."held" + "wallets"."spent" + "wallets"."expired")
);
--> statement-breakpoint
CREATE TABLE "trend_results" (
	"search_id" text NOT NULL,
	"trend_id" text NOT NULL,
	"position" integer NOT NULL,
	"score" jsonb NOT NULL,
	CONSTRAINT "trend_results_search_id_trend_id_pk" PRIMARY KEY("search_id","trend_id")
);
--> statement-breakpoint
CREATE TABLE "trend_searches" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"keyword" text NOT NULL,
	"request" jsonb NOT NULL,
	"skipped" jsonb NOT NULL,
	"notes" jsonb NOT NULL,
	"cost_usd" double precision,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trend_snapshots" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"trend_id" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"views" bigint,
	"likes" bigint,
	"comments" bigint,
	"shares" bigint
);
--> statement-breakpoint
CREATE TABLE "trends" (
	"id" text PRIMARY KEY NOT NULL,
	"platform" text NOT NULL,
	"external_id" text NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"url" text NOT NULL,
	"channel" text,
	"channel_followers" bigint,
	"views" bigint,
	"likes" bigint,
	"comments" bigint,
	"shares" bigint,
	"duration_seconds" double precision,
	"published_at" timestamp with time zone,
	"thumbnail_url" text,
	"hashtags" jsonb NOT NULL,
	"analysis" jsonb,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "trends_external" UNIQUE("platform","external_id")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"subject_id" text NOT NULL,
	"kind" text NOT NULL,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"source" text NOT NULL,
	"event_id" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"attempt_id" text NOT NULL,
	"payload" jsonb NOT NULL,
	CONSTRAINT "inbox_source_event_id_pk" PRIMARY KEY("source","event_id")
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"prompt" text NOT NULL,
	"model" text NOT NULL,
	"seconds" integer NOT NULL,
	"shape" text NOT NULL,
	"shots" jsonb NOT NULL,
	"quota" integer NOT NULL,
	"estimated_usd" double precision,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shot_attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"shot_id" text NOT NULL,
	"number" integer NOT NULL,
	"status" text NOT NULL,
	"request_id" text,
	"status_url" text,
	"response_url" text,
	"cancel_url" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "shot_attempts_number" UNIQUE("shot_id","number")
);
--> statement-breakpoint
CREATE TABLE "shots" (
	"id" text PRIMARY KEY NOT NULL,
	"video_id" text NOT NULL,
	"position" integer NOT NULL,
	"clip_seconds" double precision NOT NULL,
	"prompt" text NOT NULL,
	"status" text NOT NULL,
	"file_key" text,
	"bytes" bigint,
	CONSTRAINT "shots_position" UNIQUE("video_id","position")
);
--> statement-breakpoint
CREATE TABLE "videos" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"quote_id" text NOT NULL,
	"root_id" text NOT NULL,
	"prompt" text NOT NULL,
	"model" text NOT NULL,
	"seconds" integer NOT NULL,
	"shape" text NOT NULL,
	"quota" integer NOT NULL,
	"status" text NOT NULL,
	"failure" text,
	"file_key" text,
	"bytes" bigint,
	"sha256" text,
	"duration_seconds" double precision,
	"width" integer,
	"height" integer,
	"created_at" timestamp with time zone NOT NULL,
	"ready_at" timestamp with time zone,
	CONSTRAINT "videos_ready_has_file" CHECK ("videos"."status" <> 'ready' or "videos"."file_key" is not null)
);
--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_approver_id_accounts_id_fk" FOREIGN KEY ("approver_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_states" ADD CONSTRAINT "oauth_states_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compensations" ADD CONSTRAINT "compensations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_holds" ADD CONSTRAINT "quota_holds_account_id_wallets_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."wallets"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_transfers" ADD CONSTRAINT "quota_transfers_account_id_wallets_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."wallets"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_results" ADD CONSTRAINT "trend_results_search_id_trend_searches_id_fk" FOREIGN KEY ("search_id") REFERENCES "public"."trend_searches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_results" ADD CONSTRAINT "trend_results_trend_id_trends_id_fk" FOREIGN KEY ("trend_id") REFERENCES "public"."trends"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_searches" ADD CONSTRAINT "trend_searches_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trend_snapshots" ADD CONSTRAINT "trend_snapshots_trend_id_trends_id_fk" FOREIGN KEY ("trend_id") REFERENCES "public"."trends"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shot_attempts" ADD CONSTRAINT "shot_attempts_shot_id_shots_id_fk" FOREIGN KEY ("shot_id") REFERENCES "public"."shots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shots" ADD CONSTRAINT "shots_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_quote_id_quotes_id_fk" FOREIGN KEY ("quote_id") REFERENCES "public"."quotes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_by_hash" ON "approvals" USING btree ("account_id","input_hash");--> statement-breakpoint
CREATE INDEX "audit_by_account" ON "audit_log" USING btree ("account_id","at");--> statement-breakpoint
CREATE INDEX "publications_by_account" ON "publications" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "quota_transfers_by_account" ON "quota_transfers" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "trend_results_by_trend" ON "trend_results" USING btree ("trend_id");--> statement-breakpoint
CREATE INDEX "trend_snapshots_by_trend" ON "trend_snapshots" USING btree ("trend_id","seen_at");--> statement-breakpoint
CREATE INDEX "events_by_subject" ON "events" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "videos_by_account" ON "videos" USING btree ("account_id","created_at");