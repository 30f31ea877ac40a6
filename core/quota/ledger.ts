import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { shortFault } from './short.ts';

type Posting = {
  /** A person's wallet has the id of the account. */
  readonly walletId: string;
  /** What the movement is about; holds are found again by it. */
  readonly reference: string;
  /** Unique for ever: the same key twice moves nothing. */
  readonly key: string;
  readonly at: Date;
};

type Hold = Posting & {
  readonly verb: 'hold';
  readonly amount: number;
  /** Who has asked for it; absent: the person of the wallet. */
  readonly accountId?: string;
};

/** `lasting` units are those of packs; the others end with the month. */
export type Transfer =
  | (Posting & {
      readonly verb: 'grant' | 'take_back';
      readonly amount: number;
      readonly lasting?: boolean;
    })
  | Hold
  | (Posting & { readonly verb: 'expire'; readonly amount: number })
  | (Posting & { readonly verb: 'capture' | 'release' | 'refund' });

export const postedSchema = z.object({
  outcome: z.enum(['applied', 'replay', 'key_reused', 'short', 'settled', 'hold_missing', 'stale']),
  available: z.number().int(),
  held: z.number().int(),
  amount: z.number().int(),
});
export type Posted = z.infer<typeof postedSchema>;

/**
 * Posts one movement in one round trip: drizzle/migrations/0010_ledger_months.sql holds the rules and
 * the meaning of each outcome. Only `applied` moved anything.
 */
export async function postTransfer(tx: Pick<Tx, 'execute'>, transfer: Transfer): Promise<Posted> {
  const rows = await tx.execute(transfer.verb === 'hold' ? callHold(transfer) : callPost(transfer));
  return postedSchema.parse(rows[0]);
}

const callHold = ({ walletId, amount, reference, key, at, accountId }: Hold): SQL =>
  sql`select * from quota_hold(${walletId}, ${amount}, ${reference}, ${key}, ${at.toISOString()},
    ${accountId ?? null})`;

function callPost(transfer: Exclude<Transfer, Hold>): SQL {
  const amount = 'amount' in transfer ? transfer.amount : null;
  const lasting = 'lasting' in transfer ? transfer.lasting : false;
  return sql`select * from quota_post(${transfer.verb}, ${transfer.walletId}, ${amount}::integer,
    ${transfer.reference}, ${transfer.key}, ${transfer.at.toISOString()}::timestamptz,
    ${lasting ?? false}::boolean)`;
}

/**
 * Begins a month of a wallet: the rest of the one before expires, and `amount` is granted. `amount`
 * of the answer is what has expired. `stale`: this month or a later one has begun already.
 */
export async function renewMonth(
  tx: Pick<Tx, 'execute'>,
  month: Posting & {
    readonly amount: number;
    readonly periodStart: Date;
    readonly periodEnd: Date;
  },
): Promise<Posted> {
  const rows = await tx.execute(
    sql`select * from quota_renew(${month.walletId}, ${month.amount}::integer, ${month.reference},
      ${month.key}, ${month.at.toISOString()}::timestamptz,
      ${month.periodStart.toISOString()}::timestamptz, ${month.periodEnd.toISOString()}::timestamptz)`,
  );
  return postedSchema.parse(rows[0]);
}

/**
 * Closes a wallet for good: what is left of it expires, and no month begins any more. `amount` of the
 * answer is what has expired; a wallet that was closed before answers `replay`.
 */
export async function closeWallet(
  tx: Pick<Tx, 'execute'>,
  { walletId, reference, key, at }: Posting,
): Promise<Posted> {
  const rows = await tx.execute(
    sql`select * from quota_close(${walletId}, ${reference}, ${key}, ${at.toISOString()}::timestamptz)`,
  );
  return postedSchema.parse(rows[0]);
}

/** Moves units of packs into another wallet. `short` names what there is of them. */
export async function giveQuota(
  tx: Pick<Tx, 'execute'>,
  gift: Posting & { readonly toWalletId: string; readonly amount: number },
): Promise<Posted> {
  const rows = await tx.execute(
    sql`select * from quota_give(${gift.walletId}, ${gift.toWalletId}, ${gift.amount}::integer,
      ${gift.reference}, ${gift.key}, ${gift.at.toISOString()}::timestamptz)`,
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
    readonly walletId: string;
    /** Who has asked for the video. */
    readonly accountId: string;
    readonly videoId: string;
    readonly amount: number;
    readonly at: Date;
  },
): Promise<Posted> {
  const posted = await postTransfer(tx, {
    verb: 'hold',
    walletId: hold.walletId,
    accountId: hold.accountId,
    amount: hold.amount,
    reference: hold.videoId,
    key: `hold:${hold.videoId}`,
    at: hold.at,
  });
  if (posted.outcome === 'short')
    throw await shortFault(tx, hold.walletId, hold.amount, posted.available);
  if (posted.outcome !== 'applied') throw new Error(`hold of ${hold.videoId}: ${posted.outcome}`);
  return posted;
}
