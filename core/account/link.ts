import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';

import { accountLinks } from '../../drizzle/schema/account-links.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { secondsAfter } from '../clock.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { accountLinkUrl, linkSeconds } from './link-row.ts';

export const accountLink = defineOperation({
  name: 'account_link',
  summary: {
    en: 'Make one account of two: get a link to open with the other one.',
    zh: '把两个账户合并为一个：获取用另一个账户打开的链接。',
  },
  effect: 'write',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: z.object({
    link: z.string().describe('Pass this to account_merge once the other side has accepted'),
    url: z.url().describe('For a browser that is signed in with the other account; good once'),
    expires_at: z.iso.datetime(),
  }),
  async run(_, context) {
    const { accountId } = context.actor;
    const id = context.ids.next('lnk');
    const url = accountLinkUrl(context, id);
    const createdAt = context.clock.now();
    const expiresAt = secondsAfter(createdAt, linkSeconds);
    await context.database.db.transaction(async (tx) => {
      // Links of one account take turns, so that one of them is the newest.
      const [account] = await tx
        .select({ mergedInto: accounts.mergedInto })
        .from(accounts)
        .where(eq(accounts.id, accountId))
        .for('no key update');
      if (!account || account.mergedInto !== null) throw new Fault('account_merged', {});
      await tx
        .update(accountLinks)
        .set({ status: 'void', decidedAt: createdAt })
        .where(
          and(
            eq(accountLinks.fromAccount, accountId),
            inArray(accountLinks.status, ['open', 'answered']),
          ),
        );
      const row = { id, fromAccount: accountId, status: 'open', createdAt, expiresAt } as const;
      await tx.insert(accountLinks).values(row);
    });
    return { link: id, url, expires_at: expiresAt.toISOString() };
  },
  say: ({ url, link }, locale) => catalogue(locale).say.account_link({ url, link }),
});
