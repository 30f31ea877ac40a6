import { and, count, eq, gt, inArray, isNull, ne, notInArray, or, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { checkouts, purchases, subscriptions } from '../../drizzle/schema/billing.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { quotaHolds, quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { savedTrends, watches } from '../../drizzle/schema/trends.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { Fault } from '../fault.ts';
import { ownWallets } from '../quota/wallet.ts';

type Reader = Pick<Tx, 'select' | 'selectDistinct'>;

/** One of the two accounts that are to become one. */
export type MergeSide = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Where its person signs in, such as `discord`. */
  readonly providers: readonly string[];
  /** Whether a plan goes on, or a month of one that was paid for. */
  readonly isPaying: boolean;
  /** What is left of its month, and of packs. */
  readonly month: number;
  readonly lasting: number;
  readonly periodStart: Date | null;
  readonly periodEnd: Date | null;
  /** Whether units of a month have ever come. */
  readonly hasBegun: boolean;
};

/** What comes of two accounts that become one. */
export type MergePlan = {
  readonly stays: MergeSide;
  readonly goes: MergeSide;
  /** What moves along of the one that goes. */
  readonly moves: {
    readonly videos: number;
    readonly publications: number;
    readonly channels: number;
    readonly trends: number;
    readonly watches: number;
  };
  readonly units: {
    /** Of the month of the one that goes; its packs always move. */
    readonly monthMoved: number;
    /** Of the month of the one that stays, as the other one's takes its place. */
    readonly ownExpired: number;
    /** What moves, what ends, and what there is afterwards. */
    readonly moved: number;
    readonly expired: number;
    readonly available: number;
    readonly packs: number;
  };
};

/**
 * What would come of making one account of the two; nothing is changed.
 * @throws Fault `link_not_valid` where one of them is no account any more, `merge_same_account`,
 * `merge_both_paid`, `merge_under_way`.
 */
export async function planMerge(
  db: Reader,
  now: Date,
  pair: readonly [string, string],
): Promise<MergePlan> {
  if (pair[0] === pair[1]) throw new Fault('merge_same_account', {});
  const one = await readSide(db, pair[0], now);
  const other = await readSide(db, pair[1], now);
  if (one.isPaying && other.isPaying) throw new Fault('merge_both_paid', {});
  const [stays, goes] = staysFirst(one, other) ? [one, other] : [other, one];
  await refuseUnderWay(db, goes, now);
  return { stays, goes, moves: await countMoves(db, goes.id), units: unitsOf(stays, goes) };
}

/** Who pays stays; otherwise the older one does. */
function staysFirst(one: MergeSide, other: MergeSide): boolean {
  if (one.isPaying !== other.isPaying) return one.isPaying;
  const [first, second] = [one.createdAt.getTime(), other.createdAt.getTime()];
  return first === second ? one.id < other.id : first < second;
}

/** Packs add up; of two free months the larger rest stays, and a paid month stays whole. */
function unitsOf(stays: MergeSide, goes: MergeSide): MergePlan['units'] {
  const isReplaced = !stays.isPaying && goes.month > stays.month;
  const monthMoved = isReplaced ? goes.month : 0;
  const ownExpired = isReplaced ? stays.month : 0;
  const packs = stays.lasting + goes.lasting;
  return {
    monthMoved,
    ownExpired,
    moved: goes.lasting + monthMoved,
    expired: ownExpired + goes.month - monthMoved,
    available: packs + (isReplaced ? goes.month : stays.month),
    packs,
  };
}

async function readSide(db: Reader, id: string, now: Date): Promise<MergeSide> {
  const [row] = await db
    .select({
      id: accounts.id,
      name: accounts.displayName,
      createdAt: accounts.createdAt,
      available: wallets.available,
      lasting: wallets.lasting,
      periodStart: wallets.periodStart,
      periodEnd: wallets.periodEnd,
    })
    .from(accounts)
    .innerJoin(wallets, eq(wallets.id, accounts.id))
    .where(and(eq(accounts.id, id), isNull(accounts.mergedInto), isNull(accounts.deletedAt)));
  if (!row) throw new Fault('link_not_valid', {});
  const { available, ...side } = row;
  const signIns = await db
    .selectDistinct({ provider: identities.provider })
    .from(identities)
    .where(eq(identities.accountId, id))
    .orderBy(identities.provider);
  return {
    ...side,
    providers: signIns.map(({ provider }) => provider),
    isPaying: await isPaying(db, id, now),
    month: available - row.lasting,
    hasBegun: await hasBegun(db, id),
  };
}

