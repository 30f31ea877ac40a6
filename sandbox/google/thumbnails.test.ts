import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { consent } from './consent.ts';
import { startGoogle, type GoogleEmulator } from './google.ts';

const prefix = 'https://www.googleapis.com/auth/';
const clock = createManualClock(new Date('2026-11-22T20:00:00Z'));
const folder = mkdtempSync(join(tmpdir(), 'google-thumbnails-'));
const verifier = 'v'.repeat(64);
let emulator: GoogleEmulator;
let token = '';
let video = '';

async function signIn(scopes: readonly string[], channel = 'Jilo Demo Channel'): Promise<string> {
  const query = new URLSearchParams({
    client_id: 'client',
    redirect_uri: 'http://localhost:8787/callbacks/google',
    response_type: 'code',
    scope: scopes.map((name) => prefix + name).join(' '),
    state: 'state',
    access_type: 'offline',
    prompt: 'consent',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const back = await consent(`${emulator.url}/o/oauth2/v2/auth?${query.toString()}`, { channel });
  const answer = await fetch(`${emulator.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'client',
      client_secret: 'secret',
      grant_type: 'authorization_code',
      code: new URL(back).searchParams.get('code') ?? '',
      redirect_uri: 'http://localhost:8787/callbacks/google',
      code_verifier: verifier,
    }),
  });
  return z.looseObject({ access_token: z.string() }).parse(await answer.json()).access_token;
}

async function upload(): Promise<string> {
  const bytes = Buffer.from('\0\0\0\x18ftypmp42', 'latin1');
  const path = '/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status';
  const started = await fetch(`${emulator.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      snippet: { title: 'A title', categoryId: '28' },
      status: { privacyStatus: 'private' },
    }),
  });
  const session = started.headers.get('location') ?? '';
  const authorization = `Bearer ${token}`;
  const sent = await fetch(session, { method: 'PUT', headers: { authorization }, body: bytes });
  return z.looseObject({ id: z.string() }).parse(await sent.json()).id;
}

beforeAll(async () => {
  emulator = await startGoogle({
    clock,
    clientId: 'client',
    clientSecret: 'secret',
    uploadFolder: folder,
    stateFile: join(folder, 'state.json'),
    processingMs: 0,
  });
  token = await signIn(['youtube.upload', 'youtube.readonly']);
});
beforeEach(async () => {
  video = await upload();
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const jpeg = (bytes: number): Buffer => {
  const data = Buffer.alloc(bytes);
  data.write('\xff\xd8\xff\xe0', 'latin1');
  return data;
};
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(64)]);

type Sending = {
  readonly body?: Buffer;
  readonly type?: string;
  readonly bearer?: string | null;
  readonly query?: Record<string, string>;
};

