import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';

import { count, moment } from './columns.ts';
import { accounts } from './people.ts';

/** Pictures that people uploaded, as we have drawn them anew. */
export const pictures = pgTable(
  'pictures',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** The chat server that it was uploaded in; null: for the person alone. */
    serverId: text('server_id'),
    fileKey: text('file_key').notNull(),
    /** 0 before the file is there, and (with a hash) once it is to be removed. */
    bytes: count('bytes').notNull(),
    sha256: text('sha256').notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('pictures_by_account').on(table.accountId, table.createdAt)],
);
