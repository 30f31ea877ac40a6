import type { Tx } from '../../drizzle/client.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault } from '../fault.ts';
import { holdQuota } from '../quota/ledger.ts';
import { requirePayer } from '../quota/payer.ts';
import { shortFault } from '../quota/short.ts';
import { serverOf } from '../scope.ts';
import { askForDispatch } from './dispatch.ts';
import type { Quote } from './quote.ts';

export type Started = { readonly ids: readonly string[]; readonly left: number };

/**
 * Every take with its shots and its own hold, and the first look at whose turn it is, appear in one
 * commit, or nothing does.
 * @throws Fault `quota_short` when not all takes can be paid for, `daily_cap`, `payer_changed`.
 */
export async function startTakes(context: Context, quote: Quote, takes: number): Promise<Started> {
  const ids = Array.from({ length: takes }, () => context.ids.next('vid'));
  return context.database.db.transaction(async (tx) => {
    for (const [index, id] of ids.entries())
      await writeTake(tx, context, quote, { id, batchId: ids[0] ?? id, take: index + 1 });
    await askForDispatch(tx, context, { cause: ids[0] ?? quote.id });
    // Last, so that the wallet is locked for as short as possible.
    const left = await holdAll(tx, context, quote, ids);
    return { ids, left };
  });
}

type Take = { readonly id: string; readonly batchId: string; readonly take: number };

async function writeTake(tx: Tx, context: Context, quote: Quote, take: Take): Promise<void> {
  const { prompt, model, seconds, shape, quota, options } = quote;
  const at = context.clock.now();
  await tx.insert(videos).values({
    ...take,
    accountId: context.actor.accountId,
    quoteId: quote.id,
    rootId: take.id,
    prompt,
    model,
    seconds,
    shape,
    options,
    quota,
    status: 'queued' as const,
    serverId: serverOf(context.actor),
    approvalId: context.approvalId ?? null,
    createdAt: at,
  });
  const planned = shotRows(context, quote, take.id);
  await tx.insert(shots).values(planned);
  await recordEvent(tx, {
    at,
    subjectId: take.id,
    kind: 'queued',
    data: { shots: planned.length },
  });
}

/** One row per clip, and one per line that is to be spoken over it. */
function shotRows(context: Context, quote: Quote, videoId: string) {
  const { voice, captions } = quote.options;
  return quote.shots.flatMap((shot, position) => {
    const common = { videoId, position, keepSeconds: shot.keepSeconds, status: 'planned' as const };
    const clip = {
      ...common,
      id: context.ids.next('sht'),
      kind: 'clip' as const,
      clipSeconds: shot.seconds,
      prompt: shot.prompt,
      caption: captions ? shot.line : null,
    };
    if (voice === 'off' || shot.line === null) return [clip];
    const line = {
      ...common,
      id: context.ids.next('sht'),
      kind: 'voice' as const,
      clipSeconds: shot.keepSeconds,
      prompt: shot.line,
      caption: null,
    };
    return [clip, line];
  });
}

/**
 * A hold of its own for every take, all on the wallet that the person was told of.
 * @throws Fault `quota_short` that names what all takes need, `daily_cap`, `payer_changed`.
 */
async function holdAll(
  tx: Tx,
  context: Context,
  quote: Quote,
  ids: readonly string[],
): Promise<number> {
  const { accountId } = context.actor;
  const needed = quote.quota * ids.length;
  const walletId = await requirePayer(tx, context, needed);
  let left = 0;
  for (const [index, videoId] of ids.entries()) {
    const at = context.clock.now();
    const held = { walletId, accountId, videoId, amount: quote.quota, at };
    try {
      left = (await holdQuota(tx, held)).available;
    } catch (error) {
      if (!isFault(error, 'quota_short') || index === 0) throw error;
      throw await shortFault(tx, walletId, needed, left + quote.quota * index);
    }
  }
  return left;
}
