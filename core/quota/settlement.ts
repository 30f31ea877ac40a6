import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { compensations, quotaHolds } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { postTransfer } from './ledger.ts';
import { passOn } from './merge.ts';

/**
 * How the making of a video ended, or ended once more after it had timed out. `cancelled` is before
 * the provider was asked for anything, `cancelled_late` after that: then it is paid for upstream.
 */
export type SettlementEvent =
  | 'success'
  | 'provider_error'
  | 'refused'
  | 'cancelled'
  | 'cancelled_late'
  | 'timeout';

export type SettlementState = {
  /** The hold of the root video; a free retry has none of its own. */
  readonly hold: 'held' | 'captured' | 'released' | 'refunded' | null;
  /** The one compensation of the root video, or null while there is none. */
  readonly compensation: 'retry_open' | 'retry_used' | 'revoked' | 'refunded' | null;
  readonly isRetry: boolean;
  /** Whether a video of this root, itself or a retry, has arrived. */
  readonly delivered: boolean;
};

export type SettlementEffect =
  | 'capture'
  | 'release'
  | 'open_retry'
  | 'revoke_retry'
  | 'refund_root';

/**
 * The settlement table: what each end of a job does to quota. At most one compensation per root
 * video, a refund or a free retry; whatever is not listed has no effect.
 * @internal
 */
export function decideSettlement(
  state: SettlementState,
  event: SettlementEvent,
): readonly SettlementEffect[] {
  if (state.isRetry) {
    const owed = state.compensation === 'retry_used' && !state.delivered;
    return owed && (isFailure(event) || event === 'cancelled') ? ['refund_root'] : [];
  }
  if (state.hold === 'held') {
    if (event === 'success' || event === 'cancelled_late') return ['capture'];
    return event === 'timeout' ? ['capture', 'open_retry'] : ['release'];
  }
  const open = state.compensation === 'retry_open' && !state.delivered;
  if (state.hold !== 'captured' || !open) return [];
  if (event === 'success') return ['revoke_retry'];
  return isFailure(event) ? ['refund_root'] : [];
}

const isFailure = (event: SettlementEvent): boolean =>
  event === 'provider_error' || event === 'refused';

/**
 * Settles one end of a video inside the transaction that records it. The caller holds the lock on
 * the video's row, so that ends of the same video come one after another.
 */
export async function settleVideo(
  tx: Tx,
  video: { readonly id: string; readonly rootId: string; readonly accountId: string },
  event: SettlementEvent,
  at: Date,
): Promise<readonly SettlementEffect[]> {
  const { walletId, ...state } = await readState(tx, video);
  const effects = decideSettlement(state, event);
  for (const effect of effects) await apply(tx, { ...video, walletId }, effect, at);
  return effects;
}

type Settled = { readonly id: string; readonly rootId: string; readonly accountId: string };
/** With the wallet that has paid for the root. */
type Paid = Settled & { readonly walletId: string };

/** The hold of the root is locked first, so that ends of a root and of its retry take turns. */
async function readState(
  tx: Tx,
  video: Settled,
): Promise<SettlementState & { readonly walletId: string }> {
  const [hold] = await tx
    .select({ status: quotaHolds.status, walletId: quotaHolds.walletId })
    .from(quotaHolds)
    .where(eq(quotaHolds.reference, video.rootId))
    .for('update');
  const [compensation] = await tx
    .select({ status: compensations.status })
    .from(compensations)
    .where(eq(compensations.rootVideoId, video.rootId))
    .for('update');
  const arrived = await tx
    .select({ id: videos.id })
    .from(videos)
    .where(and(eq(videos.rootId, video.rootId), eq(videos.status, 'ready')))
    .limit(1);
  return {
    walletId: hold?.walletId ?? video.accountId,
    hold: hold?.status ?? null,
    compensation: compensation?.status ?? null,
    isRetry: video.rootId !== video.id,
    delivered: arrived.length > 0,
  };
}

async function apply(tx: Tx, video: Paid, effect: SettlementEffect, at: Date): Promise<void> {
  const { accountId, rootId, walletId } = video;
  const post = async (verb: 'capture' | 'release' | 'refund', reference: string) => {
    const posted = await postTransfer(tx, {
      verb,
      walletId,
      reference,
      key: `${verb}:${reference}`,
      at,
    });
    if (posted.outcome !== 'applied') throw new Error(`${verb} of ${reference}: ${posted.outcome}`);
    if (verb === 'refund') await passOn(tx, walletId, { cause: reference, at });
  };
  const compensate = async (status: 'retry_open' | 'revoked' | 'refunded') => {
    const row = { rootVideoId: rootId, accountId, status, createdAt: at, changedAt: at };
    await tx
      .insert(compensations)
      .values(row)
      .onConflictDoUpdate({ target: compensations.rootVideoId, set: { status, changedAt: at } });
  };
  switch (effect) {
    case 'capture':
      return post('capture', video.id);
    case 'release':
      return post('release', video.id);
    case 'open_retry':
      return compensate('retry_open');
    case 'revoke_retry':
      return compensate('revoked');
    case 'refund_root':
      await post('refund', rootId);
      return compensate('refunded');
  }
}

/** Uses the free retry of a root video up, once. False when there is none open. */
export async function takeFreeRetry(
  tx: Tx,
  root: { readonly id: string; readonly accountId: string },
  at: Date,
): Promise<boolean> {
  const taken = await tx
    .update(compensations)
    .set({ status: 'retry_used', changedAt: at })
    .where(
      and(
        eq(compensations.rootVideoId, root.id),
        eq(compensations.accountId, root.accountId),
        eq(compensations.status, 'retry_open'),
      ),
    )
    .returning({ id: compensations.rootVideoId });
  return taken.length === 1;
}
