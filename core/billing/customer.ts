import { eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { customers } from '../../drizzle/schema/billing.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { requireOpenAccount } from '../account/deleted.ts';
import type { Services } from '../context.ts';
import type { Payments } from '../ports/payments.ts';

/** Whatever changes what an account has bought takes turns at this row until its transaction ends. */
export async function lockCustomer(
  tx: Tx,
  accountId: string,
  now: Date,
): Promise<{ readonly customerId: string | null }> {
  await tx
    .insert(customers)
    .values({ accountId, customerId: null, createdAt: now })
    .onConflictDoNothing();
  const [row] = await tx
    .select({ customerId: customers.customerId })
    .from(customers)
    .where(eq(customers.accountId, accountId))
    .for('update');
  if (!row) throw new Error(`account ${accountId} has no row among the customers`);
  return row;
}

/**
 * Whom the payment service knows the account as. Presses that come together take turns, and the key
 * makes one customer of a call that is repeated after a death. @throws Fault `account_deleted`.
 */
export async function customerOf(
  services: Services,
  payments: Payments,
  accountId: string,
): Promise<string> {
  return services.database.db.transaction(async (tx) => {
    const known = await lockCustomer(tx, accountId, services.clock.now());
    await requireOpenAccount(tx, accountId);
    if (known.customerId) return known.customerId;
    const [account] = await tx
      .select({ name: accounts.displayName })
      .from(accounts)
      .where(eq(accounts.id, accountId));
    const customerId = await payments.createCustomer({
      accountId,
      name: account?.name ?? accountId,
      key: `customer:${accountId}`,
    });
    await tx.update(customers).set({ customerId }).where(eq(customers.accountId, accountId));
    return customerId;
  });
}

/** The customer of an account; null for somebody who has never been about to pay. */
export async function findCustomer(
  db: Pick<Tx, 'select'>,
  accountId: string,
): Promise<string | null> {
  const [row] = await db
    .select({ customerId: customers.customerId })
    .from(customers)
    .where(eq(customers.accountId, accountId));
  return row?.customerId ?? null;
}

/** The account behind a customer, or the one that it has become part of; null for one that is none of ours. */
export async function accountOfCustomer(
  db: Pick<Tx, 'select'>,
  customerId: string,
): Promise<string | null> {
  const [row] = await db
    .select({ accountId: customers.accountId, mergedInto: accounts.mergedInto })
    .from(customers)
    .innerJoin(accounts, eq(accounts.id, customers.accountId))
    .where(eq(customers.customerId, customerId));
  return row ? (row.mergedInto ?? row.accountId) : null;
}
