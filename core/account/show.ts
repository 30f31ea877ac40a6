import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../drizzle/schema/people.ts';
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
  }),
  async run(_, context) {
    const { db } = context.database;
    const [row] = await db.select().from(accounts).where(eq(accounts.id, context.actor.accountId));
    if (!row) throw new Error(`account ${context.actor.accountId} is gone`);
    const { available } = await readBalance(db, row.id);
    const { id, displayName, locale, timeZone, notices, createdAt } = row;
    const since = createdAt.toISOString();
    return {
      account: id,
      name: displayName,
      locale,
      time_zone: timeZone,
      notices,
      member_since: since,
      quota_available: available,
    };
  },
  say: ({ name, quota_available }, locale) =>
    catalogue(locale).say.account_show({ name, available: quota_available }),
});
