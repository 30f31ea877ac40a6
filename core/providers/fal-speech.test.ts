import { createHash } from 'node:crypto';

import { registerMediabunnyServer } from '@mediabunny/server';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { afterEach, expect, test } from 'vitest';

import { createManualClock } from '../../sandbox/clock.ts';
import { startFal } from '../../sandbox/fal/fal.ts';
import { serveRoutes } from '../../sandbox/http.ts';
import type { ShotRequest } from '../ports/video-models.ts';
import { readPayload } from './fal-outcome.ts';
import { createFal } from './fal.ts';

registerMediabunnyServer({ hardwareContext: null });

const never = new AbortController().signal;
const request: ShotRequest = {
  provider: 'fal',
  endpoint: 'fal-ai/minimax/speech-2.8-turbo',
  input: {
    prompt: '纸船漂过雨中的街道。',
    voice_setting: { voice_id: 'Wise_Woman', speed: 1 },
    language_boost: 'Chinese',
    output_format: 'url',
  },
  webhookUrl: 'http://127.0.0.1:1/callbacks/fal',
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open() {
  const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
  const sandbox = await startFal({ clock, key: 'id:secret', generationMs: 0 });
  cleanups.push(() => sandbox.close());
  const { queueUrl, restUrl } = sandbox;
  const fal = createFal({ key: 'id:secret', queueUrl, restUrl, downloadHosts: 'loopback' });
  return { sandbox, fal };
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

test('a spoken line from submit to an MP3 of its length', async () => {
  const { sandbox, fal } = await open();
  const shot = await fal.submit(request, never);
  expect(sandbox.submits[0]?.input).toEqual(request.input);
  await sandbox.idle();
  const outcome = await fal.fetchOutcome(shot, never);
  if (outcome?.kind !== 'delivered') throw new Error('not delivered');
  const bytes = await readAll(await fal.download(outcome.url, never));
  using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  expect(await input.getMimeType()).toContain('audio/mpeg');
  const expected = 9 * 0.28 + 0.2;
  expect(Math.abs((await input.computeDuration()) - expected)).toBeLessThan(0.1);
});

test('an answer without an address is a failure that no retry mends', async () => {
  const { sandbox, fal } = await open();
  const { output_format: _, ...input } = request.input;
  const shot = await fal.submit({ ...request, input }, never);
  await sandbox.idle();
  expect(await fal.fetchOutcome(shot, never)).toMatchObject({ kind: 'failed', retryable: false });
});

test('a line that is too long is refused before it is taken', async () => {
  const { sandbox, fal } = await open();
  const input = { ...request.input, prompt: '纸'.repeat(5001) };
  await expect(fal.submit({ ...request, input }, never)).rejects.toMatchObject({
    code: 'provider_failed',
  });
  expect(sandbox.submits).toEqual([]);
});

test.each<[unknown, object]>([
  [{ video: { url: 'https://v' } }, { kind: 'delivered', url: 'https://v' }],
  [
    { audio: { url: 'https://a' }, duration_ms: 5 },
    { kind: 'delivered', url: 'https://a' },
  ],
  [{ audio: { url: '' } }, { kind: 'failed' }],
  [{ audio: 'fffb' }, { kind: 'failed', retryable: false }],
  [{ image: { url: 'https://i' } }, { kind: 'failed' }],
])('a payload %j', (payload, outcome) => {
  expect(readPayload(payload)).toMatchObject(outcome);
});

test.each<[string, string, boolean]>([
  ['an MP3 with a tag', '49443304', true],
  ['an MP3 frame', 'fffb9064', true],
  ['an MP3 frame of MPEG-2', 'fff34464', true],
  ['an ADTS frame of AAC', 'fff15080', false],
  ['a layer I frame', 'ffff9064', false],
  ['nearly a frame', 'ff7b9064', false],
  ['a WAV file', '52494646', false],
  ['a page', '3c21646f', false],
])('a download that begins as %s', async (_what, hex, isTaken) => {
  const body = Buffer.concat([Buffer.from(hex, 'hex'), createHash('sha256').update('x').digest()]);
  const server = await serveRoutes(
    [{ method: 'GET', path: /^\/$/, handle: () => ({ status: 200, body }) }],
    { status: 404 },
  );
  cleanups.push(() => server.close());
  const url = 'http://127.0.0.1:1';
  const fal = createFal({ key: 'k', queueUrl: url, restUrl: url, downloadHosts: 'loopback' });
  const fetching = fal.download(`${server.url}/`, never).then(readAll);
  const [ended] = await Promise.allSettled([fetching]);
  expect(ended).toMatchObject(
    isTaken
      ? { status: 'fulfilled', value: body }
      : { status: 'rejected', reason: { code: 'provider_failed' } },
  );
});
