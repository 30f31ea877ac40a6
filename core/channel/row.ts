import { and, asc, eq, ne } from 'drizzle-orm';

import { channels } from '../../drizzle/schema/publishing.ts';
import type { Context } from '../context.ts';
import type { SealPlace } from '../crypto.ts';
import { Fault } from '../fault.ts';
import { fieldFault } from '../input-fault.ts';
import { canManage, type ChannelAccess } from '../ports/video-host.ts';

export type ChannelRow = typeof channels.$inferSelect;

/** Where a channel's token lives: a token moved to another row does not open. */
export const tokenPlace = (
  channel: { readonly id: string; readonly accountId: string },
  column: 'access_token_sealed' | 'refresh_token_sealed',
): SealPlace => ({ table: 'channels', column, row: channel.id, account: channel.accountId });

export const listChannels = (context: Context): Promise<ChannelRow[]> =>
  context.database.db
    .select()
    .from(channels)
    .where(
      and(eq(channels.accountId, context.actor.accountId), ne(channels.status, 'disconnected')),
    )
    .orderBy(asc(channels.createdAt), asc(channels.id));

/**
 * The named channel, or the only one there is.
 * @throws Fault `channel_missing`, `not_found`, `invalid_input` when there are several and none is named.
 */
export async function chooseChannel(context: Context, id: string | undefined): Promise<ChannelRow> {
  const { db } = context.database;
  if (id) {
    const own = and(
      eq(channels.id, id),
      eq(channels.accountId, context.actor.accountId),
      ne(channels.status, 'disconnected'),
    );
    const [row] = await db.select().from(channels).where(own);
    if (!row) throw new Fault('not_found', { what: 'channel', id }, { field: 'channel' });
    return row;
  }
  const all = await listChannels(context);
  const [only] = all;
  if (!only) throw new Fault('channel_missing', {}, { field: 'channel' });
  if (all.length > 1) {
    const ids = all.map((row) => row.id).join(', ');
    throw fieldFault('channel', { problem: 'several_channels', params: { ids } });
  }
  return only;
}

/** What the person has allowed on a channel. @throws Fault `channel_missing` once it is disconnected. */
export async function readAccess(
  { database }: Context,
  id: string,
): Promise<{ readonly access: ChannelAccess; readonly title: string }> {
  const [row] = await database.db.select().from(channels).where(eq(channels.id, id));
  if (!row || row.status === 'disconnected') throw new Fault('channel_missing', {});
  return { access: canManage(row.scopes) ? 'manage' : 'upload', title: row.title };
}
