import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { purchases } from '../../drizzle/schema/billing.ts';
import { addVideos, hideVideo } from '../../test/kit/belongings.ts';
import { openServerWallet } from '../../test/kit/quota-history.ts';
import { makeReadyVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { perform } from '../operation.ts';
import { quotaHistory } from './history.ts';
import { giveQuota, postTransfer, renewMonth, type Transfer } from './ledger.ts';
import { listLedgerMonths, readLedgerMonth } from './months.ts';

let world: World;
let person: Context;
let number = 0;
beforeAll(async () => {
  world = await createWorld();
  await makeReadyVideo(world);
});
afterAll(() => world.close());
beforeEach(async () => {
  person = await world.context('terminal', `person ${(number += 1)}`);
});

const tell = async (input: object = {}, context = person) =>
  quotaHistory.output.parse(await world.must(quotaHistory, input, context));
const posting = (reference: string) => ({
  walletId: person.actor.accountId,
  reference,
  key: world.app.ids.next('key'),
  at: world.now(),
});
const post = (transfer: Transfer) => postTransfer(world.app.database.db, transfer);
const hold = (reference: string, amount: number, walletId = person.actor.accountId) =>
  post({
    ...posting(reference),
    verb: 'hold',
    amount,
    walletId,
    accountId: person.actor.accountId,
  });
const buy = async (id: string, kind: 'plan' | 'pack', product: string, units: number) => {
  const { accountId } = person.actor;
  const money = { amount: 900, currency: 'usd', paidAt: world.now() };
  await world.app.database.db
    .insert(purchases)
    .values({ id, accountId, walletId: accountId, kind, product, units, ...money });
  await post({ ...posting(id), verb: 'grant', amount: units, lasting: kind === 'pack' });
};

describe('an entry says what it was for', () => {
  it('in words, of which kind it was, and what was left', async () => {
    const [video = ''] = await addVideos(world, person, ['a paper boat   sails\nin the rain']);
    const id = world.app.ids.next('cs');
    await hold(video, 2);
    await buy(id, 'pack', 'pack_small', 30);
    await post({ ...posting(id), verb: 'take_back', amount: 10, lasting: true });
    await post({ ...posting(video), verb: 'release' });
    const { entries } = await tell();
    expect(entries).toMatchObject([
      { verb: 'release', purpose: 'the video "a paper boat sails in the rain"', balance: 120 },
      {
        verb: 'take_back',
        purpose: 'the small pack, as its money went back',
        kind: 'pack',
        balance: 118,
      },
      { verb: 'grant', purpose: 'the small pack', kind: 'pack', balance: 128, reference: id },
      { verb: 'hold', kind: 'month', balance: 98, paid_by: 'person', reference: video },
      { verb: 'grant', purpose: 'the welcome gift', balance: 100 },
    ]);
  });

  it('of a month, a plan and what expires with them', async () => {
    const renew = (reference: string, days: number) =>
      renewMonth(world.app.database.db, {
        ...posting(reference),
        amount: 100,
        periodStart: new Date(world.now().getTime() + days * 86_400_000),
        periodEnd: new Date(world.now().getTime() + (days + 30) * 86_400_000),
      });
    const id = world.app.ids.next('in');
    await renew('month 2026-11', 1);
    await buy(id, 'plan', 'starter', 200);
    await renew(id, 31);
    await renew('something else', 61);
    const zh = await tell({}, { ...person, locale: 'zh' });
    expect(zh.entries.map(({ verb, purpose }) => `${verb} ${purpose}`)).toEqual([
      'grant 新的一个月',
      'expire 上个月未用完的配额',
      'grant 入门版套餐',
      'expire 上个月未用完的配额',
      'grant 入门版套餐',
      'grant 2026-11 月度配额',
      'expire 上个月未用完的配额',
      'grant 新用户赠送',
    ]);
  });

  it('cuts a long prompt, and keeps that of a deleted video to itself', async () => {
    const [long = '', gone = ''] = await addVideos(world, person, ['😀'.repeat(61), 'a secret']);
    await hold(long, 1);
    await hold(gone, 1);
    await hideVideo(world, gone);
    const { entries } = await tell({ limit: 2 });
    expect(entries.map(({ purpose }) => purpose)).toEqual([
      'a video that was deleted',
      `the video "${'😀'.repeat(59)}…"`,
    ]);
  });

  it('tells units of packs from those of the month in one movement', async () => {
    await buy(world.app.ids.next('cs'), 'pack', 'pack_large', 50);
    await hold('first', 90);
    await hold('second', 30);
    await hold('third', 5);
    const { entries } = await tell({ limit: 3 });
    expect(entries.map(({ kind }) => kind)).toEqual(['pack', 'both', 'month']);
  });

  it('marks what a server has paid for, and nothing else of the server', async () => {
    const server = await openServerWallet(world, 50);
    const [video = ''] = await addVideos(world, person, ['a kite over the sea']);
    await buy(world.app.ids.next('cs'), 'pack', 'pack_small', 20);
    await giveQuota(world.app.database.db, {
      ...posting(server),
      toWalletId: server,
      amount: 20,
    });
    await hold(video, 3, server);
    await post({ ...posting(video), walletId: server, verb: 'capture' });
    const other = await world.context('terminal', `other ${number}`);
    const accountId = other.actor.accountId;
    await post({ ...posting('others'), walletId: server, verb: 'hold', amount: 4, accountId });
    const { entries } = await tell({ limit: 3 });
    expect(entries).toMatchObject([
      {
        verb: 'capture',
        purpose: 'the video "a kite over the sea"',
        paid_by: 'server',
        balance: null,
      },
      { verb: 'hold', amount: 3, paid_by: 'server', balance: null },
      { verb: 'give', purpose: 'a server', paid_by: 'person', balance: 100 },
    ]);
    expect((await tell({}, other)).entries.map(({ reference }) => reference)).toEqual([
      'others',
      'sign-up',
    ]);
  });
});

describe('the pages of the history', () => {
  const grants = async (count: number) => {
    for (let index = 0; index < count; index += 1)
      await post({ ...posting(`more ${index}`), verb: 'grant', amount: 1 });
  };

  it.each([
    [1, 2],
    [2, 2],
    [3, 2],
    [4, 100],
  ])('of %i movements, %i at a time, hold each once with its balance', async (count, limit) => {
    await grants(count - 1);
    const balances: (number | null)[] = [];
    let pages = 0;
    for (let before: number | null = null; ; pages += 1) {
      const page = await tell({ limit, ...(before === null ? {} : { before }) });
      balances.push(...page.entries.map(({ balance }) => balance));
      before = page.older;
      if (before === null) break;
    }
    expect(balances).toEqual(Array.from({ length: count }, (_, index) => 99 + count - index));
    expect(pages).toBe(Math.ceil(count / limit) - 1);
  });

  it('of a month hold that month of the calendar of the person', async () => {
    const at = new Date('2026-10-31T20:00:00Z');
    await post({ ...posting('late'), verb: 'grant', amount: 5, at });
    const referencesIn = async (month: string, timeZone: string) =>
      (await tell({ month }, { ...person, timeZone })).entries.map(({ reference }) => reference);
    expect(await referencesIn('2026-10', 'UTC')).toEqual(['late']);
    expect(await referencesIn('2026-10', 'Asia/Shanghai')).toEqual([]);
    expect(await referencesIn('2026-11', 'Asia/Shanghai')).toEqual(['late', 'sign-up']);
    const shown = await tell({ month: '2026-11' });
    // What was left counts every movement, in whatever month it was.
    expect([shown.month, shown.entries.map(({ balance }) => balance)]).toEqual(['2026-11', [100]]);
  });

  it.each([
    [{ month: '2026-13' }, 'month'],
    [{ before: 0 }, 'before'],
    [{ limit: 101 }, 'limit'],
  ])('refuse %j', async (input, field) => {
    const outcome = await perform(quotaHistory, input, person);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'invalid_input', field } });
  });
});

describe('the months of the ledger', () => {
  it('hold what a server has paid for as well', async () => {
    const server = await openServerWallet(world, 50);
    const at = new Date('2026-08-05T00:00:00Z');
    const reference = world.app.ids.next('vid');
    const { accountId } = person.actor;
    await post({ ...posting(reference), walletId: server, verb: 'hold', amount: 2, accountId, at });
    const months = await listLedgerMonths(person, 10);
    expect(months.map(({ month }) => month)).toEqual(['2026-11', '2026-08']);
    const read = await readLedgerMonth(person, '2026-08');
    expect(read).toMatchObject({ month: '2026-08', more: 0, entries: [{ paid_by: 'server' }] });
    expect(await readLedgerMonth(person, '2026-09')).toBeNull();
  });
});
