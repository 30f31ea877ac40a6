import { Readable } from 'node:stream';

import { createCanvas } from '@napi-rs/canvas';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { events, videos } from '../../drizzle/schema/videos.ts';
import type { GoogleMisbehaviour } from '../../sandbox/google/google.ts';
import { serveRoutes, type Emulator } from '../../sandbox/http.ts';
import {
  connectChannel,
  eventKinds,
  jobContext,
  live,
  makeReadyVideo,
  refused,
  videoRow,
  withVideoHost,
  youtubeOf,
  drainWith,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { perform } from '../operation.ts';
import { Fault, isFault } from '../fault.ts';
import type { Context } from '../context.ts';
import type { MediaTools } from '../ports/media-tools.ts';
import { pictureKeep } from '../picture/keep.ts';
import { videoDelete } from '../video/delete.ts';
import { publicationCreate } from './create.ts';
import { publicationShow } from './show.ts';
import { thumbnailPublication } from './thumbnail.ts';

let world: World;
let context: Context;
let files: Emulator;
let video: string;
let channel: string;
let picture: string;

beforeAll(async () => {
  const body = createCanvas(800, 400).toBuffer('image/png');
  const route = { method: 'GET', path: /\/.*/u, handle: () => ({ status: 200, body }) };
  files = await serveRoutes([route], { status: 404 });
  world = await createWorld({ settings: { DISCORD_API_URL: `${files.url}/api` } });
  context = await world.context();
  channel = await connectChannel(world);
  video = await makeReadyVideo(world);
  const kept = await world.must(pictureKeep, { url: `${files.url}/a.png` }, context);
  picture = z.string().parse(kept['picture']);
});
afterAll(async () => {
  await world.close();
  await files.close();
});
beforeEach(async () => {
  const set = { status: 'connected' } as const;
  await world.app.database.db.update(channels).set(set).where(eq(channels.id, channel));
  for (const { id } of world.emulators.google.channels) world.emulators.google.verify(id, true);
});

let made = 0;
/** Approves a publication; nothing has been uploaded yet. */
async function publish(changes: object = {}) {
  made += 1;
  const title = `With a picture ${made}`;
  const wish = { video, channel, title, privacy: 'unlisted', ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  return { id: z.string().parse(publication), title };
}

const firstFrame = { thumbnail: 'first_frame' };
const generated = { thumbnail: 'generated' };
const own = () => ({ thumbnail: 'own', picture });

const misbehave = (how: GoogleMisbehaviour['how'], times = 1) =>
  world.emulators.google.misbehave({ on: 'thumbnail', how, times });

const onChannel = (title: string) =>
  world.emulators.google.videos.find((known) => known.title === title);

const show = async (publication: string, who = context) =>
  publicationShow.output.parse(await world.must(publicationShow, { publication }, who));

async function rowOf(id: string) {
  const { db } = world.app.database;
  const [row] = await db.select().from(publications).where(eq(publications.id, id));
  if (!row) throw new Error(`there is no publication ${id}`);
  return row;
}

const calls = () =>
  world.emulators.google.calls.filter(({ path }) => path.endsWith('/thumbnails/set')).length;

describe('the choice', () => {
  test.each<[object, string, string]>([
    [{ thumbnail: 'own' }, 'picture', 'is needed with the thumbnail "own"; keep one with'],
    [{ picture: 'pic_1' }, 'picture', 'goes with the thumbnail "own" only; leave it out'],
    [{ ...firstFrame, picture: 'pic_1' }, 'picture', 'goes with the thumbnail "own" only'],
    [{ ...generated, picture: 'pic_1' }, 'picture', 'goes with the thumbnail "own" only'],
    [{ thumbnail: 'second_frame' }, 'thumbnail', 'thumbnail'],
    [{ thumbnail: 'own', picture: '' }, 'picture', 'picture'],
  ])('%j does not fit', async (changes, field, words) => {
    const wish = { video, channel, title: 'A boat', ...changes };
    const fault = await refused(world, publicationCreate, wish, context);
    expect(fault).toMatchObject({ code: 'invalid_input', field });
    expect(fault.message).toContain(words);
  });

  test('says in Chinese too what does not fit', async () => {
    const wish = { video, channel, title: 'A boat', thumbnail: 'own' };
    const outcome = await perform(publicationCreate, wish, context);
    if (outcome.ok || !isFault(outcome.fault, 'invalid_input')) throw new Error('it fitted');
    expect(outcome.fault.params.problems.zh).toContain('picture: 封面选“own”时需要图片');
  });

  test('takes no picture of somebody else or of another server', async () => {
    const wish = { video, channel, title: 'A boat', thumbnail: 'own' };
    for (const id of ['pic_none', picture]) {
      const actor = { ...context.actor, serverId: '200' };
      const where = id === picture ? { ...context, actor } : context;
      const found = await refused(world, publicationCreate, { ...wish, picture: id }, where);
      expect(['not_found']).toContain(found.code);
    }
    const other = await world.context('terminal', 'other');
    const theirs = await makeReadyVideo(world, 'other');
    await connectChannel(world, 'other', { channel: '城市慢镜头' });
    const stolen = { video: theirs, title: 'A boat', thumbnail: 'own', picture };
    expect(await refused(world, publicationCreate, stolen, other)).toMatchObject({
      code: 'not_found',
      field: 'picture',
    });
  });

  test.each<[object, 'en' | 'zh', string, string]>([
    [{}, 'en', 'Preview picture', 'YouTube picks it'],
    [firstFrame, 'en', 'Preview picture', 'The first frame'],
    [{ thumbnail: 'generated' }, 'en', 'Preview picture', 'A frame with the title on it'],
    [{ thumbnail: 'generated' }, 'zh', '封面', '画面加标题'],
    [{ thumbnail: 'own' }, 'en', 'Preview picture', 'My own picture (800×400)'],
    [{ thumbnail: 'own' }, 'zh', '封面', '我的图片 (800×400)'],
  ])('%j is named before it is approved (%s)', async (changes, locale, label, value) => {
    const wish = { video, channel, title: 'A boat', ...changes };
    const whole = publicationCreate.input.parse(
      'thumbnail' in changes && changes.thumbnail === 'own' ? { ...wish, picture } : wish,
    );
    const preview = await publicationCreate.preview?.(whole, { ...context, locale });
    expect(preview?.lines).toContainEqual([label, value]);
  });

  test('may be made by a model too, which knows of no pictures', async () => {
    const model = await world.context('mcp');
    const wish = { video, channel, title: 'By a model', ...firstFrame };
    const asked = await perform(publicationCreate, wish, model);
    expect(asked).toMatchObject({ ok: false, fault: { code: 'approval_required' } });
  });
});

test('what YouTube picks is left to YouTube', async () => {
  const one = await publish();
  const before = calls();
  await world.drain();
  expect(await show(one.id)).toMatchObject({
    status: 'live',
    thumbnail: 'automatic',
    thumbnail_status: 'none',
    thumbnail_note: null,
  });
  expect(calls()).toBe(before);
  expect(onChannel(one.title)?.thumbnail).toBeNull();
});

test('the first frame is taken from the film and set after the upload', async () => {
  const one = await publish(firstFrame);
  expect(await show(one.id)).toMatchObject({
    thumbnail: 'first_frame',
    thumbnail_status: 'waiting',
  });
  await world.drain();
  expect(await show(one.id)).toMatchObject({
    status: 'live',
    thumbnail_status: 'set',
    thumbnail_note: null,
    why: null,
  });
  const { posterKey } = await videoRow(world, video);
  expect(posterKey).toBe(`posters/${video}.jpg`);
  const file = await world.app.ports.storage.stat(posterKey ?? '');
  expect(onChannel(one.title)?.thumbnail).toMatchObject({
    contentType: 'image/jpeg',
    bytes: file?.bytes,
    times: 1,
  });
  const kinds = await eventKinds(world, one.id);
  expect(kinds.filter((kind) => kind !== 'progress')).toEqual(
    expect.arrayContaining(['uploading', 'processing', 'live', 'thumbnail_set']),
  );
});

describe('a frame with the title on it', () => {
  test('is drawn of the film and the title of the publication, and set after the upload', async () => {
    const one = await publish({ ...generated, title: '纸船 The paper boat 🚣' });
    expect(await show(one.id)).toMatchObject({
      thumbnail: 'generated',
      thumbnail_status: 'waiting',
    });
    await world.drain();
    expect(await show(one.id)).toMatchObject({ thumbnail_status: 'set', thumbnail_note: null });
    const set = onChannel('纸船 The paper boat 🚣');
    const shown = await fetch(`${world.emulators.google.url}/sandbox/thumbnails/${set?.id}`);
    const data = Buffer.from(await shown.arrayBuffer());
    const { storage, mediaTools } = world.app.ports;
    await using file = await storage.local((await videoRow(world, video)).fileKey ?? '');
    const wish = { videoPath: file.path, size: { width: 1280, height: 720 } };
    const draw = (title: string) => mediaTools.drawThumbnail({ ...wish, title });
    expect(data.equals(await draw('纸船 The paper boat 🚣'))).toBe(true);
    expect(data.equals(await draw(''))).toBe(false);
  });

  test('has the title as it was when the picture was drawn', async () => {
    const drawn: string[] = [];
    const one = await publish(generated);
    const { ports } = world.app;
    const drawThumbnail: MediaTools['drawThumbnail'] = (wish) => {
      drawn.push(wish.title);
      return ports.mediaTools.drawThumbnail(wish);
    };
    const { db } = world.app.database;
    const edited = { title: 'Another title' };
    await db.update(publications).set(edited).where(eq(publications.id, one.id));
    await drainWith(world, { ...ports, mediaTools: { ...ports.mediaTools, drawThumbnail } });
    expect(drawn).toEqual(['Another title']);
    expect(await show(one.id)).toMatchObject({ thumbnail_status: 'set' });
  });

  test('that cannot be drawn is refused, and nothing else is', async () => {
    const one = await publish(generated);
    const { ports } = world.app;
    const drawThumbnail = () =>
      Promise.reject(new Fault('provider_failed', { provider: 'The video model' }));
    const before = calls();
    await drainWith(world, { ...ports, mediaTools: { ...ports.mediaTools, drawThumbnail } });
    expect(await show(one.id)).toMatchObject({ thumbnail_status: 'refused', why: null });
    expect((await show(one.id)).thumbnail_note).toContain('the video is not affected');
    expect(await rowOf(one.id)).toMatchObject({ failure: null, failureReason: null });
    expect(onChannel(one.title)).toMatchObject({ title: one.title });
    expect(calls()).toBe(before);
  });

  test.each([
    ['deleted', { fileKey: null, deletedAt: new Date(0) }],
    ['gone from the store', { fileKey: 'videos/gone.mp4' }],
  ])('is refused when the film is %s', async (_how, change) => {
    const film = await makeReadyVideo(world);
    const one = await publish({ ...generated, video: film });
    const before = calls();
    const noPicture = withVideoHost(world, {
      setThumbnail: () => Promise.reject(new Error('the process died')),
    });
    await drainWith(world, noPicture);
    await world.app.database.db.update(videos).set(change).where(eq(videos.id, film));
    await thumbnailPublication.run({ publicationId: one.id }, jobContext(world));
    expect(await show(one.id)).toMatchObject({ thumbnail_status: 'refused' });
    expect(calls()).toBe(before);
  });
});

test('an own picture is set as it was kept', async () => {
  const one = await publish(own());
  await world.drain();
  expect(await show(one.id)).toMatchObject({
    status: 'live',
    thumbnail: 'own',
    thumbnail_status: 'set',
  });
  const parts: Buffer[] = [];
  const { storage } = world.app.ports;
  const file = await storage.stat(`pictures/${picture}.jpg`);
  for await (const part of storage.read(`pictures/${picture}.jpg`, 0, (file?.bytes ?? 1) - 1))
    parts.push(Buffer.from(part));
  const shown = await fetch(
    `${world.emulators.google.url}/sandbox/thumbnails/${onChannel(one.title)?.id}`,
  );
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(Buffer.concat(parts));
});

test('a picture that is removed in the very moment is missed before anything is published', async () => {
  const { picture: doomed } = await world.must(pictureKeep, { url: `${files.url}/b.png` }, context);
  const { db } = world.app.database;
  const wish = { video, channel, title: 'Too late', thumbnail: 'own', picture: doomed };
  const input = publicationCreate.input.parse(wish);
  const begin = vi.spyOn(db, 'transaction').mockImplementationOnce(async (work) => {
    begin.mockRestore();
    await db.delete(pictures).where(eq(pictures.id, z.string().parse(doomed)));
    return db.transaction(work);
  });
  await expect(publicationCreate.run(input, context)).rejects.toMatchObject({
    code: 'not_found',
    field: 'picture',
  });
  const begun = await db.select().from(publications).where(eq(publications.title, 'Too late'));
  expect(begun).toEqual([]);
});

describe('a picture that YouTube does not take', () => {
  test('leaves the publication live, and it is said how to help', async () => {
    for (const { id } of world.emulators.google.channels) world.emulators.google.verify(id, false);
    const one = await publish(own());
    await world.drain();
    const shown = await show(one.id);
    expect(shown).toMatchObject({ status: 'live', privacy: 'unlisted', why: null });
    expect(shown).toMatchObject({ thumbnail_status: 'refused' });
    expect(shown.thumbnail_note).toContain('youtube.com/verify');
    expect((await show(one.id, { ...context, locale: 'zh' })).thumbnail_note).toContain(
      '已验证手机号的频道',
    );
    expect(await rowOf(one.id)).toMatchObject({ failure: null, failureReason: null });
    const { db } = world.app.database;
    const told = and(eq(events.subjectId, one.id), eq(events.kind, 'thumbnail_refused'));
    expect(await db.select({ data: events.data }).from(events).where(told)).toEqual([
      { data: { failure: 'thumbnail_not_allowed' } },
    ]);
    const said = await perform(publicationShow, { publication: one.id }, context);
    expect(said).toMatchObject({ ok: true, text: expect.stringContaining('youtube.com/verify') });
  });

  test('is not sent again and again', async () => {
    for (const { id } of world.emulators.google.channels) world.emulators.google.verify(id, false);
    const before = calls();
    await publish(own());
    await world.drain();
    await live(world, 3600, { step: 600 });
    expect(calls() - before).toBe(1);
  });

  test('because the file of it is gone leaves the publication live', async () => {
    const gone = await world.must(pictureKeep, { url: `${files.url}/a.png` }, context);
    const id = z.string().parse(gone['picture']);
    const one = await publish({ thumbnail: 'own', picture: id });
    await world.app.ports.storage.remove(`pictures/${id}.jpg`);
    await world.drain();
    const shown = await show(one.id);
    expect(shown).toMatchObject({ status: 'live', thumbnail_status: 'refused' });
    expect(shown.thumbnail_note).toContain('YouTube Studio');
  });

  test('because its film cannot be decoded leaves the publication live', async () => {
    const film = await makeReadyVideo(world);
    const words = Buffer.from('\0\0\0\x18ftypisom and then only words', 'latin1');
    const key = `videos/${film}.mp4`;
    await world.app.database.db.update(videos).set({ posterKey: null }).where(eq(videos.id, film));
    await world.app.ports.storage.write(key, Readable.from([words]), 1000);
    const one = await publish({ ...firstFrame, video: film });
    await world.app.database.db
      .update(publications)
      .set({ totalBytes: words.length })
      .where(eq(publications.id, one.id));
    await world.drain();
    expect(await show(one.id)).toMatchObject({ status: 'live', thumbnail_status: 'refused' });
  });

  test('because the channel is to be connected again says so', async () => {
    const one = await publish(own());
    const host = youtubeOf(world);
    const ports = withVideoHost(world, {
      setThumbnail: async (_token, id, image) => {
        world.emulators.google.removeAccess();
        return host.setThumbnail('gone', id, image);
      },
    });
    await drainWith(world, ports);
    expect(await show(one.id)).toMatchObject({ thumbnail_status: 'refused' });
    const { thumbnail_note: note } = await show(one.id);
    expect(note).toContain('YouTube no longer accepts our access to');
    channel = await connectChannel(world);
  });
});

describe('a picture is set in the end after', () => {
  test.each(['http_429_upload', 'http_503', 'reset_before', 'reset_after', 'http_401'] as const)(
    '%s',
    async (how) => {
      misbehave(how, 1);
      const one = await publish(firstFrame);
      await world.drain();
      await live(world, 60);
      expect(await show(one.id)).toMatchObject({ status: 'live', thumbnail_status: 'set' });
      // The one whose answer was lost arrived, and the same once more does no harm.
      expect(onChannel(one.title)?.thumbnail?.times).toBe(how === 'reset_after' ? 2 : 1);
    },
  );

  test('a death between the upload and the picture', async () => {
    const one = await publish(own());
    const host = youtubeOf(world);
    let deaths = 0;
    const dying = withVideoHost(world, {
      async setThumbnail(token, id, image) {
        await host.setThumbnail(token, id, image);
        deaths += 1;
        if (deaths === 1) throw new Error('the process died');
      },
    });
    await drainWith(world, dying);
    expect(await show(one.id)).toMatchObject({ status: 'live', thumbnail_status: 'waiting' });
    await live(world, 60, { ports: dying });
    expect(await show(one.id)).toMatchObject({ status: 'live', thumbnail_status: 'set' });
    expect(onChannel(one.title)?.thumbnail?.times).toBe(2);
    const kinds = await eventKinds(world, one.id);
    expect(kinds.filter((kind) => kind === 'thumbnail_set')).toHaveLength(1);
    await thumbnailPublication.run({ publicationId: one.id }, jobContext(world));
    expect(onChannel(one.title)?.thumbnail?.times).toBe(2);
  });
});

test('two workers that set the same picture at once tell of it once', async () => {
  const one = await publish(own());
  const host = youtubeOf(world);
  const dying = withVideoHost(world, {
    setThumbnail: () => Promise.reject(new Error('the process died')),
  });
  await drainWith(world, dying);
  let entered = 0;
  const both = Promise.withResolvers<void>();
  const ports = withVideoHost(world, {
    async setThumbnail(...call) {
      entered += 1;
      if (entered === 2) both.resolve();
      await both.promise;
      return host.setThumbnail(...call);
    },
  });
  const run = () => thumbnailPublication.run({ publicationId: one.id }, jobContext(world, ports));
  await Promise.all([run(), run()]);
  expect(onChannel(one.title)?.thumbnail?.times).toBe(2);
  const kinds = await eventKinds(world, one.id);
  expect(kinds.filter((kind) => kind === 'thumbnail_set')).toHaveLength(1);
});

test('a picture that is never taken in time is given up, and the publication is not', async () => {
  const one = await publish(firstFrame);
  misbehave('http_503', 1000);
  await world.drain();
  await live(world, 6 * 3600, { step: 900 });
  expect(await show(one.id)).toMatchObject({ status: 'live', thumbnail_status: 'refused' });
  expect((await show(one.id)).thumbnail_note).toContain('the video is not affected');
});

test('no picture is waited for where the upload itself has failed', async () => {
  const one = await publish(own());
  const before = calls();
  const refusing = withVideoHost(world, {
    startUpload: () => Promise.reject(new Fault('publication_refused', { reason: 'a test' })),
  });
  await drainWith(world, refusing);
  expect(calls()).toBe(before);
  expect(await show(one.id)).toMatchObject({ status: 'failed', thumbnail_status: 'none' });
});

test('nothing is sent for a publication that never got there, or a video that was deleted', async () => {
  const film = await makeReadyVideo(world);
  const one = await publish({ ...firstFrame, video: film });
  const before = calls();
  await thumbnailPublication.run({ publicationId: one.id }, jobContext(world));
  await thumbnailPublication.run({ publicationId: 'pub_none' }, jobContext(world));
  expect(calls()).toBe(before);
  expect(await show(one.id)).toMatchObject({ thumbnail_status: 'waiting' });
  const late = withVideoHost(world, {
    setThumbnail: () => Promise.reject(new Error('the process died')),
  });
  await drainWith(world, late);
  await world.app.database.db
    .update(publications)
    .set({ thumbnailStatus: 'waiting' })
    .where(eq(publications.id, one.id));
  await world.must(videoDelete, { video: film }, context);
  await world.drain();
  await thumbnailPublication.run({ publicationId: one.id }, jobContext(world));
  expect(await show(one.id)).toMatchObject({ status: 'live', thumbnail_status: 'refused' });
});
