import { sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { Fault } from '../fault.ts';

type Posting = {
  readonly accountId: string;
  /** What the movement is about; holds are found again by it. */
  readonly reference: string;
  /** Unique for ever: the same key twice moves nothing. */
  readonly key: string;
  readonly at: Date;
};

export type Transfer =
  | (Posting & { readonly verb: 'grant' | 'hold' | 'expire'; readonly amount: number })
  | (Posting & { readonly verb: 'capture' | 'release' | 'refund' });

const postedSchema = z.object({
  outcome: z.enum(['applied', 'replay', 'key_reused', 'short', 'settled', 'hold_missing']),
  available: z.number().int(),
  held: z.number().int(),
  amount: z.number().int(),
});
export type Posted = z.infer<typeof postedSchema>;

/**
 * Posts one movement in one round trip: drizzle/migrations/0001_ledger.sql holds the rules and the
 * meaning of each outcome. Only `applied` moved anything.
 */
export async function postTransfer(tx: Pick<Tx, 'execute'>, transfer: Transfer): Promise<Posted> {
  const amount = 'amount' in transfer ? transfer.amount : null;
  const rows = await tx.execute(
    sql`select * from quota_post(${transfer.verb}, ${transfer.accountId}, ${amount}::integer,
      ${transfer.reference}, ${transfer.key}, ${transfer.at.toISOString()}::timestamptz)`,
  );
  return postedSchema.parse(rows[0]);
}

/**
 * Sets quota aside for a video.
 * @throws Fault `quota_short` when less is available.
 */
export async function holdQuota(
  tx: Pick<Tx, 'execute'>,
  hold: {
    readonly accountId: string;
    readonly videoId: string;
    readonly amount: number;
    readonly at: Date;
  },
): Promise<Posted> {
  const posted = await postTransfer(tx, {
    verb: 'hold',
    accountId: hold.accountId,
    amount: hold.amount,
    reference: hold.videoId,
    key: `hold:${hold.videoId}`,
    at: hold.at,
  });
  if (posted.outcome === 'short')
    throw new Fault('quota_short', { needed: hold.amount, available: posted.available });
  if (posted.outcome !== 'applied') throw new Error(`hold of ${hold.videoId}: ${posted.outcome}`);
  return posted;
}
