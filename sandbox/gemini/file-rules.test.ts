import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { startGemini, type GeminiEmulator } from './gemini.ts';

let gemini: GeminiEmulator;
beforeAll(async () => {
  const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
  gemini = await startGemini({ clock, key: 'key', latencyMs: 0 });
});
afterAll(() => gemini.close());

const replySchema = z.looseObject({
  usageMetadata: z.object({ promptTokenCount: z.number() }).loose().optional(),
  error: z.looseObject({ status: z.string(), message: z.string() }).optional(),
});

async function send(...parts: readonly object[]) {
  const response = await fetch(`${gemini.url}/v1beta/models/gemini-3.8-flash:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'key' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [...parts, { text: 'Why?' }] }] }),
  });
  return { status: response.status, body: replySchema.parse(await response.json()) };
}

const address = 'https://www.youtube.com/watch?v=dQw4w9WgXcQ';
const file = (fileUri = address, mimeType = 'video/mp4') => ({ fileData: { mimeType, fileUri } });

describe('a video by its address', () => {
  it.each([
    address,
    'https://youtube.com/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com/watch?v=a_b-c_d-e_f&t=5s',
    'https://youtu.be/dQw4w9WgXcQ',
  ])('is watched at %s', async (uri) => {
    expect((await send(file(uri))).status).toBe(200);
    expect(gemini.requests.at(-1)?.videos).toStrictEqual([{ uri, from: 0, to: null, fps: 1 }]);
  });

  it.each([
    'https://www.youtube.com/shorts/dQw4w9WgXcQ',
    'https://m.youtube.com/watch?v=dQw4w9WgXcQ',
    'http://www.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://www.youtube.com/watch?v=short',
    'https://www.youtube.com/watch?v=dQw4w9WgXcQx',
    'https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ',
    'https://evil.example/?https://www.youtube.com/watch?v=dQw4w9WgXcQ',
    'https://www.tiktok.com/@a/video/7300000000000000000',
    'file:///etc/passwd',
    '',
  ])('is refused at %j', async (uri) => {
    const before = gemini.requests.length;
    expect(await send(file(uri))).toMatchObject({
      status: 400,
      body: { error: { status: 'INVALID_ARGUMENT', message: expect.stringContaining(uri) } },
    });
    expect(gemini.requests).toHaveLength(before);
  });

  it.each([
    [
      { startOffset: '0s', endOffset: '60s', fps: 1 },
      { from: 0, to: 60, fps: 1 },
    ],
    [
      { startOffset: '1.5s', endOffset: '2s', fps: 24 },
      { from: 1.5, to: 2, fps: 24 },
    ],
    [{ fps: 0.1 }, { from: 0, to: null, fps: 0.1 }],
  ])('is watched as far as %j says', async (videoMetadata, seen) => {
    expect((await send({ ...file(), videoMetadata })).status).toBe(200);
    expect(gemini.requests.at(-1)?.videos).toStrictEqual([{ uri: address, ...seen }]);
  });

  it.each([
    [{ endOffset: '60' }],
    [{ endOffset: 60 }],
    [{ startOffset: '-1s' }],
    [{ startOffset: '5s', endOffset: '5s' }],
    [{ startOffset: '6s', endOffset: '5s' }],
    [{ fps: 0 }],
    [{ fps: 24.1 }],
    [{ end_offset: '5s' }],
  ])('is refused with %j', async (videoMetadata) => {
    expect(await send({ ...file(), videoMetadata })).toMatchObject({
      status: 400,
      body: { error: { status: 'INVALID_ARGUMENT' } },
    });
  });

  it('costs by its length', async () => {
    const cost = async (endOffset: string) => {
      const { body } = await send({ ...file(), videoMetadata: { endOffset } });
      return body.usageMetadata?.promptTokenCount ?? 0;
    };
    expect((await cost('60s')) - (await cost('10s'))).toBe(50 * (258 + 32));
    const { body } = await send({ text: 'no video' });
    expect(body.usageMetadata?.promptTokenCount).toBeLessThan(20);
  });

  it.each([
    ['another kind of file', [file(address, 'text/html')]],
    ['a text', [{ text: 'x', videoMetadata: { endOffset: '5s' } }]],
    ['an eleventh', Array.from({ length: 11 }, () => file())],
  ])('is not %s', async (_, parts) => {
    expect((await send(...parts)).status).toBe(400);
  });

  it('may be one of ten', async () => {
    expect((await send(...Array.from({ length: 10 }, () => file()))).status).toBe(200);
  });

  it('is no part of the system text', async () => {
    const response = await fetch(
      `${gemini.url}/v1beta/models/gemini-3.8-flash:generateContent?key=key`,
      {
        method: 'POST',
        body: JSON.stringify({
          contents: [{ parts: [{ text: 'x' }] }],
          systemInstruction: { parts: [file()] },
        }),
      },
    );
    expect(response.status).toBe(400);
  });

  it('that is private is no reason to refuse another request', async () => {
    gemini.misbehave({ how: 'video_private', times: 1 });
    expect((await send({ text: 'no video' })).status).toBe(200);
    expect(await send(file())).toMatchObject({
      status: 403,
      body: { error: { status: 'PERMISSION_DENIED' } },
    });
    expect((await send(file())).status).toBe(200);
  });
});
