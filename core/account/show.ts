import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../drizzle/schema/people.ts';
import { spentOnLeash } from '../consent/leash.ts';
import { catalogue, locales } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { spentToday } from '../quota/daily-cap.ts';
import { readBalance } from '../quota/wallet.ts';
import { purposes } from './purposes.ts';

export const accountShow = defineOperation({
  name: 'account_show',
  summary: { en: 'Show whose account this is.', zh: '查看当前账户。' },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: z.object({
    account: z.string(),
    name: z.string(),
    locale: z.enum(locales),
    time_zone: z.string(),
    notices: z.boolean().describe('Whether you are written to'),
    purpose: z.enum(purposes).nullable().describe('What Jilo is used for; null: not said'),
    member_since: z.iso.datetime(),
    quota_available: z.int(),
    leash: z.int().describe('Units a day that models may spend without asking'),
    leash_used: z.int().describe('How many of them are spent today'),
    daily_cap: z.int().nullable().describe('Units a day that may be spent at most; null: no limit'),
    spent_today: z.int().describe('Units that are spent or set aside today'),
  }),
  async run(_, context) {
    const { db } = context.database;
    const [row] = await db.select().from(accounts).where(eq(accounts.id, context.actor.accountId));
    if (!row) throw new Error(`account ${context.actor.accountId} is gone`);
    const { available } = await readBalance(db, row.id);
    const { id, displayName, locale, timeZone, notices, purpose, leashUnits, dailyCapUnits } = row;
    const now = context.clock.now();
    return {
      account: id,
      name: displayName,
      locale,
      time_zone: timeZone,
      notices,
      purpose,
      member_since: row.createdAt.toISOString(),
      quota_available: available,
      leash: leashUnits,
      leash_used: await spentOnLeash(db, row, now),
      daily_cap: dailyCapUnits,
      spent_today: await spentToday(db, row, now),
    };
  },
  say: (shown, locale) =>
    catalogue(locale).say.account_show({
      name: shown.name,
      available: shown.quota_available,
      leash: shown.leash,
      leashUsed: shown.leash_used,
      dailyCap: shown.daily_cap,
      spentToday: shown.spent_today,
    }),
});
