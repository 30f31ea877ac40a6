import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import {
  givePacks,
  make,
  memberContext,
  newId,
  openPayingServer,
  walletOf,
} from '../../test/kit/server-wallet.ts';
import { moneyOf, quickWish, refused, videoRow } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { decideApproval } from '../consent/decide.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { settleVideo, takeFreeRetry } from '../quota/settlement.ts';
import { videoCancel } from '../video/cancel.ts';
import { listMovements } from './movements.ts';
import { serverFund } from './fund.ts';
import { serverShow } from './show.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let managers = 0;
/** Who manages a server of their own and has so many units of packs beside the month's. */
async function managerWith(packs: number): Promise<{ context: Context; serverId: string }> {
  const serverId = newId('6');
  const name = `fund ${(managers += 1)}`;
  const context = await memberContext(world, { name, serverId, isServerManager: true });
  if (packs > 0) await givePacks(world, context.actor.accountId, packs);
  return { context, serverId };
}

describe('server_fund', () => {
  test.each([9, 10])('gives %i of 10 units of packs', async (units) => {
    const { context, serverId } = await managerWith(10);
    const { accountId } = context.actor;
    const [left, rest] = [110 - units, 10 - units];
    expect(await world.perform(serverFund, { units }, context)).toMatchObject({
      value: { given: units, packs_left: rest, available: units },
      text: `Gave ${units} to this server. Its wallet has ${units}; you have ${rest} of your packs left.`,
    });
    expect(await walletOf(world, { serverId })).toEqual({ available: units, held: 0, spent: 0 });
    expect(await walletOf(world, { accountId })).toMatchObject({ available: left });
  });

  test('11 of 10 are not given, and it is said how many there are', async () => {
    const { context } = await managerWith(10);
    const { accountId } = context.actor;
    expect(await refused(world, serverFund, { units: 11 }, context)).toMatchObject({
      code: 'packs_short',
      message: expect.stringContaining('you have 10 of them'),
    });
    expect(await walletOf(world, { accountId })).toMatchObject({ available: 110 });
  });

  test('units of the month cannot be given, however many there are', async () => {
    const { context } = await managerWith(0);
    expect(await refused(world, serverFund, { units: 1 }, context)).toMatchObject({
      code: 'packs_short',
    });
  });

  test.each([0, -1, 1.5, 100_001])('%d is no number of units to give', async (units) => {
    const { context } = await managerWith(10);
    expect(await refused(world, serverFund, { units }, context)).toMatchObject({
      code: 'invalid_input',
      field: 'units',
    });
  });

  test('is for those who manage the server, and in a server only', async () => {
    const { context } = await managerWith(10);
    const member = { ...context, actor: { ...context.actor, isServerManager: false } };
    const direct = { ...context, actor: { ...context.actor, serverId: null } };
    const code = async (one: Context) => (await refused(world, serverFund, { units: 1 }, one)).code;
    expect(await code(member)).toBe('server_manager_only');
    expect(await code(direct)).toBe('server_missing');
    expect(await code(await world.context())).toBe('server_missing');
  });

  test('moves once per approval, however often it is carried out', async () => {
    const { context, serverId } = await managerWith(10);
    const asked = await perform(serverFund, { units: 4 }, context);
    if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody was asked');
    const { id } = asked.fault.params;
    const by = context.actor.accountId;
    await decideApproval(world.app, { id, approved: true, by, surface: 'discord' });
    const twice = await Promise.all(
      [1, 2].map(() => perform(serverFund, { units: 4 }, context, { approvalId: id })),
    );
    expect(twice.filter(({ ok }) => ok)).toHaveLength(1);
    await serverFund.run({ units: 4 }, { ...context, approvalId: id });
    expect(await walletOf(world, { serverId })).toMatchObject({ available: 4 });
    expect(await walletOf(world, { accountId: by })).toMatchObject({ available: 106 });
  });
});

