import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accounts } from '../../drizzle/schema/people.ts';
import { quotaHolds, wallets } from '../../drizzle/schema/quota.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { accountShow } from '../account/show.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { dailyCapLeft, requireDailyCap, spentToday } from './daily-cap.ts';
import { holdQuota, postTransfer } from './ledger.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Settings = { readonly cap: number | null; readonly timeZone?: string };
let people = 0;

/** Somebody with plenty of units and a limit of their own. */
async function person({ cap, timeZone = 'UTC' }: Settings): Promise<Context> {
  const context = await world.context('terminal', `person-${(people += 1)}`);
  const { db } = world.app.database;
  const { accountId } = context.actor;
  await db.update(accounts).set({ dailyCapUnits: cap, timeZone }).where(eq(accounts.id, accountId));
  await postTransfer(db, {
    verb: 'grant',
    walletId: accountId,
    amount: 100_000,
    reference: 'test',
    key: `test:${accountId}`,
    at: context.clock.now(),
  });
  return context;
}

const at = (context: Context, moment: string): Context => ({
  ...context,
  clock: { now: () => new Date(moment) },
});

let videos = 0;
const newVideo = (): string => `cap_${(videos += 1)}`;

/** Holds as a start of a video does. */
async function spend(context: Context, amount: number, videoId = newVideo()): Promise<string> {
  const { accountId } = context.actor;
  await context.database.db.transaction(async (tx) => {
    await requireDailyCap(tx, context, { walletId: accountId, amount });
    const hold = { walletId: accountId, accountId, videoId, amount, at: context.clock.now() };
    await holdQuota(tx, hold);
  });
  return videoId;
}

const settle = (context: Context, verb: 'capture' | 'release' | 'refund', reference: string) =>
  postTransfer(context.database.db, {
    verb,
    walletId: context.actor.accountId,
    reference,
    key: `${verb}:${reference}`,
    at: context.clock.now(),
  });

/** The parameters of the refusal; null where it went through. */
const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => null,
    (error: unknown) => {
      if (!isFault(error, 'daily_cap')) throw error;
      return error.params;
    },
  );

const usedBy = (context: Context): Promise<number> =>
  spentToday(
    context.database.db,
    { id: context.actor.accountId, timeZone: 'UTC' },
    context.clock.now(),
  );

describe('the daily limit that somebody sets', () => {
  test('is reached exactly, and not passed by one', async () => {
    const context = await person({ cap: 5 });
    await spend(context, 4);
    expect(await refusalOf(spend(context, 2))).toEqual({ cap: 5, used: 4, needed: 2 });
    await spend(context, 1);
    expect(await refusalOf(spend(context, 1))).toEqual({ cap: 5, used: 5, needed: 1 });
    expect(await usedBy(context)).toBe(5);
  });

  test('refuses before anything is set aside', async () => {
    const context = await person({ cap: 3 });
    const video = newVideo();
    expect(await refusalOf(spend(context, 4, video))).toEqual({ cap: 3, used: 0, needed: 4 });
    const { db } = world.app.database;
    expect(await db.select().from(quotaHolds).where(eq(quotaHolds.reference, video))).toEqual([]);
  });

  test('of nothing lets through what is free', async () => {
    const context = await person({ cap: 0 });
    expect(await refusalOf(spend(context, 1))).toEqual({ cap: 0, used: 0, needed: 1 });
    const walletId = context.actor.accountId;
    await context.database.db.transaction((tx) =>
      requireDailyCap(tx, context, { walletId, amount: 0 }),
    );
  });

  test('is none until it is set', async () => {
    const context = await person({ cap: null });
    await spend(context, 50_000);
    expect(await dailyCapLeft(context.database.db, context)).toBeNull();
  });

  test('lowered below what is spent leaves nothing, and raised leaves the rest', async () => {
    const context = await person({ cap: 10 });
    const { db } = context.database;
    const set = (cap: number) =>
      db
        .update(accounts)
        .set({ dailyCapUnits: cap })
        .where(eq(accounts.id, context.actor.accountId));
    await spend(context, 8);
    expect(await dailyCapLeft(db, context)).toBe(2);
    await set(3);
    expect(await dailyCapLeft(db, context)).toBe(0);
    expect(await refusalOf(spend(context, 1))).toEqual({ cap: 3, used: 8, needed: 1 });
    await set(9);
    expect(await dailyCapLeft(db, context)).toBe(1);
    await spend(context, 1);
  });

  test('counts what was given back no more', async () => {
    const context = await person({ cap: 3 });
    const [one, two, three] = [
      await spend(context, 1),
      await spend(context, 1),
      await spend(context, 1),
    ];
    await settle(context, 'capture', one);
    await settle(context, 'capture', two);
    expect(await dailyCapLeft(context.database.db, context)).toBe(0);
    await settle(context, 'release', three);
    expect(await dailyCapLeft(context.database.db, context)).toBe(1);
    await settle(context, 'refund', two);
    expect(await dailyCapLeft(context.database.db, context)).toBe(2);
    await spend(context, 2);
    expect(await refusalOf(spend(context, 1))).toEqual({ cap: 3, used: 3, needed: 1 });
  });

  test('is shown with what is spent today', async () => {
    const context = await person({ cap: 7 });
    await spend(context, 3);
    expect(await world.must(accountShow, {}, context)).toMatchObject({
      daily_cap: 7,
      spent_today: 3,
    });
  });

  test('is no matter of a server that pays, and of nobody else', async () => {
    const context = await person({ cap: 1 });
    const { db } = context.database;
    const { accountId } = context.actor;
    const empty = { granted: 0, available: 0, held: 0, spent: 0, expired: 0 };
    const walletId = `srv_${accountId}`;
    await db.insert(wallets).values({ id: walletId, serverId: accountId, ...empty });
    const moment = context.clock.now();
    const gift = { walletId, reference: 'gift', key: walletId, at: moment };
    await postTransfer(db, { ...gift, verb: 'grant', amount: 9, lasting: true });
    await db.transaction(async (tx) => {
      await requireDailyCap(tx, context, { walletId, amount: 5 });
      await holdQuota(tx, { walletId, accountId, videoId: newVideo(), amount: 5, at: moment });
    });
    expect(await usedBy(context)).toBe(0);
    await spend(context, 1);
    const other = await person({ cap: 1 });
    expect(await refusalOf(spend(other, 1))).toBeNull();
  });

  test('gives its last unit to one of two that come at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const context = await person({ cap: 3 });
      await spend(context, 2);
      const refusals = await Promise.all(
        Array.from({ length: 2 }, () => refusalOf(spend(context, 1))),
      );
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1);
      expect(await usedBy(context)).toBe(3);
    }
  });
});

