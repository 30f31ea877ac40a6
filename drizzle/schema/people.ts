import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

import { moment } from './columns.ts';

export const accounts = pgTable('accounts', {
  id: text('id').primaryKey(),
  displayName: text('display_name').notNull(),
  locale: text('locale', { enum: ['en', 'zh'] }).notNull(),
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
