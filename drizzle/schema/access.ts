import { index, pgTable, text } from 'drizzle-orm/pg-core';

import { json, moment } from './columns.ts';
import { accounts } from './people.ts';

/** What lets a program act for a person over HTTP; the token itself is kept nowhere. */
export const accessTokens = pgTable(
  'access_tokens',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    name: text('name').notNull(),
    /** SHA-256 of the token. */
    hash: text('hash').notNull().unique(),
    scopes: json<readonly string[]>('scopes').notNull(),
    /** The address that the token was made for, and is good at alone. */
    resource: text('resource').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    lastUsedAt: moment('last_used_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [index('access_tokens_by_account').on(table.accountId, table.createdAt)],
);
