import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { trendList } from './list.ts';
import { trendSave } from './save.ts';
import { trendSearch } from './search.ts';

let world: World;
let context: Context;
let found: string[];

const idsOf = (value: unknown): string[] =>
  z
    .array(z.object({ id: z.string() }))
    .parse(value)
    .map(({ id }) => id);
const search = async (keyword: string, limit: number) => {
  const wish = { keyword, platforms: 'youtube', limit };
  return idsOf((await world.must(trendSearch, wish, context))['trends']);
};
const listed = async (input: object) =>
  idsOf((await world.must(trendList, input, context))['trends']);

beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  found = await search('paper boats', 30);
  await world.advance(60);
});
afterAll(() => world.close());

describe('trend_save', () => {
  test('keeps a trend once, newest first, and drops it again', async () => {
    const [first = '', second = ''] = found;
    expect(await listed({})).toEqual([]);
    for (const trend of [first, first, second]) {
      await world.must(trendSave, { trend }, context);
      await world.advance(1);
    }
    expect(await listed({})).toEqual([second, first]);
    const outcome = await world.perform(trendSave, { trend: first, saved: false }, context);
    expect(outcome).toMatchObject({ ok: true, value: { trend: first, saved: false } });
    await world.must(trendSave, { trend: first, saved: false }, context);
    expect(await listed({})).toEqual([second]);
    const all = await world.must(trendList, { saved: false, limit: 25 }, context);
    const marked = z.array(z.object({ id: z.string(), saved: z.boolean() })).parse(all['trends']);
    expect(marked.filter(({ saved }) => saved).map(({ id }) => id)).toEqual([second]);
    await world.must(trendSave, { trend: second, saved: false }, context);
  });

  test('says what it did in both languages', async () => {
    const [trend = ''] = found;
    const zh = { ...context, locale: 'zh' as const };
    const kept = await world.perform(trendSave, { trend }, zh);
    expect(kept.ok && kept.text).toMatch(/^已收藏“.+”。$/u);
    const dropped = await world.perform(trendSave, { trend, saved: false }, context);
    expect(dropped.ok && dropped.text).toMatch(/^".+" is no longer saved\.$/u);
  });

  test('ten saves at once keep it once', async () => {
    const [trend = ''] = found;
    await Promise.all(Array.from({ length: 10 }, () => world.must(trendSave, { trend }, context)));
    expect(await listed({})).toEqual([trend]);
    await world.must(trendSave, { trend, saved: false }, context);
  });

  test('is for what the account has found', async () => {
    expect(await refused(world, trendSave, { trend: 'trd_none' }, context)).toMatchObject({
      code: 'not_found',
      field: 'trend',
    });
    const other = await world.context('terminal', 'other');
    expect(await refused(world, trendSave, { trend: found[0] }, other)).toMatchObject({
      code: 'not_found',
    });
  });
});

describe('trend_list', () => {
  test('of what was found: the latest search first, each trend once, best first', async () => {
    expect(await listed({ saved: false, limit: 25 })).toEqual(found.slice(0, 25));
    const fresh = await search('paper planes', 3);
    const again = await search('paper planes', 3);
    expect(new Set(again)).toEqual(new Set(fresh));
    const rest = found.filter((id) => !again.includes(id));
    expect(await listed({ saved: false, limit: 25 })).toEqual([...again, ...rest].slice(0, 25));
    expect(await listed({ saved: false })).toHaveLength(10);
  });

  test('of one search: its trends as they were ranked, and which searches there were', async () => {
    const all = await world.must(trendList, {}, context);
    const searches = z
      .array(z.object({ search: z.string(), keyword: z.string(), found: z.int() }))
      .parse(all['searches']);
    expect(searches.map(({ keyword }) => keyword)).toEqual([
      'paper planes',
      'paper planes',
      'paper boats',
    ]);
    expect(searches.at(-1)?.found).toBe(found.length);
    const oldest = searches.at(-1)?.search;
    expect(await listed({ search: oldest, limit: 25 })).toEqual(found.slice(0, 25));
    const other = await world.context('terminal', 'other');
    expect(await refused(world, trendList, { search: oldest }, other)).toMatchObject({
      code: 'not_found',
      field: 'search',
    });
  });

  test.each([0, 26])('refuses a limit of %i', async (limit) => {
    expect(await refused(world, trendList, { limit }, context)).toMatchObject({
      code: 'invalid_input',
      field: 'limit',
    });
  });

  test.each([1, 24, 25])('gives as many as %i', async (limit) => {
    expect(await listed({ saved: false, limit })).toHaveLength(limit);
  });

  test('of another account is empty', async () => {
    const other = await world.context('terminal', 'other');
    for (const saved of [true, false])
      expect(await world.must(trendList, { saved }, other)).toEqual({
        saved,
        trends: [],
        searches: [],
      });
  });
});
