import { setTimeout as pause } from 'node:timers/promises';

import { and, count, eq, inArray, ne } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { requirePort, type Context, type Services } from '../context.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { chooseChannel, tokenPlace, type ChannelRow } from './row.ts';

/** Once our keys are deleted nobody can tell Google any more, so it is tried more than once. */
const tries = 3;
const pauseMs = 300;

export const channelDisconnect = defineOperation({
  name: 'channel_disconnect',
  summary: {
    en: 'Disconnect a YouTube channel and delete our keys to it.',
    zh: '断开 YouTube 频道，并删除我们保存的密钥。',
  },
  effect: 'destroy',
  audience: 'people',
  needs: ['videoHost'],
  input: z.object({ channel: z.string().min(1).describe('Id from channel_list') }),
  output: z.object({
    channel: z.string(),
    title: z.string(),
    told: z
      .boolean()
      .describe('Whether Google could be told; if not, it lists us as allowed still'),
  }),
  async preview({ channel: id }, context) {
    const channel = await chooseChannel(context, id);
    const { words, preview } = catalogue(context.locale);
    return {
      title: preview.channel_disconnect({ channel: channel.title }),
      lines: [
        [words.channel, channel.handle ? `${channel.title} (${channel.handle})` : channel.title],
        ...preview.disconnectLines(await countOpen(context, channel)),
      ],
      cost: 0,
    };
  },
  async run({ channel: id }, context) {
    const { title } = await chooseChannel(context, id);
    return { channel: id, title, told: await disconnect(context, id) };
  },
  say: ({ title, told }, locale) =>
    catalogue(locale).say.channel_disconnect({ channel: title, told }),
});

/** How many publications of the channel are still to come about, by how far they are. */
async function countOpen(context: Context, channel: ChannelRow) {
  const rows = await context.database.db
    .select({ status: publications.status, number: count() })
    .from(publications)
    .where(
      and(
        eq(publications.channelId, channel.id),
        inArray(publications.status, ['scheduled', 'uploading', 'processing']),
      ),
    )
    .groupBy(publications.status);
  const of = (...statuses: readonly string[]) =>
    rows.reduce((sum, row) => sum + (statuses.includes(row.status) ? row.number : 0), 0);
  return { scheduled: of('scheduled'), unfinished: of('uploading', 'processing') };
}

/**
 * Tells Google and deletes our keys; whether Google could be told. The row stays locked meanwhile, so
 * that no key is refreshed in between. @throws Fault `not_found` when it is disconnected already.
 */
async function disconnect(context: Context, id: string): Promise<boolean> {
  return context.database.db.transaction(async (tx) => {
    const [channel] = await tx
      .select()
      .from(channels)
      .where(and(eq(channels.id, id), ne(channels.status, 'disconnected')))
      .for('update');
    if (!channel) throw new Fault('not_found', { what: 'channel', id }, { field: 'channel' });
    const told = await revokeChannel(context, channel);
    await forgetKeys(tx, id);
    return told;
  });
}

/** The channel is no longer connected, and nothing opens it any more. */
export async function forgetKeys(tx: Pick<Tx, 'update'>, id: string): Promise<void> {
  await tx
    .update(channels)
    .set({
      status: 'disconnected',
      scopes: [],
      accessTokenSealed: null,
      refreshTokenSealed: null,
    })
    .where(eq(channels.id, id));
}

/**
 * Tells Google that we no longer need a channel; whether it could be told. It never throws: whatever
 * goes wrong there must not keep the keys here. What is revoked already counts as told.
 */
export async function revokeChannel(
  context: Pick<Services, 'crypto' | 'log' | 'ports'>,
  channel: ChannelRow,
): Promise<boolean> {
  if (channel.refreshTokenSealed === null) return false;
  for (let round = 1; round <= tries; round += 1) {
    try {
      const place = tokenPlace(channel, 'refresh_token_sealed');
      const token = context.crypto.open(channel.refreshTokenSealed, place);
      await requirePort(context.ports, 'videoHost').revoke(token);
      return true;
    } catch (error) {
      context.log.warn({ err: error, channelId: channel.id, round }, 'Google could not be told');
    }
    if (round < tries) await pause(pauseMs * round);
  }
  return false;
}
