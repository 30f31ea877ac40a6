import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { watches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { offered } from '../operation.ts';
import { watchCreate } from './create.ts';
import { watchDelete } from './delete.ts';
import { watchList } from './list.ts';
import { watchViewSchema, type WatchView } from './view.ts';

let world: World;
let context: Context;
let people = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  context = await world.context('terminal', `person${(people += 1)}`);
});

const madeSchema = watchCreate.output;
const create = async (input: object, who = context) =>
  madeSchema.parse(await world.must(watchCreate, { keyword: 'paper boats', ...input }, who));
const listed = async (who = context): Promise<WatchView[]> =>
  z.array(watchViewSchema).parse((await world.must(watchList, {}, who))['watches']);
const at = (serverId: string | null): Context => ({
  ...context,
  actor: { ...context.actor, surface: 'discord', serverId },
});
const pause = (id: string) =>
  world.app.database.db
    .update(watches)
    .set({ status: 'paused', failures: 3 })
    .where(eq(watches.id, id));

describe('watch_create', () => {
  test('watches from now on, and says what it may cost', async () => {
    const outcome = await world.perform(watchCreate, { keyword: ' paper boats ' }, context);
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        keyword: 'paper boats',
        platforms: ['tiktok', 'youtube'],
        min_score: 70,
        every_hours: 12,
        daily_usd: 0.5,
        status: 'active',
        found: 0,
        next_at: world.now().toISOString(),
        outcome: 'created',
      },
      text: 'Now watching "paper boats" on TikTok, YouTube every 12 h. You are told what scores 70 or more. The operator pays for it, at most $0.50 a day.',
    });
    const zh = { ...context, locale: 'zh' as const };
    const again = await world.perform(watchCreate, { keyword: '纸船', daily_usd: 1 }, zh);
    expect(again.ok && again.text).toMatch(/^开始监测“纸船”.*每天最多 \$1\.00。$/u);
  });

  test('the same words and platforms in the same place change what is there', async () => {
    const first = await create({});
    const changed = await create({
      keyword: 'Paper  BOATS',
      platforms: 'YouTube，tiktok,tiktok',
      min_score: 90,
      every_hours: 24,
    });
    expect(changed).toMatchObject({ watch: first.watch, outcome: 'changed', min_score: 90 });
    expect(await listed()).toMatchObject([{ watch: first.watch, every_hours: 24 }]);
    const others = [
      await create({ platforms: 'tiktok' }),
      await create({ keyword: 'paper boat' }),
      await create({}, at('11')),
    ];
    expect(new Set([first, ...others].map(({ watch }) => watch)).size).toBe(4);
    // A private talk and the person's own surfaces share what is in no server.
    expect((await create({}, at(null))).watch).toBe(first.watch);
  });

  test('looks next after the wished time since the last look, and not at once', async () => {
    const { watch, next_at: first } = await create({ every_hours: 24 });
    await world.advance(60);
    expect((await create({ every_hours: 6 })).next_at).toBe(first);
    const lastAt = new Date(world.now().getTime() - 7 * 3_600_000);
    await world.app.database.db.update(watches).set({ lastAt }).where(eq(watches.id, watch));
    const due = (await create({ every_hours: 12 })).next_at;
    expect(due).toBe(new Date(lastAt.getTime() + 12 * 3_600_000).toISOString());
    expect((await create({ every_hours: 6 })).next_at).toBe(world.now().toISOString());
  });

  test('starts a paused one again', async () => {
    const { watch } = await create({});
    await pause(watch);
    expect(await listed()).toMatchObject([{ status: 'paused', next_at: null }]);
    await world.advance(60);
    const again = await create({});
    expect(again).toMatchObject({ watch, outcome: 'restarted', status: 'active' });
    expect(again.next_at).toBe(world.now().toISOString());
    const { db } = world.app.database;
    const [row] = await db.select().from(watches).where(eq(watches.id, watch));
    expect(row?.failures).toBe(0);
  });

  test('after a deletion makes a new one', async () => {
    const { watch } = await create({});
    await world.must(watchDelete, { watch }, context);
    const again = await create({});
    expect(again).toMatchObject({ outcome: 'created' });
    expect(again.watch).not.toBe(watch);
  });

  test('takes ten at a time, in all places together', async () => {
    const made = await Promise.all(
      Array.from({ length: 14 }, (_, index) =>
        world.perform(watchCreate, { keyword: `topic ${index}` }, at(index % 2 ? '11' : null)),
      ),
    );
    expect(made.filter(({ ok }) => ok)).toHaveLength(10);
    const [known] = await listed();
    const refusal = await refused(world, watchCreate, { keyword: 'one more' }, context);
    expect(refusal).toMatchObject({ code: 'watch_limit', message: expect.stringContaining('10') });
    // Those that are there may still be changed, and one that ends makes room for another.
    await world.must(watchDelete, { watch: known?.watch }, context);
    const next = await create({ keyword: 'one more' });
    await create({ keyword: 'one more', min_score: 1 });
    await refused(world, watchCreate, { keyword: 'two more' }, context);
    // A paused one leaves its place, and needs one to come back.
    await pause(next.watch);
    await create({ keyword: 'two more' });
    expect(await refused(world, watchCreate, { keyword: 'one more' }, context)).toMatchObject({
      code: 'watch_limit',
    });
  });

  test('twenty at once of the same words make one', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => create({})));
    expect(new Set(made.map(({ watch }) => watch)).size).toBe(1);
    expect(await listed()).toHaveLength(1);
  });

  test.each<[object, string]>([
    [{ keyword: ' ' }, 'keyword'],
    [{ keyword: 'x'.repeat(101) }, 'keyword'],
    [{ keyword: '!!!', platforms: 'instagram' }, 'keyword'],
    [{ platforms: '' }, 'platforms'],
    [{ platforms: 'tiktok,vine' }, 'platforms'],
    [{ min_score: -1 }, 'min_score'],
    [{ min_score: 101 }, 'min_score'],
    [{ min_score: 70.5 }, 'min_score'],
    [{ every_hours: 1 }, 'every_hours'],
    [{ daily_usd: 0.04, platforms: 'tiktok', every_hours: 24 }, 'daily_usd'],
    [{ daily_usd: 5.01 }, 'daily_usd'],
    [{ daily_usd: 0.09 }, 'daily_usd'],
    [{ daily_usd: 0.29, every_hours: 6, platforms: 'tiktok,youtube,instagram' }, 'daily_usd'],
  ])('refuses %j', async (input, field) => {
    const wish = { keyword: 'paper boats', ...input };
    expect(await refused(world, watchCreate, wish, context)).toMatchObject({
      code: 'invalid_input',
      field,
    });
    expect(await listed()).toEqual([]);
  });

  test.each<object>([
    { keyword: 'x' },
    { keyword: 'x'.repeat(100) },
    { keyword: '纸!', platforms: 'instagram' },
    { min_score: 0 },
    { min_score: 100 },
    { daily_usd: 0.05, every_hours: 24 },
    { daily_usd: 0.1 },
    { daily_usd: 0.3, every_hours: 6, platforms: 'tiktok,youtube,instagram' },
    { daily_usd: 5 },
  ])('takes %j', async (input) => {
    expect(await create(input)).toMatchObject({
      outcome: 'created',
      ...Object(input),
      platforms: expect.anything(),
    });
  });

  test.each(['mcp', 'agent'] as const)('over %s leaves the money alone', async (surface) => {
    const model: Context = { ...context, actor: { ...context.actor, surface } };
    const wish = { keyword: 'paper boats', daily_usd: 5 };
    expect(await refused(world, watchCreate, wish, model)).toMatchObject({ code: 'invalid_input' });
    expect(await create({}, model)).toMatchObject({ daily_usd: 0.5 });
  });

  test('is not offered where nobody can search', async () => {
    const { trendSource: _, ...ports } = world.app.ports;
    expect(offered([watchCreate, watchList, watchDelete], ports)).toEqual([watchList, watchDelete]);
  });
});

