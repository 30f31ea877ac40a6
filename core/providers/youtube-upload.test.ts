import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { GoogleOptions } from '../../sandbox/google/google.ts';
import { serveRoutes } from '../../sandbox/http.ts';
import {
  caught,
  connect,
  film,
  metadata,
  openYouTube,
  stayOnLoopback,
  unit,
  upload,
  type YouTubeSandbox,
} from '../../test/kit/youtube.ts';
import { secondsUntilPacificMidnight } from '../pacific-day.ts';
import type { UploadMetadata } from '../ports/video-host.ts';
import { buildVideoResource, isOwnSession } from './youtube-upload.ts';
import { createYouTube } from './youtube.ts';

const total = film.length;
const sha256 = createHash('sha256').update(film).digest('hex');

stayOnLoopback();
let tube: YouTubeSandbox;
beforeEach(async () => {
  tube = await openYouTube();
});
afterEach(() => tube.close());

async function reopen(more: Partial<GoogleOptions>): Promise<void> {
  await tube.close();
  tube = await openYouTube(more);
}

async function startSession(more: Partial<UploadMetadata> = {}) {
  const { host } = tube;
  const { accessToken } = await connect(tube, 'upload');
  const session = await host.startUpload(accessToken, { ...metadata, ...more }, total);
  const send = (first: number, end: number) =>
    host.sendChunk(accessToken, session, film.subarray(first, end), first, total);
  const query = () => host.fetchUploadState(accessToken, session, total);
  return { accessToken, session, send, query };
}

describe('uploading', () => {
  it('sends three chunks that arrive byte for byte, with every declaration', async () => {
    const { accessToken, send, query } = await startSession();
    expect(await query()).toEqual({ kind: 'partial', nextByte: 0 });
    expect(await send(0, unit)).toEqual({ kind: 'partial', nextByte: unit });
    expect(await send(unit, 2 * unit)).toEqual({ kind: 'partial', nextByte: 2 * unit });
    const done = await send(2 * unit, total);
    const [video] = tube.google.videos;
    expect(done).toEqual({ kind: 'done', videoId: video?.id });
    const { title, description, tags } = metadata;
    const texts = { title, description, tags, categoryId: '28' };
    const settings = { privacy: 'private', publishAt: null, madeForKids: false };
    const declared = { syntheticMedia: true, notifySubscribers: false };
    expect(video).toMatchObject({ sha256, ...texts, ...settings, ...declared });
    const id = video?.id ?? '';
    const found = {
      id,
      title,
      description,
      privacy: 'private',
      publishAt: null,
      uploadStatus: 'uploaded',
      reason: null,
      uploadedAt: tube.clock.now(),
    };
    expect(await tube.host.fetchVideo(accessToken, id)).toEqual(found);
    tube.clock.advance(5000);
    const processed = { ...found, uploadStatus: 'processed' };
    expect(await tube.host.fetchVideo(accessToken, id)).toEqual(processed);
    expect(await tube.host.fetchVideo(accessToken, 'unknown')).toBeNull();
  });

  it.each([true, false])(
    'is private and declared as synthetic, for children: %s',
    (madeForKids) => {
      const resource = buildVideoResource({ ...metadata, madeForKids });
      expect(resource).toEqual({
        snippet: {
          title: metadata.title,
          description: metadata.description,
          tags: metadata.tags,
          categoryId: '28',
        },
        status: {
          privacyStatus: 'private',
          selfDeclaredMadeForKids: madeForKids,
          containsSyntheticMedia: true,
        },
      });
    },
  );

  it('goes on where the host is after a cut line', async () => {
    const { send, query } = await startSession();
    await send(0, unit);
    tube.google.misbehave({ on: 'chunk', how: 'reset_before', times: 1 });
    expect((await caught(send(unit, 2 * unit))).code).toBe('provider_busy');
    expect(await query()).toEqual({ kind: 'partial', nextByte: unit });
    tube.google.misbehave({ on: 'chunk', how: 'partial', times: 1 });
    expect(await send(unit, total)).toEqual({ kind: 'partial', nextByte: unit });
    expect(await send(unit, total)).toMatchObject({ kind: 'done' });
    expect(tube.google.videos[0]?.sha256).toBe(sha256);
  });

  it('learns from the session that the lost last answer was a success', async () => {
    const { send, query } = await startSession();
    tube.google.misbehave({ on: 'chunk', how: 'reset_after', times: 1 });
    expect((await caught(send(0, total))).code).toBe('provider_busy');
    expect(await query()).toEqual({ kind: 'done', videoId: tube.google.videos[0]?.id });
    expect(tube.google.videos).toHaveLength(1);
  });

  it('reports a session that is gone', async () => {
    const { send, query } = await startSession();
    tube.google.misbehave({ on: 'chunk', how: 'gone', times: 1 });
    expect(await send(0, unit)).toEqual({ kind: 'gone' });
    expect(await query()).toEqual({ kind: 'gone' });
  });

  it.each([
    ['start', 'http_401', 'channel_reconnect', undefined],
    ['start', 'http_429', 'provider_busy', 17],
    ['start', 'http_500', 'provider_busy', undefined],
    ['start', 'reset_before', 'provider_busy', undefined],
    ['start', 'http_403_quota', 'provider_busy', 12 * 3600],
    ['chunk', 'http_401', 'channel_reconnect', undefined],
    ['chunk', 'http_503', 'provider_busy', undefined],
    ['query', 'http_429', 'provider_busy', 17],
    ['videos', 'http_503', 'provider_busy', undefined],
    ['channels', 'http_500', 'provider_busy', undefined],
    ['token', 'http_503', 'provider_busy', undefined],
    ['token', 'invalid_grant', 'channel_reconnect', undefined],
  ] as const)('%s %s -> %s, after one call', async (on, how, code, retryAfterSeconds) => {
    const { google, host } = tube;
    const { accessToken, refreshToken = '' } = await connect(tube, 'upload');
    const session = await host.startUpload(accessToken, metadata, total);
    const before = google.calls.length;
    google.misbehave({ on, how, times: 5 });
    const calls = {
      start: () => host.startUpload(accessToken, metadata, total),
      chunk: () => host.sendChunk(accessToken, session, film, 0, total),
      query: () => host.fetchUploadState(accessToken, session, total),
      videos: () => host.fetchVideo(accessToken, 'x'),
      channels: () => host.fetchChannels(accessToken),
      token: () => host.refresh(refreshToken),
    };
    expect(await caught(calls[on]())).toMatchObject({ code, retryAfterSeconds });
    expect(google.calls.length - before).toBe(1);
  });

  it.each([
    [{ title: 'a'.repeat(101) }, 'invalidTitle', /title must have 1 to 100/u],
    [{ description: '字'.repeat(1667) }, 'invalidDescription', /5,000 bytes/u],
    [{ tags: ['a'.repeat(501)] }, 'invalidTags', /tags together/u],
    [{ categoryId: '21' }, 'invalidCategoryId', /category cannot be used/u],
  ])('says in plain words what YouTube refuses: %o', async (more, reason, words) => {
    const { accessToken } = await connect(tube, 'upload');
    const started = tube.host.startUpload(accessToken, { ...metadata, ...more }, total);
    const fault = await caught(started);
    expect(fault).toMatchObject({ code: 'publication_refused', params: { reason } });
    expect(fault.message).toMatch(words);
  });

  it('waits for midnight in California when the project is out of inserts', async () => {
    await reopen({ insertsPerDay: 1 });
    const { accessToken } = await startSession();
    const fault = await caught(tube.host.startUpload(accessToken, metadata, total));
    expect(fault.code).toBe('provider_busy');
    expect(fault.retryAfterSeconds).toBe(secondsUntilPacificMidnight(tube.clock.now()));
  });

  it('tells why a video failed', async () => {
    const { accessToken } = await connect(tube, 'upload');
    const text = Buffer.from('no film at all');
    const session = await tube.host.startUpload(accessToken, metadata, text.length);
    const done = await tube.host.sendChunk(accessToken, session, text, 0, text.length);
    tube.clock.advance(5000);
    const id = done.kind === 'done' ? done.videoId : '';
    const found = await tube.host.fetchVideo(accessToken, id);
    expect(found).toMatchObject({ uploadStatus: 'failed', reason: 'invalidFile' });
  });

  it('tells where to watch and where to change it', async () => {
    const { accessToken } = await connect(tube, 'upload');
    const id = await upload(tube, accessToken);
    expect((await fetch(tube.host.watchUrl(id))).status).toBe(200);
    expect(tube.host.studioUrl(id)).toBe(`https://studio.youtube.com/video/${id}/edit`);
    const live = createYouTube({ ...tube.settings, oauthUrl: null }, () => tube.clock.now());
    expect(live.watchUrl(id)).toBe(`https://www.youtube.com/watch?v=${id}`);
  });
});

