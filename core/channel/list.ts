import { z } from 'zod';

import { requirePort, type Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { canManage, channelAccesses, type HostPlaylist } from '../ports/video-host.ts';
import { withAccess } from './access.ts';
import { listChannels, type ChannelRow } from './row.ts';

export const channelList = defineOperation({
  name: 'channel_list',
  summary: { en: 'List the connected YouTube channels.', zh: '列出已连接的 YouTube 频道。' },
  guidance:
    'On status reconnect, or access upload where manage is needed: channel_connect. Ask for playlists only to choose one.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({
    playlists: z.boolean().default(false).describe("Also list each channel's playlists"),
  }),
  output: z.object({
    channels: z.array(
      z.object({
        channel: z.string().describe('Pass this to publication_create'),
        title: z.string(),
        handle: z.string().nullable(),
        status: z.enum(['connected', 'reconnect']),
        access: z
          .enum(channelAccesses)
          .describe('upload: private uploads only; manage: everything else as well'),
        playlists: z
          .array(z.object({ id: z.string(), title: z.string() }))
          .nullable()
          .describe('null unless asked for, and when the channel cannot be read now'),
      }),
    ),
  }),
  async run({ playlists }, context) {
    const rows = await listChannels(context);
    return { channels: await Promise.all(rows.map((row) => view(context, row, playlists))) };
  },
  say: (output, locale) => catalogue(locale).say.channel_list({ count: output.channels.length }),
});

async function view(context: Context, row: ChannelRow, withPlaylists: boolean) {
  const { id, title, handle, status, scopes } = row;
  return {
    channel: id,
    title,
    handle,
    status: status === 'connected' ? ('connected' as const) : ('reconnect' as const),
    access: canManage(scopes) ? ('manage' as const) : ('upload' as const),
    playlists: withPlaylists ? await readPlaylists(context, row) : null,
  };
}

/** Its playlists; null where the host does not say: that is no reason to list nothing. */
async function readPlaylists(context: Context, row: ChannelRow): Promise<HostPlaylist[] | null> {
  if (row.status !== 'connected') return null;
  try {
    const host = requirePort(context.ports, 'videoHost');
    const found = await withAccess(context, row.id, (token) => host.fetchPlaylists(token));
    return [...found];
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.info({ err: error, channelId: row.id }, 'the playlists of a channel are not known');
    return null;
  }
}
