import { boolean, integer, pgTable, primaryKey, text, type AnyPgColumn } from 'drizzle-orm/pg-core';

import { moment } from './columns.ts';

export const accounts = pgTable('accounts', {
  id: text('id').primaryKey(),
  displayName: text('display_name').notNull(),
  locale: text('locale', { enum: ['en', 'zh'] }).notNull(),
  /** Whether the person chose it; else it follows their chat program's. */
  localeChosen: boolean('locale_chosen').notNull().default(false),
  /** IANA name: what "at 8 in the evening" means. */
  timeZone: text('time_zone').notNull().default('UTC'),
  /** Whether the person is written to when something is done, failed or needs them. */
  notices: boolean('notices').notNull().default(true),
  /** Quota units a day that models may spend for the person without asking. */
  leashUnits: integer('leash_units').notNull().default(0),
  /** Quota units a day that may be spent at all, as the person has set it; null: no limit. */
  dailyCapUnits: integer('daily_cap_units'),
  /** What the person uses Jilo for, as they say; null: they have not said. */
  purpose: text('purpose', { enum: ['creator', 'marketing', 'other'] }),
  /** When the welcome was shown. */
  welcomedAt: moment('welcomed_at'),
  createdAt: moment('created_at').notNull(),
  /** Deleted by its person: nobody acts for it any more, and the row stays for the journal. */
  deletedAt: moment('deleted_at'),
  /** The account that this one has become part of; the row stays for what names it. */
  mergedInto: text('merged_into').references((): AnyPgColumn => accounts.id),
});

/** One account has many identities; a pair of provider and subject belongs to one account until that is deleted. */
export const identities = pgTable(
  'identities',
  {
    provider: text('provider').notNull(),
    subject: text('subject').notNull(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.provider, table.subject] })],
);

/** Who has deleted their account lately, so that no free units are given out anew; nobody can be read from it. */
export const formerIdentities = pgTable('former_identities', {
  /** Keyed hash of provider and subject. */
  hash: text('hash').primaryKey(),
  deletedAt: moment('deleted_at').notNull(),
});
