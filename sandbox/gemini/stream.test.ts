import { createGoogle } from '@ai-sdk/google';
import { streamText } from 'ai';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../clock.ts';
import { startGemini, type GeminiEmulator } from './gemini.ts';
import type { GeminiFailure } from './outcome.ts';

globalThis.AI_SDK_LOG_WARNINGS = false;

const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
let gemini: GeminiEmulator;

beforeEach(async () => {
  gemini = await startGemini({ clock, key: 'key', latencyMs: 0 });
});
afterEach(() => gemini.close());

const declared = [{ functionDeclarations: [{ name: 'quota_show', description: 'Quota.' }] }];
const asking = (text: string, tools: object[] = []) => ({
  systemInstruction: { parts: [{ text: 'Language: en' }] },
  contents: [{ role: 'user', parts: [{ text }] }],
  ...(tools.length > 0 ? { tools } : {}),
});

const post = (body: object, emulator = gemini, signal?: AbortSignal) =>
  fetch(`${emulator.url}/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse&key=key`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });

const eventSchema = z.looseObject({
  candidates: z.array(
    z.looseObject({
      content: z
        .object({
          role: z.literal('model'),
          parts: z.array(z.looseObject({ text: z.string().optional() })),
        })
        .optional(),
      finishReason: z.string().optional(),
    }),
  ),
  usageMetadata: z.object({
    promptTokenCount: z.number(),
    candidatesTokenCount: z.number(),
    totalTokenCount: z.number(),
  }),
  responseId: z.string(),
});

const eventsOf = (body: string) =>
  body
    .split('\r\n\r\n')
    .filter((event) => event !== '')
    .map((event) => eventSchema.parse(JSON.parse(event.replace(/^data: /u, ''))));

const textOf = (events: ReturnType<typeof eventsOf>): string =>
  events.map(({ candidates }) => candidates[0]?.content?.parts[0]?.text ?? '').join('');

describe('a stream', () => {
  it('comes in several events whose usage grows, and ends with one reason', async () => {
    const response = await post(asking('hello', declared));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = eventsOf(await response.text());
    expect(events.length).toBeGreaterThan(3);
    const counts = events.map(({ usageMetadata }) => usageMetadata.candidatesTokenCount);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts).size).toBeGreaterThan(2);
    expect(events.map(({ candidates }) => candidates[0]?.finishReason).filter(Boolean)).toEqual([
      'STOP',
    ]);
    expect(new Set(events.map(({ responseId }) => responseId)).size).toBe(1);
    const whole = await fetch(
      `${gemini.url}/v1beta/models/gemini-3.8-flash:generateContent?key=key`,
      {
        method: 'POST',
        body: JSON.stringify(asking('hello', declared)),
      },
    );
    expect(textOf([eventSchema.parse(await whole.json())])).toBe(textOf(events));
  });

  it('carries calls in one event, with an id and a signature', async () => {
    const events = eventsOf(await (await post(asking('how much quota is left?', declared))).text());
    expect(events).toHaveLength(1);
    expect(events[0]?.candidates[0]).toMatchObject({
      finishReason: 'STOP',
      content: {
        parts: [
          {
            functionCall: { name: 'quota_show', args: {}, id: expect.any(String) },
            thoughtSignature: expect.any(String),
          },
        ],
      },
    });
    expect(gemini.requests[0]).toMatchObject({
      tools: ['quota_show'],
      turns: 1,
      calls: [{ name: 'quota_show', args: {} }],
      isStreamed: true,
    });
  });

  it('keeps its pace on the clock', async () => {
    const slow = await startGemini({ clock, key: 'key', latencyMs: 0, chunkMs: 30 });
    const response = await post(asking('hello', declared), slow);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    expect(eventsOf(first?.value ?? '')).toHaveLength(1);
    let second: string | undefined;
    const reading = reader?.read().then(({ value }) => (second = value));
    clock.advance(29);
    await new Promise((resolve) => setImmediate(resolve));
    expect(second).toBeUndefined();
    clock.advance(1);
    await reading;
    expect(eventsOf(second ?? '')).toHaveLength(1);
    await reader?.cancel();
    await slow.close();
  });

  it('stops when the client leaves', async () => {
    const slow = await startGemini({ clock, key: 'key', latencyMs: 0, chunkMs: 1000 });
    const leaving = new AbortController();
    const response = await post(asking('hello', declared), slow, leaving.signal);
    await response.body?.getReader().read();
    expect(slow.requests[0]?.isLeft).toBe(false);
    leaving.abort();
    await vi.waitFor(() => expect(slow.requests[0]?.isLeft).toBe(true));
    await slow.close();
  });
});

describe('a stream that goes wrong', () => {
  it.each([
    ['http_429', 429],
    ['http_429_daily', 429],
    ['http_503', 503],
  ] as const)('%s comes before the stream', async (how, status) => {
    gemini.misbehave({ how, times: 1 });
    const response = await post(asking('hello', declared));
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect((await post(asking('hello', declared))).status).toBe(200);
  });

  it.each([
    ['hello', declared],
    ['how much quota is left?', declared],
  ])('a lost connection cuts an event: %s', async (text, tools) => {
    gemini.misbehave({ how: 'reset', times: 1 });
    const response = await post(asking(text, tools));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow(/terminated/u);
  });

  it.each([
    ['blocked_output', 'SAFETY'],
    ['truncated', 'MAX_TOKENS'],
  ] as const)('%s ends with %s', async (how, reason) => {
    gemini.misbehave({ how, times: 1 });
    const events = eventsOf(await (await post(asking('hello', declared))).text());
    expect(events.at(-1)?.candidates[0]?.finishReason).toBe(reason);
  });

  it.each([
    ['blocked_prompt', 'content-filter'],
    ['blocked_output', 'content-filter'],
    ['truncated', 'length'],
  ] as const satisfies readonly (readonly [GeminiFailure, string])[])(
    'the SDK reads %s as %s',
    async (how, reason) => {
      gemini.misbehave({ how, times: 1 });
      const google = createGoogle({ apiKey: 'key', baseURL: `${gemini.url}/v1beta` });
      const result = streamText({
        model: google('gemini-3.8-flash'),
        prompt: 'hello',
        maxRetries: 0,
        onError: () => undefined,
      });
      await result.consumeStream();
      expect(await result.finishReason).toBe(reason);
    },
  );
});
