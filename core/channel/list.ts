import { z } from 'zod';

import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { listChannels } from './row.ts';

export const channelList = defineOperation({
  name: 'channel_list',
  summary: { en: 'List the connected YouTube channels.', zh: '列出已连接的 YouTube 频道。' },
  guidance: 'A channel with status reconnect needs channel_connect again.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({}),
  output: z.object({
    channels: z.array(
      z.object({
        channel: z.string().describe('Pass this to publication_create'),
        title: z.string(),
        handle: z.string().nullable(),
        status: z.enum(['connected', 'reconnect']),
      }),
    ),
  }),
  async run(_, context) {
    const rows = await listChannels(context);
    return {
      channels: rows.map(({ id, title, handle, status }) => ({
        channel: id,
        title,
        handle,
        status,
      })),
    };
  },
  say: (output, locale) => catalogue(locale).say.channel_list({ count: output.channels.length }),
});
