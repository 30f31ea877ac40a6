import { and, eq, inArray, ne, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { checkouts, customers } from '../../drizzle/schema/billing.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { watches } from '../../drizzle/schema/trends.ts';
import { tellWaiting } from '../consent/decide.ts';
import { platformsOf, sameKeyword, type WatchRow } from '../watch/row.ts';

type Pair = { readonly staysId: string; readonly goesId: string; readonly at: Date };

/** Settles what both accounts have and one account may have once only, before the rows move. */
export async function settleCollisions(tx: Tx, pair: Pair): Promise<void> {
  await settleQuestions(tx, pair);
  await settleTwins(tx, pair);
  await settleCustomers(tx, pair);
  await settleConversations(tx, pair);
  await settleWatches(tx, pair);
  await tx
    .update(checkouts)
    .set({ status: 'failed' })
    .where(and(eq(checkouts.accountId, pair.goesId), eq(checkouts.status, 'intended')));
}

/** A question was put for the account as it was: the answer to it buys nothing any more. */
async function settleQuestions(tx: Tx, { goesId, at }: Pair): Promise<void> {
  const open = await tx
    .update(approvals)
    .set({ status: 'declined', decidedAt: at })
    .where(and(eq(approvals.accountId, goesId), inArray(approvals.status, ['pending', 'approved'])))
    .returning({ id: approvals.id });
  for (const { id } of open) await tellWaiting(tx, id);
}

/** Of what stands in both, the row of the account that stays is kept. */
async function settleTwins(tx: Tx, { staysId, goesId }: Pair): Promise<void> {
  await tx.execute(sql`delete from saved_trends g using saved_trends s
    where g.account_id = ${goesId} and s.account_id = ${staysId} and s.trend_id = g.trend_id
      and s.server_id is not distinct from g.server_id`);
  await tx.execute(sql`delete from drafts g using drafts s
    where g.account_id = ${goesId} and s.account_id = ${staysId} and s.topic = g.topic
      and s.server_id is not distinct from g.server_id`);
  await tx.execute(sql`delete from waiting_actions g using waiting_actions s
    where g.account_id = ${goesId} and s.account_id = ${staysId}`);
  await tx.execute(sql`with gone as (delete from agent_usage g using agent_usage s
      where g.account_id = ${goesId} and s.account_id = ${staysId} and s.day = g.day
      returning g.day, g.steps, g.input_tokens, g.output_tokens)
    update agent_usage s set steps = s.steps + gone.steps,
      input_tokens = s.input_tokens + gone.input_tokens,
      output_tokens = s.output_tokens + gone.output_tokens
    from gone where s.account_id = ${staysId} and s.day = gone.day`);
}

/** Of two customers of the payment service both stay; one that was never made gives way. */
async function settleCustomers(tx: Tx, { staysId, goesId }: Pair): Promise<void> {
  const rows = await tx
    .select()
    .from(customers)
    .where(inArray(customers.accountId, [staysId, goesId]));
  const own = rows.find(({ accountId }) => accountId === staysId);
  const other = rows.find(({ accountId }) => accountId === goesId);
  if (!own || !other || (own.customerId !== null && other.customerId !== null)) return;
  await tx.delete(customers).where(eq(customers.accountId, goesId));
  if (other.customerId === null) return;
  const { customerId } = other;
  await tx.update(customers).set({ customerId }).where(eq(customers.accountId, staysId));
}

/** Two talks at one place stay two: the older words of the other account are kept beside. */
async function settleConversations(tx: Tx, { staysId, goesId }: Pair): Promise<void> {
  await tx.execute(sql`update conversations g set place = g.place || ' ' || g.id
    from conversations s
    where g.account_id = ${goesId} and s.account_id = ${staysId}
      and s.surface = g.surface and s.place = g.place`);
}

/** Nobody is told the same twice. */
async function settleWatches(tx: Tx, { staysId, goesId }: Pair): Promise<void> {
  const kept = await readWatches(tx, staysId);
  const known = new Set(kept.map(wishOf));
  const doubled = (await readWatches(tx, goesId)).filter((watch) => known.has(wishOf(watch)));
  if (doubled.length === 0) return;
  const ids = doubled.map(({ id }) => id);
  await tx.update(watches).set({ status: 'deleted' }).where(inArray(watches.id, ids));
}

const readWatches = (tx: Tx, accountId: string): Promise<WatchRow[]> =>
  tx
    .select()
    .from(watches)
    .where(and(eq(watches.accountId, accountId), ne(watches.status, 'deleted')));

/** Equal for watches that look for the same at the same place. */
const wishOf = (watch: WatchRow): string =>
  JSON.stringify([watch.serverId, sameKeyword(watch.keyword), platformsOf(watch).toSorted()]);

type ChannelRow = typeof channels.$inferSelect;

/** A channel that both have connected, and which of the two rows stays. */
export type ChannelTwins = { readonly stays: ChannelRow; readonly goes: ChannelRow };

/** The channels that both have connected; no key of them is refreshed until `tx` ends. */
export async function lockChannelTwins(tx: Tx, { staysId, goesId }: Pair): Promise<ChannelTwins[]> {
  const rows = await tx
    .select()
    .from(channels)
    .where(inArray(channels.accountId, [staysId, goesId]))
    .orderBy(channels.id)
    .for('update');
  const own = rows.filter(({ accountId }) => accountId === staysId);
  return rows.flatMap((goes) => {
    const stays = own.find(({ hostChannelId }) => hostChannelId === goes.hostChannelId);
    return stays && goes.accountId === goesId ? [{ stays, goes }] : [];
  });
}

/** Gives what was published on the second row of a channel to the first one, and removes it. */
export async function joinChannels(tx: Tx, { stays, goes }: ChannelTwins): Promise<void> {
  await tx
    .update(publications)
    .set({ channelId: stays.id })
    .where(eq(publications.channelId, goes.id));
  await tx.execute(sql`update notices set subject_id = ${stays.id} where subject_id = ${goes.id}`);
  await tx.delete(channels).where(eq(channels.id, goes.id));
}
