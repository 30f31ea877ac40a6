import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../../sandbox/clock.ts';
import { consent, type ConsentChoice } from '../../sandbox/google/consent.ts';
import { startGoogle, type GoogleEmulator } from '../../sandbox/google/google.ts';
import { serveRoutes } from '../../sandbox/http.ts';
import { Fault } from '../fault.ts';
import {
  requiredScopes,
  viewsPerCall,
  type UploadMetadata,
  type VideoHost,
} from '../ports/video-host.ts';
import { secondsUntilPacificMidnight } from './google-quota-day.ts';
import { toVideoHostError } from './youtube-errors.ts';
import { buildVideoResource, isOwnSession } from './youtube-upload.ts';
import { createYouTube } from './youtube.ts';

const redirectUri = 'http://127.0.0.1:8787/callbacks/google';
const codeVerifier = 'v'.repeat(43);
const unit = 262_144;
const film = randomBytes(2 * unit + 777);
film.write('ftypisom', 4, 'latin1');
const total = film.length;
const sha256 = createHash('sha256').update(film).digest('hex');

const metadata: UploadMetadata = {
  title: '一分钟做拿铁',
  description: '慢镜头里的咖啡',
  tags: ['coffee', 'latte art'],
  categoryId: '28',
  privacy: 'unlisted',
  publishAt: null,
  madeForKids: false,
  notifySubscribers: false,
};

const clock = createManualClock(new Date('2026-11-22T20:00:00Z'));
let google: GoogleEmulator;
let host: VideoHost;
let folder: string;

beforeAll(() => {
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const settings = () => ({
  clientId: 'client',
  clientSecret: 'secret',
  oauthUrl: google.url,
  apiUrl: google.url,
});

async function open(more: { projectLocked?: boolean; insertsPerDay?: number } = {}) {
  folder = mkdtempSync(join(tmpdir(), 'youtube-'));
  google = await startGoogle({
    clock,
    clientId: 'client',
    clientSecret: 'secret',
    uploadFolder: folder,
    processingMs: 5000,
    ...more,
  });
  host = createYouTube(settings(), () => clock.now());
}

async function reopen(more: { projectLocked?: boolean; insertsPerDay?: number }) {
  await close();
  await open(more);
}

async function close() {
  await google.close();
  rmSync(folder, { recursive: true, force: true });
}

beforeEach(() => open());
afterEach(close);

async function connect(choice: ConsentChoice = {}) {
  const url = host.authorizationUrl({ state: 's', codeVerifier, redirectUri });
  const code = new URL(await consent(url, choice)).searchParams.get('code') ?? '';
  return host.exchangeCode({ code, codeVerifier, redirectUri });
}

async function caught(call: Promise<unknown>): Promise<Fault> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

async function startSession(more: Partial<UploadMetadata> = {}) {
  const { accessToken } = await connect();
  const session = await host.startUpload(accessToken, { ...metadata, ...more }, total);
  const send = (first: number, end: number) =>
    host.sendChunk(accessToken, session, film.subarray(first, end), first, total);
  const query = () => host.fetchUploadState(accessToken, session, total);
  return { accessToken, session, send, query };
}

describe('thumbnails', () => {
  const data = Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), randomBytes(5000)]);
  const picture = { data, contentType: 'image/jpeg' } as const;

  async function uploaded() {
    const { accessToken, send } = await startSession();
    const state = await send(0, total);
    if (state.kind !== 'done') throw new Error('not uploaded');
    const set = (id = state.videoId) => host.setThumbnail(accessToken, id, picture);
    const found = () => google.videos.find(({ id }) => id === state.videoId)?.thumbnail;
    return { set, found };
  }

  it('are sent as they are, and once more without harm', async () => {
    const { set, found } = await uploaded();
    await set();
    await set();
    const sha = createHash('sha256').update(data).digest('hex');
    expect(found()).toMatchObject({ sha256: sha, contentType: 'image/jpeg', times: 2 });
    expect(google.calls.at(-1)).toEqual({
      method: 'POST',
      path: '/upload/youtube/v3/thumbnails/set',
    });
  });

  it('are not for channels whose phone number is not confirmed', async () => {
    const { set, found } = await uploaded();
    for (const { id } of google.channels) google.verify(id, false);
    const { code, cause } = await caught(set());
    expect(code).toBe('thumbnail_not_allowed');
    expect(cause).toMatchObject({ message: 'YouTube answered 403: forbidden' });
    expect(found()).toBeNull();
  });

  it.each([
    ['http_429_upload', 'provider_busy'],
    ['http_503', 'provider_busy'],
    ['reset_before', 'provider_busy'],
    ['reset_after', 'provider_busy'],
    ['http_401', 'channel_reconnect'],
    ['http_403_quota', 'provider_busy'],
  ] as const)('that end in %s are %s, and tried once', async (how, code) => {
    const { set } = await uploaded();
    const before = google.calls.length;
    google.misbehave({ on: 'thumbnail', how, times: 1 });
    expect(await caught(set())).toMatchObject({ code });
    expect(google.calls.length - before).toBe(1);
  });

  it('of a video that is gone are refused', async () => {
    const { set } = await uploaded();
    expect(await caught(set('none'))).toMatchObject({
      code: 'publication_refused',
      params: { reason: 'it does not know this video any more' },
    });
  });
});

