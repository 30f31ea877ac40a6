import { z } from 'zod';

/** One call of the ledger as it reaches the database, with everything a caller could get wrong. */
export type Call = {
  /** A verb of `quota_post`, `renew` or `give`. */
  readonly verb: string;
  readonly wallet: string;
  readonly amount: number | null;
  readonly reference: string;
  readonly key: string;
  /** Units of packs. */
  readonly lasting?: boolean;
  /** The account that asks for a hold. */
  readonly asker?: string;
  /** The wallet that is given to. */
  readonly to?: string;
  /** The month that begins, counted from January 2026. */
  readonly month?: number;
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

export const balancesSchema = z.strictObject({
  granted: z.int(),
  available: z.int(),
  lasting: z.int(),
  held: z.int(),
  spent: z.int(),
  expired: z.int(),
  returned: z.int(),
  given: z.int(),
});
export type Balances = z.infer<typeof balancesSchema>;
type Side = Exclude<keyof Balances, 'lasting'>;

const noBalances: Balances = {
  granted: 0,
  available: 0,
  lasting: 0,
  held: 0,
  spent: 0,
  expired: 0,
  returned: 0,
  given: 0,
};

/** From where to where each verb moves; what comes from outside grows what was granted. */
const moves: Readonly<Record<string, readonly [from: Side, to: Side]>> = {
  grant: ['granted', 'available'],
  hold: ['available', 'held'],
  capture: ['held', 'spent'],
  release: ['held', 'available'],
  refund: ['spent', 'available'],
  expire: ['available', 'expired'],
  take_back: ['available', 'returned'],
  give: ['available', 'given'],
  receive: ['granted', 'available'],
};

export type Wallet = Balances & { readonly isServer: boolean; month: number | null };

export type Hold = {
  readonly wallet: string;
  readonly amount: number;
  readonly lasting: number;
  readonly status: string;
};

const settledAs = new Map([
  ['capture', 'captured'],
  ['release', 'released'],
  ['refund', 'refunded'],
]);

/** One row of the journal. */
export type Movement = {
  readonly wallet: string;
  readonly verb: string;
  readonly amount: number;
  readonly lasting: number;
  readonly reference: string;
  readonly key: string;
};

type Earlier = { readonly request: string; readonly amount: number };
type Decision = {
  readonly answer: Answer;
  /** What is written down when it is applied. */
  readonly rows: readonly Movement[];
};

/** The ledger as a page of arithmetic: no locks, no SQL, one call after another. */
export class LedgerModel {
  readonly wallets = new Map<string, Wallet>();
  readonly holds = new Map<string, Hold>();
  readonly posted = new Map<string, Earlier>();

  openWallet(id: string, isServer = false): void {
    this.wallets.set(id, { ...noBalances, isServer, month: null });
  }

  copy(): LedgerModel {
    const other = new LedgerModel();
    for (const [id, wallet] of this.wallets) other.wallets.set(id, { ...wallet });
    for (const [reference, hold] of this.holds) other.holds.set(reference, hold);
    for (const [key, earlier] of this.posted) other.posted.set(key, earlier);
    return other;
  }

  balances(id: string): Balances {
    const { isServer: _, month: __, ...balances } = this.#wallet(id);
    return balances;
  }

  /** What the call must be answered now, without making it. */
  answer(call: Call): Answer {
    return this.decide(call).answer;
  }

  /** Makes the call. */
  post(call: Call): Answer {
    const { answer, rows } = this.decide(call);
    if (answer.outcome !== 'applied') return answer;
    for (const row of rows) this.move(row, call);
    if (call.verb === 'renew') this.#wallet(call.wallet).month = call.month ?? null;
    const { available, held } = this.#wallet(call.wallet);
    return { ...answer, available, held };
  }

  /** One row of the journal, as a replay meets it. */
  move({ wallet: id, verb, amount, lasting, reference, key }: Movement, call?: Call): void {
    const wallet = this.#wallet(id);
    const move = moves[verb];
    if (!move) throw new Error(`there is no verb ${verb}`);
    const [from, to] = move;
    wallet[from] += from === 'granted' ? amount : -amount;
    wallet[to] += amount;
    if (from === 'available') wallet.lasting -= lasting;
    if (to === 'available') wallet.lasting += lasting;
    this.posted.set(key, { request: call ? requestOf(call) : '', amount });
    const status = verb === 'hold' ? 'held' : settledAs.get(verb);
    if (status) this.holds.set(reference, { wallet: id, amount, lasting, status });
  }

  /** What the call is answered and what it would write; nothing changes. */
  decide(call: Call): Decision {
    if (!isProper(call)) return refused('22023');
    const wallet = this.wallets.get(call.wallet);
    if (!wallet || (call.verb === 'give' && !this.wallets.has(call.to ?? '')))
      return refused('P0002');
    const { available, held } = wallet;
    const told = (outcome: string, amount: number): Decision => ({
      answer: { outcome, available, held, amount },
      rows: [],
    });
    const earlier = this.posted.get(call.key);
    if (earlier) {
      const outcome = earlier.request === requestOf(call) ? 'replay' : 'key_reused';
      return told(outcome, call.verb === 'renew' ? 0 : earlier.amount);
    }
    if (call.verb === 'renew') return this.#renew(call, wallet);
    if (call.verb === 'give') return this.#give(call, wallet);
    if (settledAs.has(call.verb)) {
      const hold = this.holds.get(call.reference);
      if (!hold || hold.wallet !== call.wallet) return told('hold_missing', 0);
      const needed = call.verb === 'refund' ? 'captured' : 'held';
      if (hold.status !== needed) return told('settled', hold.amount);
      return applied(wallet, [rowOf(call, call.verb, hold)]);
    }
    return this.#move(call, wallet, told);
  }

  #move(call: Call, wallet: Wallet, told: (outcome: string, amount: number) => Decision): Decision {
    const { verb } = call;
    const amount = call.amount ?? 0;
    const ofMonth = wallet.available - wallet.lasting;
    if (verb === 'hold') {
      if (wallet.available < amount) return told('short', amount);
      if (wallet.isServer && call.asker === undefined) return refused('23502');
      if (this.holds.has(call.reference)) return refused('23505');
      const lasting = Math.max(0, amount - ofMonth);
      return applied(wallet, [rowOf(call, verb, { amount, lasting })]);
    }
    if (verb === 'expire')
      return ofMonth < amount
        ? told('short', amount)
        : applied(wallet, [rowOf(call, verb, { amount, lasting: 0 })]);
    const moved =
      verb === 'grant' ? amount : Math.min(amount, call.lasting ? wallet.lasting : ofMonth);
    if (moved === 0) return told('short', 0);
    const lasting = call.lasting ? moved : 0;
    return applied(wallet, [rowOf(call, verb, { amount: moved, lasting })]);
  }

  #renew(call: Call, wallet: Wallet): Decision {
    const { available, held, lasting } = wallet;
    if (wallet.month !== null && (call.month ?? 0) <= wallet.month)
      return { answer: { outcome: 'stale', available, held, amount: 0 }, rows: [] };
    const rest = available - lasting;
    const grant = rowOf(call, 'grant', { amount: call.amount ?? 0, lasting: 0 });
    const expire = {
      ...rowOf(call, 'expire', { amount: rest, lasting: 0 }),
      key: `${call.key}:rest`,
    };
    return {
      answer: { outcome: 'applied', available, held, amount: rest },
      rows: rest > 0 ? [expire, grant] : [grant],
    };
  }

  #give(call: Call, wallet: Wallet): Decision {
    const amount = call.amount ?? 0;
    const { lasting, held } = wallet;
    if (lasting < amount)
      return { answer: { outcome: 'short', available: lasting, held, amount }, rows: [] };
    const give = rowOf(call, 'give', { amount, lasting: amount });
    const receive = { ...give, wallet: call.to ?? '', verb: 'receive', key: `${call.key}:in` };
    return applied(wallet, [give, receive]);
  }

  #wallet(id: string): Wallet {
    const wallet = this.wallets.get(id);
    if (!wallet) throw new Error(`there is no wallet ${id}`);
    return wallet;
  }
}

const refused = (code: string): Decision => ({ answer: raised(code), rows: [] });

const applied = ({ available, held }: Wallet, rows: readonly Movement[]): Decision => ({
  answer: { outcome: 'applied', available, held, amount: rows[0]?.amount ?? 0 },
  rows,
});

const rowOf = (
  { wallet, reference, key }: Call,
  verb: string,
  { amount, lasting }: { readonly amount: number; readonly lasting: number },
): Movement => ({ wallet, verb, amount, lasting, reference, key });

const verbs = new Set(['grant', 'hold', 'capture', 'release', 'refund', 'expire', 'take_back']);

function isProper({ verb, amount, to, wallet }: Call): boolean {
  if (settledAs.has(verb)) return amount === null;
  if (amount === null || amount <= 0) return false;
  return verb === 'give' ? to !== wallet : verb === 'renew' || verbs.has(verb);
}

/** What makes two calls the same request. */
export const requestOf = (call: Call): string =>
  JSON.stringify([
    call.verb,
    call.wallet,
    call.amount,
    call.reference,
    call.verb === 'give' || call.verb === 'renew' ? null : (call.lasting ?? false),
    call.asker ?? null,
    call.to ?? null,
    call.month ?? null,
  ]);
