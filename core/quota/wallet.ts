import { eq, or, sql, type SQL } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { wallets } from '../../drizzle/schema/quota.ts';

export type Balance = {
  readonly available: number;
  readonly held: number;
  readonly spent: number;
  readonly granted: number;
};

/** What an account has; every account has a wallet from its first contact on. */
export async function readBalance(db: Pick<Tx, 'select'>, accountId: string): Promise<Balance> {
  const [row] = await db
    .select({
      available: wallets.available,
      held: wallets.held,
      spent: wallets.spent,
      granted: wallets.granted,
    })
    .from(wallets)
    .where(eq(wallets.id, accountId));
  if (!row) throw new Error(`account ${accountId} has no wallet`);
  return row;
}

/** Ids of the wallet of an account and of those that were merged into it, to be looked up in. */
export const ownWallets = (accountId: string): SQL =>
  sql`(select ${wallets.id} from ${wallets} where ${isOwnWallet(accountId)})`;

const isOwnWallet = (accountId: string) =>
  or(eq(wallets.id, accountId), eq(wallets.mergedInto, accountId));

/** The same ids themselves, the account's own first. */
export async function readOwnWallets(
  db: Pick<Tx, 'select'>,
  accountId: string,
): Promise<readonly string[]> {
  const merged = await db
    .select({ id: wallets.id })
    .from(wallets)
    .where(eq(wallets.mergedInto, accountId));
  return [accountId, ...merged.map(({ id }) => id)];
}
