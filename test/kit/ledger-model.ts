import { z } from 'zod';

/** One call of `quota_post` as it reaches the database, with everything a caller could get wrong. */
export type Call = {
  readonly verb: string;
  readonly account: string;
  readonly amount: number | null;
  readonly reference: string;
  readonly key: string;
};

/** What a call is answered; `raised:` and an SQLSTATE when the database refuses it altogether. */
export type Answer = {
  readonly outcome: string;
  readonly available: number;
  readonly held: number;
  readonly amount: number;
};

export const answerSchema = z.strictObject({
  outcome: z.string(),
  available: z.int(),
  held: z.int(),
  amount: z.int(),
});

export const raised = (code: string): Answer => ({
  outcome: `raised:${code}`,
  available: 0,
  held: 0,
  amount: 0,
});

const sides = {
  grant: ['granted', 'available'],
  hold: ['available', 'held'],
  capture: ['held', 'spent'],
  release: ['held', 'available'],
  refund: ['spent', 'available'],
  expire: ['available', 'expired'],
} as const;

type Verb = keyof typeof sides;
const isVerb = (verb: string): verb is Verb => verb in sides;

export type Balances = {
  granted: number;
  available: number;
  held: number;
  spent: number;
  expired: number;
};

type Hold = {
  readonly account: string;
  readonly amount: number;
  readonly status: 'held' | 'captured' | 'released' | 'refunded';
};

const settledAs = { capture: 'captured', release: 'released', refund: 'refunded' } as const;
const settles = (verb: Verb): verb is keyof typeof settledAs => verb in settledAs;

/** The ledger as a page of arithmetic: no locks, no SQL, one call after another. */
export class LedgerModel {
  readonly wallets = new Map<string, Balances>();
  readonly holds = new Map<string, Hold>();
  readonly posted = new Map<string, { readonly call: Call; readonly amount: number }>();

  openWallet(account: string): void {
    this.wallets.set(account, { granted: 0, available: 0, held: 0, spent: 0, expired: 0 });
  }

  copy(): LedgerModel {
    const other = new LedgerModel();
    for (const [account, balances] of this.wallets) other.wallets.set(account, { ...balances });
    for (const [reference, hold] of this.holds) other.holds.set(reference, hold);
    for (const [key, earlier] of this.posted) other.posted.set(key, earlier);
    return other;
  }

  /** What the call must be answered now, without making it. */
  answer(call: Call): Answer {
    return this.#decide(call).answer;
  }

  /** Makes the call. */
  post(call: Call): Answer {
    const { answer, wallet, verb } = this.#decide(call);
    if (answer.outcome !== 'applied' || !wallet || !verb) return answer;
    const { amount } = answer;
    const [from, to] = sides[verb];
    // What is granted comes from outside: the source grows with what it gives.
    wallet[from] += verb === 'grant' ? amount : -amount;
    wallet[to] += amount;
    this.posted.set(call.key, { call, amount });
    const { account, reference } = call;
    if (verb === 'hold') this.holds.set(reference, { account, amount, status: 'held' });
    if (settles(verb)) this.holds.set(reference, { account, amount, status: settledAs[verb] });
    return { ...answer, available: wallet.available, held: wallet.held };
  }

  #decide(call: Call): { answer: Answer; wallet?: Balances; verb?: Verb } {
    const { verb, account, key } = call;
    if (!isVerb(verb) || !hasProperAmount(verb, call.amount)) return { answer: raised('22023') };
    const wallet = this.wallets.get(account);
    if (!wallet) return { answer: raised('P0002') };
    const { available, held } = wallet;
    const told = (outcome: string, amount: number): { answer: Answer } => ({
      answer: { outcome, available, held, amount },
    });
    const earlier = this.posted.get(key);
    if (earlier) {
      const same = sameRequest(earlier.call, call);
      return told(same ? 'replay' : 'key_reused', earlier.amount);
    }
    const { outcome, amount } = settles(verb)
      ? this.#settle(call, verb)
      : this.#move(call, verb, available);
    if (outcome.startsWith('raised')) return { answer: raised('23505') };
    return outcome === 'applied'
      ? { ...told(outcome, amount), wallet, verb }
      : told(outcome, amount);
  }

  #settle({ account, reference }: Call, verb: Verb): { outcome: string; amount: number } {
    const hold = this.holds.get(reference);
    if (!hold || hold.account !== account) return { outcome: 'hold_missing', amount: 0 };
    const needed = verb === 'refund' ? 'captured' : 'held';
    return { outcome: hold.status === needed ? 'applied' : 'settled', amount: hold.amount };
  }

  #move(call: Call, verb: Verb, available: number): { outcome: string; amount: number } {
    const amount = call.amount ?? 0;
    if (verb !== 'grant' && available < amount) return { outcome: 'short', amount };
    const taken = verb === 'hold' && this.holds.has(call.reference);
    return { outcome: taken ? 'raised' : 'applied', amount };
  }
}

const hasProperAmount = (verb: Verb, amount: number | null): boolean =>
  settles(verb) ? amount === null : amount !== null && amount > 0;

const sameRequest = (a: Call, b: Call): boolean =>
  a.verb === b.verb &&
  a.account === b.account &&
  a.amount === b.amount &&
  a.reference === b.reference;
