import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { quotaReceipt } from '../core/quota/receipt.ts';
import { accounts } from '../drizzle/schema/people.ts';
import { readCsv } from '../test/kit/csv.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let person: Context;
beforeAll(async () => {
  world = await createWorld();
  person = await world.context();
});
afterAll(() => world.close());

const linkFor = async (input: object = {}, context = person): Promise<URL> =>
  new URL(quotaReceipt.output.parse(await world.must(quotaReceipt, input, context)).link);
const statusOf = async (link: URL) => (await fetch(link)).status;

function changed(link: URL, change: (link: URL) => void): URL {
  const copy = new URL(link);
  change(copy);
  return copy;
}

describe('/receipts', () => {
  test.each([
    ['csv', 'text/csv; charset=utf-8'],
    ['json', 'application/json; charset=utf-8'],
  ])('sends %s as a file that nobody stores', async (format, type) => {
    const response = await fetch(await linkFor({ format, month: '2026-11' }));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-disposition': `attachment; filename=jilo-receipt-2026-11.${format}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toContain('the welcome gift');
  });

  test('answers a look ahead without the file', async () => {
    const response = await fetch(await linkFor(), { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-disposition')).toContain('jilo-receipt.csv');
  });

  test('opens for nobody with a changed address', async () => {
    const link = await linkFor();
    const ofMonth = await linkFor({ month: '2026-11' });
    const other = await linkFor({}, await world.context('terminal', 'neighbour'));
    const sigOf = (one: URL) => one.searchParams.get('sig') ?? '';
    for (const wrong of [
      changed(link, (one) => one.searchParams.set('exp', '9999999999')),
      changed(link, (one) => one.searchParams.set('sig', 'x')),
      changed(link, (one) => one.searchParams.delete('sig')),
      changed(link, (one) => one.searchParams.set('month', '2026-11')),
      changed(link, (one) => one.searchParams.set('month', '')),
      changed(link, (one) => one.searchParams.append('month', '2026-11')),
      changed(link, (one) => (one.pathname = one.pathname.replace('.csv', '.json'))),
      changed(link, (one) => (one.pathname = other.pathname)),
      changed(link, (one) => one.searchParams.set('sig', sigOf(other))),
      changed(link, (one) => one.searchParams.set('sig', sigOf(ofMonth))),
      changed(ofMonth, (one) => one.searchParams.set('month', '2026-10')),
      changed(ofMonth, (one) => one.searchParams.delete('month')),
      changed(link, (one) => (one.pathname = '/receipts/%2e%2e.csv')),
    ])
      expect([wrong.href, [403, 404].includes(await statusOf(wrong))]).toEqual([wrong.href, true]);
  });

  test('does not take the signature of a file for that of a receipt', async () => {
    const link = await linkFor();
    const exp = link.searchParams.get('exp') ?? '';
    const sig = world.services.crypto.sign('media', person.actor.accountId, 'csv', '', exp);
    expect(await statusOf(changed(link, (one) => one.searchParams.set('sig', sig)))).toBe(403);
  });

  test.each([499, 500, 501, 1250])('holds each of %i movements once', async (count) => {
    const context = await world.context('terminal', `busy ${count}`);
    const { accountId } = context.actor;
    await world.app.database.db.execute(sql`
      select quota_post('grant', ${accountId}, 1, 'many', ${accountId} || ' ' || n, now())
      from generate_series(1, ${count - 1}) as n`);
    const rows = readCsv(await textAt(await linkFor({}, context)));
    const balances = rows
      .filter(({ record }) => record === 'movement')
      .map((row) => row['balance']);
    expect(balances).toEqual(Array.from({ length: count }, (_, index) => String(100 + index)));
    const total = rows.find(({ reference }) => reference === 'available');
    expect(total?.['units']).toBe(String(99 + count));
  });

  test('is in the language and on the calendar of the person', async () => {
    const context = await world.context('terminal', 'east', 'zh');
    const { accountId } = context.actor;
    const { db } = world.app.database;
    const zone = 'Pacific/Kiritimati';
    await db
      .update(accounts)
      .set({ timeZone: zone })
      .where(sql`id = ${accountId}`);
    await db.execute(sql`select quota_post('grant', ${accountId}, 7, '2026-12',
      ${`${accountId} late`}, '2026-11-30T11:00:00Z'::timestamptz)`);
    const east = { ...context, timeZone: zone };
    const rows = readCsv(await textAt(await linkFor({ month: '2026-12' }, east)));
    expect(rows.filter(({ record }) => record === 'movement')).toMatchObject([
      { what: '2026-12 月度配额', units: '7', balance: '107' },
    ]);
    expect(rows.find(({ record }) => record === 'opening')).toMatchObject({
      what: '期初累计获得',
      units: '100',
    });
  });

  test('closes after an hour', async () => {
    const link = await linkFor();
    await world.advance(3599);
    expect(await statusOf(link)).toBe(200);
    await world.advance(1);
    expect(await statusOf(link)).toBe(403);
  });
});

/** With the mark at its beginning. */
async function textAt(link: URL): Promise<string> {
  const response = await fetch(link);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
}
