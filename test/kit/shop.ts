import { and, eq } from 'drizzle-orm';

import type { Context } from '../../core/context.ts';
import { planUpgrade } from '../../core/plan/upgrade.ts';
import { customers, purchases, subscriptions } from '../../drizzle/schema/billing.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import { payCheckout, type PayOutcome } from '../../sandbox/stripe/acts.ts';
import type { World } from './world.ts';

/** Test numbers of Stripe. */
export const cardNumbers = {
  works: '4242424242424242',
  declined: '4000000000000002',
  noFunds: '4000000000009995',
  failsLater: '4000000000000341',
} as const;

/** Asks for the link of a product and answers the session that it leads to. */
async function openSession(world: World, context: Context, product: string): Promise<string> {
  const { link } = await world.must(planUpgrade, { product }, context);
  return /cs_\w+/.exec(String(link))?.[0] ?? '';
}

/** Buys something as a person does: asks for the link, pays there, and what comes of it is done. */
export async function buy(
  world: World,
  context: Context,
  product: string,
  card: string = cardNumbers.works,
): Promise<PayOutcome> {
  const session = await openSession(world, context, product);
  const outcome = payCheckout(world.emulators.stripe, session, card);
  await world.drain();
  return outcome;
}

/** What an account has, and what the books say of its payments. */
export async function booksOf(world: World, accountId: string) {
  const { db } = world.app.database;
  const [wallet] = await db.select().from(wallets).where(eq(wallets.id, accountId));
  if (!wallet) throw new Error(`${accountId} has no wallet`);
  const bought = await db.select().from(purchases).where(eq(purchases.accountId, accountId));
  const [subscription] = await db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.accountId, accountId)));
  const [customer] = await db.select().from(customers).where(eq(customers.accountId, accountId));
  return {
    month: wallet.available - wallet.lasting,
    packs: wallet.lasting,
    wallet,
    bought,
    subscription,
    customerId: customer?.customerId ?? '',
  };
}
