import { asc, eq, max } from 'drizzle-orm';

import type { Db } from '../../drizzle/client.ts';
import { purchases } from '../../drizzle/schema/billing.ts';
import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import type { Locale } from '../messages/catalogue.ts';
import { planWords, productName } from '../messages/plan-words.ts';
import { kindOf, purposeOf, type LedgerEntry } from './entry.ts';
import { changeOf, readMovements, type Movement } from './journal.ts';
import { monthReader } from './month-name.ts';

/** Balances of a wallet as its journal adds up to them. */
export type Sides = {
  granted: number;
  available: number;
  held: number;
  spent: number;
  expired: number;
  returned: number;
  given: number;
};

const noUnits = (): Sides => ({
  granted: 0,
  available: 0,
  held: 0,
  spent: 0,
  expired: 0,
  returned: 0,
  given: 0,
});

/** One thing that happened: units moved, or something was paid for. */
export type ReceiptLine = {
  readonly record: 'movement' | 'purchase';
  readonly at: Date;
  readonly purpose: string;
  /** null for a purchase: its units move with a movement of their own. */
  readonly verb: Movement['verb'] | null;
  /** Moved, or what a purchase has brought. */
  readonly units: number;
  /** What it did to what can be spent. */
  readonly change: number;
  readonly kind: LedgerEntry['kind'];
  /** null where the person's wallet was not moved. */
  readonly balance: number | null;
  readonly paidBy: 'person' | 'server';
  /** In the smallest unit of the currency; null for what is no purchase. */
  readonly money: { readonly amount: number; readonly currency: string } | null;
  /** The invoice or checkout; null where none is behind it. */
  readonly invoice: string | null;
  readonly reference: string;
};

/** What the lines add up to. */
export type ReceiptTotals = {
  /** Before the month that was asked for. */
  readonly opening: Sides;
  /** At its end. */
  readonly closing: Sides;
  /** In the smallest unit of each currency, within it. */
  readonly paid: ReadonlyMap<string, number>;
};

export type ReceiptReader = {
  readonly accountId: string;
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
  /** null: everything. */
  readonly month: string | null;
};

type Purchase = typeof purchases.$inferSelect;

const pageSize = 500;

/** What a receipt is put together from: later movements are not in it. */
export type ReceiptSource = {
  readonly bought: readonly Purchase[];
  /** The last movement in it. */
  readonly upTo: number;
};

/** Settles what is in a receipt, in one look at the database. */
export async function openReceipt(db: Db, accountId: string): Promise<ReceiptSource> {
  return db.transaction(
    async (tx) => {
      const bought = await tx
        .select()
        .from(purchases)
        .where(eq(purchases.accountId, accountId))
        .orderBy(asc(purchases.paidAt), asc(purchases.id));
      const [last] = await tx.select({ id: max(quotaTransfers.id) }).from(quotaTransfers);
      return { bought, upTo: last?.id ?? 0 };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/**
 * Every movement and every purchase of an account, oldest first, a few hundred in memory at a time; at
 * last what they add up to.
 */
export async function* readReceipt(
  db: Db,
  { bought, upTo }: ReceiptSource,
  reader: ReceiptReader,
): AsyncGenerator<ReceiptLine, ReceiptTotals> {
  const { accountId, timeZone } = reader;
  const sums = openSums(reader);
  let purchase = 0;
  let after = 0;
  for (let isMore = true; isMore;) {
    const part = { accountId, timeZone, after, upTo };
    const page = await readMovements(db, part, { limit: pageSize, order: 'oldest' });
    for (const movement of page) {
      for (let one = bought[purchase]; one && one.paidAt <= movement.at; one = bought[purchase]) {
        yield* sums.addPurchase(one);
        purchase += 1;
      }
      yield* sums.addMovement(movement);
    }
    after = page.at(-1)?.id ?? after;
    isMore = page.length === pageSize;
  }
  for (const one of bought.slice(purchase)) yield* sums.addPurchase(one);
  return sums.totals();
}

/** Adds up what comes by; each answers the line for it, or none where it is of another month. */
function openSums({ month, timeZone, locale }: ReceiptReader) {
  const opening = noUnits();
  const closing = noUnits();
  const paid = new Map<string, number>();
  const monthOf = monthReader(timeZone);
  let available = 0;
  /** -1 before the month, 0 within it, 1 after it. */
  const placeOf = (at: Date): number => {
    const own = monthOf(at);
    if (month === null || own === month) return 0;
    return own < month ? -1 : 1;
  };
  return {
    addPurchase(one: Purchase): ReceiptLine[] {
      if (placeOf(one.paidAt) !== 0) return [];
      paid.set(one.currency, (paid.get(one.currency) ?? 0) + one.amount);
      return [linePurchase(one, locale)];
    },
    addMovement(movement: Movement): ReceiptLine[] {
      const place = placeOf(movement.at);
      if (movement.isOwn) {
        available += changeOf(movement);
        if (place < 0) post(opening, movement);
        if (place <= 0) post(closing, movement);
      }
      if (place !== 0) return [];
      return [lineMovement(movement, movement.isOwn ? available : null, locale)];
    },
    totals: (): ReceiptTotals => ({ opening, closing, paid }),
  };
}

const isSide = (name: string, sides: Sides): name is keyof Sides => name in sides;

/** Whatever comes in from outside, or from another wallet, has been granted. */
function post(sides: Sides, { verb, debit, credit, amount }: Movement): void {
  if (verb === 'grant' || verb === 'receive') sides.granted += amount;
  if (verb === 'give') sides.given += amount;
  if (isSide(debit, sides)) sides[debit] -= amount;
  if (isSide(credit, sides)) sides[credit] += amount;
}

function lineMovement(movement: Movement, balance: number | null, locale: Locale): ReceiptLine {
  const { at, verb, amount, reference, isOwn, product } = movement;
  return {
    record: 'movement',
    at,
    purpose: purposeOf(movement, locale),
    verb,
    units: amount,
    change: isOwn ? changeOf(movement) : 0,
    kind: kindOf(movement),
    balance,
    paidBy: isOwn ? 'person' : 'server',
    money: null,
    invoice: product === null ? null : reference,
    reference,
  };
}

function linePurchase(one: Purchase, locale: Locale): ReceiptLine {
  const { id, paidAt, kind, product, units, amount, currency } = one;
  const words = planWords[locale];
  const name = productName(product, locale);
  return {
    record: 'purchase',
    at: paidAt,
    purpose: kind === 'pack' ? words.pack({ name }) : words.plan({ name }),
    verb: null,
    units,
    change: 0,
    kind: kind === 'pack' ? 'pack' : 'month',
    balance: null,
    paidBy: 'person',
    money: { amount, currency },
    invoice: id,
    reference: id,
  };
}

/** How many purchases are in a receipt. */
export function countPurchases({ bought }: ReceiptSource, reader: ReceiptReader): number {
  const monthOf = monthReader(reader.timeZone);
  const { month } = reader;
  return bought.filter(({ paidAt }) => month === null || monthOf(paidAt) === month).length;
}
