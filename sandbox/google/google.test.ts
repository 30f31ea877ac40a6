import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../clock.ts';
import { consent } from './consent.ts';
import { startGoogle, type GoogleEmulator, type GoogleOptions } from './google.ts';

const scopes = [
  'https://www.googleapis.com/auth/youtube.upload',
  'https://www.googleapis.com/auth/youtube.readonly',
];
const redirectUri = 'http://localhost:8787/callbacks/google';
const verifier = 'v'.repeat(64);
const challenge = createHash('sha256').update(verifier).digest('base64url');
const clock = createManualClock(new Date('2026-11-22T20:00:00Z'));

const opened: { emulator: GoogleEmulator; folder: string }[] = [];

async function open(more: Partial<GoogleOptions> = {}): Promise<GoogleEmulator> {
  const folder = mkdtempSync(join(tmpdir(), 'google-'));
  const emulator = await startGoogle({
    clock,
    clientId: 'client',
    clientSecret: 'secret',
    uploadFolder: join(folder, 'uploads'),
    processingMs: 5000,
    ...more,
  });
  opened.push({ emulator, folder });
  return emulator;
}

afterEach(async () => {
  for (const { emulator, folder } of opened.splice(0)) {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

function authorizationUrl(emulator: GoogleEmulator, more: Record<string, string | null> = {}) {
  const url = new URL('/o/oauth2/v2/auth', emulator.url);
  const query = {
    client_id: 'client',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes.join(' '),
    state: 'st<a>te',
    access_type: 'offline',
    prompt: 'consent',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  };
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href;
}

const answerSchema = z.looseObject({
  access_token: z.string().optional(),
  refresh_token: z.string().optional(),
  expires_in: z.number().optional(),
  refresh_token_expires_in: z.number().optional(),
  scope: z.string().optional(),
  error: z.unknown().optional(),
  error_description: z.string().optional(),
});

async function postToken(emulator: GoogleEmulator, form: Record<string, string>) {
  const response = await fetch(`${emulator.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'client', client_secret: 'secret', ...form }),
  });
  return { status: response.status, body: answerSchema.parse(await response.json()) };
}

const codeOf = (back: string): string => new URL(back).searchParams.get('code') ?? '';

const redeem = (emulator: GoogleEmulator, code: string, more: Record<string, string> = {}) =>
  postToken(emulator, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...more,
  });

async function signIn(emulator: GoogleEmulator, choice = {}): Promise<string> {
  const { body } = await redeem(
    emulator,
    codeOf(await consent(authorizationUrl(emulator), choice)),
  );
  return body.access_token ?? '';
}

type Start = {
  body?: object;
  headers?: Record<string, string>;
  query?: string;
};

const resource = (snippet: object = {}, status: object = {}) => ({
  snippet: { title: 'A title', categoryId: '28', ...snippet },
  status: { privacyStatus: 'private', ...status },
});

async function start(emulator: GoogleEmulator, token: string, { body, headers, query }: Start) {
  const response = await fetch(
    `${emulator.url}/upload/youtube/v3/videos?${query ?? 'uploadType=resumable&part=snippet&part=status'}`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json; charset=UTF-8',
        ...headers,
      },
      body: JSON.stringify(body ?? resource()),
    },
  );
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location'),
    reason: text === '' ? null : reasonOf(JSON.parse(text)),
  };
}

const reasonOf = (body: unknown): string | undefined =>
  z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) }).parse(body)
    .error.errors[0]?.reason;

async function put(
  url: string | null,
  token: string,
  body: Buffer,
  range?: string,
): Promise<{ status: number; range: string | null; text: string }> {
  const response = await fetch(url ?? '', {
    method: 'PUT',
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${token}`,
      ...(range === undefined ? {} : { 'content-range': range }),
    },
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
  return {
    status: response.status,
    range: response.headers.get('range'),
    text: await response.text(),
  };
}

const mp4 = (size: number): Buffer => {
  const bytes = randomBytes(size);
  bytes.write('ftypisom', 4, 'latin1');
  return bytes;
};
const unit = 262_144;

describe('consent', () => {
  it('sends the browser back with code, state and the granted scopes', async () => {
    const emulator = await open();
    const back = new URL(await consent(authorizationUrl(emulator)));
    expect(back.origin + back.pathname).toBe(redirectUri);
    expect(back.searchParams.get('state')).toBe('st<a>te');
    expect(back.searchParams.get('scope')).toBe(scopes.join(' '));
  });

  it('sends the browser back with access_denied', async () => {
    const emulator = await open();
    const back = new URL(await consent(authorizationUrl(emulator), { decision: 'deny' }));
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      state: 'st<a>te',
    });
  });

  it.each([
    ['client_id', 'other', /invalid_client/u],
    ['redirect_uri', null, /redirect_uri/u],
    ['redirect_uri', 'http://example.com/back', /redirect_uri_mismatch/u],
    ['redirect_uri', 'javascript:alert(1)', /redirect_uri_mismatch/u],
    ['response_type', 'token', /response_type/u],
    ['response_type', null, /response_type/u],
    ['scope', ' ', /scope/u],
    ['code_challenge_method', 'plain', /S256/u],
    ['code_challenge', 'short', /base64url/u],
    ['code_challenge', null, /code_challenge is missing/u],
  ])('shows an error page for %s = %s', async (name, value, problem) => {
    const emulator = await open();
    await expect(consent(authorizationUrl(emulator, { [name]: value }))).rejects.toThrow(problem);
  });

  it('escapes what the request carries', async () => {
    const emulator = await open();
    const page = await fetch(authorizationUrl(emulator, { state: '"><script>x' }));
    expect(await page.text()).not.toContain('<script>');
  });
});

describe('tokens', () => {
  it('grants access and refresh tokens once per code', async () => {
    const emulator = await open();
    const code = codeOf(await consent(authorizationUrl(emulator)));
    const first = await redeem(emulator, code);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
    expect(first.body.refresh_token).toMatch(/^1\/\//u);
    expect(first.body.refresh_token_expires_in).toBeUndefined();
    const again = await redeem(emulator, code);
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it.each([
    [{ code_verifier: 'w'.repeat(64) }, 400, 'invalid_grant'],
    [{ code_verifier: '' }, 400, 'invalid_grant'],
    [{ redirect_uri: `${redirectUri}/` }, 400, 'redirect_uri_mismatch'],
    [{ client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ client_id: 'wrong' }, 401, 'invalid_client'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuses %o', async (more, status, error) => {
    const emulator = await open();
    const code = codeOf(await consent(authorizationUrl(emulator)));
    expect(await redeem(emulator, code, more)).toMatchObject({ status, body: { error } });
  });

  it.each([
    [599_999, 200],
    [600_000, 400],
  ])('accepts a code after %i ms with %i', async (wait, status) => {
    const emulator = await open();
    const code = codeOf(await consent(authorizationUrl(emulator)));
    clock.advance(wait);
    expect((await redeem(emulator, code)).status).toBe(status);
  });

  it('gives a refresh token only for offline access', async () => {
    const emulator = await open();
    const url = authorizationUrl(emulator, { access_type: null });
    const { body } = await redeem(emulator, codeOf(await consent(url)));
    expect(body.refresh_token).toBeUndefined();
  });

  it('gives no second refresh token without prompt=consent', async () => {
    const emulator = await open();
    await signIn(emulator);
    const url = authorizationUrl(emulator, { prompt: null });
    const { body } = await redeem(emulator, codeOf(await consent(url)));
    expect(body.refresh_token).toBeUndefined();
  });

  it('reports the scopes that stayed ticked', async () => {
    const emulator = await open();
    const back = await consent(authorizationUrl(emulator), { scopes: scopes.slice(1) });
    const { body } = await redeem(emulator, codeOf(back));
    expect(body.scope).toBe(scopes[1]);
  });

  it('ends refresh tokens after seven days while testing', async () => {
    const emulator = await open({ testing: true });
    const { body } = await redeem(emulator, codeOf(await consent(authorizationUrl(emulator))));
    expect(body.refresh_token_expires_in).toBe(604_800);
    const again = { grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' };
    expect((await postToken(emulator, again)).status).toBe(200);
    clock.advance(7 * 86_400_000);
    expect(await postToken(emulator, again)).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: 'Token has been expired or revoked.',
      },
    });
  });

  it('revokes a grant with everything issued from it', async () => {
    const emulator = await open();
    const { body } = await redeem(emulator, codeOf(await consent(authorizationUrl(emulator))));
    const revoke = () =>
      fetch(`${emulator.url}/revoke?token=${encodeURIComponent(body.refresh_token ?? '')}`, {
        method: 'POST',
      });
    expect((await revoke()).status).toBe(200);
    expect((await revoke()).status).toBe(400);
    expect(await start(emulator, body.access_token ?? '', {})).toMatchObject({ status: 401 });
  });
});

describe('metadata', () => {
  const zh = '字';
  it.each([
    ['title 99', { title: 'a'.repeat(99) }, null],
    ['title 100', { title: 'a'.repeat(100) }, null],
    ['title 100 emoji', { title: '🎬'.repeat(100) }, null],
    ['title 101', { title: 'a'.repeat(101) }, 'invalidTitle'],
    ['title empty', { title: ' ' }, 'invalidTitle'],
    ['title <', { title: 'a<b' }, 'invalidTitle'],
    ['description 4999 bytes', { description: 'a'.repeat(4999) }, null],
    ['description 5000 bytes', { description: 'a'.repeat(5000) }, null],
    ['description 5001 bytes', { description: 'a'.repeat(5001) }, 'invalidDescription'],
    ['description 1666 Chinese', { description: zh.repeat(1666) }, null],
    ['description 5000 bytes Chinese', { description: `${zh.repeat(1666)}ab` }, null],
    ['description 1667 Chinese', { description: zh.repeat(1667) }, 'invalidDescription'],
    ['description >', { description: 'a>b' }, 'invalidDescription'],
    ['tags 499', { tags: ['a'.repeat(249), 'b'.repeat(249)] }, null],
    ['tags 500', { tags: ['a'.repeat(250), 'b'.repeat(249)] }, null],
    ['tags 501', { tags: ['a'.repeat(250), 'b'.repeat(250)] }, 'invalidTags'],
    ['tag with a space 500', { tags: [`${'a'.repeat(248)} ${'b'.repeat(249)}`] }, null],
    ['tag with a space 501', { tags: [`${'a'.repeat(249)} ${'b'.repeat(249)}`] }, 'invalidTags'],
    ['category', { categoryId: '21' }, 'invalidCategoryId'],
  ])('%s', async (_name, snippet, reason) => {
    const emulator = await open();
    const token = await signIn(emulator);
    const answer = await start(emulator, token, { body: resource(snippet) });
    expect(answer).toMatchObject({ status: reason ? 400 : 200, reason });
  });

  it.each([
    ['now', 0, 'private', 'invalidPublishAt'],
    ['one ms ahead', 1, 'private', null],
    ['public', 60_000, 'public', 'invalidPublishAt'],
    ['unlisted', 60_000, 'unlisted', 'invalidPublishAt'],
  ])('publishAt %s', async (_name, aheadMs, privacyStatus, reason) => {
    const emulator = await open();
    const token = await signIn(emulator);
    const publishAt = new Date(clock.now().getTime() + aheadMs).toISOString();
    const body = resource({}, { privacyStatus, publishAt });
    expect((await start(emulator, token, { body })).reason).toBe(reason);
  });

  it.each([
    [{ 'x-upload-content-type': 'text/plain' }, 400, 'badContent'],
    [{ 'x-upload-content-type': 'application/octet-stream' }, 200, null],
    [{ 'x-upload-content-length': '-1' }, 400, 'badRequest'],
    [{ 'x-upload-content-length': String(256 * 1024 ** 3) }, 200, null],
    [{ 'x-upload-content-length': String(256 * 1024 ** 3 + 1) }, 413, 'uploadTooLarge'],
    [{ 'content-type': 'text/plain' }, 400, 'badContent'],
  ])('headers %o', async (headers: Record<string, string>, status, reason) => {
    const emulator = await open();
    const token = await signIn(emulator);
    expect(await start(emulator, token, { headers })).toMatchObject({ status, reason });
  });

  it.each([
    ['uploadType=media&part=snippet,status', 'invalidParameter'],
    ['uploadType=resumable&part=snippet', 'unexpectedPart'],
    ['uploadType=resumable', 'unexpectedPart'],
    ['uploadType=resumable&part=snippet,status', null],
  ])('query %s', async (query, reason) => {
    const emulator = await open();
    const token = await signIn(emulator);
    expect((await start(emulator, token, { query })).reason).toBe(reason);
  });
});

describe('who may upload', () => {
  it('refuses no token, a run-out token, a missing scope and an account without a channel', async () => {
    const emulator = await open();
    expect(await start(emulator, 'nobody', {})).toMatchObject({ status: 401, reason: 'authError' });
    const reader = await signIn(emulator, { scopes: scopes.slice(1) });
    expect(await start(emulator, reader, {})).toMatchObject({
      status: 403,
      reason: 'insufficientPermissions',
    });
    const homeless = await signIn(emulator, { channel: 'none' });
    expect(await start(emulator, homeless, {})).toMatchObject({
      status: 401,
      reason: 'youtubeSignupRequired',
    });
    const token = await signIn(emulator, { channel: '城市慢镜头' });
    clock.advance(3_598_999);
    expect((await start(emulator, token, {})).status).toBe(200);
    clock.advance(1);
    expect((await start(emulator, token, {})).status).toBe(401);
  });

  it('allows 100 inserts per Pacific day', async () => {
    const emulator = await open();
    const token = await signIn(emulator);
    for (let count = 0; count < 100; count += 1) {
      expect((await start(emulator, token, {})).status).toBe(200);
    }
    expect(await start(emulator, token, {})).toMatchObject({
      status: 403,
      reason: 'quotaExceeded',
    });
    expect(emulator.sessionsStarted).toBe(100);
    clock.advance(86_400_000);
    const tomorrow = await signIn(emulator);
    expect((await start(emulator, tomorrow, {})).status).toBe(200);
  });

  it('limits one channel where told to', async () => {
    const emulator = await open({ uploadsPerChannelPerDay: 1 });
    const token = await signIn(emulator);
    const { location } = await start(emulator, token, {});
    expect((await put(location, token, mp4(1000))).status).toBe(200);
    expect((await start(emulator, token, {})).reason).toBe('uploadLimitExceeded');
    const other = await signIn(emulator, { channel: '城市慢镜头' });
    expect((await start(emulator, other, {})).status).toBe(200);
  });
});

describe('upload', () => {
  const bytes = mp4(2 * unit + 1000);
  const total = bytes.length;

  async function session(more: Partial<GoogleOptions> = {}) {
    const emulator = await open(more);
    const token = await signIn(emulator);
    const headers = { 'x-upload-content-length': String(total) };
    const body = resource({}, { containsSyntheticMedia: true, privacyStatus: 'public' });
    const { location } = await start(emulator, token, { headers, body });
    const send = (first: number, end: number, of: number | string = total) =>
      put(location, token, bytes.subarray(first, end), `bytes ${first}-${end - 1}/${of}`);
    const query = () => put(location, token, Buffer.alloc(0), `bytes */${total}`);
    return { emulator, token, location, send, query };
  }

  it('takes three chunks and keeps them byte for byte', async () => {
    const { emulator, send, query } = await session();
    expect(await query()).toMatchObject({ status: 308, range: null });
    expect(await send(0, unit)).toMatchObject({ status: 308, range: `bytes=0-${unit - 1}` });
    expect(await query()).toMatchObject({ status: 308, range: `bytes=0-${unit - 1}` });
    expect(await send(unit, 2 * unit)).toMatchObject({ range: `bytes=0-${2 * unit - 1}` });
    expect((await send(2 * unit, total)).status).toBe(200);
    expect((await query()).status).toBe(200);
    expect(emulator.videos).toHaveLength(1);
    expect(emulator.videos[0]).toMatchObject({
      bytes: total,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      syntheticMedia: true,
      privacy: 'public',
    });
    expect(readFileSync(emulator.videos[0]?.file ?? '').equals(bytes)).toBe(true);
  });

  it('refuses odd chunks, gaps, wrong totals and lengths; skips bytes it has', async () => {
    const { send, location, token } = await session();
    expect((await send(0, unit - 1)).status).toBe(400);
    expect((await send(0, unit + 1)).status).toBe(400);
    expect((await send(unit, 2 * unit)).status).toBe(400);
    expect((await send(0, unit, total + 1)).status).toBe(400);
    const lying = await put(location, token, bytes.subarray(0, unit), `bytes 0-${unit}/${total}`);
    expect(lying.status).toBe(400);
    expect((await send(0, unit)).status).toBe(308);
    expect(await send(0, 2 * unit)).toMatchObject({ range: `bytes=0-${2 * unit - 1}` });
  });

  it('knows neither a made-up nor a cancelled nor a week-old session', async () => {
    const { emulator, token, location, query } = await session();
    expect((await put(`${location}x`, token, Buffer.alloc(0), 'bytes */5')).status).toBe(404);
    clock.advance(7 * 86_400_000);
    const later = await signIn(emulator);
    expect((await put(location, later, Buffer.alloc(0), `bytes */${total}`)).status).toBe(404);
    expect((await query()).status).toBe(401);
    const fresh = await start(emulator, later, {});
    const headers = { authorization: `Bearer ${later}` };
    const cancelled = await fetch(fresh.location ?? '', { method: 'DELETE', headers });
    expect(cancelled.status).toBe(499);
    expect((await put(fresh.location, later, Buffer.alloc(0), 'bytes */5')).status).toBe(404);
  });

  it('keeps a session from another channel', async () => {
    const { emulator, location } = await session();
    const other = await signIn(emulator, { channel: '城市慢镜头' });
    expect((await put(location, other, Buffer.alloc(0), `bytes */${total}`)).status).toBe(403);
  });

  it('goes on after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'google-'));
    const kept = { stateFile: join(folder, 'state.json'), uploadFolder: join(folder, 'up') };
    const { emulator, send, token, location } = await session(kept);
    await send(0, unit);
    await emulator.close();
    const revived = await open(kept);
    expect(revived.url).toBe(emulator.url);
    // fetch may still hold a connection to the closed one.
    await fetch(revived.url).catch(() => null);
    const rest = bytes.subarray(unit);
    const answer = await put(location, token, rest, `bytes ${unit}-${total - 1}/${total}`);
    expect(answer.status).toBe(200);
    await revived.close();
    const third = await open(kept);
    expect(third.videos[0]?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['partial', 308],
    ['gone', 404],
    ['http_401', 401],
    ['http_403_quota', 403],
    ['http_429', 429],
    ['http_500', 500],
    ['http_503', 503],
  ] as const)('misbehaves: %s', async (how, status) => {
    const { emulator, send } = await session();
    emulator.misbehave({ on: 'chunk', how, times: 1, after: 1 });
    expect((await send(0, unit)).status).toBe(308);
    expect((await send(unit, total)).status).toBe(status);
  });

  it('cuts the line before and after the last chunk', async () => {
    const { emulator, send, query } = await session();
    emulator.misbehave({ on: 'chunk', how: 'reset_before', times: 1 });
    emulator.misbehave({ on: 'chunk', how: 'reset_after', times: 1 });
    await expect(send(0, total)).rejects.toThrow('fetch failed');
    expect(emulator.videos).toHaveLength(0);
    await expect(send(0, total)).rejects.toThrow('fetch failed');
    expect(emulator.videos).toHaveLength(1);
    expect((await query()).status).toBe(200);
  });
});

describe('videos', () => {
  const videoSchema = z.object({
    items: z
      .array(z.object({ id: z.string(), status: z.record(z.string(), z.unknown()) }))
      .optional(),
  });
  const statisticsSchema = z.object({
    items: z.array(z.object({ statistics: z.record(z.string(), z.unknown()) })).optional(),
  });
  const day = 86_400_000;

  async function published(more: Partial<GoogleOptions>, status: object, bytes = mp4(1000)) {
    const emulator = await open(more);
    const token = await signIn(emulator);
    const { location } = await start(emulator, token, { body: resource({}, status) });
    await put(location, token, bytes);
    const id = emulator.videos[0]?.id ?? '';
    const read = async (as = token, parts = 'part=status&part=snippet') => {
      const response = await fetch(`${emulator.url}/youtube/v3/videos?${parts}&id=${id}`, {
        headers: { authorization: `Bearer ${as}` },
      });
      return videoSchema.parse(await response.json()).items?.[0]?.status;
    };
    const count = async () => {
      const response = await fetch(`${emulator.url}/youtube/v3/videos?part=statistics&id=${id}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return statisticsSchema.parse(await response.json()).items?.[0]?.statistics;
    };
    return { emulator, id, read, count };
  }

  it('counts the views of a public video as strings that only grow', async () => {
    const { emulator, count } = await published({}, { privacyStatus: 'public' });
    const none = { viewCount: '0', likeCount: '0', commentCount: '0', favoriteCount: '0' };
    expect(await count()).toEqual(none);
    let before = 0;
    for (let days = 1; days <= 3; days += 1) {
      clock.advance(day);
      emulator.expireAccess();
      const video = emulator.videos[0];
      const { viewCount } = z.object({ viewCount: z.string() }).parse(video?.statistics);
      expect(viewCount).toMatch(/^\d+$/u);
      expect(Number(viewCount)).toBeGreaterThan(before);
      before = Number(viewCount);
    }
    expect(before).toBeLessThanOrEqual(100_000);
    expect(before).toBeGreaterThanOrEqual(86);
  });

  it('counts from when a scheduled video is public, and nothing before', async () => {
    const publishAt = new Date(clock.now().getTime() + 1_800_000).toISOString();
    const { count } = await published({}, { publishAt });
    clock.advance(1_799_999);
    expect(await count()).toMatchObject({ viewCount: '0' });
    clock.advance(1);
    expect(await count()).toMatchObject({ viewCount: '0' });
    clock.advance(1_790_000);
    expect(await count()).not.toMatchObject({ viewCount: '0' });
  });

  it.each(['private', 'unlisted'])('counts nothing for a %s video', async (privacyStatus) => {
    const { count } = await published({}, { privacyStatus });
    clock.advance(3_500_000);
    expect(await count()).toMatchObject({ viewCount: '0', likeCount: '0' });
  });

  it('leaves hidden counts out, and a deleted video altogether', async () => {
    const { emulator, id, count } = await published({}, { privacyStatus: 'public' });
    emulator.hideCounts(id, true);
    expect(await count()).toEqual({ commentCount: '0', favoriteCount: '0' });
    emulator.hideCounts(id, false);
    expect(await count()).toHaveProperty('viewCount');
    emulator.deleteVideo('another');
    expect(await count()).toBeDefined();
    emulator.deleteVideo(id);
    expect(await count()).toBeUndefined();
  });

  it('processes, and never reads containsSyntheticMedia back', async () => {
    const { read } = await published({}, { containsSyntheticMedia: true });
    expect(await read()).toMatchObject({ uploadStatus: 'uploaded' });
    clock.advance(4999);
    expect(await read()).toMatchObject({ uploadStatus: 'uploaded' });
    clock.advance(1);
    const status = await read(undefined, 'part=status,snippet');
    expect(status).toMatchObject({ uploadStatus: 'processed', privacyStatus: 'private' });
    expect(status).not.toHaveProperty('containsSyntheticMedia');
  });

  it.each([
    [Buffer.from('this is not a film, it is a text'), 'invalidFile'],
    [Buffer.alloc(0), 'emptyFile'],
  ])('fails what is no film', async (bytes, failureReason) => {
    const { read } = await published({}, {}, bytes);
    clock.advance(5000);
    expect(await read()).toMatchObject({ uploadStatus: 'failed', failureReason });
  });

  it('forces private while the project is locked', async () => {
    const { read } = await published({ projectLocked: true }, { privacyStatus: 'public' });
    expect(await read()).toMatchObject({ privacyStatus: 'private' });
  });

  it('publishes a scheduled video when its time comes', async () => {
    const publishAt = new Date(clock.now().getTime() + 60_000).toISOString();
    const { read } = await published({}, { publishAt });
    expect(await read()).toMatchObject({ privacyStatus: 'private', publishAt });
    clock.advance(60_000);
    expect(await read()).toMatchObject({ privacyStatus: 'public' });
  });

  it('shows a private video to its own channel only, and plays it on the watch page', async () => {
    const { emulator, id, read } = await published({}, {});
    const other = await signIn(emulator, { channel: '城市慢镜头' });
    expect(await read(other)).toBeUndefined();
    const page = await fetch(`${emulator.url}/watch?v=${id}`);
    expect(await page.text()).toContain(`/sandbox/media/${id}`);
    const part = await fetch(`${emulator.url}/sandbox/media/${id}`, {
      headers: { range: 'bytes=4-7' },
    });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('ftyp');
  });
});
