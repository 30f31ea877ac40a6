import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import {
  availableOf,
  moneyOf,
  quickWish,
  refused,
  settled,
  shotsOf,
  videoRow,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { decideApproval } from '../consent/decide.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { postTransfer } from '../quota/ledger.ts';
import { videoCancel } from './cancel.ts';
import { videoDelete } from './delete.ts';
import { videoGenerate } from './generate.ts';
import { videoQuote } from './quote.ts';
import { videoShow } from './show.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => settled(world));
afterAll(() => world.close());

const started = z.object({ video: z.string(), videos: z.array(z.string()), quota_left: z.int() });

const order = async (account: string, wish: Readonly<Record<string, unknown>>) =>
  started.parse(await world.must(videoGenerate, wish, await world.context('terminal', account)));

/** An account that has only so much left. */
async function accountWith(name: string, available: number) {
  const context = await world.context('terminal', name);
  const { accountId } = context.actor;
  const amount = 100 - available;
  const at = world.now();
  const spent = {
    verb: 'expire',
    walletId: accountId,
    amount,
    reference: name,
    key: `e:${name}`,
    at,
  } as const;
  await postTransfer(world.app.database.db, spent);
  return context;
}

const videosOf = (accountId: string) =>
  world.app.database.db.select().from(videos).where(eq(videos.accountId, accountId));

describe('takes of one order', () => {
  test.each([1, 2, 3, 4])('%i: each is a video with its own hold', async (variants) => {
    const account = `takes-${variants}`;
    const { video, videos: ids, quota_left } = await order(account, { ...quickWish, variants });
    expect(ids).toHaveLength(variants);
    expect(new Set(ids).size).toBe(variants);
    expect(video).toBe(ids[0]);
    expect(quota_left).toBe(100 - variants);
    expect(await availableOf(world, account)).toBe(100 - variants);
    for (const id of ids) expect((await moneyOf(world, id)).moves).toEqual(['hold']);
    const context = await world.context('terminal', account);
    const { takes } = await world.must(videoShow, { video: ids.at(-1) }, context);
    const expected = ids.map((id, index) => ({ video: id, take: index + 1, status: 'queued' }));
    expect(takes).toEqual(expected);
    for (const id of ids) await world.must(videoCancel, { video: id }, context);
    expect(await availableOf(world, account)).toBe(100);
    await world.must(videoDelete, { video }, context);
    await world.drain();
    const left = await world.perform(videoShow, { video: ids.at(-1) }, context);
    expect(left.ok && left.value['takes']).toEqual(
      variants === 1 ? false : expected.slice(1).map((take) => ({ ...take, status: 'cancelled' })),
    );
  });

  test.each([0, 5])('%i are too few or too many: the field is named', async (variants) => {
    const context = await world.context();
    expect(await refused(world, videoGenerate, { ...quickWish, variants }, context)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('variants'),
    });
  });

  test.each([
    [2, 3],
    [3, 4],
  ])('%i quota for %i takes starts none of them', async (available, variants) => {
    const context = await accountWith(`short-${available}`, available);
    expect(await refused(world, videoGenerate, { ...quickWish, variants }, context)).toMatchObject({
      code: 'quota_short',
      message: expect.stringContaining(String(variants)),
    });
    expect(await videosOf(context.actor.accountId)).toEqual([]);
  });

  test('just enough quota starts all of them', async () => {
    const context = await accountWith('enough', 3);
    const made = await world.must(videoGenerate, { ...quickWish, variants: 3 }, context);
    expect(made).toMatchObject({ quota_left: 0 });
    for (const id of started.parse(made).videos)
      await world.must(videoCancel, { video: id }, context);
  });

  test('quota that runs out between the look and the start: nothing is started, all of it is named', async () => {
    const context = await accountWith('raced', 4);
    const wish = { ...quickWish, variants: 3 };
    const approvals: string[] = [];
    for (let asked = 0; asked < 2; asked += 1) {
      const outcome = await perform(videoGenerate, wish, context);
      if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
      approvals.push(outcome.fault.params.id);
    }
    const by = context.actor.accountId;
    for (const id of approvals)
      await decideApproval(world.app, { id, approved: true, by, surface: 'terminal' });
    const orders = await Promise.all(
      approvals.map((approvalId) => perform(videoGenerate, wish, context, { approvalId })),
    );
    expect(orders.filter(({ ok }) => ok)).toHaveLength(1);
    const short = orders.find(({ ok }) => !ok);
    expect(short && !short.ok && short.fault.params).toMatchObject({ needed: 3, available: 1 });
    expect(await videosOf(context.actor.accountId)).toHaveLength(3);
    for (const { id } of await videosOf(context.actor.accountId))
      await world.must(videoCancel, { video: id }, context);
  });

  test('are made of the quote exactly as it was shown', async () => {
    const context = await world.context('terminal', 'same');
    const wish = { ...quickWish, style: 'cinematic', voice: 'female', captions: true };
    const quoted = await world.must(videoQuote, wish, context);
    const shown = z
      .array(z.object({ seconds: z.number(), line: z.string().nullable() }))
      .parse(quoted['shots']);
    const { videos: ids } = await order('same', { quote: quoted['quote'], variants: 2 });
    for (const id of ids) {
      const parts = await shotsOf(world, id);
      const clips = parts.filter(({ kind }) => kind === 'clip');
      const lines = parts.filter(({ kind }) => kind === 'voice');
      expect(clips.map(({ keepSeconds }) => keepSeconds)).toEqual(shown.map((s) => s.seconds));
      expect(clips.map(({ caption }) => caption)).toEqual(shown.map(({ line }) => line));
      expect(lines.map(({ prompt }) => prompt)).toEqual(shown.map(({ line }) => line));
      const kept = clips.reduce((sum, { keepSeconds }) => sum + (keepSeconds ?? 0), 0);
      expect(kept).toBeCloseTo(15, 5);
      expect(await videoRow(world, id)).toMatchObject({ quoteId: quoted['quote'] });
      await world.must(videoCancel, { video: id }, context);
    }
  });
});
