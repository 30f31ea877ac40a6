CREATE TABLE "agent_usage" (
	"account_id" text NOT NULL,
	"day" text NOT NULL,
	"steps" integer NOT NULL,
	"input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	CONSTRAINT "agent_usage_account_id_day_pk" PRIMARY KEY("account_id","day")
);
--> statement-breakpoint
CREATE TABLE "approval_cards" (
	"approval_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"user_id" text NOT NULL,
	"server_id" text,
	"channel_id" text NOT NULL,
	"conversation_id" text,
	"upload_limit" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_messages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"turn_id" bigint NOT NULL,
	"message" jsonb NOT NULL,
	"tokens" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_turns" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"reply_to" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone,
	CONSTRAINT "conversation_turns_key" UNIQUE("conversation_id","key")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"surface" text NOT NULL,
	"place" text NOT NULL,
	"server_id" text,
	"summary" text NOT NULL,
	"summarised_through" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "conversations_place" UNIQUE("account_id","surface","place")
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"server_id" text,
	"topic" text NOT NULL,
	"fields" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "drafts_topic" UNIQUE NULLS NOT DISTINCT("account_id","server_id","topic")
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "progress_messages" (
	"subject_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"user_id" text NOT NULL,
	"server_id" text,
	"channel_id" text NOT NULL,
	"message_id" text,
	"conversation_id" text,
	"upload_limit" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "servers" (
	"id" text PRIMARY KEY NOT NULL,
	"channels" jsonb NOT NULL,
	"roles" jsonb NOT NULL,
	"locale" text,
	"visibility" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_trends" (
	"account_id" text NOT NULL,
	"trend_id" text NOT NULL,
	"server_id" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "saved_trends_once" UNIQUE NULLS NOT DISTINCT("account_id","trend_id","server_id")
);
--> statement-breakpoint
ALTER TABLE "videos" DROP CONSTRAINT "videos_ready_has_file";--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "locale_chosen" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "time_zone" text DEFAULT 'UTC' NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "notices" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "welcomed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "server_id" text;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "approval_id" text;--> statement-breakpoint
ALTER TABLE "trend_searches" ADD COLUMN "server_id" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "server_id" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "approval_id" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "agent_usage" ADD CONSTRAINT "agent_usage_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_cards" ADD CONSTRAINT "approval_cards_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_messages" ADD CONSTRAINT "conversation_messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_turns" ADD CONSTRAINT "conversation_turns_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "progress_messages" ADD CONSTRAINT "progress_messages_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_changed_by_accounts_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_trends" ADD CONSTRAINT "saved_trends_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_trends" ADD CONSTRAINT "saved_trends_trend_id_trends_id_fk" FOREIGN KEY ("trend_id") REFERENCES "public"."trends"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_messages_by_conversation" ON "conversation_messages" USING btree ("conversation_id","id");--> statement-breakpoint
CREATE INDEX "conversation_turns_open" ON "conversation_turns" USING btree ("answered_at","id");--> statement-breakpoint
CREATE INDEX "notices_open" ON "notices" USING btree ("delivered_at","id");--> statement-breakpoint
CREATE INDEX "progress_messages_open" ON "progress_messages" USING btree ("ended_at");--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_approval" UNIQUE("approval_id");--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_approval" UNIQUE("approval_id");--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_ready_has_file" CHECK ("videos"."status" <> 'ready' or "videos"."file_key" is not null or "videos"."deleted_at" is not null);