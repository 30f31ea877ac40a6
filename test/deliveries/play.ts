import assert from 'node:assert/strict';

import { eq } from 'drizzle-orm';
import postgres from 'postgres';

import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { reconcilePayments } from '../../core/billing/reconcile.ts';
import { openCheckout } from '../../core/billing/checkout.ts';
import { packIds, planIds, productOf } from '../../core/plan/catalogue.ts';
import type { Payments } from '../../core/ports/payments.ts';
import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import { paymentNotices, purchases } from '../../drizzle/schema/billing.ts';
import {
  cancelAtPeriodEnd,
  changePlan,
  closeDispute,
  dispute,
  payCheckout,
  refund,
} from '../../sandbox/stripe/acts.ts';
import { checkAgainstBooks, type PaidBooks } from '../faults/billing/oracle.ts';
import { seededRandom, type Random } from '../kit/random-draws.ts';
import { cardNumbers } from '../kit/shop.ts';
import { jobContext } from '../kit/trips.ts';
import type { World } from '../kit/world.ts';
import { forgeries } from './forgeries.ts';

const people = 12;
const daySeconds = 24 * 3600;
const webhookSecret = 'whsec_world';

export type Played = {
  /** How often each kind of delivery was made, and what was answered. */
  readonly counts: ReadonlyMap<string, number>;
  readonly deliveries: number;
  readonly forged: number;
  readonly forgedAccepted: number;
  /** Messages that never came and were found at night. */
  readonly found: number;
};

/**
 * Has people buy, change and get back, with deliveries of every kind of trouble, until so many were
 * made; then checks each account against what the local Stripe has in its books.
 * @throws AssertionError naming the account and the promise that was broken.
 */
export async function playDeliveries(world: World, wanted: number, seed: string): Promise<Played> {
  const game = await Game.open(world, seed);
  while (game.deliveries < wanted) await game.round();
  return game.end();
}

class Game {
  private readonly counts = new Map<string, number>();
  private readonly random: Random;
  private readonly world: World;
  private readonly crowd: readonly Context[];
  private rounds = 0;
  private forged = 0;
  private forgedAccepted = 0;

  private constructor(world: World, seed: string, crowd: readonly Context[]) {
    this.world = world;
    this.random = seededRandom(seed);
    this.crowd = crowd;
  }

  static async open(world: World, seed: string): Promise<Game> {
    const crowd = [];
    for (let index = 0; index < people; index += 1)
      crowd.push(await world.context('terminal', `payer ${seed} ${index}`));
    return new Game(world, seed, crowd);
  }

