import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { connectChannel, refused } from '../test/kit/trips.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import type { Context } from './context.ts';
import type { AnyOperation } from './operation.ts';
import { promptWrite } from './prompt/write.ts';
import { publicationCreate } from './publication/create.ts';
import { publicationList } from './publication/list.ts';
import { publicationShow } from './publication/show.ts';
import { publicationSuggest } from './publication/suggest.ts';
import { trendList } from './trend/list.ts';
import { trendSave } from './trend/save.ts';
import { trendSearch } from './trend/search.ts';
import { trendShow } from './trend/show.ts';
import { videoCancel } from './video/cancel.ts';
import { videoDelete } from './video/delete.ts';
import { videoGenerate } from './video/generate.ts';
import { videoList } from './video/list.ts';
import { videoShow } from './video/show.ts';

const places = { serverA: '100000000000000001', serverB: '100000000000000002', privately: null };

type Made = { video: string; running: string; publication: string; trend: string };
const wish = { prompt: 'a paper boat sails down a rainy street', model: 'minimax', seconds: 15 };

let world: World;
let terminal: Context;
const made = new Map<string | null, Made>();

const at = (serverId: string | null): Context => ({
  ...terminal,
  actor: { ...terminal.actor, surface: 'discord', serverId },
});

const id = (value: Record<string, unknown>, field: string) => z.string().parse(value[field]);

/** One of everything, asked for in one place. */
async function makeAll(place: Context, keyword: string): Promise<Made> {
  const video = id(await world.must(videoGenerate, wish, place), 'video');
  await world.drain();
  const running = id(await world.must(videoGenerate, wish, place), 'video');
  const title = { video, title: `A boat for ${keyword}` };
  const publication = id(await world.must(publicationCreate, title, place), 'publication');
  const search = { keyword, platforms: 'youtube', limit: 3 };
  const { trends } = await world.must(trendSearch, search, place);
  const [first] = z.array(z.object({ id: z.string() })).parse(trends);
  return { video, running, publication, trend: first?.id ?? '' };
}

beforeAll(async () => {
  world = await createWorld();
  terminal = await world.context();
  await connectChannel(world);
  for (const [name, serverId] of Object.entries(places)) {
    const things = await makeAll(at(serverId), `boats ${name}`);
    await world.must(trendSave, { trend: things.trend }, at(serverId));
    made.set(serverId, things);
  }
});
afterAll(() => world.close());

const reads: readonly (readonly [AnyOperation, keyof Made, string])[] = [
  [videoShow, 'video', 'video'],
  [publicationSuggest, 'video', 'video'],
  [videoDelete, 'video', 'video'],
  [videoCancel, 'running', 'video'],
  [publicationShow, 'publication', 'publication'],
  [trendShow, 'trend', 'trend'],
  [trendSave, 'trend', 'trend'],
  [promptWrite, 'trend', 'trend'],
];

const lists: readonly (readonly [AnyOperation, object, (things: Made) => string[]])[] = [
  [videoList, { limit: 50 }, ({ video, running }) => [video, running]],
  [publicationList, { limit: 50 }, ({ publication }) => [publication]],
  [trendList, { limit: 25 }, ({ trend }) => [trend]],
  [trendList, { limit: 25, saved: false }, ({ trend }) => [trend]],
];

const thingsOf = (serverId: string | null): Made => {
  const things = made.get(serverId);
  if (!things) throw new Error('nothing was made there');
  return things;
};

describe.each(Object.entries(places))('what was made in %s', (_, home) => {
  const elsewhere = Object.values(places).filter((serverId) => serverId !== home);

  test.each(reads)('$name is not found in any other place', async (operation, thing, field) => {
    const input = { [field]: thingsOf(home)[thing] };
    for (const serverId of elsewhere)
      expect(await refused(world, operation, input, at(serverId))).toMatchObject({
        code: 'not_found',
        field,
      });
  });

  test('cannot be published from any other place', async () => {
    const input = { video: thingsOf(home).video, title: 'Stolen' };
    for (const serverId of elsewhere)
      expect(await refused(world, publicationCreate, input, at(serverId))).toMatchObject({
        code: 'not_found',
        field: 'video',
      });
  });

  test.each(lists)('$name lists it there and nowhere else', async (operation, input, idsOf) => {
    for (const serverId of Object.values(places)) {
      const listed = JSON.stringify(await world.must(operation, input, at(serverId)));
      for (const thing of idsOf(thingsOf(home)))
        expect([thing, listed.includes(thing)]).toEqual([thing, serverId === home]);
    }
  });

  test('is there for its own place and at the terminal', async () => {
    const { video, publication, trend } = thingsOf(home);
    for (const context of [at(home), terminal]) {
      await world.must(videoShow, { video }, context);
      await world.must(publicationShow, { publication }, context);
      await world.must(trendShow, { trend }, context);
    }
    for (const [operation, input, idsOf] of lists) {
      const listed = JSON.stringify(await world.must(operation, input, terminal));
      for (const thing of idsOf(thingsOf(home))) expect(listed).toContain(thing);
    }
  });

  test('belongs to its account in its own place too', async () => {
    const stranger = await world.context('discord', 'stranger');
    const there = { ...stranger, actor: { ...stranger.actor, serverId: home } };
    for (const [operation, thing, field] of reads)
      expect(
        await refused(world, operation, { [field]: thingsOf(home)[thing] }, there),
      ).toMatchObject({ code: 'not_found' });
  });
});

test('a trend that is saved on a screen of one’s own is kept where it was found', async () => {
  const { trends } = await world.must(
    trendSearch,
    { keyword: 'kites', platforms: 'youtube', limit: 3 },
    at(places.serverA),
  );
  const [, second] = z.array(z.object({ id: z.string() })).parse(trends);
  const trend = second?.id ?? '';
  await world.must(trendSave, { trend }, terminal);
  const listedAt = async (context: Context) =>
    JSON.stringify(await world.must(trendList, { limit: 25 }, context)).includes(trend);
  expect(await listedAt(at(places.serverA))).toBe(true);
  expect(await listedAt(at(places.privately))).toBe(false);
  expect(await listedAt(at(places.serverB))).toBe(false);
  await world.must(trendSave, { trend, saved: false }, terminal);
  expect(await listedAt(at(places.serverA))).toBe(false);
});

test('what is made at the terminal is private: seen in a direct message, in no server', async () => {
  const video = id(await world.must(videoGenerate, wish, terminal), 'video');
  await world.must(videoShow, { video }, at(places.privately));
  for (const serverId of [places.serverA, places.serverB])
    expect(await refused(world, videoShow, { video }, at(serverId))).toMatchObject({
      code: 'not_found',
    });
});
