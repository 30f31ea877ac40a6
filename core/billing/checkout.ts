import { and, eq, inArray } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { checkouts } from '../../drizzle/schema/billing.ts';
import { requireOpenAccount } from '../account/deleted.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, requirePublicUrl, type Context } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import type { Product } from '../plan/catalogue.ts';
import { isLive } from '../plan/current.ts';
import type { PaidCheckout, Payments } from '../ports/payments.ts';
import { customerOf, lockCustomer } from './customer.ts';
import { billingPages } from './pages.ts';

const isGoingOn = inArray(checkouts.status, ['intended', 'open']);

type Row = typeof checkouts.$inferSelect;

/** A key of the payment service is good for 24 hours; an intent must not outlive its own. */
const intentSeconds = 23 * 60 * 60;

export type Opened = {
  readonly link: string;
  /** `portal`: there is a plan already, and it is changed there. */
  readonly kind: 'checkout' | 'portal';
};

/**
 * Where the person pays for a plan or a pack. There is one open checkout per account: a second press
 * gives the same one, and one for something else ends it. Whoever has a plan changes it in the portal.
 * @throws Fault `already_paid` when the open one has been paid meanwhile; `service_missing` without a price.
 */
export async function openCheckout(context: Context, product: Product): Promise<Opened> {
  const payments = requirePort(context.ports, 'payments');
  const base = requirePublicUrl(context);
  const priceId = context.config[product.setting];
  if (!priceId) throw new Fault('service_missing', { service: product.setting });
  const customerId = await customerOf(context, payments, context.actor.accountId);
  if (product.kind === 'plan') {
    const owned = await payments.listSubscriptions(customerId);
    const live = owned.find(({ status }) => isLive(status) || status === 'paused');
    if (live) {
      const returnUrl = `${base}/billing/back`;
      const portal = { customerId, returnUrl, locale: context.locale, changeOf: live.id };
      return { link: await payments.openPortal(portal), kind: 'portal' };
    }
  }
  const link = await followIntent(context, payments, { product, priceId, customerId });
  return { link, kind: 'checkout' };
}

type Wish = {
  readonly product: Product;
  readonly priceId: string;
  readonly customerId: string;
};

/** At most the one that is open, and the one after it. */
const most = 3;

async function followIntent(context: Context, payments: Payments, wish: Wish): Promise<string> {
  for (let round = 0; round < most; round += 1) {
    const row = await context.database.db.transaction((tx) => readOrIntend(tx, context, wish));
    const session = await sessionOf(context, payments, row, wish);
    if (session === null) continue;
    if (session.status === 'open' && row.product === wish.product.id && session.url !== null)
      return session.url;
    const ended = session.status === 'open' ? await payments.expireCheckout(session.id) : session;
    await settleRow(context, row.id, ended);
    if (ended.status === 'complete' && row.product === wish.product.id)
      throw new Fault('already_paid', {});
  }
  throw new Fault('provider_busy', { provider: 'Stripe' });
}

/** The open checkout of the account, or the intent of a new one. */
async function readOrIntend(tx: Tx, context: Context, { product }: Wish): Promise<Row> {
  const { accountId } = context.actor;
  const now = context.clock.now();
  await lockCustomer(tx, accountId, now);
  await requireOpenAccount(tx, accountId);
  const [open] = await tx
    .select()
    .from(checkouts)
    .where(and(eq(checkouts.accountId, accountId), isGoingOn));
  if (open?.status === 'open') return open;
  // An intent that old has lost its key, and nobody was given a link for one of something else.
  if (open?.product === product.id && open.expiresAt > now) return open;
  if (open) await tx.update(checkouts).set({ status: 'failed' }).where(eq(checkouts.id, open.id));
  const row: Row = {
    id: context.ids.next('chk'),
    accountId,
    kind: product.kind,
    product: product.id,
    sessionId: null,
    url: null,
    status: 'intended',
    createdAt: now,
    expiresAt: secondsAfter(now, intentSeconds),
  };
  await tx.insert(checkouts).values(row);
  return row;
}

/**
 * How the session of a row stands; an intent whose answer was lost is asked for again with its key.
 * null when the row has been given up meanwhile.
 */
async function sessionOf(
  context: Context,
  payments: Payments,
  row: Row,
  wish: Wish,
): Promise<PaidCheckout | null> {
  if (row.sessionId !== null) {
    const session = await payments.readCheckout(row.sessionId);
    if (!session) await giveUp(context, row.id);
    return session;
  }
  const session = await openSession(context, payments, row, wish);
  const opened = await context.database.db
    .update(checkouts)
    .set({ status: 'open', sessionId: session.id, url: session.url, expiresAt: session.expiresAt })
    .where(and(eq(checkouts.id, row.id), isGoingOn))
    .returning({ id: checkouts.id });
  if (opened.length > 0) return session;
  await payments.expireCheckout(session.id);
  return null;
}

async function openSession(
  context: Context,
  payments: Payments,
  row: Row,
  { priceId, customerId, product }: Wish,
): Promise<PaidCheckout> {
  const { accountId } = context.actor;
  const pages = billingPages(context, row.id);
  try {
    return await payments.openCheckout({
      kind: row.kind,
      priceId,
      customerId,
      accountId,
      metadata: { account: accountId, product: product.id, checkout: row.id },
      successUrl: pages.done,
      cancelUrl: pages.cancelled,
      locale: context.locale,
      key: `checkout:${row.id}`,
    });
  } catch (error) {
    // With settings that have changed since, the key is refused for good: the next press begins anew.
    if (isFault(error, 'provider_failed')) await giveUp(context, row.id);
    throw error;
  }
}

const giveUp = (context: Context, id: string) =>
  context.database.db
    .update(checkouts)
    .set({ status: 'failed' })
    .where(and(eq(checkouts.id, id), isGoingOn));

async function settleRow(context: Context, id: string, session: PaidCheckout): Promise<void> {
  if (session.status === 'open') return;
  await context.database.db
    .update(checkouts)
    .set({ status: session.status })
    .where(and(eq(checkouts.id, id), isGoingOn));
}
