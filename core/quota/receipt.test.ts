import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { wallets } from '../../drizzle/schema/quota.ts';
import { readCsv } from '../../test/kit/csv.ts';
import { makeHistory, quotaSteps } from '../../test/kit/quota-history.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { perform } from '../operation.ts';
import { quotaHistory } from './history.ts';
import { csvCell } from './receipt-csv.ts';
import { quotaReceipt } from './receipt.ts';

let world: World;
let number = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const newPerson = () => world.context('terminal', `person ${(number += 1)}`);
type Person = Awaited<ReturnType<typeof newPerson>>;

async function load(person: Person, input: object): Promise<string> {
  const { link } = quotaReceipt.output.parse(await world.must(quotaReceipt, input, person));
  const response = await fetch(link);
  expect(response.status).toBe(200);
  // `text()` would take the mark away.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
}

const sidesSchema = z.strictObject({
  granted: z.int(),
  available: z.int(),
  held: z.int(),
  spent: z.int(),
  expired: z.int(),
  returned: z.int(),
  given: z.int(),
});
const receiptSchema = z.strictObject({
  schema: z.literal('jilo.receipt/1'),
  account: z.string(),
  month: z.string().nullable(),
  time_zone: z.string(),
  created_at: z.iso.datetime(),
  entries: z.array(
    z.looseObject({
      record: z.enum(['movement', 'purchase']),
      date: z.iso.datetime(),
      units: z.int(),
      change: z.int(),
      balance: z.int().nullable(),
      paid_by: z.enum(['person', 'server']),
      money_minor: z.int().nullable(),
      invoice: z.string().nullable(),
    }),
  ),
  totals: z.strictObject({
    opening: sidesSchema,
    closing: sidesSchema,
    paid: z.record(z.string(), z.int()),
  }),
});

async function walletOf({ actor }: Person) {
  const [row] = await world.app.database.db
    .select()
    .from(wallets)
    .where(eq(wallets.id, actor.accountId));
  return sidesSchema.parse(
    Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => name in sidesSchema.shape)),
  );
}

const read = async (person: Person, input: object = {}) =>
  receiptSchema.parse(JSON.parse(await load(person, { ...input, format: 'json' })));

const refunded = (['hold', 'capture', 'refund'] as const).map((verb) => ({
  verb,
  amount: 3,
  pick: 0,
  days: 1,
}));

describe('a receipt of any history', () => {
  it('adds up to the wallet, in both formats, month by month, and as the history has it', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(quotaSteps, async (steps) => {
        const person = await newPerson();
        await makeHistory(world, person.actor.accountId, steps);
        const wallet = await walletOf(person);
        const whole = await read(person);
        expect(whole.totals.closing).toEqual(wallet);
        for (const { verb } of whole.entries) seen.add(String(verb));
        checkBalances(whole);
        await checkCsv(person, whole);
        await checkMonths(person, whole);
        await checkHistory(person, whole);
      }),
      // Luck meets a refund only now and then.
      { numRuns: 25, seed: 8, examples: [[refunded]] },
    );
    const verbs = 'grant hold capture release refund expire take_back give receive null';
    expect([...seen].toSorted()).toEqual(verbs.split(' ').toSorted());
  });
});

type Receipt = z.output<typeof receiptSchema>;

/** Each balance follows from the one before, and what a server has paid for has none. */
function checkBalances({ entries }: Receipt): void {
  let balance = 0;
  for (const { record, paid_by, change, balance: said } of entries) {
    balance += change;
    const isOwn = record === 'movement' && paid_by === 'person';
    expect(said).toBe(isOwn ? balance : null);
  }
  const dates = entries.map(({ date }) => date);
  expect(dates).toEqual(dates.toSorted());
}

async function checkCsv(person: Person, { entries, totals }: Receipt): Promise<void> {
  const rows = readCsv(await load(person, {}));
  const lines = rows.filter(({ record }) => record === 'movement' || record === 'purchase');
  expect(lines.map(({ date, balance }) => [date, balance])).toEqual(
    entries.map(({ date, balance }) => [date, String(balance ?? '')]),
  );
  const inAndOut = lines.reduce((sum, row) => sum + Number(row['in']) - Number(row['out']), 0);
  expect(inAndOut).toBe(totals.closing.available);
  const said = rows.filter(({ record }) => record === 'total');
  expect(Object.fromEntries(said.map(({ reference, units }) => [reference, units]))).toEqual({
    ...Object.fromEntries(
      Object.entries(totals.closing).map(([side, units]) => [side, String(units)]),
    ),
    ...(totals.paid['usd'] === undefined ? {} : { paid: '' }),
  });
  const paid = lines.reduce((sum, { money }) => sum + Math.round(100 * Number(money)), 0);
  expect(paid).toBe(totals.paid['usd'] ?? 0);
}

