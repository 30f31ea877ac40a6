import { boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

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
  /** When the welcome was shown. */
  welcomedAt: moment('welcomed_at'),
  createdAt: moment('created_at').notNull(),
});

/** One account has many identities; a pair of provider and subject belongs to one account for ever. */
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
