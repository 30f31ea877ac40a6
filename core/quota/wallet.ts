import { eq } from 'drizzle-orm';

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