describe('watch_list and watch_delete', () => {
  test('are about what was made in that place', async () => {
    const own = await create({});
    await world.advance(1);
    const there = await create({}, at('11'));
    expect((await listed(at('11'))).map(({ watch }) => watch)).toEqual([there.watch]);
    expect((await listed(at(null))).map(({ watch }) => watch)).toEqual([own.watch]);
    expect((await listed()).map(({ watch }) => watch)).toEqual([there.watch, own.watch]);
    const stranger = await world.context('terminal', `stranger${people}`);
    expect(await listed(stranger)).toEqual([]);
    for (const [who, watch] of [
      [at('12'), there.watch],
      [at(null), there.watch],
      [at('11'), own.watch],
      [stranger, own.watch],
      [context, 'wch_none'],
    ] as const)
      expect(await refused(world, watchDelete, { watch }, who)).toMatchObject({
        code: 'not_found',
        field: 'watch',
      });
    expect(await listed()).toHaveLength(2);
    const outcome = await world.perform(watchDelete, { watch: there.watch }, at('11'));
    expect(outcome).toMatchObject({ ok: true, text: '"paper boats" is no longer watched.' });
    expect(await refused(world, watchDelete, { watch: there.watch }, at('11'))).toMatchObject({
      code: 'not_found',
    });
    expect((await listed()).map(({ watch }) => watch)).toEqual([own.watch]);
  });

  test('put what is active first and say how many there are', async () => {
    const first = await create({});
    await world.advance(1);
    const second = await create({ keyword: 'kites' });
    await pause(second.watch);
    expect((await listed()).map(({ watch }) => watch)).toEqual([first.watch, second.watch]);
    const said = await world.perform(watchList, {}, context);
    expect(said.ok && said.text).toBe('1 active watches, 1 paused.');
    const zh = await world.perform(watchList, {}, { ...context, locale: 'zh' });
    expect(zh.ok && zh.text).toBe('正在监测 1 个主题，1 个已暂停。');
  });
});
