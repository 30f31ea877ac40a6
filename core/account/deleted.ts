import { and, eq, isNotNull, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

import type { Tx } from '../../drizzle/client.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { Fault } from '../fault.ts';

/** Whether the person of an account has deleted it; an account that never existed was not deleted. */
export async function isDeleted(db: Pick<Tx, 'select'>, accountId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), isNotNull(accounts.deletedAt)));
  return row !== undefined;
}

/** @throws Fault `account_deleted` */
export async function requireOpenAccount(db: Pick<Tx, 'select'>, accountId: string): Promise<void> {
  if (await isDeleted(db, accountId)) throw new Fault('account_deleted', {});
}

/** Matches rows of accounts that are deleted, by the column that names the account. */
export const ofDeletedAccount = (accountId: PgColumn): SQL =>
  sql`exists (select 1 from ${accounts}
    where ${accounts.id} = ${accountId} and ${accounts.deletedAt} is not null)`;
