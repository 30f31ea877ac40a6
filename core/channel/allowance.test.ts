import { fc, test as property } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { hostAllowances } from '../../drizzle/schema/publishing.ts';
import { youtubeOf } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { isFault } from '../fault.ts';
import { createSpend, meterHost, type Spend } from './allowance.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.app.database.db.delete(hostAllowances));

const spendAt = (at: string, limits: { uploads?: number; units?: number } = {}): Spend => {
  const { config, database } = world.app;
  return createSpend({
    database,
    clock: { now: () => new Date(at) },
    config: {
      ...config,
      YOUTUBE_DAILY_UPLOADS: limits.uploads ?? 3,
      YOUTUBE_DAILY_UNITS: limits.units ?? 100,
    },
  });
};
const fits = (spent: Promise<void>): Promise<true | number> =>
  spent.then(
    () => true,
    (error: unknown) => {
      if (!isFault(error, 'provider_busy')) throw error;
      return error.retryAfterSeconds ?? 0;
    },
  );
const used = async () =>
  Object.fromEntries(
    (await world.app.database.db.select().from(hostAllowances)).map((row) => [
      `${row.day} ${row.bucket}`,
      row.used,
    ]),
  );

describe('the allowance of a day', () => {
  test('ends exactly at the limit, and tells when it begins anew', async () => {
    const spend = spendAt('2026-01-15T20:00:00Z');
    expect(await fits(spend('units', 99))).toBe(true);
    expect(await fits(spend('units', 2))).toBe(12 * 3600);
    expect(await fits(spend('units', 1))).toBe(true);
    expect(await fits(spend('units', 1))).toBe(12 * 3600);
    expect(await fits(spend('units', 101))).toBe(12 * 3600);
    expect(await used()).toEqual({ '2026-01-15 units': 100 });
  });

  test('begins at midnight Pacific, in winter and in summer', async () => {
    for (const [before, after] of [
      ['2026-01-15T07:59:59Z', '2026-01-15T08:00:00Z'],
      ['2026-07-15T06:59:59Z', '2026-07-15T07:00:00Z'],
    ] as const) {
      expect(await fits(spendAt(before, { uploads: 1 })('uploads', 1))).toBe(true);
      expect(await fits(spendAt(before, { uploads: 1 })('uploads', 1))).toBe(1);
      expect(await fits(spendAt(after, { uploads: 1 })('uploads', 1))).toBe(true);
    }
  });

  test('uploads and units are counted apart', async () => {
    const spend = spendAt('2026-01-15T20:00:00Z', { uploads: 1, units: 1 });
    expect(await fits(spend('uploads', 1))).toBe(true);
    expect(await fits(spend('units', 1))).toBe(true);
    expect(await fits(spend('uploads', 1))).not.toBe(true);
  });

  property.prop([fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 })], {
    numRuns: 15,
  })('is never passed, however many ask at once', async (asked) => {
    await world.app.database.db.delete(hostAllowances).where(eq(hostAllowances.bucket, 'units'));
    const spend = spendAt('2026-01-15T20:00:00Z');
    const answers = await Promise.all(asked.map((units) => fits(spend('units', units))));
    const taken = asked.filter((_, index) => answers[index] === true);
    const sum = taken.reduce((total, units) => total + units, 0);
    expect((await used())['2026-01-15 units'] ?? 0).toBe(sum);
    expect(sum).toBeLessThanOrEqual(100);
    // What was turned away did not fit beside what was taken.
    for (const [index, units] of asked.entries())
      if (answers[index] !== true) expect(sum + units).toBeGreaterThan(100);
  });
});

describe('a metered host', () => {
  test('counts each call before it is made, and makes none that does not fit', async () => {
    const spent: string[] = [];
    let isEmpty = false;
    const host = meterHost(youtubeOf(world), async (bucket, units) => {
      if (isEmpty) throw new Error('empty');
      spent.push(`${bucket} ${units}`);
    });
    const calls = () => world.emulators.google.calls.length;
    await expect(host.fetchVideo('no token', 'v')).rejects.toMatchObject({
      code: 'channel_reconnect',
    });
    expect(spent).toEqual(['units 1']);
    const before = calls();
    isEmpty = true;
    const metadata = {
      title: 'A boat',
      description: '',
      tags: [],
      categoryId: '28',
      madeForKids: false,
      notifySubscribers: false,
    };
    await expect(host.startUpload('no token', metadata, 10)).rejects.toThrow('empty');
    await expect(host.updateVideo('no token', 'v', {})).rejects.toThrow('empty');
    expect(calls()).toBe(before);
  });
});
