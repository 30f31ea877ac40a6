import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../drizzle/schema/people.ts';
import { spentOnLeash } from '../consent/leash.ts';
import { catalogue, locales } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { readBalance } from '../quota/wallet.ts';

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
    member_since: z.iso.datetime(),
    quota_available: z.int(),
    leash: z.int().describe('Units a day that models may spend without asking'),
    leash_used: z.int().describe('How many of them are spent today'),
  }),
  async run(_, context) {
    const { db } = context.database;
    const [row] = await db.select().from(accounts).where(eq(accounts.id, context.actor.accountId));
    if (!row) throw new Error(`account ${context.actor.accountId} is gone`);
    const { available } = await readBalance(db, row.id);
    const { id, displayName, locale, timeZone, notices, leashUnits, createdAt } = row;
    const since = createdAt.toISOString();
    return {
      account: id,
      name: displayName,
      locale,
      time_zone: timeZone,
      notices,
      member_since: since,
      quota_available: available,
      leash: leashUnits,
      leash_used: await spentOnLeash(db, row, context.clock.now()),
    };
  },
  say: ({ name, quota_available, leash, leash_used }, locale) =>
    catalogue(locale).say.account_show({
      name,
      available: quota_available,
      leash,
      leashUsed: leash_used,
    }),
});
