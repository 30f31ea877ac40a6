CREATE TABLE "checkouts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"product" text NOT NULL,
	"session_id" text,
	"url" text,
	"status" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "checkouts_session_id_unique" UNIQUE("session_id")
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"account_id" text PRIMARY KEY NOT NULL,
	"customer_id" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "customers_customer_id_unique" UNIQUE("customer_id")
);
--> statement-breakpoint
CREATE TABLE "payment_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"subject_kind" text,
	"subject_id" text,
	"created_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"handled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "purchases" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"wallet_id" text NOT NULL,
	"kind" text NOT NULL,
	"product" text NOT NULL,
	"subscription_id" text,
	"payment_id" text,
	"units" integer NOT NULL,
	"taken_back" integer DEFAULT 0 NOT NULL,
	"missing" integer DEFAULT 0 NOT NULL,
	"adjustments" integer DEFAULT 0 NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"period_start" timestamp with time zone,
	"period_end" timestamp with time zone,
	"paid_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"plan" text,
	"price_id" text NOT NULL,
	"status" text NOT NULL,
	"period_start" timestamp with time zone NOT NULL,
	"period_end" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "waiting_actions" (
	"account_id" text PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"operation" text NOT NULL,
	"input" jsonb NOT NULL,
	"surface" text NOT NULL,
	"server_id" text,
	"needed" integer NOT NULL,
	"approval_id" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "waiting_actions_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer NOT NULL,
	"expire" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "wallets" DROP CONSTRAINT "wallets_balanced";--> statement-breakpoint
ALTER TABLE "wallets" DROP CONSTRAINT "wallets_available_not_negative";--> statement-breakpoint
ALTER TABLE "wallets" DROP CONSTRAINT "wallets_held_not_negative";--> statement-breakpoint
ALTER TABLE "wallets" DROP CONSTRAINT "wallets_spent_not_negative";--> statement-breakpoint
ALTER TABLE "wallets" DROP CONSTRAINT "wallets_expired_not_negative";--> statement-breakpoint
ALTER TABLE "quota_transfers" DROP CONSTRAINT "quota_transfers_amount_positive";--> statement-breakpoint
ALTER TABLE "quota_transfers" DROP CONSTRAINT "quota_transfers_two_sides";--> statement-breakpoint
ALTER TABLE "quota_transfers" DROP CONSTRAINT "quota_transfers_pkey";--> statement-breakpoint
ALTER TABLE "quota_holds" DROP CONSTRAINT "quota_holds_account_id_wallets_account_id_fk";
--> statement-breakpoint
ALTER TABLE "quota_transfers" DROP CONSTRAINT "quota_transfers_account_id_wallets_account_id_fk";
--> statement-breakpoint
DROP INDEX "quota_transfers_by_account";--> statement-breakpoint
-- A wallet has an id of its own now: a person's keeps that of the account, a server's has another.
ALTER TABLE "wallets" RENAME COLUMN "account_id" TO "id";--> statement-breakpoint
ALTER TABLE "wallets" DROP CONSTRAINT "wallets_account_id_accounts_id_fk";--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "account_id" text;--> statement-breakpoint
UPDATE "wallets" SET "account_id" = "id";--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quota_transfers" RENAME COLUMN "account_id" TO "wallet_id";--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "pays" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "role_limits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "ledger_channel" text;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "ledger_told" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "daily_cap_units" integer;--> statement-breakpoint
ALTER TABLE "quota_holds" ADD COLUMN "wallet_id" text;--> statement-breakpoint
UPDATE "quota_holds" SET "wallet_id" = "account_id";--> statement-breakpoint
ALTER TABLE "quota_holds" ALTER COLUMN "wallet_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "quota_holds" ADD COLUMN "lasting" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "quota_transfers" ADD COLUMN "lasting" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "server_id" text;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "lasting" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "returned" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "given" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "period_start" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "period_end" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchases" ADD CONSTRAINT "purchases_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchases" ADD CONSTRAINT "purchases_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waiting_actions" ADD CONSTRAINT "waiting_actions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "checkouts_one_open" ON "checkouts" USING btree ("account_id") WHERE "checkouts"."status" in ('intended', 'open');--> statement-breakpoint
CREATE INDEX "payment_notices_open" ON "payment_notices" USING btree ("handled_at","received_at");--> statement-breakpoint
CREATE INDEX "purchases_by_account" ON "purchases" USING btree ("account_id","paid_at");--> statement-breakpoint
CREATE INDEX "purchases_by_payment" ON "purchases" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "purchases_by_period" ON "purchases" USING btree ("subscription_id","period_end");--> statement-breakpoint
CREATE INDEX "subscriptions_by_account" ON "subscriptions" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "wallets_by_period" ON "wallets" USING btree ("period_end");--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_account_id_unique" UNIQUE("account_id");--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_server_id_unique" UNIQUE("server_id");--> statement-breakpoint
ALTER TABLE "quota_transfers" ADD CONSTRAINT "quota_transfers_wallet_id_id_pk" PRIMARY KEY("wallet_id","id");--> statement-breakpoint
CREATE INDEX "quota_holds_by_wallet" ON "quota_holds" USING btree ("wallet_id","created_at");--> statement-breakpoint
CREATE INDEX "quota_holds_by_member" ON "quota_holds" USING btree ("account_id","created_at") WHERE "quota_holds"."wallet_id" <> "quota_holds"."account_id";--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_not_negative" CHECK (least("wallets"."lasting", "wallets"."available" - "wallets"."lasting", "wallets"."held", "wallets"."spent", "wallets"."expired", "wallets"."returned", "wallets"."given") >= 0);--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_one_owner" CHECK (num_nonnulls("wallets"."account_id", "wallets"."server_id") = 1);--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_balanced" CHECK ("wallets"."granted" = "wallets"."available" + "wallets"."held" + "wallets"."spent" + "wallets"."expired" + "wallets"."returned" + "wallets"."given");--> statement-breakpoint
-- Whoever was here before has the month that began with the account; the next look renews it.
UPDATE "wallets" w SET "period_start" = a."created_at", "period_end" = a."created_at" + interval '1 month' FROM "accounts" a WHERE a."id" = w."account_id";
