import { eq, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import { postedSchema, postTransfer } from './ledger.ts';

type Emptied = {
  readonly walletId: string;
  readonly intoWalletId: string;
  /** Units of its month that go along with those of packs; the others expire. */
  readonly month: number;
  readonly reference: string;
  readonly key: string;
  readonly at: Date;
};

/** Begins the references of what moved as two accounts became one. */
export const mergeReference = 'merge:';

/**
 * Empties a wallet into another one for good and closes it; answers with how many units went along.
 * @throws Error when units of it are set aside, or its month has fewer than named.
 */
export async function mergeWallet(tx: Pick<Tx, 'execute'>, emptied: Emptied): Promise<number> {
  const { walletId, intoWalletId, month, reference, key, at } = emptied;
  const rows = await tx.execute(
    sql`select * from quota_merge(${walletId}, ${intoWalletId}, ${month}::integer,
      ${mergeReference + reference}, ${key}, ${at.toISOString()}::timestamptz)`,
  );
  const posted = postedSchema.parse(rows[0]);
  if (posted.outcome !== 'applied') throw new Error(`merge of ${walletId}: ${posted.outcome}`);
  return posted.amount;
}

/** Lets units of the month expire, as those of another account take their place. */
export async function expireForMerge(
  tx: Pick<Tx, 'execute'>,
  {
    walletId,
    amount,
    reference,
    key,
    at,
  }: Omit<Emptied, 'month' | 'intoWalletId'> & { amount: number },
): Promise<void> {
  const posting = { walletId, amount, reference: mergeReference + reference, key, at };
  const posted = await postTransfer(tx, { verb: 'expire', ...posting });
  if (posted.outcome !== 'applied') throw new Error(`month of ${walletId}: ${posted.outcome}`);
}

/**
 * What came back into a wallet goes on into the one that it was merged into; nothing happens with a
 * wallet that was not. `cause` is what brought it back, once for ever.
 */
export async function passOn(
  tx: Pick<Tx, 'select' | 'execute'>,
  walletId: string,
  { cause, at }: { readonly cause: string; readonly at: Date },
): Promise<void> {
  const [wallet] = await tx
    .select({
      intoWalletId: wallets.mergedInto,
      available: wallets.available,
      lasting: wallets.lasting,
    })
    .from(wallets)
    .where(eq(wallets.id, walletId))
    .for('update');
  if (!wallet || wallet.intoWalletId === null || wallet.available === 0) return;
  const { intoWalletId } = wallet;
  const month = wallet.available - wallet.lasting;
  const key = `merge:${walletId}:${cause}`;
  await mergeWallet(tx, { walletId, intoWalletId, month, reference: walletId, key, at });
}

/** The wallet that stands for this one now: its own id where it was not merged. */
export async function walletNow(tx: Pick<Tx, 'select'>, walletId: string): Promise<string> {
  const [wallet] = await tx
    .select({ mergedInto: wallets.mergedInto })
    .from(wallets)
    .where(eq(wallets.id, walletId));
  return wallet?.mergedInto ?? walletId;
}
