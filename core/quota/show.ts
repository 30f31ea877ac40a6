import { z } from 'zod';

import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { readBalance } from './wallet.ts';

export const quotaShow = defineOperation({
  name: 'quota_show',
  summary: { en: 'Show how much quota is left and set aside.', zh: '查看剩余和预留的配额。' },
  guidance: 'One video takes 1 unit.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({}),
  output: z.object({
    available: z.int().describe('Units that can be spent'),
    held: z.int().describe('Units set aside for videos in the making'),
    spent: z.int().describe('Units spent so far'),
    granted: z.int().describe('Units received so far'),
  }),
  run: (_, context) => readBalance(context.database.db, context.actor.accountId),
  say: (output, locale) => catalogue(locale).say.quota_show(output),
});
