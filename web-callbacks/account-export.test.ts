import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accountExport } from '../core/account/export.ts';
import type { Context } from '../core/context.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let person: Context;
beforeAll(async () => {
  world = await createWorld();
  person = await world.context();
});
afterAll(() => world.close());

const linkFor = async (context = person): Promise<URL> =>
  new URL(accountExport.output.parse(await world.must(accountExport, {}, context)).link);
const statusOf = async (link: URL) => (await fetch(link)).status;

function changed(link: URL, change: (link: URL) => void): URL {
  const copy = new URL(link);
  change(copy);
  return copy;
}

describe('/exports', () => {
  test('sends a file that nobody stores', async () => {
    const response = await fetch(await linkFor());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename=jilo-account.json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.json()).toMatchObject({ account: person.actor.accountId });
  });

  test('answers a look ahead without the file', async () => {
    const response = await fetch(await linkFor(), { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-disposition')).toContain('jilo-account.json');
  });

  test('opens for nobody with a changed address', async () => {
    const link = await linkFor();
    const other = await linkFor(await world.context('terminal', 'neighbour'));
    const { accountId } = person.actor;
    const exp = link.searchParams.get('exp') ?? '';
    for (const wrong of [
      changed(link, (one) => one.searchParams.set('exp', '9999999999')),
      changed(link, (one) => one.searchParams.set('exp', 'x')),
      changed(link, (one) => one.searchParams.set('sig', 'x')),
      changed(link, (one) => one.searchParams.delete('sig')),
      changed(link, (one) => (one.pathname = other.pathname)),
      changed(link, (one) => one.searchParams.set('sig', other.searchParams.get('sig') ?? '')),
      // Signed by us, for something else.
      changed(link, (one) =>
        one.searchParams.set('sig', world.app.crypto.sign('receipt', accountId, 'json', '', exp)),
      ),
    ])
      expect([wrong.href, await statusOf(wrong)]).toEqual([wrong.href, 403]);
  });

  test('opens until its hour is over', async () => {
    const link = await linkFor();
    await world.advance(3599);
    expect(await statusOf(link)).toBe(200);
    await world.advance(1);
    expect(await statusOf(link)).toBe(403);
  });
});
