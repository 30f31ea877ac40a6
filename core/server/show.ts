import { z } from 'zod';

import { defineOperation } from '../operation.ts';
import { readServer, requireServer, sayServer, serverViewSchema, viewServer } from './settings.ts';

export const serverShow = defineOperation({
  name: 'server_show',
  summary: {
    en: 'Show what this server has settled for Jilo.',
    zh: '查看 Jilo 在本服务器的设置。',
  },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: serverViewSchema,
  run: async (_, context) => viewServer(await readServer(context, requireServer(context.actor))),
  say: sayServer,
});
