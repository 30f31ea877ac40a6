import { eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { customers } from '../../drizzle/schema/billing.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import type { Context } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { closeWallet } from '../quota/ledger.ts';
import { requireOpenAccount } from './deleted.ts';
import { countGoing, endingPlan, refuseDeletion } from './deletion.ts';
import { eraseSteps } from './erase-steps.ts';
import { accountErase } from './queue.ts';

/** What another request had begun before the deletion has ended by then, and is removed as well. */
const lateSeconds = 60 * 60;

export const accountDelete = defineOperation({
  name: 'account_delete',
  summary: {
    en: 'Delete your account and everything in it for good.',
    zh: '永久删除您的账户及其全部内容。',
  },
  effect: 'destroy',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: z.object({
    account: z.string(),
    deleted: z.literal(true),
    units_lost: z.int().describe('Units that were left and have expired'),
  }),
  async preview(_, context) {
    const { accountId } = context.actor;
    const { db } = context.database;
    await refuseDeletion(db, accountId);
    const going = await countGoing(db, accountId, context.clock.now());
    const plan = await endingPlan(db, accountId);
    const { preview } = catalogue(context.locale);
    return {
      title: preview.account_delete(),
      lines: [
        ...preview.accountGoing(going),
        ...(plan === null ? [] : [preview.accountPlanEnds({ plan })]),
      ],
      cost: 0,
    };
  },
  async run(_, context) {
    const units = await context.database.db.transaction((tx) => deleteAccount(tx, context));
    return { account: context.actor.accountId, deleted: true as const, units_lost: units };
  },
  say: ({ units_lost: units }, locale) => catalogue(locale).say.account_delete({ units }),
});

/** From the commit on nobody acts for the account; how many units were lost. */
async function deleteAccount(tx: Tx, context: Context): Promise<number> {
  const { accountId } = context.actor;
  const at = context.clock.now();
  await takeTurns(tx, accountId);
  await requireOpenAccount(tx, accountId);
  await refuseDeletion(tx, accountId);
  const reference = 'account-deleted';
  const key = `close:${accountId}`;
  const closed = await closeWallet(tx, { walletId: accountId, reference, key, at });
  for (const step of eraseSteps) await step(tx, accountId, context);
  const plain = { displayName: '', timeZone: 'UTC', localeChosen: false, purpose: null };
  const limits = { notices: false, leashUnits: 0, dailyCapUnits: null, welcomedAt: null };
  await tx
    .update(accounts)
    .set({ ...plain, ...limits, deletedAt: at })
    .where(eq(accounts.id, accountId));
  // What has become part of this account had the same person.
  await tx.update(accounts).set({ displayName: '' }).where(eq(accounts.mergedInto, accountId));
  const { queue } = context;
  await queue.enqueue(tx, accountErase, { accountId }, { key: accountId });
  const late = { key: `${accountId}:late`, delaySeconds: lateSeconds };
  await queue.enqueue(tx, accountErase, { accountId }, late);
  return closed.amount;
}

/** Whoever pays, sets units aside or makes a token for the account waits here, and sees it deleted then. */
async function takeTurns(tx: Tx, accountId: string): Promise<void> {
  await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('no key update');
  await tx
    .select({ id: customers.accountId })
    .from(customers)
    .where(eq(customers.accountId, accountId))
    .for('update');
}
