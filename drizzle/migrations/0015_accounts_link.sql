CREATE TABLE "account_links" (
	"id" text PRIMARY KEY NOT NULL,
	"from_account" text NOT NULL,
	"to_account" text,
	"status" text NOT NULL,
	"stays_account" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "merged_into" text;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "merged_into" text;--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_from_account_accounts_id_fk" FOREIGN KEY ("from_account") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_to_account_accounts_id_fk" FOREIGN KEY ("to_account") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_stays_account_accounts_id_fk" FOREIGN KEY ("stays_account") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_links_by_from" ON "account_links" USING btree ("from_account","status");--> statement-breakpoint
CREATE INDEX "account_links_by_to" ON "account_links" USING btree ("to_account","status");--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_merged_into_accounts_id_fk" FOREIGN KEY ("merged_into") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_merged_into_wallets_id_fk" FOREIGN KEY ("merged_into") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "wallets_by_merged" ON "wallets" USING btree ("merged_into") WHERE "wallets"."merged_into" is not null;