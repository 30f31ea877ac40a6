import { z } from 'zod';

import { defineOperation } from '../operation.ts';
import { readServer, requireServer } from './settings.ts';
import { sayServer, serverViewSchema, viewServer } from './view.ts';

export const serverShow = defineOperation({
  name: 'server_show',
  summary: {
    en: "Show this server's settings for Jilo and its wallet.",
    zh: '查看 Jilo 在本服务器的设置和钱包。',
  },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: serverViewSchema,
  async run(_, context) {
    const serverId = requireServer(context.actor);
    return viewServer(context, serverId, await readServer(context, serverId));
  },
  say: sayServer,
});
