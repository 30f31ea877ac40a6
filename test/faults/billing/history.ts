import assert from 'node:assert/strict';

import { inArray } from 'drizzle-orm';

import { openAccount } from '../../../core/account/open.ts';
import { openCheckout } from '../../../core/billing/checkout.ts';
import { followNotice } from '../../../core/billing/notice.ts';
import { receivePaymentNotice } from '../../../core/billing/receive.ts';
import type { Context, JobContext, Services } from '../../../core/context.ts';
import { isFault } from '../../../core/fault.ts';
import { packIds, planIds, productOf } from '../../../core/plan/catalogue.ts';
import { postTransfer } from '../../../core/quota/ledger.ts';
import { renewMonths } from '../../../core/quota/renew.ts';
import { paymentNotices } from '../../../drizzle/schema/billing.ts';
import { bookPrices, PaymentBooks } from '../../kit/payment-books.ts';
import { Crash, crashingDb } from './crashing.ts';
import { checkAgainstBooks } from './oracle.ts';
import { seededRandom, type Random } from '../../kit/random-draws.ts';

const dayMs = 24 * 60 * 60 * 1000;
const start = new Date('2026-01-10T09:30:00.000Z').getTime();

/** What happened in one history, by kind. */
export type Tally = Map<string, number>;

/**
 * One person's life with plans and packs, drawn from a seed: buying, changing, failing, refunds,
 * disputes, spending, months; messages lost, late, twice and out of order; deaths between any two
 * statements. At the end everything is told once more, and must be exactly what the books say.
 * @throws AssertionError naming the promise that was broken.
 */
export async function runHistory(services: Services, seed: string, tally: Tally): Promise<void> {
  const life = await Life.begin(services, seed, tally);
  const steps = 8 + life.random.below(14);
  for (let step = 0; step < steps; step += 1) await life.step();
  await life.end();
}

class Life {
  readonly random: Random;
  private readonly services: Services;
  private readonly books: PaymentBooks;
  private readonly context: Context;
  private readonly seed: string;
  private readonly tally: Tally;
  private readonly clock: { at: number };
  private readonly undelivered = new Set<number>();
  private readonly held: string[] = [];
  private heard = 0;
  private deathIn = Number.POSITIVE_INFINITY;
  private last = 0;

  private constructor(parts: {
    services: Services;
    seed: string;
    tally: Tally;
    clock: { at: number };
    context: Context;
    books: PaymentBooks;
  }) {
    this.services = parts.services;
    this.seed = parts.seed;
    this.tally = parts.tally;
    this.clock = parts.clock;
    this.context = parts.context;
    this.books = parts.books;
    this.random = seededRandom(parts.seed);
  }

  static async begin(services: Services, seed: string, tally: Tally): Promise<Life> {
    const clock = { at: start };
    const now = () => new Date(clock.at);
    const own = { ...services, clock: { now } };
    const identity = { provider: 'local', subject: `life-${seed}` };
    const account = await openAccount(own, identity, { displayName: seed, locale: 'en' });
    const books = new PaymentBooks(now, `${seed}.`);
    const actor = { accountId: account.id, surface: 'terminal' as const };
    const { signal } = new AbortController();
    const ports = { ...services.ports, payments: books };
    const context = { ...own, ports, actor, locale: 'en' as const, timeZone: 'UTC', signal };
    return new Life({ services, seed, tally, clock, context, books });
  }

  private count(kind: string): void {
    this.tally.set(kind, (this.tally.get(kind) ?? 0) + 1);
  }

  /** The same services, in a process that may die at any statement. */
  private mortal(): Context {
    const next = () => {
      this.deathIn -= 1;
      if (this.deathIn < 0) throw new Crash('dead');
    };
    const db = crashingDb(this.context.database.db, next);
    return { ...this.context, database: { ...this.context.database, db } };
  }

  /** Runs something in a process that dies now and then. */
  private async attempt(work: (context: Context & JobContext) => Promise<unknown>): Promise<void> {
    const dies = this.random.chance(0.25);
    this.deathIn = dies ? this.random.below(24) : Number.POSITIVE_INFINITY;
    try {
      await work(this.mortal());
    } catch (error) {
      if (!isCrash(error)) throw error;
      this.count('death');
    }
    this.deathIn = Number.POSITIVE_INFINITY;
  }

  async step(): Promise<void> {
    this.clock.at += this.random.below(3 * dayMs);
    const act = this.random.pick(acts);
    await this[act]();
    this.hear();
    if (this.random.chance(0.6)) await this.deliverSome();
  }

  async buyPlan(): Promise<void> {
    await this.buy(this.random.pick(planIds));
  }

  async buyPack(): Promise<void> {
    await this.buy(this.random.pick(packIds));
  }

  private async buy(id: string): Promise<void> {
    const product = productOf(id);
    assert(product);
    let opened = false;
    await this.attempt(async (context) => {
      try {
        opened = (await openCheckout(context, product)).kind === 'checkout';
      } catch (error) {
        if (!isFault(error, 'already_paid')) throw error;
        this.count('told that it is paid');
      }
    });
    const open = [...this.books.sessions.values()].filter(({ status }) => status === 'open');
    assert(open.length <= 1, 'one open checkout per account');
    const session = open[0];
    if (!opened || !session) return;
    this.count(`pays for a ${session.kind}`);
    if (session.kind === 'pack' && this.random.chance(0.3)) {
      this.books.payLater(session.id);
      this.hear();
      this.books.bankSays(session.id, this.random.chance(0.7));
    } else if (this.random.chance(0.15)) this.books.expire(session.id);
    else this.books.pay(session.id);
  }

