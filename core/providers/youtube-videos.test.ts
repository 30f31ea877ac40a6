import { fc } from '@fast-check/vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import {
  caught,
  connect,
  metadata,
  openYouTube,
  refused,
  stayOnLoopback,
  upload,
  type YouTubeSandbox,
} from '../../test/kit/youtube.ts';
import { privacies, type VideoChanges } from '../ports/video-host.ts';

stayOnLoopback();
let tube: YouTubeSandbox;
beforeEach(async () => {
  tube = await openYouTube();
});
afterEach(() => tube.close());

/** Less than an access token lives. */
const later = 3_000_000;
const stored = (id: string) => {
  const {
    history: _,
    statistics: __,
    ...video
  } = z.looseObject({}).parse(tube.google.videos.find((known) => known.id === id));
  return video;
};

async function uploaded() {
  const { accessToken } = await connect(tube);
  const id = await upload(tube, accessToken);
  tube.clock.advance(5000);
  const update = (changes: VideoChanges, videoId = id) =>
    tube.host.updateVideo(accessToken, videoId, changes);
  const found = () => tube.host.fetchVideo(accessToken, id);
  const publish = () => update({ visibility: { privacy: 'public', publishAt: null } });
  return { accessToken, id, update, found, publish };
}

describe('changing a video', () => {
  it('makes it public, and keeps all that was said of it', async () => {
    const { id, publish, found } = await uploaded();
    const before = stored(id);
    await publish();
    await publish();
    expect(stored(id)).toEqual({ ...before, privacy: 'public' });
    expect(await found()).toMatchObject({ privacy: 'public', publishAt: null });
    expect(tube.google.calls.slice(-5, -1)).toEqual([
      { method: 'GET', path: '/youtube/v3/videos' },
      { method: 'PUT', path: '/youtube/v3/videos' },
      { method: 'GET', path: '/youtube/v3/videos' },
      { method: 'PUT', path: '/youtube/v3/videos' },
    ]);
  });

  it('schedules it as private, whatever it is to become, and drops the schedule', async () => {
    const { update, found } = await uploaded();
    const publishAt = new Date(tube.clock.now().getTime() + later);
    await update({ visibility: { privacy: 'public', publishAt } });
    expect(await found()).toMatchObject({ privacy: 'private', publishAt });
    await update({ title: 'Another title' });
    expect(await found()).toMatchObject({ title: 'Another title', privacy: 'private', publishAt });
    await update({ visibility: { privacy: 'unlisted', publishAt: null } });
    expect(await found()).toMatchObject({ privacy: 'unlisted', publishAt: null });
  });

  it('is followed by the schedule', async () => {
    const { update, found } = await uploaded();
    const publishAt = new Date(tube.clock.now().getTime() + later);
    await update({ visibility: { privacy: 'public', publishAt } });
    tube.clock.advance(later);
    expect(await found()).toMatchObject({ privacy: 'public', publishAt: null });
  });

  it('changes what is named and nothing else', async () => {
    const { id, update } = await uploaded();
    const changes: fc.Arbitrary<VideoChanges> = fc.record(
      {
        title: fc.constantFrom('One', '二', 'x'.repeat(100)),
        description: fc.constantFrom('', 'plain', '字'.repeat(1666)),
        tags: fc.constantFrom([], ['a'], ['one two', '三']),
        categoryId: fc.constantFrom('22', '28', '10'),
        visibility: fc.record({
          privacy: fc.constantFrom(...privacies),
          publishAt: fc.constant(null),
        }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(changes, async ({ visibility, ...texts }) => {
        const before = stored(id);
        await update({ ...texts, ...(visibility ? { visibility } : {}) });
        const { privacy = before['privacy'] } = visibility ?? {};
        expect(stored(id)).toEqual({ ...before, ...texts, privacy, syntheticMedia: true });
      }),
      { numRuns: 40 },
    );
  });

  it('keeps what the owner has set in Studio', async () => {
    const { accessToken, id, update, publish } = await uploaded();
    const { title, categoryId } = metadata;
    const settings = { embeddable: false, license: 'creativeCommon', publicStatsViewable: false };
    const set = await fetch(`${tube.google.url}/youtube/v3/videos?part=snippet,status`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({
        id,
        snippet: { title, categoryId, tags: ['own'], defaultLanguage: 'zh-Hans' },
        status: { ...settings, privacyStatus: 'unlisted', selfDeclaredMadeForKids: true },
      }),
    });
    expect(set.status).toBe(200);
    const before = stored(id);
    expect(before).toMatchObject({ ...settings, madeForKids: true, syntheticMedia: null });
    await publish();
    await update({ description: 'New' });
    const changed = { privacy: 'public', description: 'New', syntheticMedia: true };
    expect(stored(id)).toEqual({ ...before, ...changed });
  });

  it('asks YouTube nothing more when nothing is to change', async () => {
    const { update } = await uploaded();
    await update({});
    expect(tube.google.calls.at(-1)).toMatchObject({ method: 'GET' });
  });

  it('is refused when the video is gone', async () => {
    const { id, update } = await uploaded();
    tube.google.deleteVideo(id);
    expect(await caught(update({ title: 'New' }))).toMatchObject(refused('videoNotFound'));
    expect(tube.google.calls.at(-1)).toMatchObject({ method: 'GET' });
  });

  it.each([
    [{ title: 'a<b' }, 'invalidTitle'],
    [{ visibility: { privacy: 'private', publishAt: new Date(0) } }, 'invalidPublishAt'],
  ] as const)('is refused for %o', async (changes, reason) => {
    const { id, update } = await uploaded();
    const before = stored(id);
    expect(await caught(update(changes))).toMatchObject(refused(reason));
    expect(stored(id)).toEqual(before);
  });

  it('needs the access to manage', async () => {
    const { accessToken } = await connect(tube, 'upload');
    const id = await upload(tube, accessToken);
    const changed = tube.host.updateVideo(accessToken, id, { title: 'New' });
    expect(await caught(changed)).toMatchObject({
      code: 'channel_scope_missing',
      params: { scopes: 'youtube.force-ssl' },
    });
    expect(stored(id)).toMatchObject({ title: metadata.title });
  });

  it.each([
    ['videos', 'http_503', 'provider_busy', 1],
    ['update', 'http_503', 'provider_busy', 2],
    ['update', 'http_401', 'channel_reconnect', 2],
    ['update', 'http_403_quota', 'provider_busy', 2],
    ['update', 'reset_before', 'provider_busy', 2],
    ['update', 'reset_after', 'provider_busy', 2],
  ] as const)('%s %s -> %s, each call made once', async (on, how, code, calls) => {
    const { update } = await uploaded();
    tube.google.misbehave({ on, how, times: 5 });
    const before = tube.google.calls.length;
    expect(await caught(update({ title: 'New' }))).toMatchObject({ code });
    expect(tube.google.calls.length - before).toBe(calls);
  });

  it('does not follow the wish of a project that YouTube keeps private', async () => {
    await tube.close();
    tube = await openYouTube({ projectLocked: true });
    const { publish, found } = await uploaded();
    await publish();
    expect(await found()).toMatchObject({ privacy: 'private' });
  });
});