  get deliveries(): number {
    return this.stripe.webhook.attempts.length + this.forged;
  }
  private get stripe() {
    return this.world.emulators.stripe;
  }
  private count(kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  async round(): Promise<void> {
    this.rounds += 1;
    this.stripe.webhook.hold();
    const acts = 6 + this.random.below(8);
    for (let act = 0; act < acts; act += 1) await this.act(this.random.pick(this.crowd));
    this.arm();
    if (this.rounds % 6 === 0) await this.withoutDatabase();
    await this.letGo();
    if (this.rounds % 2 === 0) await this.forgeAll();
    if (this.rounds % 3 === 0) await this.pass(1 + this.random.below(12));
  }

  private async letGo(): Promise<void> {
    this.stripe.webhook.release({ shuffle: 1 + this.random.below(1_000_000) });
    await this.world.drain();
  }

  /** Time goes on: renewals, retries, what was late, and a night's look now and then. */
  private async pass(days: number): Promise<void> {
    for (let day = 0; day < days; day += 4) {
      await this.world.advance(Math.min(4, days - day) * daySeconds);
      await this.world.drain();
    }
    await this.reconcile();
  }

  private async reconcile(): Promise<void> {
    await reconcilePayments.run({}, jobContext(this.world));
    await this.world.drain();
  }

  private async act(who: Context): Promise<void> {
    const draw = this.random.below(10);
    if (draw < 4) return this.buy(who, this.random.pick(packIds));
    if (draw < 6) return this.buy(who, this.random.pick(planIds));
    if (draw === 6) return this.change(who);
    if (draw === 7) return this.giveBack(who);
    return draw === 8 ? this.argue(who) : this.leave(who);
  }

  private async buy(who: Context, id: string): Promise<void> {
    const product = productOf(id);
    assert(product);
    try {
      const { link, kind } = await openCheckout(who, product);
      const session = /cs_\w+/.exec(link)?.[0];
      if (kind !== 'checkout' || !session) return;
      const card = this.random.chance(0.1) ? cardNumbers.noFunds : cardNumbers.works;
      this.count(`pays: ${payCheckout(this.stripe, session, card).kind}`);
    } catch (error) {
      if (!isFault(error, 'already_paid')) throw error;
    }
  }

  private async customerOf(who: Context): Promise<string | null> {
    const known = [...this.stripe.state.customers.values()];
    return known.find(({ metadata }) => metadata['account'] === who.actor.accountId)?.id ?? null;
  }

  private async subscriptionOf(who: Context) {
    const customer = await this.customerOf(who);
    const all = [...this.stripe.state.subscriptions.values()];
    return all.find((one) => one.customer === customer && one.status === 'active');
  }

  private async change(who: Context): Promise<void> {
    const subscription = await this.subscriptionOf(who);
    const prices = ['price_sandbox_starter', 'price_sandbox_pro', 'price_sandbox_team'];
    if (!subscription) return;
    this.count('changes the plan');
    changePlan(this.stripe, subscription.id, this.random.pick(prices));
  }

  private async leave(who: Context): Promise<void> {
    const subscription = await this.subscriptionOf(who);
    if (!subscription || !this.random.chance(0.3)) return;
    this.count('leaves');
    cancelAtPeriodEnd(this.stripe, subscription.id);
  }

  private async chargeOf(who: Context) {
    const customer = await this.customerOf(who);
    const own = [...this.stripe.state.charges.values()].filter(
      (charge) => charge.customer === customer && charge.status === 'succeeded',
    );
    return own.length === 0 ? null : this.random.pick(own);
  }

  private async giveBack(who: Context): Promise<void> {
    const charge = await this.chargeOf(who);
    const left = charge ? charge.amount - charge.refunded : 0;
    if (!charge || left <= 0 || charge.dispute !== null) return;
    this.count('refund');
    refund(this.stripe, charge.id, 1 + this.random.below(left));
  }

  private async argue(who: Context): Promise<void> {
    const charge = await this.chargeOf(who);
    if (!charge) return;
    if (charge.dispute === null && charge.refunded === 0) dispute(this.stripe, charge.id);
    else if (charge.dispute !== null)
      closeDispute(this.stripe, charge.dispute, this.random.pick(['won', 'lost']));
    else return;
    this.count('dispute');
  }

  private arm(): void {
    const faults = ['lost', 'duplicate', 'late', 'stale', 'future', 'forged', 'altered'] as const;
    for (const how of [...faults, 'unsigned', 'rotating'] as const) {
      const times = this.random.below(3);
      if (times > 0) this.stripe.misbehave({ on: 'webhook', how, times });
    }
  }

  /** Messages come while our database is away: they are refused, and come again. */
  private async withoutDatabase(): Promise<void> {
    const url = new URL(this.world.databaseUrl);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const admin = postgres(url.href, { max: 1, onnotice: () => undefined });
    const before = this.stripe.webhook.attempts.length;
    await admin.unsafe(`alter database ${name} with allow_connections false`);
    try {
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
      this.stripe.webhook.release();
      await this.stripe.webhook.flush();
    } finally {
      await admin.unsafe(`alter database ${name} with allow_connections true`);
      await admin.end();
    }
    const refused = this.stripe.webhook.attempts.slice(before);
    assert(
      refused.every(({ status }) => status === null || status >= 400),
      `nothing is taken while the database is away: ${refused.map(({ status, how }) => `${status} ${how}`).join()}`,
    );
    for (const _ of refused) this.count('while the database was away');
    await this.pass(1);
  }

  /** Forged messages about what really happened, twenty kinds of them. */
  private async forgeAll(): Promise<void> {
    const event = [...this.stripe.state.events.values()].at(-1);
    if (!event) return;
    const body = JSON.stringify(
      {
        id: `evt_forged${this.rounds}`,
        object: 'event',
        type: event.type,
        created: this.stripe.now(),
        api_version: '2026-10-28.endive',
        data: { object: { id: 'in_forged', object: 'invoice' } },
      },
      null,
      2,
    );
    for (const [kind, forge] of Object.entries(forgeries)) {
      const made = forge({ body, secret: webhookSecret, now: this.stripe.now() });
      const { status } = await fetch(`${this.world.publicUrl}/webhooks/stripe`, {
        method: 'POST',
        body: made.body,
        headers: {
          'content-type': 'application/json',
          ...(made.signature === undefined ? {} : { 'stripe-signature': made.signature }),
        },
      });
      this.forged += 1;
      if (status < 400) {
        this.forgedAccepted += 1;
        this.count(`accepted: ${kind}`);
      }
    }
  }

  async end(): Promise<Played> {
    this.stripe.behave();
    await this.pass(4);
    const { db } = this.world.app.database;
    const found = await db.$count(paymentNotices, eq(paymentNotices.source, 'reconcile'));
    await this.checkAll();
    const settled = await this.journalLength();
    await this.reconcile();
    assert.equal(await this.journalLength(), settled, 'a second night changes nothing');
    for (const { how } of this.stripe.webhook.attempts) this.count(`delivered: ${how}`);
    const { deliveries, forged, forgedAccepted, counts } = this;
    return { counts, deliveries, forged, forgedAccepted, found };
  }

  private async journalLength(): Promise<number> {
    const { db } = this.world.app.database;
    const rows = await db.select({ id: quotaTransfers.id }).from(quotaTransfers);
    return rows.length;
  }

  private async checkAll(): Promise<void> {
    const { db } = this.world.app.database;
    const { payments } = this.world.app.ports;
    assert(payments);
    for (const who of this.crowd) {
      const customer = await this.customerOf(who);
      const books = await readBooks(this.world, payments, customer);
      const { accountId } = who.actor;
      await checkAgainstBooks(db, books, { accountId, seed: accountId, config: who.config });
    }
    assert((await db.select().from(purchases)).length > 0);
  }
}

/** Everything of one customer, asked of the local Stripe by its API. */
async function readBooks(
  world: World,
  payments: Payments,
  customer: string | null,
): Promise<PaidBooks> {
  const { state } = world.emulators.stripe;
  const idsOf = (
    all: ReadonlyMap<string, { readonly id: string; readonly customer: string | null }>,
  ) => [...all.values()].flatMap((one) => (one.customer === customer ? [one.id] : []));
  const readAll = async <T>(ids: readonly string[], read: (id: string) => Promise<T | null>) => {
    const found = new Map<string, T>();
    for (const id of ids) {
      const one = await read(id);
      if (one) found.set(id, one);
    }
    return found;
  };
  return {
    sessions: await readAll(idsOf(state.checkouts), (id) => payments.readCheckout(id)),
    invoices: await readAll(idsOf(state.invoices), (id) => payments.readInvoice(id)),
    subscriptions: await readAll(idsOf(state.subscriptions), (id) => payments.readSubscription(id)),
    payments: await readAll(idsOf(state.intents), (id) => payments.readPayment(id)),
  };
}
