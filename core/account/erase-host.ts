import { and, asc, eq, isNull, ne } from 'drizzle-orm';

import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { forgetKeys, revokeChannel } from '../channel/disconnect.ts';
import type { ChannelRow } from '../channel/row.ts';
import type { JobContext } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { settlePublication } from '../publication/confirm.ts';
import type { Patience } from './erase.ts';

/** After so long a host that could not be told is told again. */
const againSeconds = 60;

const away = () =>
  new Fault('provider_busy', { provider: 'YouTube' }, { retryAfterSeconds: againSeconds });

/**
 * Has the host keep private what was to go public by itself, while there are still keys to its channel.
 * @throws Fault `provider_busy` while the host does not follow
 */
export async function takeBackAtHost(
  context: JobContext,
  accountId: string,
  patience: Patience,
): Promise<void> {
  const { db } = context.database;
  const untold = and(
    eq(publications.accountId, accountId),
    eq(publications.status, 'scheduled'),
    isNull(publications.toldAt),
  );
  const open = await db
    .select({ id: publications.id })
    .from(publications)
    .where(untold)
    .orderBy(asc(publications.id));
  for (const { id } of open) {
    context.signal.throwIfAborted();
    try {
      await settlePublication(context, id, { round: 0, told: 0 });
    } catch (error) {
      if (patience === 'patient' && !cannotBeTold(error)) throw error;
      context.log.warn({ err: error, publicationId: id }, 'the host could not be told');
      const told = { toldAt: context.clock.now() };
      await db.update(publications).set(told).where(eq(publications.id, id));
    }
  }
  const left = await db.select({ id: publications.id }).from(publications).where(untold).limit(1);
  if (left.length > 0 && patience === 'patient') throw away();
}

/** Without a key, or without the service, no further try would be heard. */
const cannotBeTold = (error: unknown): boolean =>
  isFault(error, 'channel_reconnect') ||
  isFault(error, 'channel_missing') ||
  isFault(error, 'channel_scope_missing') ||
  isFault(error, 'publication_refused') ||
  isFault(error, 'service_missing');

/**
 * Tells Google of each channel that we no longer need it, and deletes our keys.
 * @throws Fault `provider_busy` while Google cannot be told
 */
export async function disconnectChannels(
  context: JobContext,
  accountId: string,
  patience: Patience,
): Promise<void> {
  const { db } = context.database;
  const connected = await db
    .select()
    .from(channels)
    .where(and(eq(channels.accountId, accountId), ne(channels.status, 'disconnected')))
    .orderBy(asc(channels.id));
  for (const channel of connected) {
    context.signal.throwIfAborted();
    await disconnect(context, channel, patience);
  }
}

/** The row stays locked meanwhile, so that no key is refreshed in between. */
async function disconnect(
  context: JobContext,
  { id }: ChannelRow,
  patience: Patience,
): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const [channel] = await tx.select().from(channels).where(eq(channels.id, id)).for('update');
    if (!channel || channel.status === 'disconnected') return;
    const told = await revokeChannel(context, channel);
    // Without a key or the service there is nothing that could be told later either.
    const canBeTold = channel.refreshTokenSealed !== null && context.ports.videoHost !== undefined;
    if (!told && canBeTold && patience === 'patient') throw away();
    await forgetKeys(tx, id);
  });
}
