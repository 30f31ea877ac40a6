import { and, eq, inArray, or } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accountLinks } from '../../drizzle/schema/account-links.ts';
import { customers } from '../../drizzle/schema/billing.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import { askForWaiting } from '../billing/waiting.ts';
import type { Services } from '../context.ts';
import { Fault } from '../fault.ts';
import { resumePublications } from '../publication/wait.ts';
import { expireForMerge, mergeWallet } from '../quota/merge.ts';
import { lockAnswered, type AnsweredLink } from './link-row.ts';
import { joinChannels, lockChannelTwins, settleCollisions } from './merge-collisions.ts';
import { planMerge, type MergePlan } from './merge-plan.ts';
import { moveRows } from './merge-rows.ts';
import { isBetter, resealFor, takeOverConnection } from './merge-seals.ts';

/**
 * Makes one account of the two that a link is about, in the transaction of the caller: all of it, or
 * nothing. What is true is looked at again under the locks.
 * @throws Fault `link_not_valid`, `merge_changed`, `merge_both_paid`, `merge_under_way`.
 */
export async function mergeAccounts(
  tx: Tx,
  services: Services,
  link: AnsweredLink,
): Promise<MergePlan> {
  const at = services.clock.now();
  const goesId = link.staysAccount === link.fromAccount ? link.toAccount : link.fromAccount;
  await lockBoth(tx, { staysId: link.staysAccount, goesId });
  await lockAnswered(tx, link.id, { by: link.fromAccount, now: at });
  const plan = await planMerge(tx, at, [link.fromAccount, link.toAccount]);
  if (plan.stays.id !== link.staysAccount) throw new Fault('merge_changed', {});
  const pair = { staysId: plan.stays.id, goesId: plan.goes.id, at };
  await moveUnits(tx, plan, { reference: link.id, at });
  await settleCollisions(tx, pair);
  await joinTwins(tx, services, pair);
  await resealFor(tx, services.crypto, pair);
  await moveRows(tx, pair);
  await tx
    .update(accounts)
    .set({ mergedInto: pair.staysId })
    .where(or(eq(accounts.id, goesId), eq(accounts.mergedInto, goesId)));
  await closeLinks(tx, link.id, pair);
  await askForWaiting(tx, services, pair.staysId);
  return plan;
}

type Pair = { readonly staysId: string; readonly goesId: string };

/**
 * Customers, accounts and wallets, each in the order of their ids, as everything else takes them.
 * Whatever writes for the account that goes waits from here on; for the one that stays it goes on.
 */
async function lockBoth(tx: Tx, { staysId, goesId }: Pair): Promise<void> {
  const both = [staysId, goesId];
  await tx
    .select({ id: customers.accountId })
    .from(customers)
    .where(inArray(customers.accountId, both))
    .orderBy(customers.accountId)
    .for('update');
  for (const id of both.toSorted())
    await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.id, id))
      .for(id === goesId ? 'update' : 'no key update');
  await tx
    .select({ id: wallets.id })
    .from(wallets)
    .where(inArray(wallets.id, both))
    .orderBy(wallets.id)
    .for('update');
}

async function moveUnits(
  tx: Tx,
  { stays, goes, units }: MergePlan,
  { reference, at }: { readonly reference: string; readonly at: Date },
): Promise<void> {
  if (units.ownExpired > 0)
    await expireForMerge(tx, {
      walletId: stays.id,
      amount: units.ownExpired,
      reference,
      key: `merge:${goes.id}:month`,
      at,
    });
  await mergeWallet(tx, {
    walletId: goes.id,
    intoWalletId: stays.id,
    month: units.monthMoved,
    reference,
    key: `merge:${goes.id}`,
    at,
  });
  // Whose months have not begun, or never do, has those of the other account from now on.
  if (!goes.hasBegun || stays.hasBegun || goes.periodEnd === null) return;
  const { periodStart, periodEnd } = goes;
  await tx.update(wallets).set({ periodStart, periodEnd }).where(eq(wallets.id, stays.id));
}

async function joinTwins(tx: Tx, services: Services, pair: Pair & { at: Date }): Promise<void> {
  for (const twins of await lockChannelTwins(tx, pair)) {
    if (isBetter(twins)) await takeOverConnection(tx, services.crypto, twins);
    await joinChannels(tx, twins);
    await resumePublications(tx, services, twins.stays.id);
  }
}

/** Other links of the two were about accounts that are not as they were. */
async function closeLinks(tx: Tx, id: string, pair: Pair & { at: Date }): Promise<void> {
  const both = [pair.staysId, pair.goesId];
  await tx
    .update(accountLinks)
    .set({ status: 'void', decidedAt: pair.at })
    .where(
      and(
        inArray(accountLinks.status, ['open', 'answered']),
        or(inArray(accountLinks.fromAccount, both), inArray(accountLinks.toAccount, both)),
      ),
    );
  await tx
    .update(accountLinks)
    .set({ status: 'done', decidedAt: pair.at })
    .where(eq(accountLinks.id, id));
}