describe('connecting', () => {
  it('asks for offline access with PKCE and consent', () => {
    const url = new URL(host.authorizationUrl({ state: 'abc', codeVerifier, redirectUri }));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: requiredScopes.join(' '),
      state: 'abc',
      access_type: 'offline',
      prompt: 'consent',
      include_granted_scopes: 'true',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  it("goes to Google's own pages when no address is set", () => {
    const live = createYouTube({ ...settings(), oauthUrl: null }, () => clock.now());
    const url = new URL(live.authorizationUrl({ state: 'abc', codeVerifier, redirectUri }));
    expect(url.origin + url.pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth');
  });

  it('exchanges the code; times come from the given clock', async () => {
    const tokens = await connect();
    expect(tokens).toMatchObject({ scopes: [...requiredScopes] });
    expect(tokens.refreshToken).toMatch(/^1\/\//u);
    expect(tokens.expiresAt.getTime()).toBe(clock.now().getTime() + 3_599_000);
  });

  it('reports the scopes that a person left ticked', async () => {
    const tokens = await connect({ scopes: [requiredScopes[1]] });
    expect(tokens.scopes).toEqual([requiredScopes[1]]);
    const fault = await caught(host.startUpload(tokens.accessToken, metadata, total));
    expect(fault.code).toBe('channel_scope_missing');
  });

  it('refuses another verifier and a used code', async () => {
    const url = host.authorizationUrl({ state: 's', codeVerifier, redirectUri });
    const code = new URL(await consent(url)).searchParams.get('code') ?? '';
    const wrong = { code, codeVerifier: 'w'.repeat(43), redirectUri };
    expect((await caught(host.exchangeCode(wrong))).code).toBe('channel_reconnect');
    const second = new URL(await consent(url)).searchParams.get('code') ?? '';
    await host.exchangeCode({ code: second, codeVerifier, redirectUri });
    const again = host.exchangeCode({ code: second, codeVerifier, redirectUri });
    expect((await caught(again)).code).toBe('channel_reconnect');
  });

  it('asks for tokens once, even when the answer is lost', async () => {
    google.misbehave({ on: 'token', how: 'reset_after', times: 1 });
    expect((await caught(connect())).code).toBe('provider_busy');
    expect(google.calls.filter(({ path }) => path === '/token')).toHaveLength(1);
  });

  it('blames the operator for a wrong secret', async () => {
    host = createYouTube({ ...settings(), clientSecret: 'wrong' }, () => clock.now());
    expect((await caught(connect())).code).toBe('provider_locked');
  });

  it('refreshes without repeating the refresh token', async () => {
    const { refreshToken = '', accessToken } = await connect();
    const fresh = await host.refresh(refreshToken);
    expect(fresh.accessToken).not.toBe(accessToken);
    expect(fresh).not.toHaveProperty('refreshToken');
    expect(await host.fetchChannels(fresh.accessToken)).toHaveLength(1);
  });

  it('says reconnect when the person took the access away', async () => {
    const { refreshToken = '', accessToken } = await connect();
    google.removeAccess();
    expect((await caught(host.refresh(refreshToken))).code).toBe('channel_reconnect');
    expect((await caught(host.fetchChannels(accessToken))).code).toBe('channel_reconnect');
  });

  it('lists the chosen channel, or none', async () => {
    const { accessToken } = await connect({ channel: '城市慢镜头' });
    expect(await host.fetchChannels(accessToken)).toEqual([
      { id: 'UCjiloSandbox0000000002B', title: '城市慢镜头', handle: '@chengshi-slow' },
    ]);
    const nobody = await connect({ channel: 'none' });
    expect(await host.fetchChannels(nobody.accessToken)).toEqual([]);
    const fault = await caught(host.startUpload(nobody.accessToken, metadata, total));
    expect(fault.message).toContain('has no YouTube channel');
  });
});

describe('uploading', () => {
  it('sends three chunks that arrive byte for byte, with every declaration', async () => {
    const { accessToken, send, query } = await startSession();
    expect(await query()).toEqual({ kind: 'partial', nextByte: 0 });
    expect(await send(0, unit)).toEqual({ kind: 'partial', nextByte: unit });
    expect(await send(unit, 2 * unit)).toEqual({ kind: 'partial', nextByte: 2 * unit });
    const done = await send(2 * unit, total);
    const [video] = google.videos;
    expect(done).toEqual({ kind: 'done', videoId: video?.id });
    expect(video).toMatchObject({
      sha256,
      title: metadata.title,
      description: metadata.description,
      tags: metadata.tags,
      categoryId: '28',
      privacy: 'unlisted',
      madeForKids: false,
      syntheticMedia: true,
      notifySubscribers: false,
    });
    expect(await host.fetchVideo(accessToken, video?.id ?? '')).toEqual({
      id: video?.id,
      privacy: 'unlisted',
      uploadStatus: 'uploaded',
      reason: null,
      publishAt: null,
    });
    clock.advance(5000);
    expect(await host.fetchVideo(accessToken, video?.id ?? '')).toMatchObject({
      uploadStatus: 'processed',
    });
  });

  it('goes on where the host is after a cut line', async () => {
    const { send, query } = await startSession();
    await send(0, unit);
    google.misbehave({ on: 'chunk', how: 'reset_before', times: 1 });
    expect((await caught(send(unit, 2 * unit))).code).toBe('provider_busy');
    expect(await query()).toEqual({ kind: 'partial', nextByte: unit });
    google.misbehave({ on: 'chunk', how: 'partial', times: 1 });
    expect(await send(unit, total)).toEqual({ kind: 'partial', nextByte: unit });
    expect(await send(unit, total)).toMatchObject({ kind: 'done' });
    expect(google.videos[0]?.sha256).toBe(sha256);
  });

  it('learns from the session that the lost last answer was a success', async () => {
    const { send, query } = await startSession();
    google.misbehave({ on: 'chunk', how: 'reset_after', times: 1 });
    expect((await caught(send(0, total))).code).toBe('provider_busy');
    expect(await query()).toEqual({ kind: 'done', videoId: google.videos[0]?.id });
    expect(google.videos).toHaveLength(1);
  });

  it('reports a session that is gone', async () => {
    const { send, query } = await startSession();
    google.misbehave({ on: 'chunk', how: 'gone', times: 1 });
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
    const { accessToken, refreshToken = '' } = await connect();
    const session = await host.startUpload(accessToken, metadata, total);
    const fresh = createYouTube(settings(), () => new Date('2026-11-22T20:00:00Z'));
    const before = google.calls.length;
    google.misbehave({ on, how, times: 5 });
    const calls = {
      start: () => fresh.startUpload(accessToken, metadata, total),
      chunk: () => fresh.sendChunk(accessToken, session, film, 0, total),
      query: () => fresh.fetchUploadState(accessToken, session, total),
      videos: () => fresh.fetchVideo(accessToken, 'x'),
      channels: () => fresh.fetchChannels(accessToken),
      token: () => fresh.refresh(refreshToken),
    };
    const fault = await caught(calls[on]());
    expect(fault).toMatchObject({ code, retryAfterSeconds });
    expect(google.calls.length - before).toBe(1);
  });

  it.each([
    [{ title: 'a'.repeat(101) }, /title must have 1 to 100/u],
    [{ description: '字'.repeat(1667) }, /5,000 bytes/u],
    [{ tags: ['a'.repeat(501)] }, /tags together/u],
    [{ categoryId: '21' }, /category cannot be used/u],
    [{ publishAt: new Date('2020-01-01T00:00:00Z') }, /publishing time must be in the future/u],
  ])('says in plain words what YouTube refuses: %o', async (more, words) => {
    const { accessToken } = await connect();
    const fault = await caught(host.startUpload(accessToken, { ...metadata, ...more }, total));
    expect(fault.code).toBe('publication_refused');
    expect(fault.message).toMatch(words);
  });

  it('waits for midnight in California when the project is out of inserts', async () => {
    await reopen({ insertsPerDay: 1 });
    const { accessToken } = await startSession();
    const fault = await caught(host.startUpload(accessToken, metadata, total));
    expect(fault.code).toBe('provider_busy');
    expect(fault.retryAfterSeconds).toBe(secondsUntilPacificMidnight(clock.now()));
  });

  it('reads the true visibility of an unaudited project', async () => {
    await reopen({ projectLocked: true });
    const { accessToken, send } = await startSession({ privacy: 'public' });
    const done = await send(0, total);
    const id = done.kind === 'done' ? done.videoId : '';
    expect(await host.fetchVideo(accessToken, id)).toMatchObject({ privacy: 'private' });
  });

  it('schedules as private and reads the schedule', async () => {
    const publishAt = new Date(clock.now().getTime() + 3_600_000);
    const { accessToken, send } = await startSession({ privacy: 'public', publishAt });
    const done = await send(0, total);
    const id = done.kind === 'done' ? done.videoId : '';
    expect(await host.fetchVideo(accessToken, id)).toMatchObject({ privacy: 'private', publishAt });
    expect(await host.fetchVideo(accessToken, 'unknown')).toBeNull();
  });

  it('tells why a video failed', async () => {
    const { accessToken } = await connect();
    const text = Buffer.from('no film at all');
    const session = await host.startUpload(accessToken, metadata, text.length);
    const done = await host.sendChunk(accessToken, session, text, 0, text.length);
    clock.advance(5000);
    const id = done.kind === 'done' ? done.videoId : '';
    expect(await host.fetchVideo(accessToken, id)).toMatchObject({
      uploadStatus: 'failed',
      reason: 'invalidFile',
    });
  });
});

describe('views', () => {
  async function publicVideo(): Promise<{ accessToken: string; id: string }> {
    const { accessToken, send } = await startSession({ privacy: 'public' });
    const state = await send(0, total);
    if (state.kind !== 'done') throw new Error('not uploaded');
    return { accessToken, id: state.videoId };
  }

  it('are numbers, for many videos in one call', async () => {
    const { accessToken, id } = await publicVideo();
    const other = (await publicVideo()).id;
    clock.advance(3_000_000);
    const before = google.calls.length;
    const views = await host.fetchViews(accessToken, [id, other, 'unknown']);
    const countOf = (video: string): number => {
      const { statistics } = google.videos.find((known) => known.id === video) ?? {};
      return Number(z.object({ viewCount: z.string() }).parse(statistics).viewCount);
    };
    expect(views).toEqual(
      new Map([
        [id, countOf(id)],
        [other, countOf(other)],
      ]),
    );
    expect(views.get(id)).toBeGreaterThan(0);
    expect(google.calls.slice(before)).toEqual([{ method: 'GET', path: '/youtube/v3/videos' }]);
  });

  it('are absent where they are hidden, and where the video is gone', async () => {
    const { accessToken, id } = await publicVideo();
    google.hideCounts(id, true);
    expect(await host.fetchViews(accessToken, [id])).toEqual(new Map());
    google.deleteVideo(id);
    expect(await host.fetchViews(accessToken, [id])).toEqual(new Map());
  });

  it('are asked of fifty videos, and refused for more', async () => {
    const { accessToken, id } = await publicVideo();
    const ids = [id, ...Array.from({ length: viewsPerCall - 1 }, (_, index) => `none${index}`)];
    expect(await host.fetchViews(accessToken, ids)).toEqual(new Map([[id, 0]]));
    const { code } = await caught(host.fetchViews(accessToken, [...ids, 'one-more']));
    expect(code).toBe('publication_refused');
  });

  it.each([
    ['0', 0],
    ['999999999999999', 999_999_999_999_999],
    ['1000000000000000', undefined],
    ['12.5', undefined],
    ['-1', undefined],
    ['', undefined],
    [12, undefined],
    [null, undefined],
  ])('are never guessed: %j', async (viewCount, expected) => {
    const items = [{ id: 'a', statistics: { viewCount } }, { id: 'b' }];
    const handle = () => ({ status: 200, body: { items } });
    const odd = await serveRoutes([{ method: 'GET', path: /\/.*/u, handle }], { status: 404 });
    try {
      const strange = createYouTube({ ...settings(), apiUrl: odd.url }, () => clock.now());
      const views = await strange.fetchViews('token', ['a', 'b']);
      expect(views.get('a')).toBe(expected);
      expect(views.has('b')).toBe(false);
    } finally {
      await odd.close();
    }
  });
});

describe('what must not leave', () => {
  it('never sends the token to a session on another host', async () => {
    const { accessToken } = await connect();
    const elsewhere = 'https://evil.example/upload/youtube/v3/videos?upload_id=1';
    const sent = host.sendChunk(accessToken, elsewhere, film, 0, total);
    expect((await caught(sent)).code).toBe('provider_failed');
    const asked = host.fetchUploadState(accessToken, elsewhere, total);
    expect((await caught(asked)).code).toBe('provider_failed');
  });

  it('refuses a session that the API places elsewhere', async () => {
    const thief = createServer((_request, response) => {
      response.writeHead(200, { location: 'http://127.0.0.1:1/upload?upload_id=1' }).end();
    });
    await new Promise<void>((resolve) => {
      thief.listen(0, '127.0.0.1', resolve);
    });
    const address = thief.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { accessToken } = await connect();
    const robbed = createYouTube({ ...settings(), apiUrl: `http://127.0.0.1:${port}` }, () =>
      clock.now(),
    );
    const fault = await caught(robbed.startUpload(accessToken, metadata, total));
    thief.close();
    thief.closeAllConnections();
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

  it('keeps tokens and addresses out of the cause', async () => {
    const { refreshToken = '' } = await connect();
    google.removeAccess();
    const fault = await caught(host.refresh(refreshToken));
    const { cause } = fault;
    expect(cause instanceof Error && Object.keys(cause)).toEqual([]);
    expect(String(cause)).toBe('Error: YouTube answered 400: invalid_grant');
  });
});

const failed = (status: number, reason: string, headers = {}) => ({
  config: {},
  response: {
    status,
    headers: new Headers(headers),
    data: { error: { code: status, message: 'ignore previous', errors: [{ reason }] } },
  },
});

describe('errors', () => {
  const now = new Date('2026-11-22T20:00:00Z');

  it.each([
    [failed(403, 'forbiddenPrivacySetting'), 'publication_refused'],
    [failed(400, 'uploadLimitExceeded'), 'publication_refused'],
    [failed(403, 'somethingNew'), 'publication_refused'],
    [failed(403, 'accessNotConfigured'), 'provider_locked'],
    [failed(403, 'userRateLimitExceeded'), 'provider_busy'],
    [failed(401, 'authError'), 'channel_reconnect'],
    [failed(401, 'youtubeSignupRequired'), 'publication_refused'],
    [failed(408, 'x'), 'provider_busy'],
    [{ config: {}, code: 'ECONNRESET' }, 'provider_busy'],
  ])('%o -> %s, never in their words', (error, code) => {
    const fault = toVideoHostError(error, now);
    expect(fault).toMatchObject({ code });
    expect(String(fault)).not.toContain('ignore previous');
  });

  it('reads Retry-After as a date', () => {
    const error = failed(503, 'x', { 'retry-after': 'Sun, 22 Nov 2026 20:01:30 GMT' });
    expect(toVideoHostError(error, now)).toMatchObject({ retryAfterSeconds: 90 });
  });

  it('leaves what is no failed call alone', () => {
    const defect = new TypeError('ours');
    expect(toVideoHostError(defect, now)).toBe(defect);
  });

  it.each([
    ['2026-11-22T20:00:00Z', 12 * 3600],
    ['2026-07-01T20:00:00Z', 11 * 3600],
    ['2026-11-23T07:59:59Z', 1],
    ['2026-11-23T08:00:00Z', 24 * 3600],
    // The day the clocks go forward has 23 hours, the day they go back 25.
    ['2026-03-08T08:00:00Z', 23 * 3600],
    ['2026-11-01T07:00:00Z', 25 * 3600],
  ])('midnight in California is %s + %i s', (at, seconds) => {
    expect(secondsUntilPacificMidnight(new Date(at))).toBe(seconds);
  });

  it('declares every video as synthetic', () => {
    expect(buildVideoResource({ ...metadata, madeForKids: true })).toMatchObject({
      status: {
        containsSyntheticMedia: true,
        selfDeclaredMadeForKids: true,
        privacyStatus: 'unlisted',
      },
    });
  });
});
