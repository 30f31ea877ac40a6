import { index, pgTable, text } from 'drizzle-orm/pg-core';

import { moment } from './columns.ts';
import { accounts } from './people.ts';

/** A one-time link by which two accounts of one person become one; both sides have a say. */
export const accountLinks = pgTable(
  'account_links',
  {
    id: text('id').primaryKey(),
    /** Who asked for the link, and confirms at last. */
    fromAccount: text('from_account')
      .notNull()
      .references(() => accounts.id),
    /** Who has opened the link and answered it; null before. */
    toAccount: text('to_account').references(() => accounts.id),
    /** `answered`: the other side has accepted. */
    status: text('status', { enum: ['open', 'answered', 'done', 'declined', 'void'] }).notNull(),
    /** Which of the two was to stay when the other side accepted. */
    staysAccount: text('stays_account').references(() => accounts.id),
    createdAt: moment('created_at').notNull(),
    /** Until then it may be answered; once it is, confirmed. */
    expiresAt: moment('expires_at').notNull(),
    decidedAt: moment('decided_at'),
  },
  (table) => [
    index('account_links_by_from').on(table.fromAccount, table.status),
    index('account_links_by_to').on(table.toAccount, table.status),
  ],
);