/** A video that the server pays for, as a row. */
async function paidVideo(context: Context) {
  const { video, paid_by: payer } = await make(world, quickWish, context);
  expect(payer).toBe('server');
  return videoRow(world, video);
}

describe('what a server has paid for', () => {
  const world100 = { available: 100, held: 0, spent: 0 };
  const open = async () => {
    const { serverId, manager } = await openPayingServer(world, { units: 5, limits: 'everyone=5' });
    const name = `settled in ${serverId}`;
    const context = await memberContext(world, { name, serverId });
    const { accountId } = context.actor;
    const both = async () => ({
      server: await walletOf(world, { serverId }),
      person: await walletOf(world, { accountId }),
    });
    return { serverId, manager, context, both };
  };
  const settle = (video: typeof videos.$inferSelect, event: Parameters<typeof settleVideo>[2]) =>
    world.app.database.db.transaction((tx) => settleVideo(tx, video, event, world.now()));

  test('comes back to it when the video is stopped in time, and counts no more', async () => {
    const { context, both, serverId } = await open();
    const video = await paidVideo(context);
    expect(await both()).toEqual({ server: { available: 4, held: 1, spent: 0 }, person: world100 });
    expect(await world.must(serverShow, {}, context)).toMatchObject({ wallet: { spent_today: 1 } });
    await world.must(videoCancel, { video: video.id }, context);
    expect(await both()).toEqual({ server: { available: 5, held: 0, spent: 0 }, person: world100 });
    expect(await world.must(serverShow, {}, context)).toMatchObject({ wallet: { spent_today: 0 } });
    expect(
      (await listMovements(world.app.database.db, serverId, { after: 0, limit: 9 })).map(
        ({ verb, left }) => [verb, left],
      ),
    ).toEqual([
      ['receive', 5],
      ['hold', 4],
      ['release', 5],
    ]);
  });

  test('is spent from it when the video is ready', async () => {
    const { context, both } = await open();
    const video = await paidVideo(context);
    await world.drain();
    expect(await videoRow(world, video.id)).toMatchObject({ status: 'ready' });
    expect(await both()).toEqual({ server: { available: 4, held: 0, spent: 1 }, person: world100 });
  });

  test('comes back to it when the free retry of what timed out fails as well', async () => {
    const { context, both } = await open();
    const video = await paidVideo(context);
    expect(await settle(video, 'timeout')).toEqual(['capture', 'open_retry']);
    expect(await both()).toEqual({ server: { available: 4, held: 0, spent: 1 }, person: world100 });
    const { db } = world.app.database;
    const root = { id: video.id, accountId: video.accountId };
    expect(await db.transaction((tx) => takeFreeRetry(tx, root, world.now()))).toBe(true);
    const retry = { ...video, id: `${video.id}r`, rootId: video.id };
    expect(await settle(retry, 'provider_error')).toEqual(['refund_root']);
    expect(await both()).toEqual({ server: { available: 5, held: 0, spent: 0 }, person: world100 });
    expect(await moneyOf(world, video.id)).toEqual({
      moves: ['hold', 'capture', 'refund'],
      compensation: 'refunded',
    });
    const rows = await db
      .select({ walletId: quotaTransfers.walletId })
      .from(quotaTransfers)
      .where(eq(quotaTransfers.reference, video.id));
    expect(new Set(rows.map(({ walletId }) => walletId)).size).toBe(1);
  });

  test('is shown with its movements to who manages the server, and without them to members', async () => {
    const { context, manager } = await open();
    const { id } = await paidVideo(context);
    const shown = await world.must(serverShow, {}, manager);
    expect(shown).toMatchObject({
      wallet: { available: 4, held: 1, spent_today: 1 },
      movements: [
        { verb: 'hold', amount: 1, reference: id, by: expect.stringContaining('settled'), left: 4 },
        { verb: 'receive', amount: 5, by: expect.stringContaining('manager'), left: 5 },
      ],
    });
    expect(await world.must(serverShow, {}, context)).toMatchObject({
      wallet: { available: 4, held: 1, spent_today: 1 },
      movements: [],
    });
  });
});
