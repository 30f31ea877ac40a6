import { fc } from '@fast-check/vitest';

import { giveQuota, postTransfer, renewMonth } from '../../core/quota/ledger.ts';
import { purchases } from '../../drizzle/schema/billing.ts';
import { quotaHolds, wallets } from '../../drizzle/schema/quota.ts';
import type { World } from './world.ts';

/** Something that happens to the quota of a person; what cannot be is refused by the ledger. */
export type QuotaStep = {
  readonly verb:
    | 'grant'
    | 'buy'
    | 'hold'
    | 'server hold'
    | 'capture'
    | 'release'
    | 'refund'
    | 'expire'
    | 'take back'
    | 'give'
    | 'receive'
    | 'renew';
  readonly amount: number;
  /** Which hold is meant. */
  readonly pick: number;
  /** How much later it is. */
  readonly days: number;
};

const step: fc.Arbitrary<QuotaStep> = fc.record({
  verb: fc.constantFrom(
    'grant',
    'buy',
    'hold',
    'hold',
    'server hold',
    'capture',
    'release',
    'refund',
    'expire',
    'take back',
    'give',
    'receive',
    'renew',
  ),
  amount: fc.integer({ min: 1, max: 40 }),
  pick: fc.nat({ max: 5 }),
  days: fc.constantFrom(0, 0, 1, 3, 9),
});

export const quotaSteps = fc.array(step, { minLength: 4, maxLength: 30 });

const daySeconds = 86_400;

/** A wallet of a server that has units to pay with; its id. */
export async function openServerWallet(world: World, units: number): Promise<string> {
  const id = `srv_${world.app.ids.next('gld')}`;
  const { db } = world.app.database;
  const empty = { granted: 0, available: 0, held: 0, spent: 0, expired: 0 };
  await db.insert(wallets).values({ id, serverId: id, ...empty });
  const at = world.now();
  const grant = { walletId: id, amount: units, lasting: true, reference: 'pack', key: id, at };
  await postTransfer(db, { verb: 'grant', ...grant });
  return id;
}

/** Lets the steps happen to an account, one after the other; time passes on the clock that is kept here. */
export async function makeHistory(
  world: World,
  accountId: string,
  steps: readonly QuotaStep[],
): Promise<void> {
  const serverWallet = await openServerWallet(world, 200);
  let seconds = 0;
  for (const { days, ...one } of steps) {
    seconds += days * daySeconds + 60;
    const at = new Date(world.now().getTime() + seconds * 1000);
    await happen(world, { accountId, serverWallet, at }, one);
  }
}

type Scene = { readonly accountId: string; readonly serverWallet: string; readonly at: Date };

async function happen(
  { app }: World,
  { accountId, serverWallet, at }: Scene,
  { verb, amount, pick }: Omit<QuotaStep, 'days'>,
): Promise<void> {
  const { db } = app.database;
  const reference = app.ids.next('ref');
  const own = { walletId: accountId, reference, key: reference, amount, at };
  if (verb === 'buy') {
    const id = `cs_${reference}`;
    const what = { kind: 'pack', product: 'pack_small', units: amount } as const;
    const money = { amount: amount * 9, currency: 'usd', paidAt: at };
    await db.insert(purchases).values({ id, accountId, walletId: accountId, ...what, ...money });
    await postTransfer(db, { ...own, verb: 'grant', lasting: true, reference: id });
  } else if (verb === 'give' || verb === 'receive') {
    const [walletId, toWalletId] =
      verb === 'give' ? [accountId, serverWallet] : [serverWallet, accountId];
    await giveQuota(db, { ...own, walletId, toWalletId });
  } else if (verb === 'renew') {
    const periodEnd = new Date(at.getTime() + 30 * daySeconds * 1000);
    await renewMonth(db, { ...own, reference: '2026-12', periodStart: at, periodEnd });
  } else if (verb === 'take back')
    await postTransfer(db, { ...own, verb: 'take_back', lasting: pick % 2 === 0 });
  else if (verb === 'grant') await postTransfer(db, { ...own, verb, lasting: pick % 2 === 0 });
  else if (verb === 'hold' || verb === 'expire') await postTransfer(db, { ...own, verb });
  else if (verb === 'server hold')
    await postTransfer(db, { ...own, walletId: serverWallet, verb: 'hold', accountId });
  else {
    const holds = await db.select().from(quotaHolds);
    const of = holds.filter((hold) => hold.accountId === accountId);
    const hold = of[pick % Math.max(1, of.length)];
    if (!hold) return;
    const { walletId } = hold;
    await postTransfer(db, { walletId, reference: hold.reference, key: reference, at, verb });
  }
}