  private get live() {
    return [...this.books.subscriptions.values()].find(
      ({ status }) => status === 'active' || status === 'past_due',
    );
  }

  async change(): Promise<void> {
    if (this.live?.status !== 'active') return;
    const price = this.random.pick(bookPrices.slice(0, 3));
    if (price.id === this.live.priceId) return;
    this.count('changes the plan');
    this.books.change(this.live.id, price.id);
  }

  async month(): Promise<void> {
    const { live } = this;
    const due = live ? live.periodEnd.getTime() : this.clock.at + 20 * dayMs;
    this.clock.at = Math.max(this.clock.at, due) + this.random.below(dayMs);
    if (live?.status === 'active') {
      this.count('a month of a plan');
      this.books.renew(live.id, this.random.chance(0.3) ? 'no_funds' : null);
    }
    await this.attempt((context) => renewMonths.run({}, context));
  }

  async recover(): Promise<void> {
    const open = [...this.books.invoices.values()].find(({ status }) => status === 'open');
    if (!open || this.live?.status !== 'past_due') return;
    this.count('pays after all');
    this.books.recover(open.id);
  }

  async endPlan(): Promise<void> {
    if (!this.live || !this.random.chance(0.4)) return;
    this.count('ends the plan');
    this.books.end(this.live.id);
  }

  async refund(): Promise<void> {
    const payment = this.anyPayment();
    if (!payment) return;
    this.count('refund');
    this.books.refund(payment.id, 1 + this.random.below(payment.amount));
  }

  async dispute(): Promise<void> {
    const payment = this.anyPayment();
    if (!payment) return;
    this.count('dispute');
    this.books.dispute(
      payment.id,
      payment.dispute === 'open' ? this.random.pick(['won', 'lost']) : 'open',
    );
  }

  private anyPayment() {
    const all = [...this.books.payments.values()];
    return all.length === 0 ? null : this.random.pick(all);
  }

  async spend(): Promise<void> {
    const { accountId: walletId } = this.context.actor;
    const at = this.context.clock.now();
    const settled = this.held.pop();
    await this.attempt(async ({ database }) => {
      if (settled && this.random.chance(0.5)) {
        const verb = this.random.pick(['capture', 'release'] as const);
        const key = `${settled}:settled`;
        await postTransfer(database.db, { verb, walletId, reference: settled, key, at });
        this.count(verb);
        return;
      }
      this.last += 1;
      const reference = `${this.seed}:${this.last}`;
      const amount = 1 + this.random.below(120);
      const hold = { verb: 'hold' as const, walletId, amount, reference, key: reference, at };
      if ((await postTransfer(database.db, hold)).outcome === 'applied') {
        this.held.push(reference);
        this.count('hold');
      }
    });
  }

  private hear(): void {
    while (this.heard < this.books.notices.length) this.undelivered.add(this.heard++);
  }

  /** Messages come in any order, some twice; some are not delivered before the end. */
  private async deliverSome(): Promise<void> {
    for (const index of this.random.shuffle([...this.undelivered])) {
      if (this.random.chance(0.3)) continue;
      const times = this.random.chance(0.2) ? 2 : 1;
      if (times === 2) this.count('delivered twice');
      for (let time = 0; time < times; time += 1) await this.deliver(index);
      if (this.random.chance(0.9)) this.undelivered.delete(index);
    }
  }

  private async deliver(index: number): Promise<void> {
    const notice = this.books.notices[index];
    assert(notice);
    await this.attempt(async (context) => {
      await receivePaymentNotice(context, notice, 'webhook');
      await followNotice.run({ notice: notice.id }, context);
      this.count('delivery');
    });
  }

  /** Every night what was lost is asked for; then all that was told is told once more. */
  async end(): Promise<void> {
    this.hear();
    for (const index of this.random.shuffle([...this.undelivered])) await this.deliver(index);
    for (let night = 0; night < 2; night += 1) {
      for await (const notice of this.books.listNotices(new Date(0))) {
        await receivePaymentNotice(this.context, notice, 'reconcile');
        await followNotice.run({ notice: notice.id }, this.context);
      }
      const { actor, config } = this.context;
      const all = { accountId: actor.accountId, seed: this.seed, config };
      await checkAgainstBooks(this.context.database.db, this.books, all);
    }
    await this.checkHandled();
  }

  private async checkHandled(): Promise<void> {
    const ids = this.books.notices.map(({ id }) => id);
    if (ids.length === 0) return;
    const rows = await this.services.database.db
      .select()
      .from(paymentNotices)
      .where(inArray(paymentNotices.id, ids));
    assert.equal(rows.length, ids.length, `${this.seed}: every message is taken in once`);
    assert(
      rows.every(({ handledAt }) => handledAt !== null),
      `${this.seed}: every message has had its effect`,
    );
  }
}

const acts = [
  'buyPlan',
  'buyPack',
  'buyPack',
  'change',
  'change',
  'month',
  'month',
  'recover',
  'recover',
  'endPlan',
  'refund',
  'dispute',
  'spend',
  'spend',
  'spend',
] as const;

/** A death inside a transaction comes out wrapped now and then. */
function isCrash(error: unknown): boolean {
  if (error instanceof Crash) return true;
  return error instanceof Error && error.cause !== undefined && isCrash(error.cause);
}
