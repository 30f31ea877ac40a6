import { z } from 'zod';

import { quotaWords } from '../messages/quota.ts';
import { defineOperation } from '../operation.ts';
import { countMovements } from './journal.ts';
import { monthSchema } from './month-name.ts';
import { countPurchases, openReceipt } from './receipt-lines.ts';
import { receiptFile, receiptFormats, receiptLink } from './receipt-link.ts';

export const quotaReceipt = defineOperation({
  name: 'quota_receipt',
  summary: {
    en: 'Get a receipt of every movement and purchase as a file.',
    zh: '以文件形式获取全部变动和购买的明细单。',
  },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({
    format: z.enum(receiptFormats).default('csv').describe('For spreadsheets, or for programs'),
    month: monthSchema.optional().describe('Only this month, such as 2026-11; absent: everything'),
  }),
  output: z.object({
    link: z.url().describe('Where it can be loaded, for an hour'),
    entries: z.int().describe('How many movements and purchases it holds'),
    file: z.string().describe('The name that it is saved under'),
    format: z.enum(receiptFormats),
    month: z.string().nullable().describe('The one that was asked for; null: all'),
  }),
  async run({ format, month: asked }, context) {
    const { accountId } = context.actor;
    const { locale, timeZone } = context;
    const month = asked ?? null;
    const link = receiptLink(context, { accountId, format, month });
    const { db } = context.database;
    const source = await openReceipt(db, accountId);
    const { upTo } = source;
    const movements = await countMovements(db, { accountId, timeZone, month: asked, upTo });
    const bought = countPurchases(source, { accountId, locale, timeZone, month });
    return {
      link,
      entries: movements + bought,
      file: receiptFile({ format, month }),
      format,
      month,
    };
  },
  say: (receipt, locale) => quotaWords[locale].receipt(receipt),
});