const overStatuses = ['canceled', 'incomplete_expired'] as const;

/** A subscription that may still renew, or a month that was paid for and is not over. */
async function isPaying(db: Reader, accountId: string, now: Date): Promise<boolean> {
  const going = await db
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.accountId, accountId),
        notInArray(subscriptions.status, [...overStatuses]),
      ),
    )
    .limit(1);
  if (going.length > 0) return true;
  const paid = await db
    .select({ id: purchases.id })
    .from(purchases)
    .where(
      and(
        eq(purchases.accountId, accountId),
        eq(purchases.kind, 'plan'),
        gt(purchases.periodEnd, now),
        gt(purchases.units, sql`${purchases.takenBack} + ${purchases.missing}`),
      ),
    )
    .limit(1);
  return paid.length > 0;
}

async function hasBegun(db: Reader, accountId: string): Promise<boolean> {
  const begun = await db
    .select({ id: quotaTransfers.id })
    .from(quotaTransfers)
    .where(
      and(
        inArray(quotaTransfers.walletId, ownWallets(accountId)),
        eq(quotaTransfers.verb, 'grant'),
        eq(quotaTransfers.lasting, 0),
      ),
    )
    .limit(1);
  return begun.length > 0;
}

/** What is under way ends in the account that it began in. @throws Fault `merge_under_way`. */
async function refuseUnderWay(db: Reader, { id, name }: MergeSide, now: Date): Promise<void> {
  const made = await db
    .select({ id: videos.id })
    .from(videos)
    .where(
      and(eq(videos.accountId, id), inArray(videos.status, ['queued', 'generating', 'assembling'])),
    )
    .limit(1);
  const held = await db
    .select({ id: quotaHolds.reference })
    .from(quotaHolds)
    .where(
      and(
        eq(quotaHolds.status, 'held'),
        or(eq(quotaHolds.accountId, id), inArray(quotaHolds.walletId, ownWallets(id))),
      ),
    )
    .limit(1);
  if (made.length + held.length > 0) throw new Fault('merge_under_way', { what: 'video', name });
  const uploads = await db
    .select({ id: publications.id })
    .from(publications)
    .where(
      and(
        eq(publications.accountId, id),
        inArray(publications.status, ['uploading', 'processing']),
      ),
    )
    .limit(1);
  if (uploads.length > 0) throw new Fault('merge_under_way', { what: 'publication', name });
  const open = await db
    .select({ id: checkouts.id })
    .from(checkouts)
    .where(
      and(
        eq(checkouts.accountId, id),
        or(
          eq(checkouts.status, 'open'),
          // An intent that old has lost its key, and nobody was given a link.
          and(eq(checkouts.status, 'intended'), gt(checkouts.expiresAt, now)),
        ),
      ),
    )
    .limit(1);
  if (open.length > 0) throw new Fault('merge_under_way', { what: 'checkout', name });
}

async function countMoves(db: Reader, id: string): Promise<MergePlan['moves']> {
  const counted = { units: count() };
  const [ofVideos] = await db
    .select(counted)
    .from(videos)
    .where(and(eq(videos.accountId, id), isNull(videos.deletedAt)));
  const [ofPublications] = await db
    .select(counted)
    .from(publications)
    .where(eq(publications.accountId, id));
  const [ofChannels] = await db
    .select(counted)
    .from(channels)
    .where(and(eq(channels.accountId, id), ne(channels.status, 'disconnected')));
  const [ofTrends] = await db
    .select(counted)
    .from(savedTrends)
    .where(eq(savedTrends.accountId, id));
  const [ofWatches] = await db
    .select(counted)
    .from(watches)
    .where(and(eq(watches.accountId, id), ne(watches.status, 'deleted')));
  return {
    videos: ofVideos?.units ?? 0,
    publications: ofPublications?.units ?? 0,
    channels: ofChannels?.units ?? 0,
    trends: ofTrends?.units ?? 0,
    watches: ofWatches?.units ?? 0,
  };
}