/** One month ends as the next begins, and together they hold everything. */
async function checkMonths(person: Person, { entries, totals }: Receipt): Promise<void> {
  const months = [...new Set(entries.map(({ date }) => date.slice(0, 7)))].toSorted();
  let before = Object.fromEntries(Object.keys(totals.closing).map((side) => [side, 0]));
  let count = 0;
  for (const month of months) {
    const part = await read(person, { month });
    expect(part.totals.opening).toEqual(before);
    expect(part.entries.every(({ date }) => date.startsWith(month))).toBe(true);
    before = part.totals.closing;
    count += part.entries.length;
  }
  expect([before, count]).toEqual([totals.closing, entries.length]);
}

/** The same movements, the newest first and a few at a time. */
async function checkHistory(person: Person, { entries }: Receipt): Promise<void> {
  const told: { at: string; balance: number | null }[] = [];
  for (let before: number | undefined, isMore = true; isMore;) {
    const input = { limit: 7, ...(before === undefined ? {} : { before }) };
    const page = quotaHistory.output.parse(await world.must(quotaHistory, input, person));
    told.push(...page.entries.map(({ at, balance }) => ({ at, balance })));
    isMore = page.older !== null;
    before = page.older ?? undefined;
  }
  const moved = entries.filter(({ record }) => record === 'movement');
  expect(told.toReversed()).toEqual(moved.map(({ date: at, balance }) => ({ at, balance })));
}

describe('a receipt', () => {
  it('of a newcomer holds the welcome gift alone', async () => {
    const person = await newPerson();
    const shown = quotaReceipt.output.parse(await world.must(quotaReceipt, {}, person));
    expect(shown).toMatchObject({ entries: 1, file: 'jilo-receipt.csv', month: null });
    expect(readCsv(await load(person, {}))[0]).toMatchObject({
      record: 'movement',
      what: 'the welcome gift',
      units: '100',
      in: '100',
      out: '',
      balance: '100',
      money: '',
    });
  });

  it('of a month names it, counts what is in it, and may be empty', async () => {
    const person = await newPerson();
    const shown = async (month: string) =>
      quotaReceipt.output.parse(await world.must(quotaReceipt, { month, format: 'json' }, person));
    expect(await shown('2026-11')).toMatchObject({
      entries: 1,
      file: 'jilo-receipt-2026-11.json',
      month: '2026-11',
    });
    expect(await shown('2026-10')).toMatchObject({ entries: 0 });
    const empty = await read(person, { month: '2026-10' });
    expect([empty.entries, empty.totals.closing.granted]).toEqual([[], 0]);
    const later = await read(person, { month: '2026-12' });
    expect([later.totals.opening.granted, later.totals.closing.granted]).toEqual([100, 100]);
  });

  it.each(['2026-13', '2026-00', '2026-1', '26-01', '2026-11-01', ''])(
    'of the month "%s" there is none',
    async (month) => {
      const outcome = await perform(quotaReceipt, { month }, await newPerson());
      expect(outcome).toMatchObject({
        ok: false,
        fault: { code: 'invalid_input', field: 'month' },
      });
    },
  );

  it('needs a web app', async () => {
    const context = { ...(await newPerson()), publicUrl: () => null };
    const outcome = await perform(quotaReceipt, {}, context);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'service_missing' } });
  });
});

describe('a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['\n=1', '"\'\n=1"'],
    ['＝1', "'＝1"],
    ['a=1', 'a=1'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    [null, ''],
    [0, '0'],
  ])('%j is written as %j', (value, written) => {
    expect(csvCell(value)).toBe(written);
  });

  it('comes back as it was, but for the apostrophe, and is never a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (words) => {
        const [row] = readCsv(`\u{FEFF}a,b\r\n${csvCell(words)},${csvCell('x')}\r\n`);
        expect([words, `'${words}`]).toContain(row?.['a']);
        expect(row?.['a']).not.toMatch(/^[=+\-@\t\r]/u);
      }),
    );
  });
});