describe('a day', () => {
  test.each([
    // Shanghai knows no summer time: midnight is 16:00 UTC.
    ['Asia/Shanghai', '2026-11-22T16:00:00.000Z', '2026-11-23T16:00:00.000Z'],
    ['America/New_York', '2026-11-22T05:00:00.000Z', '2026-11-23T05:00:00.000Z'],
    // 23 hours long, as the clocks go forward, and 25, as they go back.
    ['America/New_York', '2027-03-14T05:00:00.000Z', '2027-03-15T04:00:00.000Z'],
    ['America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ])('in %s goes from %s to %s', async (timeZone, midnight, next) => {
    const context = await person({ cap: 2, timeZone });
    const moment = (text: string, ms: number) => at(context, later(text, ms));
    // What was spent the evening before is of another day.
    await spend(moment(midnight, -1), 1);
    await spend(moment(midnight, 0), 1);
    await spend(moment(midnight, 1), 1);
    const full = { cap: 2, used: 2, needed: 1 };
    expect(await refusalOf(spend(moment(midnight, 1), 1))).toEqual(full);
    expect(await refusalOf(spend(moment(next, -1), 1))).toEqual(full);
    expect(await dailyCapLeft(context.database.db, moment(next, -1))).toBe(0);
    expect(await dailyCapLeft(context.database.db, moment(next, 0))).toBe(2);
    expect(await refusalOf(spend(moment(next, 0), 2))).toBeNull();
  });
});

const later = (moment: string, ms: number): string =>
  new Date(new Date(moment).getTime() + ms).toISOString();

type Step = { readonly kind: 'spend' | 'capture' | 'release' | 'refund'; readonly pick: number };

test('whatever comes at once, a day is never above its limit, and nothing fits that was refused', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('spend', 'spend', 'spend', 'capture', 'release', 'refund'),
    pick: fc.integer({ min: 1, max: 6 }),
  });
  const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  });
  const property = fc.asyncProperty(
    fc.integer({ min: 0, max: 12 }),
    rounds,
    async (cap, history) => {
      const context = await person({ cap });
      const held: string[] = [];
      const run = async ({ kind, pick }: Step): Promise<void> => {
        const video = held[pick % Math.max(1, held.length)];
        if (kind !== 'spend') {
          if (video !== undefined) await settle(context, kind, video);
          return;
        }
        const id = newVideo();
        const refusal = await refusalOf(spend(context, pick, id));
        if (refusal === null) held.push(id);
        // Who is refused would have passed the limit.
        expect(refusal === null || refusal.used + refusal.needed > cap).toBe(true);
      };
      for (const together of history) {
        await Promise.all(together.map(run));
        expect(await usedBy(context)).toBeLessThanOrEqual(cap);
      }
    },
  );
  await fc.assert(property, { numRuns: 60, seed: 8 });
});
