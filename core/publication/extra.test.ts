import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { shots } from '../../drizzle/schema/videos.ts';
import type { GoogleMisbehaviour } from '../../sandbox/google/google.ts';
import {
  connectChannel,
  drainWith,
  eventKinds,
  jobContext,
  live,
  makeReadyVideo,
  refused,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { captionsPublication } from './captions.ts';
import { publicationCreate } from './create.ts';
import { playlistPublication } from './playlist.ts';
import { publicationShow } from './show.ts';
import { uploadPublication } from './upload.ts';

let world: World;
let context: Context;
let own: { video: string; channel: string };
let silent: string;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  silent = await makeReadyVideo(world);
  own = { channel: await connectChannel(world), video: await makeReadyVideo(world) };
  // The first shot has its line, as one that was made with captions.
  await world.app.database.db
    .update(shots)
    .set({ caption: '纸船驶过街灯。' })
    .where(and(eq(shots.videoId, own.video), eq(shots.position, 0)));
});
afterAll(() => world.close());

let made = 0;
async function publish(changes: object): Promise<string> {
  made += 1;
  const wish = { ...own, title: `With extras ${made}`, privacy: 'unlisted', ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  return z.string().parse(publication);
}
const show = (publication: string) => world.must(publicationShow, { publication }, context);
/** The second call there: the first one looks what is there already. */
const misbehave = (wish: Pick<GoogleMisbehaviour, 'on' | 'how'>) =>
  world.emulators.google.misbehave({ ...wish, times: 1, after: 1 });
const newest = () => world.emulators.google.videos.at(-1)?.id ?? '';
const playlistsNamed = (title: string) =>
  world.emulators.google.playlists.filter((playlist) => playlist.title === title);

describe('a playlist', () => {
  test('is made when there is none of that title, and used when there is', async () => {
    const first = await publish({ playlist: 'Rainy days' });
    await live(world, 30, { step: 10 });
    const one = newest();
    await publish({ playlist: 'Rainy days' });
    await live(world, 30, { step: 10 });
    expect(playlistsNamed('Rainy days')).toMatchObject([{ videoIds: [one, newest()] }]);
    expect(await show(first)).toMatchObject({
      playlist: 'Rainy days',
      playlist_status: 'set',
      playlist_note: null,
    });
    expect(await eventKinds(world, first)).toContain('playlist_set');
  });

  test.each(['playlists', 'playlist_items'] as const)(
    'holds it once, and is made once, when an answer of %s is lost',
    async (on) => {
      for (const how of ['reset_after', 'http_503'] as const) {
        const title = `Lost ${on} ${how}`;
        misbehave({ on, how });
        const publication = await publish({ playlist: title });
        await live(world, 60, { step: 5 });
        expect(await show(publication)).toMatchObject({ playlist_status: 'set', status: 'live' });
        expect(playlistsNamed(title)).toMatchObject([{ videoIds: [newest()] }]);
      }
    },
  );

  test('holds it once when the process dies after putting it there', async () => {
    const publication = await publish({ playlist: 'Died' });
    const added = Promise.withResolvers<void>();
    const dead = withVideoHost(world, {
      async addToPlaylist(...what) {
        await youtubeOf(world).addToPlaylist(...what);
        added.resolve();
        return new Promise(() => undefined);
      },
    });
    await uploadPublication.run({ publicationId: publication }, jobContext(world));
    void playlistPublication.run({ publicationId: publication }, jobContext(world, dead));
    await added.promise;
    await live(world, 30, { step: 10 });
    expect(playlistsNamed('Died')).toMatchObject([{ videoIds: [newest()] }]);
  });

  test('may have a title of 150 characters', async () => {
    await publish({ playlist: 'p'.repeat(150) });
    await live(world, 30, { step: 10 });
    expect(playlistsNamed('p'.repeat(150))).toHaveLength(1);
  });

  test('may not have a title of 151 characters', async () => {
    const wish = { ...own, title: 'Long', playlist: 'p'.repeat(151) };
    expect(await refused(world, publicationCreate, wish, context)).toMatchObject({
      code: 'invalid_input',
      field: 'playlist',
    });
  });

  test('that is refused leaves the publication as it is, and says so', async () => {
    const publication = await publish({ playlist: 'Refused' });
    const ports = withVideoHost(world, {
      async createPlaylist() {
        throw new Fault('publication_refused', { reason: 'maxPlaylistExceeded' });
      },
    });
    await drainWith(world, ports);
    await live(world, 30, { step: 10 });
    const shown = await show(publication);
    expect(shown).toMatchObject({
      status: 'live',
      privacy: 'unlisted',
      playlist_status: 'refused',
    });
    expect(shown['playlist_note']).toContain('YouTube Studio');
  });
});

describe('captions', () => {
  test('are the lines of the video, in their language', async () => {
    const publication = await publish({ captions: true });
    await live(world, 30, { step: 10 });
    expect(await show(publication)).toMatchObject({ captions_status: 'set', captions_note: null });
    const [track, ...more] = world.emulators.google.captions(newest());
    expect(more).toEqual([]);
    expect(track).toMatchObject({ language: 'zh-Hans' });
    expect(JSON.stringify(track)).toContain('00:00:00,000 --> ');
    expect(JSON.stringify(track)).toContain('纸船驶过街灯。');
  });

  test('are there once when the answer is lost', async () => {
    misbehave({ on: 'captions', how: 'reset_after' });
    await publish({ captions: true });
    await live(world, 60, { step: 5 });
    await captionsPublication.run({ publicationId: 'unknown' }, jobContext(world));
    expect(world.emulators.google.captions(newest())).toHaveLength(1);
  });

  test('are not to be had of a video without lines', async () => {
    const wish = { ...own, video: silent, title: 'Silent', captions: true };
    expect(await refused(world, publicationCreate, wish, context)).toMatchObject({
      code: 'invalid_input',
      field: 'captions',
    });
  });
});

describe('a channel that allows uploads only', () => {
  async function publishOn(changes: object) {
    const other = await world.context('terminal', 'uploader');
    const video = await makeReadyVideo(world, 'uploader');
    await world.app.database.db
      .update(shots)
      .set({ caption: 'A line.' })
      .where(eq(shots.videoId, video));
    const channel = await connectChannel(world, 'uploader', { channel: '城市慢镜头' }, 'upload');
    const wish = { video, channel, title: 'Upload only', ...changes };
    return world.perform(publicationCreate, wish, other);
  }

  test.each([{ privacy: 'private' }, { privacy: 'private', thumbnail: 'first_frame' }])(
    'is enough for %j',
    async (changes) => {
      expect(await publishOn(changes)).toMatchObject({ ok: true });
      await live(world, 30, { step: 10 });
      expect(world.emulators.google.videos.at(-1)).toMatchObject({ privacy: 'private' });
    },
  );

  test.each([
    { privacy: 'unlisted' },
    { privacy: 'public' },
    { privacy: 'private', publish_at: '2030-01-01T00:00:00Z' },
    { privacy: 'private', playlist: 'Boats' },
    { privacy: 'private', captions: true },
  ])('is not enough for %j', async (changes) => {
    expect(await publishOn(changes)).toMatchObject({
      ok: false,
      fault: { code: 'channel_access_missing', field: 'channel' },
    });
  });
});
