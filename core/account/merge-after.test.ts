import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { customers } from '../../drizzle/schema/billing.ts';
import { buyPack, endOf, link } from '../../test/kit/linked-accounts.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { accountOfCustomer } from '../billing/customer.ts';
import type { Context } from '../context.ts';
import { quotaReceipt } from '../quota/receipt.ts';
import { quotaShow } from '../quota/show.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let pairs = 0;
let from: Context;
let to: Context;
beforeEach(async () => {
  pairs += 1;
  from = await world.context('terminal', `from ${pairs}`);
  await world.advance(60);
  to = await world.context('web', `to ${pairs}`);
});

const idOf = ({ actor }: Context) => actor.accountId;
const db = () => world.app.database.db;

test.each<[string | null | undefined, string | null, string | null]>([
  [undefined, 'cus_to', 'cus_to'],
  [null, 'cus_to', 'cus_to'],
  ['cus_from', 'cus_to', 'cus_from'],
  ['cus_from', null, 'cus_from'],
])(
  'of the customers %s and %s the account has %s, and messages of both are its own',
  async (own, other, left) => {
    const named = (customer: string | null) => customer && `${customer}_${pairs}`;
    const createdAt = world.now();
    const rows = [
      ...(own === undefined ? [] : [{ accountId: idOf(from), customerId: named(own), createdAt }]),
      { accountId: idOf(to), customerId: named(other), createdAt },
    ];
    await db().insert(customers).values(rows);
    expect(endOf(await link(world, from, to))).toBe('ok');
    const [row] = await db()
      .select()
      .from(customers)
      .where(eq(customers.accountId, idOf(from)));
    expect(row?.customerId).toBe(named(left));
    const known = rows.flatMap(({ customerId }) => (customerId ? [customerId] : []));
    const owners = await Promise.all(known.map((customer) => accountOfCustomer(db(), customer)));
    expect(new Set(owners)).toEqual(new Set([idOf(from)]));
  },
);

test('links that were signed for the account that went show what the account that stays has', async () => {
  const chart = z.object({ chart: z.string() }).parse(await world.must(quotaShow, {}, to)).chart;
  const { link: receipt } = z
    .object({ link: z.string() })
    .parse(await world.must(quotaReceipt, { format: 'json' }, to));
  await buyPack(world, idOf(from), 20);
  expect(endOf(await link(world, from, to))).toBe('ok');
  const drawn = await fetch(chart);
  expect([drawn.status, drawn.headers.get('content-type')]).toEqual([200, 'image/png']);
  const own = await world.must(quotaReceipt, { format: 'json' }, from);
  const texts = await Promise.all(
    [receipt, z.string().parse(own['link'])].map(async (url) => (await fetch(url)).text()),
  );
  expect(texts[0]).toContain('pack');
  expect(texts[0]).toBe(texts[1]);
});
