import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { videos } from '../../drizzle/schema/videos.ts';
import { makeReadyVideo, storedKeys, videoRow } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Services } from '../context.ts';
import type { MediaTools } from '../ports/media-tools.ts';
import { videoDelete } from './delete.ts';
import { ensurePoster } from './poster.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The same services with a poster that does something else as well, and the times it was made. */
function watching(before: () => Promise<unknown> = () => Promise.resolve()) {
  const made: string[] = [];
  const { ports } = world.app;
  const poster: MediaTools['poster'] = async (from, to) => {
    made.push(from);
    const told = await ports.mediaTools.poster(from, to);
    await before();
    return told;
  };
  const services: Services = {
    ...world.app,
    ports: { ...ports, mediaTools: { ...ports.mediaTools, poster } },
  };
  return { made, services };
}

/** A ready video without its poster, as those that were made before there were any. */
async function makePlainVideo(): Promise<string> {
  const id = await makeReadyVideo(world);
  await world.app.ports.storage.remove(`posters/${id}.jpg`);
  await world.app.database.db.update(videos).set({ posterKey: null }).where(eq(videos.id, id));
  return id;
}

const posters = () => storedKeys(world).filter((key) => key.startsWith('posters/'));

test('is made once, kept with the video, and goes with it', async () => {
  const id = await makePlainVideo();
  expect(await videoRow(world, id)).toMatchObject({ posterKey: null });
  const { made, services } = watching();
  const key = await ensurePoster(services, await videoRow(world, id));
  expect(key).toBe(`posters/${id}.jpg`);
  expect(await videoRow(world, id)).toMatchObject({ posterKey: key });
  expect(await ensurePoster(services, await videoRow(world, id))).toBe(key);
  expect(made).toHaveLength(1);
  const file = await world.app.ports.storage.stat(key);
  expect(file?.bytes).toBeGreaterThan(100);
  expect(posters()).toEqual([key]);

  await world.must(videoDelete, { video: id }, await world.context());
  await world.drain();
  expect(posters()).toEqual([]);
  expect(await videoRow(world, id)).toMatchObject({ posterKey: null, fileKey: null });
});

test('made by two at once is one file', async () => {
  const id = await makePlainVideo();
  const row = await videoRow(world, id);
  const { services } = watching();
  const keys = await Promise.all([1, 2, 3].map(() => ensurePoster(services, row)));
  expect(new Set(keys)).toEqual(new Set([`posters/${id}.jpg`]));
  expect(posters()).toEqual([`posters/${id}.jpg`]);
});

test('leaves nothing when its video is deleted meanwhile', async () => {
  const id = await makePlainVideo();
  const row = await videoRow(world, id);
  const before = posters();
  const { services } = watching(async () => {
    await world.must(videoDelete, { video: id }, await world.context());
    await world.drain();
  });
  await expect(ensurePoster(services, row)).rejects.toMatchObject({ code: 'not_found' });
  expect(posters()).toEqual(before);
  expect(await videoRow(world, id)).toMatchObject({ posterKey: null });
});

test('of a video without a file is not found, of one that cannot be decoded fails', async () => {
  const id = await makePlainVideo();
  const row = await videoRow(world, id);
  await expect(ensurePoster(world.app, { ...row, fileKey: null })).rejects.toMatchObject({
    code: 'not_found',
  });
  const fileKey = `videos/${id}.mp4`;
  async function* words() {
    yield Buffer.from('words instead of a film, and some more of them');
  }
  await world.app.ports.storage.write(fileKey, words(), 1000);
  const before = storedKeys(world);
  await expect(ensurePoster(world.app, row)).rejects.toMatchObject({ code: 'provider_failed' });
  expect(storedKeys(world)).toEqual(before);
  await world.app.database.db
    .update(videos)
    .set({ fileKey: null, status: 'failed' })
    .where(eq(videos.id, id));
});
