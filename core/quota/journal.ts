import { and, asc, desc, eq, gt, inArray, lt, lte, sql, type SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { purchases } from '../../drizzle/schema/billing.ts';
import { quotaHolds, quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { readOwnWallets } from './wallet.ts';

type Reader = Pick<Tx, 'select' | 'execute'>;

/** A movement of quota with what is known of what it was for. */
export type Movement = {
  readonly id: number;
  readonly at: Date;
  readonly verb: (typeof quotaTransfers.$inferSelect)['verb'];
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  /** The part of `amount` that does not end with the month. */
  readonly lasting: number;
  readonly reference: string;
  /** Whether it moved the person's own wallet; else a server has paid for what they made. */
  readonly isOwn: boolean;
  /** Of the video that it was for. */
  readonly prompt: string | null;
  readonly isVideoDeleted: boolean;
  /** The plan or pack that it was for. */
  readonly product: string | null;
  readonly productKind: 'plan' | 'pack' | null;
};

export type JournalPart = {
  readonly accountId: string;
  /** Only this month, such as 2026-11, of the calendar of `timeZone`. */
  readonly month?: string | undefined;
  /** IANA name. */
  readonly timeZone: string;
  /** Only movements before this one. */
  readonly before?: number | undefined;
  /** Only movements after this one. */
  readonly after?: number | undefined;
  readonly upTo?: number | undefined;
};

/** The month of a movement as the calendar of a time zone has it, such as 2026-11. */
export const monthOf = (timeZone: string): SQL<string> =>
  sql<string>`to_char(${quotaTransfers.at} at time zone ${timeZone}::text, 'YYYY-MM')`;

const settling = sql`('hold', 'capture', 'release', 'refund')`;

/**
 * Movements of the person's wallet and of those that were merged into it, and those of what a server
 * has paid for them; each its own query.
 */
function sidesOf(accountId: string, own: readonly string[]) {
  const [only, ...merged] = own;
  const isOther = sql`held.wallet_id <> ${accountId}`;
  return {
    // One wallet is read in its own order, without sorting.
    own:
      only !== undefined && merged.length === 0
        ? eq(quotaTransfers.walletId, only)
        : inArray(quotaTransfers.walletId, [...own]),
    paid: sql`(${quotaTransfers.walletId}, ${quotaTransfers.id}) in (
      select moved.wallet_id, moved.id from ${quotaHolds} as held
      join ${quotaTransfers} as moved on moved.wallet_id = held.wallet_id
        and moved.reference = held.reference and moved.verb in ${settling}
      where held.account_id = ${accountId} and ${isOther}
        ${merged.length === 0 ? sql`` : sql`and held.wallet_id not in ${merged}`})`,
  };
}

function withinOf({ month, timeZone, before, after, upTo }: JournalPart): SQL | undefined {
  return and(
    month === undefined ? undefined : eq(monthOf(timeZone), month),
    before === undefined ? undefined : lt(quotaTransfers.id, before),
    after === undefined ? undefined : gt(quotaTransfers.id, after),
    upTo === undefined ? undefined : lte(quotaTransfers.id, upTo),
  );
}

/** At most `limit` movements of a part of the journal of an account, in the order in which they happened or the other way round. */
export async function readMovements(
  db: Reader,
  part: JournalPart,
  { limit, order }: { readonly limit: number; readonly order: 'newest' | 'oldest' },
): Promise<Movement[]> {
  const walletIds = await readOwnWallets(db, part.accountId);
  const { own, paid } = sidesOf(part.accountId, walletIds);
  const within = withinOf(part);
  const sorted = order === 'newest' ? desc(quotaTransfers.id) : asc(quotaTransfers.id);
  const select = (side: SQL) =>
    db
      .select({
        id: quotaTransfers.id,
        at: quotaTransfers.at,
        verb: quotaTransfers.verb,
        debit: quotaTransfers.debit,
        credit: quotaTransfers.credit,
        amount: quotaTransfers.amount,
        lasting: quotaTransfers.lasting,
        reference: quotaTransfers.reference,
        walletId: quotaTransfers.walletId,
        prompt: videos.prompt,
        deletedAt: videos.deletedAt,
        product: purchases.product,
        productKind: purchases.kind,
      })
      .from(quotaTransfers)
      .leftJoin(videos, eq(videos.id, quotaTransfers.reference))
      .leftJoin(purchases, eq(purchases.id, quotaTransfers.reference))
      .where(and(side, within))
      .orderBy(sorted)
      .limit(limit);
  const rows = [...(await select(own)), ...(await select(paid))];
  const direction = order === 'newest' ? -1 : 1;
  return rows
    .toSorted((one, other) => direction * (one.id - other.id))
    .slice(0, limit)
    .map(({ walletId, deletedAt, ...row }) => ({
      ...row,
      isOwn: walletIds.includes(walletId),
      isVideoDeleted: deletedAt !== null,
    }));
}

/** How many movements a part of the journal of an account has. */
export async function countMovements(db: Pick<Tx, 'select'>, part: JournalPart): Promise<number> {
  const { own, paid } = sidesOf(part.accountId, await readOwnWallets(db, part.accountId));
  const within = withinOf(part);
  const count = async (side: SQL) => {
    const [row] = await db
      .select({ count: sql`count(*)`.mapWith(Number) })
      .from(quotaTransfers)
      .where(and(side, within));
    return row?.count ?? 0;
  };
  return (await count(own)) + (await count(paid));
}

/** When the movements of an account were, each with its month; to be grouped. */
export async function movementMonths(db: Pick<Tx, 'select'>, { accountId, timeZone }: JournalPart) {
  const { own, paid } = sidesOf(accountId, await readOwnWallets(db, accountId));
  const select = (side: SQL) =>
    db
      .select({ at: quotaTransfers.at, month: monthOf(timeZone).as('month') })
      .from(quotaTransfers)
      .where(side);
  return unionAll(select(own), select(paid)).as('entries');
}

/** What a movement does to what can be spent. */
export const changeOf = ({
  debit,
  credit,
  amount,
}: Pick<Movement, 'debit' | 'credit' | 'amount'>): number => {
  if (credit === 'available') return amount;
  return debit === 'available' ? -amount : 0;
};

const balancesSchema = z.array(z.object({ id: z.coerce.number(), balance: z.number() }));

/**
 * What could be spent after each of these movements of the account's own wallet, by their numbers; of
 * wallets that became one, what could be spent of all of them.
 */
export async function readBalances(
  db: Reader,
  accountId: string,
  movements: readonly Movement[],
): Promise<ReadonlyMap<number, number>> {
  const ids = movements.filter(({ isOwn }) => isOwn).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const [from, to] = [Math.min(...ids), Math.max(...ids)];
  const own = await readOwnWallets(db, accountId);
  const rows = await db.execute(sql`
    select later.id, later.balance::integer as balance from (
      select t.id, w.available - coalesce(sum(
        case 'available' when t.credit then t.amount when t.debit then -t.amount else 0 end
      ) over (order by t.id desc rows between unbounded preceding and 1 preceding), 0) as balance
      from ${quotaTransfers} as t
      cross join (select sum(available) as available from ${wallets} where id in ${own}) as w
      where t.wallet_id in ${own} and t.id >= ${from}) as later
    where later.id <= ${to}`);
  return new Map(balancesSchema.parse([...rows]).map(({ id, balance }) => [id, balance]));
}
