import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import {
  connectChannel,
  live,
  makeReadyVideo,
  refused,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { publicationCreate } from './create.ts';
import { publicationShow } from './show.ts';
import { publicationUpdate } from './update.ts';

let world: World;
let context: Context;
let own: { video: string; channel: string };
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  own = { channel: await connectChannel(world), video: await makeReadyVideo(world) };
});
afterAll(() => world.close());

const texts = { title: 'A paper boat', description: '雨', tags: 'boat, 纸船', category: '24' };
async function publish(changes: object = {}): Promise<string> {
  const wish = { ...own, ...texts, made_for_kids: true, ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  await live(world, 30, { step: 10 });
  return z.string().parse(publication);
}
const update = (publication: string, changes: object) =>
  world.must(publicationUpdate, { publication, ...changes }, context);
const show = (publication: string) => world.must(publicationShow, { publication }, context);
const newest = () => world.emulators.google.videos.at(-1);
const inHours = (hours: number) => new Date(world.now().getTime() + hours * 3600_000).toISOString();

const unchanged = {
  title: 'A paper boat',
  description: '雨',
  tags: ['boat', '纸船'],
  categoryId: '24',
  privacy: 'private',
  madeForKids: true,
  syntheticMedia: true,
};

describe('only what is named changes', () => {
  test.each<[object, object]>([
    [{ title: 'A kite' }, { title: 'A kite' }],
    [{ description: '' }, { description: '' }],
    [{ description: 'Sun' }, { description: 'Sun' }],
    [{ tags: 'kite' }, { tags: ['kite'] }],
    [{ tags: '' }, { tags: [] }],
    [{ category: '10' }, { categoryId: '10' }],
    [{ privacy: 'unlisted' }, { privacy: 'unlisted' }],
    [
      { title: 'Both', privacy: 'public' },
      { title: 'Both', privacy: 'public' },
    ],
  ])('%j', async (changes, expected) => {
    const publication = await publish();
    expect(await update(publication, changes)).toMatchObject({
      publication,
      changed: Object.keys(changes),
    });
    await live(world, 30, { step: 10 });
    expect(newest()).toMatchObject({ ...unchanged, ...expected });
    const shown = await show(publication);
    expect(shown).toMatchObject({ status: 'live', privacy: newest()?.privacy, why: null });
    expect(shown).toMatchObject({ title: newest()?.title, tags: newest()?.tags });
  });

  test('what the owner has written in Studio meanwhile stays', async () => {
    const token = await tokenOf();
    const publication = await publish();
    const id = newest()?.id ?? '';
    await youtubeOf(world).updateVideo(token, id, { description: 'By hand' });
    await update(publication, { title: 'A kite' });
    expect(newest()).toMatchObject({ title: 'A kite', description: 'By hand' });
  });
});

describe('the time', () => {
  test('of a planned one is moved, and it goes out then and not before', async () => {
    const publication = await publish({ publish_at: inHours(2) });
    const later = inHours(4);
    expect(await update(publication, { publish_at: later })).toMatchObject({ status: 'scheduled' });
    await live(world, 3 * 3600, { step: 1800 });
    expect(newest()).toMatchObject({ privacy: 'private' });
    expect(await show(publication)).toMatchObject({ status: 'scheduled', publish_at: later });
    await live(world, 3700, { step: 100 });
    expect(await show(publication)).toMatchObject({ status: 'live', privacy: 'public', why: null });
  });

  test('is given to a private one', async () => {
    const publication = await publish();
    await update(publication, { publish_at: inHours(1) });
    await live(world, 30, { step: 10 });
    expect(await show(publication)).toMatchObject({ status: 'scheduled', privacy: 'private' });
  });

  test('falls away when it is made public at once', async () => {
    const publication = await publish({ publish_at: inHours(2) });
    await update(publication, { privacy: 'public' });
    await live(world, 30, { step: 10 });
    expect(newest()).toMatchObject({ privacy: 'public', publishAt: null });
    expect(await show(publication)).toMatchObject({ status: 'live', publish_at: null });
  });

  test.each([
    ['in the past', -1, {}, 'publish_at'],
    ['with unlisted', 1, { privacy: 'unlisted' }, 'privacy'],
  ])('%s is refused, and nothing changes', async (_, hours, more, field) => {
    const publication = await publish();
    const before = newest();
    const wish = { publication, publish_at: inHours(hours), ...more };
    expect(await refused(world, publicationUpdate, wish, context)).toMatchObject({
      code: 'invalid_input',
      field,
    });
    expect(newest()).toEqual(before);
  });

  test('of one that was seen already is refused', async () => {
    const publication = await publish({ privacy: 'public' });
    const wish = { publication, publish_at: inHours(1) };
    expect(await refused(world, publicationUpdate, wish, context)).toMatchObject({
      code: 'invalid_input',
      field: 'publish_at',
    });
  });
});

describe('a change of visibility whose answer is lost', () => {
  test.each(['reset_after', 'reset_before'] as const)(
    'leaves it as it was approved before: %s',
    async (how) => {
      const publication = await publish();
      world.emulators.google.misbehave({ on: 'update', how, times: 1 });
      const wish = { publication, privacy: 'public' };
      expect(await refused(world, publicationUpdate, wish, context)).toMatchObject({
        code: 'provider_busy',
      });
      await live(world, 120, { step: 10 });
      expect(newest()).toMatchObject({ privacy: 'private' });
      expect(await show(publication)).toMatchObject({ status: 'live', privacy: 'private' });
      expect(await update(publication, { privacy: 'public' })).toMatchObject({ status: 'live' });
      await live(world, 120, { step: 10 });
      expect(newest()).toMatchObject({ privacy: 'public' });
    },
  );
});

describe('is refused', () => {
  test('without anything to change', async () => {
    const publication = await publish();
    const { message } = await refused(world, publicationUpdate, { publication }, context);
    expect(message).toContain('name at least one thing to change');
  });

  test('while it is still on its way', async () => {
    const { publication } = await world.must(publicationCreate, { ...own, ...texts }, context);
    const wish = { publication, title: 'Too early' };
    expect(await refused(world, publicationUpdate, wish, context)).toMatchObject({
      code: 'not_ready',
    });
    await world.drain();
  });

  test('what YouTube refuses changes nothing here', async () => {
    const publication = await publish();
    const wish = { publication, title: 'New', category: '99' };
    const { code, message } = await refused(world, publicationUpdate, wish, context);
    expect([code, message]).toEqual([
      'publication_refused',
      expect.stringContaining('this category cannot be used'),
    ]);
    expect(await show(publication)).toMatchObject({ title: texts.title });
  });

  test("on somebody else's publication", async () => {
    const publication = await publish();
    const stranger = await world.context('terminal', 'stranger');
    const wish = { publication, title: 'Mine' };
    expect(await refused(world, publicationUpdate, wish, stranger)).toMatchObject({
      code: 'not_found',
    });
  });
});

test('a model that changes a title leaves who sees it to the person', async () => {
  const publication = await publish();
  const agent = await world.context('agent');
  const outcome = await world.perform(
    publicationUpdate,
    { publication, title: 'By a model', privacy: 'public' },
    agent,
  );
  expect(outcome).toMatchObject({ ok: false });
  expect(newest()).toMatchObject({ title: texts.title, privacy: 'private' });
});

/** A token of the channel, as it is used for its publications. */
async function tokenOf(): Promise<string> {
  const used = Promise.withResolvers<string>();
  const ports = withVideoHost(world, {
    async updateVideo(token) {
      used.resolve(token);
    },
  });
  const publication = await publish();
  await world.perform(publicationUpdate, { publication, title: 'x' }, { ...context, ports });
  return used.promise;
}
