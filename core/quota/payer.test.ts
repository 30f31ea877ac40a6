import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accounts } from '../../drizzle/schema/people.ts';
import {
  approve,
  make,
  memberContext,
  newId,
  openPayingServer,
  videosOf,
  walletOf,
} from '../../test/kit/server-wallet.ts';
import { quickWish, refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { serverUpdate } from '../server/update.ts';
import { videoGenerate } from '../video/generate.ts';
import { quoteFor, wishOf } from '../video/quote.ts';
import { startTakes } from '../video/start.ts';
import { payerOf } from './payer.ts';
import { postTransfer } from './ledger.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const own = { available: 100, held: 0, spent: 0 };
let people = 0;
const member = (serverId: string | null, roleIds: readonly string[] = []): Promise<Context> =>
  memberContext(world, { name: `member ${(people += 1)}`, serverId, roleIds });
const payer = async (context: Context, cost = 1) => payerOf(world.app.database.db, context, cost);
const ownWallet = ({ actor }: Context) => walletOf(world, { accountId: actor.accountId });

/** What a person is asked, line by line. */
async function lines(context: Context): Promise<string[]> {
  const shown = await videoGenerate.preview?.(videoGenerate.input.parse(quickWish), context);
  return (shown?.lines ?? []).map(([label, value]) => `${label}: ${value}`);
}

describe('who pays', () => {
  test.each([
    [1, 2, 'server'],
    [2, 2, 'server'],
    [3, 2, 'person'],
  ])('%i units at a limit of %i a day: the %s', async (cost, limit, kind) => {
    const role = newId();
    const { serverId } = await openPayingServer(world, { units: 50, limits: `${role}=${limit}` });
    expect(await payer(await member(serverId, [role]), cost)).toMatchObject({ kind });
  });

  test.each([
    [4, 'person'],
    [5, 'server'],
    [6, 'server'],
  ])('5 units with %i in the wallet of the server: the %s', async (units, kind) => {
    const { serverId } = await openPayingServer(world, { units, limits: 'everyone=9' });
    expect(await payer(await member(serverId), 5)).toMatchObject({ kind });
  });

  test('the best role counts, also where everybody has less', async () => {
    const [low, high, none] = [newId(), newId(), newId()];
    const limits = `everyone=1, ${low}=2, ${high}=5, ${none}=0`;
    const { serverId } = await openPayingServer(world, { units: 50, limits });
    const leftOf = async (...roles: string[]) => {
      const found = await payer(await member(serverId, roles));
      return found.kind === 'server' ? found.leftToday : 0;
    };
    expect(await leftOf()).toBe(1);
    expect(await leftOf(none)).toBe(1);
    expect(await leftOf(low, high)).toBe(5);
    expect(await leftOf(high, low, none)).toBe(5);
  });

  test('a role without a limit, and one with none at all: the person, and why', async () => {
    const role = newId();
    const limits = `${role}=0, ${newId()}=5`;
    const { serverId } = await openPayingServer(world, { units: 5, limits });
    for (const roles of [[], [role], [newId()]])
      expect(await payer(await member(serverId, roles))).toMatchObject({
        kind: 'person',
        notPaid: 'no_limit',
      });
  });

  test('a server that does not pay, a private talk, and surfaces of their own: the person', async () => {
    const { serverId, manager } = await openPayingServer(world, { units: 5, limits: 'everyone=5' });
    const other = await openPayingServer(world, { units: 0, limits: 'everyone=5' });
    const here = await member(serverId);
    expect(await payer(here)).toMatchObject({ kind: 'server' });
    const elsewhere = { ...here, actor: { ...here.actor, serverId: other.serverId } };
    expect(await payer(elsewhere)).toMatchObject({ kind: 'person', notPaid: 'server_short' });
    const direct = { ...here, actor: { ...here.actor, serverId: null } };
    const terminal = await world.context('terminal', 'elsewhere');
    for (const context of [direct, terminal]) {
      expect(await payer(context)).toMatchObject({ kind: 'person', notPaid: null });
      expect(await make(world, quickWish, context)).not.toHaveProperty('paid_by');
    }
    expect(await walletOf(world, { serverId })).toEqual({ available: 5, held: 0, spent: 0 });
    await world.must(serverUpdate, { pays: 'person' }, manager);
    expect(await payer(here)).toMatchObject({ kind: 'person', notPaid: null });
  });
});

describe('a video that is asked for in a server', () => {
  test('is paid by the server up to the limit of the day, and by the person after it', async () => {
    const role = newId();
    const { serverId } = await openPayingServer(world, { units: 10, limits: `${role}=2` });
    const context = await member(serverId, [role]);
    expect(await make(world, quickWish, context)).toMatchObject({
      quota_left: 9,
      paid_by: 'server',
    });
    expect(await make(world, quickWish, context)).toMatchObject({
      quota_left: 8,
      paid_by: 'server',
    });
    const third = await make(world, quickWish, context);
    expect(third).toMatchObject({ quota_left: 99 });
    expect(third).not.toHaveProperty('paid_by');
    expect(await walletOf(world, { serverId })).toEqual({ available: 8, held: 2, spent: 0 });
    // The next day, by UTC.
    await world.advance(16 * 60 * 60 - 1);
    expect(await payer(context)).toMatchObject({ kind: 'person', notPaid: 'limit_reached' });
    await world.advance(1);
    expect(await payer(context)).toMatchObject({ kind: 'server', leftToday: 2 });
  });

  test('is paid whole: two takes at a limit of one are paid by the person', async () => {
    const { serverId } = await openPayingServer(world, { units: 10, limits: 'everyone=1' });
    const context = await member(serverId);
    expect(await make(world, { ...quickWish, variants: 2 }, context)).toMatchObject({
      quota_left: 98,
    });
    const one = await make(world, quickWish, context);
    expect(one).toMatchObject({ paid_by: 'server' });
    expect(await walletOf(world, { serverId })).toMatchObject({ available: 9, held: 1 });
  });

  test('says beforehand who pays and what is left there, in both languages', async () => {
    const role = newId();
    const { serverId } = await openPayingServer(world, { units: 10, limits: `${role}=2` });
    const paid = await member(serverId, [role]);
    expect(await lines(paid)).toEqual(
      expect.arrayContaining([
        'Paid by: this server; its wallet has 10, and you may use 2 of it today',
        'Left afterwards: 9',
      ]),
    );
    const unpaid = { ...paid, actor: { ...paid.actor, roleIds: [] } };
    expect(await lines(unpaid)).toEqual(
      expect.arrayContaining([
        'Paid by: you; you have 100 (the server pays for other roles only)',
        'Left afterwards: 99',
      ]),
    );
    const chinese = { ...paid, locale: 'zh' } as const;
    expect(await lines(chinese)).toContain('付费方: 本服务器，钱包剩余 10，您今天还可使用 2');
    expect(await lines({ ...unpaid, locale: 'zh' })).toContain(
      '付费方: 您本人，剩余 100 (服务器只为其他身份组付费)',
    );
    expect((await lines(await world.context())).join()).not.toContain('Paid by');
  });

  test("keeps within the person's own limit of the day where they pay, not where the server does", async () => {
    const { serverId } = await openPayingServer(world, { units: 10, limits: 'everyone=1' });
    const context = await member(serverId);
    const { accountId } = context.actor;
    await world.app.database.db
      .update(accounts)
      .set({ dailyCapUnits: 1 })
      .where(eq(accounts.id, accountId));
    expect(await make(world, quickWish, context)).toMatchObject({ paid_by: 'server' });
    expect(await make(world, quickWish, context)).toMatchObject({ quota_left: 99 });
    expect(await refused(world, videoGenerate, quickWish, context)).toMatchObject({
      code: 'daily_cap',
    });
    expect(await ownWallet(context)).toMatchObject({ available: 99, held: 1 });
  });
});

describe('what changes between the question and the press', () => {
  test('a role that is taken away: nothing is started, and the question is another one', async () => {
    const role = newId();
    const { serverId } = await openPayingServer(world, { units: 10, limits: `${role}=2` });
    const context = await member(serverId, [role]);
    const [approvalId = ''] = await approve(world, quickWish, context);
    const without = { ...context, actor: { ...context.actor, roleIds: [] } };
    const pressed = await perform(videoGenerate, quickWish, without, { approvalId });
    expect(!pressed.ok && pressed.fault.code).toBe('approval_not_valid');
    expect(await videosOf(world, context)).toEqual([]);
    const again = await perform(videoGenerate, quickWish, without);
    expect(!again.ok && again.fault.code).toBe('approval_required');
    expect(await make(world, quickWish, without)).toMatchObject({ quota_left: 99 });
    expect(await walletOf(world, { serverId })).toMatchObject({ available: 10 });
  });

  test('a role that is given: the approval of their own quota buys nothing from the server', async () => {
    const role = newId();
    const { serverId } = await openPayingServer(world, { units: 10, limits: `${role}=2` });
    const context = await member(serverId);
    const [approvalId = ''] = await approve(world, quickWish, context);
    const promoted = { ...context, actor: { ...context.actor, roleIds: [role] } };
    const pressed = await perform(videoGenerate, quickWish, promoted, { approvalId });
    expect(!pressed.ok && pressed.fault.code).toBe('approval_not_valid');
    expect(await walletOf(world, { serverId })).toMatchObject({ available: 10, held: 0 });
  });

  test('a wallet that is emptied: nothing is started, nobody is charged', async () => {
    const { serverId } = await openPayingServer(world, { units: 1, limits: 'everyone=5' });
    const [context, faster] = [await member(serverId), await member(serverId)];
    const [approvalId = ''] = await approve(world, quickWish, context);
    expect(await make(world, quickWish, faster)).toMatchObject({
      paid_by: 'server',
      quota_left: 0,
    });
    const pressed = await perform(videoGenerate, quickWish, context, { approvalId });
    expect(!pressed.ok && pressed.fault.code).toBe('approval_not_valid');
    expect(await videosOf(world, context)).toEqual([]);
    expect(await ownWallet(context)).toEqual(own);
  });

  test('even after the last look: the start itself looks under the lock', async () => {
    const { serverId, manager } = await openPayingServer(world, { units: 1, limits: 'everyone=5' });
    const context = await member(serverId);
    const quote = await quoteFor(context, wishOf(quickWish));
    const found = await payer(context);
    const attempt = { ...context, payer: found.walletId };
    const start = () => startTakes(attempt, quote, 1).catch((error: unknown) => error);
    await world.must(serverUpdate, { role_limits: 'everyone=0' }, manager);
    expect(isFault(await start(), 'payer_changed')).toBe(true);
    await world.must(serverUpdate, { role_limits: 'everyone=5' }, manager);
    const emptied = { verb: 'take_back', amount: 1, lasting: true } as const;
    await postTransfer(world.app.database.db, {
      ...emptied,
      walletId: found.walletId,
      reference: 'test',
      key: `emptied:${serverId}`,
      at: world.now(),
    });
    expect(isFault(await start(), 'payer_changed')).toBe(true);
    expect(await videosOf(world, context)).toEqual([]);
    expect(await ownWallet(context)).toEqual(own);
  });
});

describe('at once', () => {
  const refusals = new Set(['approval_not_valid', 'payer_changed']);
  const codesOf = (outcomes: readonly Awaited<ReturnType<typeof perform>>[]) =>
    outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.fault.code]));

  test('two members at the last unit of the server, 10 rounds: one has it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { serverId } = await openPayingServer(world, { units: 1, limits: 'everyone=5' });
      const both = [await member(serverId), await member(serverId)];
      const approvals = await Promise.all(both.map((one) => approve(world, quickWish, one)));
      const outcomes = await Promise.all(
        both.map((one, index) =>
          perform(videoGenerate, quickWish, one, { approvalId: approvals[index]?.[0] ?? '' }),
        ),
      );
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      expect(codesOf(outcomes).filter((code) => !refusals.has(code))).toEqual([]);
      expect(await walletOf(world, { serverId })).toEqual({ available: 0, held: 1, spent: 0 });
      for (const one of both) expect(await ownWallet(one)).toEqual(own);
    }
  });

  test('one member at the last unit of their limit, 10 rounds: one is started', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { serverId } = await openPayingServer(world, { units: 9, limits: 'everyone=1' });
      const context = await member(serverId);
      const approvals = await approve(world, quickWish, context, 3);
      const outcomes = await Promise.all(
        approvals.map((approvalId) => perform(videoGenerate, quickWish, context, { approvalId })),
      );
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      expect(codesOf(outcomes).filter((code) => !refusals.has(code))).toEqual([]);
      expect(await walletOf(world, { serverId })).toMatchObject({ available: 8, held: 1 });
      expect(await ownWallet(context)).toEqual(own);
    }
  });

  test('100 of 20 members at 10 units of the server: exactly 10, and nobody pays else', async () => {
    const { serverId } = await openPayingServer(world, { units: 10, limits: 'everyone=100' });
    const members = await Promise.all(Array.from({ length: 20 }, () => member(serverId)));
    const asked = await Promise.all(
      members.map(async (context) => {
        const { id: quote } = await quoteFor(context, wishOf(quickWish));
        const approvals = await approve(world, { quote }, context, 5);
        return approvals.map((approvalId) => ({ context, quote, approvalId }));
      }),
    );
    const outcomes = await Promise.all(
      asked
        .flat()
        .map(({ context, quote, approvalId }) =>
          perform(videoGenerate, { quote }, context, { approvalId }),
        ),
    );
    expect(outcomes).toHaveLength(100);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10);
    expect(codesOf(outcomes).filter((code) => !refusals.has(code))).toEqual([]);
    expect(await walletOf(world, { serverId })).toEqual({ available: 0, held: 10, spent: 0 });
    const made = await Promise.all(members.map((context) => videosOf(world, context)));
    expect(made.flat()).toHaveLength(10);
    for (const context of members) expect(await ownWallet(context)).toEqual(own);
  }, 60_000);
});
