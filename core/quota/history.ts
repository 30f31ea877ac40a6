import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';

import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { ledgerEntrySchema, viewTransfer } from './entry.ts';

export const quotaHistory = defineOperation({
  name: 'quota_history',
  summary: {
    en: 'List every movement of quota and what it was for.',
    zh: '列出每一笔配额变动及其用途。',
  },
  guidance: 'A hold is captured when the video is ready and released when it could not be made.',
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({
    limit: z.int().min(1).max(100).default(20).describe('How many movements, newest first'),
  }),
  output: z.object({
    entries: z.array(ledgerEntrySchema),
  }),
  async run({ limit }, context) {
    const rows = await context.database.db
      .select()
      .from(quotaTransfers)
      .where(eq(quotaTransfers.accountId, context.actor.accountId))
      .orderBy(desc(quotaTransfers.id))
      .limit(limit);
    return { entries: rows.map(viewTransfer) };
  },
  say: ({ entries }, locale) => catalogue(locale).say.quota_history({ count: entries.length }),
});