describe('what must not leave', () => {
  it('never sends the token to a session on another host', async () => {
    const { accessToken } = await connect(tube, 'upload');
    const elsewhere = 'https://evil.example/upload/youtube/v3/videos?upload_id=1';
    const sent = tube.host.sendChunk(accessToken, elsewhere, film, 0, total);
    expect((await caught(sent)).code).toBe('provider_failed');
    const query = tube.host.fetchUploadState(accessToken, elsewhere, total);
    expect((await caught(query)).code).toBe('provider_failed');
  });

  it('refuses a session that the API places elsewhere', async () => {
    const location = 'http://127.0.0.1:1/upload?upload_id=1';
    const handle = () => ({ status: 200, headers: { location }, body: '' });
    const thief = await serveRoutes([{ method: 'POST', path: /\/.*/u, handle }], { status: 404 });
    const { accessToken } = await connect(tube, 'upload');
    const settings = { ...tube.settings, apiUrl: thief.url };
    const robbed = createYouTube(settings, () => tube.clock.now());
    const fault = await caught(robbed.startUpload(accessToken, metadata, total));
    await thief.close();
    expect(fault.code).toBe('provider_failed');
  });

  it.each([
    ['https://youtube.googleapis.com/upload/x', 'https://youtube.googleapis.com', true],
    ['https://www.googleapis.com/upload/x', 'https://youtube.googleapis.com', true],
    ['http://youtube.googleapis.com/upload/x', 'https://youtube.googleapis.com', false],
    ['https://youtube.googleapis.com.evil.example/x', 'https://youtube.googleapis.com', false],
    ['https://a@youtube.googleapis.com/x', 'https://youtube.googleapis.com', false],
    ['https://youtube.googleapis.com:444/x', 'https://youtube.googleapis.com', false],
    ['http://127.0.0.1:5/x', 'http://127.0.0.1:5/', true],
    ['http://127.0.0.1:6/x', 'http://127.0.0.1:5', false],
    ['https://www.googleapis.com/x', 'http://127.0.0.1:5', false],
    ['', 'http://127.0.0.1:5', false],
  ])('session %s for %s: %s', (session, api, own) => {
    expect(isOwnSession(session, api)).toBe(own);
  });
});
