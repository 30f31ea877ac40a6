import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import {
  connectChannel,
  eventKinds,
  jobContext,
  live,
  makeReadyVideo,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { publicationCancel } from './cancel.ts';
import { settlePublication } from './confirm.ts';
import { publicationCreate } from './create.ts';
import { publicationShow } from './show.ts';
import { uploadPublication } from './upload.ts';

let world: World;
let context: Context;
let own: { video: string; channel: string };
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  own = { channel: await connectChannel(world), video: await makeReadyVideo(world) };
});
afterAll(() => world.close());

async function publish(changes: object = {}): Promise<string> {
  const wish = { ...own, title: 'In two steps', privacy: 'public', ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  return z.string().parse(publication);
}
const show = (publication: string) => world.must(publicationShow, { publication }, context);
const newest = () => world.emulators.google.videos.at(-1);

test('it is private until it is processed, and public then', async () => {
  const publication = await publish();
  await uploadPublication.run({ publicationId: publication }, jobContext(world));
  expect(newest()).toMatchObject({ privacy: 'private', publishAt: null, syntheticMedia: true });
  expect(await show(publication)).toMatchObject({ status: 'processing' });
  await world.drain();
  expect(newest()).toMatchObject({ privacy: 'public', syntheticMedia: true });
  expect(newest()?.history.map(({ privacy }) => privacy)).toEqual(['private', 'public']);
  expect(await show(publication)).toMatchObject({ status: 'live', privacy: 'public' });
});

test('a visibility that YouTube refuses is told, and the video stays private', async () => {
  const publication = await publish();
  const ports = withVideoHost(world, {
    updateVideo: () =>
      Promise.reject(new Fault('publication_refused', { reason: 'forbiddenPrivacySetting' })),
  });
  await live(world, 60, { step: 10, ports });
  const shown = await show(publication);
  expect(shown).toMatchObject({ status: 'failed', privacy: 'private' });
  expect(shown['why']).toContain('this channel may not use that visibility');
  expect(newest()).toMatchObject({ privacy: 'private' });
});

test('what YouTube does not hide is told to be hidden twenty times, and then told as it is', async () => {
  const publication = await publish();
  await world.drain();
  let told = 0;
  const deaf = withVideoHost(world, {
    async updateVideo() {
      told += 1;
    },
  });
  await world.perform(publicationCancel, { publication }, { ...context, ports: deaf });
  await live(world, 6 * 3600, { step: 300, ports: deaf });
  // Once at once for the person, and by the queue until it is given up.
  expect(told).toBeGreaterThanOrEqual(20);
  expect(told).toBeLessThanOrEqual(41);
  expect(await show(publication)).toMatchObject({ status: 'live', privacy: 'public' });
});

test('two that look at once tell it once', async () => {
  const publication = await publish();
  await uploadPublication.run({ publicationId: publication }, jobContext(world));
  let told = 0;
  const ports = withVideoHost(world, {
    async updateVideo(...what) {
      told += 1;
      await youtubeOf(world).updateVideo(...what);
    },
  });
  const look = () =>
    settlePublication(jobContext(world, ports), publication, { round: 1, told: 0 });
  await Promise.all([look(), look()]);
  expect(told).toBe(1);
  expect((await eventKinds(world, publication)).filter((kind) => kind === 'live')).toEqual([
    'live',
  ]);
  await world.drain();
});
