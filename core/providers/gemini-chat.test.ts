import { jsonSchema, streamText, tool, type ToolSet } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { wallClock } from '../../sandbox/clock.ts';
import { startGemini, type GeminiEmulator } from '../../sandbox/gemini/gemini.ts';
import { Fault } from '../fault.ts';
import type { ChatModel } from '../ports/chat-model.ts';
import { createGeminiChat } from './gemini-chat.ts';

const now = () => new Date('2026-11-22T20:00:00Z');

let gemini: GeminiEmulator;
let chat: ChatModel;
const settings = () => ({ key: 'key', url: gemini.url, model: 'gemini-3.8-flash' });

beforeEach(async () => {
  gemini = await startGemini({ clock: wallClock, key: 'key', latencyMs: 0 });
  chat = createGeminiChat(settings(), now);
});
afterEach(() => gemini.close());

const tools: ToolSet = {
  quota_show: tool({
    description: 'Show how much quota is left.',
    inputSchema: jsonSchema({ type: 'object', properties: {} }),
  }),
};

/** One streamed call, as the agent makes it: its text, its calls, or what it throws. */
async function ask(words: string, from = chat, timeoutMs = 60_000) {
  const result = streamText({
    model: await from.open(),
    instructions: 'Language: en\nNow: 2026-11-22T20:00:00+00:00 (UTC)',
    messages: [{ role: 'user', content: words }],
    tools,
    maxRetries: 0,
    timeout: { firstChunkMs: timeoutMs },
    onError: () => undefined,
  });
  let text = '';
  for await (const part of result.stream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'text-delta') text += part.text;
  }
  return { text, calls: await result.toolCalls, usage: await result.usage };
}

async function faultOf(call: Promise<unknown>, from = chat): Promise<Fault | null> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return from.toFault(error);
}

describe('Gemini that talks', () => {
  it('streams text, calls tools, and says what that took', async () => {
    const { calls, usage } = await ask('How much quota is left?');
    expect(calls.map(({ toolName }) => toolName)).toStrictEqual(['quota_show']);
    expect(usage.inputTokens).toBeGreaterThan(0);
    expect(gemini.requests).toMatchObject([{ isStreamed: true, tools: ['quota_show'] }]);
    const { text } = await ask('hello');
    expect(text.length).toBeGreaterThan(5);
  });

  it.each([
    ['http_429', 'provider_busy', true],
    ['http_429_daily', 'provider_busy', true],
    ['http_503', 'provider_busy', false],
    ['reset', 'provider_busy', false],
  ] as const)('%s is %s', async (how, code, isTimed) => {
    gemini.misbehave({ how, times: 1 });
    const fault = await faultOf(ask('hello'));
    expect(fault).toBeInstanceOf(Fault);
    expect(fault?.code).toBe(code);
    expect(fault?.retryAfterSeconds !== undefined).toBe(isTimed);
    expect(await faultOf(ask('hello'))).toBeNull();
  });

  it('a used-up day lasts until midnight in California', async () => {
    gemini.misbehave({ how: 'http_429_daily', times: 1 });
    // 20:00 UTC is noon there.
    expect((await faultOf(ask('hello')))?.retryAfterSeconds).toBe(12 * 3600);
  });

  it('a wrong key is locked, an unknown model has failed', async () => {
    const wrong = createGeminiChat({ ...settings(), key: 'wrong' }, now);
    expect((await faultOf(ask('hello', wrong), wrong))?.code).toBe('provider_locked');
    const unknown = createGeminiChat({ ...settings(), model: 'gemini-0' }, now);
    expect((await faultOf(ask('hello', unknown), unknown))?.code).toBe('provider_failed');
  });

  it('a dead address is busy, and so is silence', async () => {
    const dead = createGeminiChat({ ...settings(), url: 'http://127.0.0.1:1' }, now);
    expect((await faultOf(ask('hello', dead), dead))?.code).toBe('provider_busy');
    await chat.open();
    expect(chat.toFault(new DOMException('late', 'TimeoutError'))?.code).toBe('provider_busy');
    expect(chat.toFault(new TypeError('terminated'))?.code).toBe('provider_busy');
  });

  it('passes Faults through, and knows nothing of anything else', async () => {
    expect(chat.toFault(new Error('not opened yet'))).toBeNull();
    await chat.open();
    const fault = new Fault('content_refused', {});
    expect(chat.toFault(fault)).toBe(fault);
    expect(chat.toFault(new Error('a defect'))).toBeNull();
    expect(chat.toFault(null)).toBeNull();
  });
});