async function set({
  body = jpeg(1000),
  type = 'image/jpeg',
  bearer = token,
  query,
}: Sending = {}) {
  const asked = new URLSearchParams(query ?? { videoId: video, uploadType: 'media' });
  const answer = await fetch(
    `${emulator.url}/upload/youtube/v3/thumbnails/set?${asked.toString()}`,
    {
      method: 'POST',
      headers: {
        'content-type': type,
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body,
    },
  );
  const problem = z.object({
    error: z.object({ errors: z.array(z.object({ reason: z.string() })) }),
  });
  const said: unknown = await answer.json();
  const reason = problem.safeParse(said).data?.error.errors[0]?.reason ?? null;
  return { status: answer.status, reason, said };
}

const thumbnailOf = (id: string) => emulator.videos.find((known) => known.id === id)?.thumbnail;

describe('thumbnails.set', () => {
  it('takes a picture, answers with its sizes, and shows it with the video from then on', async () => {
    const body = jpeg(5000);
    const { status, said } = await set({ body });
    expect(status).toBe(200);
    const image = z.object({ url: z.url(), width: z.int(), height: z.int() });
    const sizes = z.object({ default: image, medium: image, high: image });
    const answer = z
      .object({
        kind: z.literal('youtube#thumbnailSetResponse'),
        etag: z.string(),
        items: z.tuple([sizes]),
      })
      .parse(said);
    expect(answer.items[0].high).toMatchObject({ width: 480, height: 360 });
    const shown = await fetch(answer.items[0].high.url);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(body);

    const listed = await fetch(`${emulator.url}/youtube/v3/videos?part=snippet&id=${video}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const list = z.object({
      items: z.tuple([z.object({ snippet: z.object({ thumbnails: sizes }) })]),
    });
    expect(list.parse(await listed.json()).items[0].snippet.thumbnails).toEqual(answer.items[0]);
    const page = await (await fetch(`${emulator.url}/watch?v=${video}`)).text();
    expect(page).toContain(`poster="/sandbox/thumbnails/${video}"`);
  });

  it('has none before, and another one after another', async () => {
    expect(thumbnailOf(video)).toBeNull();
    expect((await fetch(`${emulator.url}/sandbox/thumbnails/${video}`)).status).toBe(404);
    await set();
    await set({ body: png, type: 'image/png' });
    expect(thumbnailOf(video)).toMatchObject({ contentType: 'image/png', times: 2 });
  });

  it.each<[string, Sending]>([
    ['PNG', { body: png, type: 'image/png' }],
    ['bytes of no named kind', { type: 'application/octet-stream' }],
    ['a type with parameters', { type: 'image/jpeg; q=1' }],
    ['exactly 2 MiB', { body: jpeg(2 * 1024 * 1024) }],
  ])('takes %s', async (_, sending) => {
    expect((await set(sending)).status).toBe(200);
  });

  it.each<[string, Sending, number, string]>([
    ['no token', { bearer: null }, 401, 'authError'],
    ['an unknown token', { bearer: 'stranger' }, 401, 'authError'],
    ['nothing', { body: Buffer.alloc(0) }, 400, 'mediaBodyRequired'],
    ['words', { body: Buffer.from('no picture at all') }, 400, 'invalidImage'],
    ['a GIF', { body: Buffer.from('GIF89a and so on') }, 400, 'invalidImage'],
    ['a page', { type: 'text/html' }, 400, 'badContent'],
    ['a byte over 2 MiB', { body: jpeg(2 * 1024 * 1024 + 1) }, 413, 'uploadTooLarge'],
    ['no video', { query: { uploadType: 'media' } }, 400, 'required'],
    [
      'another way of uploading',
      { query: { videoId: 'a', uploadType: 'multipart' } },
      400,
      'invalidParameter',
    ],
    ['an unknown video', { query: { videoId: 'none', uploadType: 'media' } }, 404, 'videoNotFound'],
  ])('refuses %s', async (_, sending, status, reason) => {
    expect(await set(sending)).toMatchObject({ status, reason });
    expect(thumbnailOf(video)).toBeNull();
  });

  it('needs a scope that may upload, and the channel of the video', async () => {
    const reader = await signIn(['youtube.readonly']);
    expect(await set({ bearer: reader })).toMatchObject({
      status: 403,
      reason: 'insufficientPermissions',
    });
    const other = await signIn(['youtube.upload'], '城市慢镜头');
    expect(await set({ bearer: other })).toMatchObject({ status: 403, reason: 'forbidden' });
    expect(thumbnailOf(video)).toBeNull();
  });

  it('refuses a channel whose phone number is not confirmed, until it is', async () => {
    const [channel] = emulator.channels;
    emulator.verify(channel?.id ?? '', false);
    expect(await set()).toMatchObject({ status: 403, reason: 'forbidden' });
    emulator.verify(channel?.id ?? '', true);
    expect((await set()).status).toBe(200);
  });

  it('is too fast, breaks off or fails when it is told to', async () => {
    emulator.misbehave({ on: 'thumbnail', how: 'http_429_upload', times: 1 });
    expect(await set()).toMatchObject({ status: 429, reason: 'uploadRateLimitExceeded' });
    emulator.misbehave({ on: 'thumbnail', how: 'http_503', times: 1 });
    expect(await set()).toMatchObject({ status: 503, reason: 'backendError' });
    expect(thumbnailOf(video)).toBeNull();
    emulator.misbehave({ on: 'thumbnail', how: 'reset_after', times: 1 });
    await expect(set()).rejects.toThrow('fetch failed');
    expect(thumbnailOf(video)).toMatchObject({ times: 1 });
  });

  it('costs 50 units of the 10,000 of a day', async () => {
    clock.advance(2 * 86_400_000);
    token = await signIn(['youtube.upload', 'youtube.readonly']);
    for (let count = 0; count < 199; count += 1) await set();
    const list = () =>
      fetch(`${emulator.url}/youtube/v3/videos?part=status&id=${video}`, {
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await list()).status).toBe(200);
    // 49 units are left.
    expect(await set()).toMatchObject({ status: 403, reason: 'quotaExceeded' });
    expect((await list()).status).toBe(200);
  });
});
