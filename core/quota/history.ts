import { z } from 'zod';

import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { ledgerEntrySchema, viewMovements } from './entry.ts';
import { readMovements } from './journal.ts';
import { monthSchema } from './month-name.ts';

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
    month: monthSchema.optional().describe('Only this month, such as 2026-11'),
    before: z.int().min(1).optional().describe('Only movements before the one with this number'),
  }),
  output: z.object({
    month: z.string().nullable().describe('The one that was asked for; null: all'),
    entries: z.array(ledgerEntrySchema),
    older: z.int().nullable().describe('Give it as before to read on; null: that is all'),
  }),
  async run({ limit, month, before }, context) {
    const { db } = context.database;
    const { accountId } = context.actor;
    const { locale, timeZone } = context;
    const found = await readMovements(
      db,
      { accountId, timeZone, month, before },
      { limit: limit + 1, order: 'newest' },
    );
    const shown = found.slice(0, limit);
    return {
      month: month ?? null,
      entries: await viewMovements(db, { accountId, locale }, shown),
      older: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  },
  say: ({ entries }, locale) => catalogue(locale).say.quota_history({ count: entries.length }),
});
