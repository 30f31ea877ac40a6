import { and, eq } from 'drizzle-orm';

import { accountLinks } from '../../drizzle/schema/account-links.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { secondsAfter } from '../clock.ts';
import { leaveWord } from '../consent/word.ts';
import type { Services } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { contextOfAccount } from './acting.ts';
import { checkSignature, linkSeconds, readOpenLink } from './link-row.ts';
import { accountMerge } from './merge.ts';
import { planMerge, type MergePlan } from './merge-plan.ts';

/** What somebody sees who opens the link of another account of theirs. */
export type OpenedLink = {
  /** What would come of it; `mergeLines` has it in words. */
  readonly plan: MergePlan;
  /** The account that has made the link, and confirms at last. */
  readonly fromId: string;
  readonly fromName: string;
  readonly expiresAt: Date;
};

/**
 * What a link would do to the account that has opened it; looking at it changes nothing.
 * @throws Fault `link_not_valid` for one that is forged, used, replaced or too old,
 * `merge_same_account`, `merge_both_paid`, `merge_under_way`.
 */
export async function readLink(
  services: Services,
  opened: { readonly id: string; readonly sig: string; readonly accountId: string },
): Promise<OpenedLink> {
  const { db } = services.database;
  const now = services.clock.now();
  checkSignature(services, opened.id, opened.sig);
  const { fromAccount, expiresAt } = await readOpenLink(db, opened.id, now);
  const plan = await planMerge(db, now, [fromAccount, opened.accountId]);
  const fromName = plan.stays.id === fromAccount ? plan.stays.name : plan.goes.name;
  return { plan, fromId: fromAccount, fromName, expiresAt };
}

export type LinkAnswer = {
  readonly id: string;
  readonly sig: string;
  /** Who is signed in where the link was opened. */
  readonly accountId: string;
  readonly accept: boolean;
};

/**
 * Uses a link up. Accepted, it puts the question before the account that has made it, which decides
 * alone whether the two become one; nothing of that question is answered here.
 * @throws Fault as `readLink`.
 */
export async function answerLink(
  services: Services,
  { id, sig, accountId, accept }: LinkAnswer,
): Promise<{ readonly outcome: 'asked' | 'declined'; readonly fromName: string }> {
  const { fromId, fromName } = await readLink(services, { id, sig, accountId });
  await useLink(services, { id, fromId, accountId, accept });
  if (!accept) return { outcome: 'declined', fromName };
  await askOwner(services, fromId, id);
  return { outcome: 'asked', fromName };
}

type Use = {
  readonly id: string;
  readonly fromId: string;
  readonly accountId: string;
  readonly accept: boolean;
};

async function useLink(services: Services, { id, fromId, accountId, accept }: Use): Promise<void> {
  const now = services.clock.now();
  await services.database.db.transaction(async (tx) => {
    // Accounts before their links, as a merge takes them.
    for (const one of [fromId, accountId].toSorted())
      await tx
        .select({ id: accounts.id })
        .from(accounts)
        .where(eq(accounts.id, one))
        .for('no key update');
    const plan = await planMerge(tx, now, [fromId, accountId]);
    await readOpenLink(tx, id, now);
    const [used] = await tx
      .update(accountLinks)
      .set({
        status: accept ? 'answered' : 'declined',
        toAccount: accountId,
        staysAccount: plan.stays.id,
        decidedAt: now,
        ...(accept ? { expiresAt: secondsAfter(now, linkSeconds) } : {}),
      })
      .where(and(eq(accountLinks.id, id), eq(accountLinks.status, 'open')))
      .returning({ id: accountLinks.id });
    if (!used) throw new Fault('link_not_valid', {});
  });
}

/** The card of the question comes to where the person can be reached; they may also ask for it themselves. */
async function askOwner(services: Services, accountId: string, link: string): Promise<void> {
  const { signal } = new AbortController();
  const asking = await contextOfAccount(services, { accountId, surface: 'web', signal });
  const outcome = await perform(accountMerge, { link }, asking, { isUncounted: true });
  if (outcome.ok) throw new Error(`${link} was carried out without a question`);
  if (!isFault(outcome.fault, 'approval_required')) throw outcome.fault;
  const { id } = outcome.fault.params;
  await services.database.db.transaction((tx) => leaveWord(tx, asking, id));
}
