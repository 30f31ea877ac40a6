import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  clientOf,
  mp4,
  openLocalGoogle,
  openSession,
  signIn,
  type LocalGoogle,
} from '../../test/kit/google.ts';

const unit = 262_144;
const film = mp4(4 * unit + 1000);
const sha256 = createHash('sha256').update(film).digest('hex');

let folder = '';
let kept = { stateFile: '', uploadFolder: '', port: 0 };
let local: LocalGoogle;
let token = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'google-kept-'));
  kept = { stateFile: join(folder, 'state.json'), uploadFolder: folder, port: 0 };
  local = await openLocalGoogle(kept);
  token = await signIn(local);
});
afterEach(async () => {
  await local.close();
  rmSync(folder, { recursive: true, force: true });
});

async function put(session: string, range: string, body?: Buffer): Promise<number> {
  const answer = await fetch(session, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-range': `bytes ${range}` },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
  await answer.arrayBuffer();
  return answer.status;
}

describe('a restart', () => {
  it('finishes what had all its bytes and no video yet', async () => {
    const session = await openSession(local, token, { bytes: film.length });
    const most = film.subarray(0, 4 * unit);
    expect(await put(session, `0-${4 * unit - 1}/${film.length}`, most)).toBe(308);
    const part = readdirSync(folder).find((name) => name.endsWith('.part')) ?? '';
    appendFileSync(join(folder, part), film.subarray(4 * unit));
    await local.close();
    local = await openLocalGoogle(kept);
    const there = new URL(session);
    there.port = new URL(local.google.url).port;
    expect(await put(there.href, `*/${film.length}`)).toBe(200);
    expect(local.google.videos).toMatchObject([{ sha256, bytes: film.length }]);
  });

  it('opens what an older version wrote', async () => {
    await local.close();
    const channelId = 'UCjiloSandbox0000000001A';
    const uploadedAt = local.clock.now().getTime();
    const metadata = {
      title: 'Older',
      description: '',
      tags: [],
      categoryId: '28',
      defaultLanguage: null,
      privacy: 'public',
      publishAt: null,
      madeForKids: null,
      syntheticMedia: true,
      notifySubscribers: false,
    };
    const video = { id: 'older', channelId, sha256, bytes: 5, file: join(folder, 'a.mp4') };
    const session = { id: 's', channelId, metadata, totalBytes: 5, startedAt: 0, videoId: null };
    const older = {
      port: null,
      channels: [{ id: channelId, title: 'Jilo Demo Channel', handle: '@jilodemo' }],
      grants: [],
      access: [],
      sessions: [session],
      videos: [{ ...metadata, ...video, uploadedAt, failureReason: null }],
      used: { day: '', inserts: 0, units: 0 },
      sessionsStarted: 1,
    };
    writeFileSync(kept.stateFile, JSON.stringify(older));
    local = await openLocalGoogle(kept);
    const published = { at: uploadedAt, privacy: 'public', publishAt: null };
    expect(local.google).toMatchObject({
      playlists: [],
      sessions: [{ received: 0 }],
      videos: [{ license: 'youtube', embeddable: true, history: [published] }],
    });
    const { api, place } = clientOf(local, await signIn(local));
    const requestBody = { id: 'older', status: { privacyStatus: 'private' } };
    await api.videos.update({ part: ['status'], requestBody }, place);
    expect(local.google.videos[0]?.history).toEqual([
      published,
      { at: uploadedAt, privacy: 'private', publishAt: null },
    ]);
  });
});

describe('a large film', () => {
  it('is on disk as it comes', async () => {
    const piece = randomBytes(unit);
    const count = 256;
    const bytes = count * unit;
    const session = await openSession(local, token, { bytes });
    const hash = createHash('sha256');
    const onDisk = () => {
      const part = readdirSync(folder).find((name) => name.endsWith('.part'));
      return part === undefined ? 0 : statSync(join(folder, part)).size;
    };
    let behind = 0;
    function* pieces() {
      for (let index = 0; index < count; index += 1) {
        behind = Math.max(behind, index * unit - onDisk());
        hash.update(piece);
        yield piece;
      }
    }
    const chunk = request(session, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-length': String(bytes) },
    });
    const answered = new Promise<number | undefined>((resolve) => {
      chunk.once('response', (response) => resolve(response.resume().statusCode));
    });
    Readable.from(pieces()).pipe(chunk);
    expect(await answered).toBe(200);
    const [video] = local.google.videos;
    expect(video).toMatchObject({ bytes, sha256: hash.digest('hex') });
    expect(statSync(video?.file ?? '').size).toBe(bytes);
    // What is under way fits the buffers of two sockets.
    expect(behind).toBeLessThan(bytes / 3);
  });

  it('is not read before it is asked for', async () => {
    const session = await openSession(local, token, { bytes: film.length });
    await put(session, `0-${film.length - 1}/${film.length}`, film);
    const [video] = local.google.videos;
    const bytes = 512 * unit;
    truncateSync(video?.file ?? '', bytes);
    const before = process.memoryUsage().arrayBuffers;
    const shown = await fetch(`${local.google.url}/sandbox/media/${video?.id}`);
    expect(shown.headers.get('content-length')).toBe(String(bytes));
    const reader = shown.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(bytes / 2);
    await reader?.cancel();
  });

  it('is left in the middle without harm, and read in its parts', async () => {
    const session = await openSession(local, token, { bytes: film.length });
    expect(await put(session, `0-${film.length - 1}/${film.length}`, film)).toBe(200);
    const id = local.google.videos[0]?.id;
    const leaving = new AbortController();
    const url = `${local.google.url}/sandbox/media/${id}`;
    const shown = await fetch(url, { signal: leaving.signal });
    const reader = shown.body?.getReader();
    await reader?.read();
    leaving.abort();
    const part = async (range: string) => {
      const answer = await fetch(url, { headers: { range } });
      return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const last = film.length - 1;
    expect(await part(`bytes=${last}-`)).toEqual({ status: 206, bytes: film.subarray(last) });
    expect(await part(`bytes=${last}-${last + 9}`)).toMatchObject({ status: 206 });
    expect(await part(`bytes=${film.length}-`)).toMatchObject({ status: 416 });
    expect(await part('bytes=0-')).toEqual({ status: 206, bytes: film });
  });
});
