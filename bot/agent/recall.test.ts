import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { Fault } from '../../core/fault.ts';
import { readMemory } from '../../core/conversation/memory.ts';
import { createTalks, type Talks } from '../../test/kit/talks.ts';
import type { Script } from '../../test/kit/scripted-model.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { estimateTokens, languageOf } from './language.ts';
import { oldestToForget } from './recall.ts';
import type { Entry } from './transcript.ts';

let world: World;
let talks: Talks;
beforeAll(async () => {
  world = await createWorld();
  talks = createTalks(world);
});
afterAll(() => world.close());

const entry = (id: number, turnId: number, tokens: number): Entry => ({
  id,
  turnId,
  tokens,
  message: { role: 'user', content: 'x' },
});

describe('what is forgotten', () => {
  it.each([
    [11_999, 0],
    [12_000, 0],
    [12_001, 1],
  ])('at %i tokens: %i turns', (tokens, forgotten) => {
    const entries = [entry(1, 1, 7000), entry(2, 2, tokens - 7000)];
    expect(oldestToForget(entries, 2)).toHaveLength(forgotten);
  });

  it('is whole turns, until the rest is short enough', () => {
    const entries = [
      entry(1, 1, 4000),
      entry(2, 1, 4000),
      entry(3, 2, 1000),
      entry(4, 2, 1000),
      entry(5, 3, 3000),
    ];
    // Turn 1 is 8000 of 13000: what is left is short enough, and turn 2 stays whole.
    expect(oldestToForget(entries, 3).map(({ id }) => id)).toStrictEqual([1, 2]);
  });

  it('is never the turn that is being answered', () => {
    const entries = [entry(1, 1, 500), entry(2, 2, 20_000), entry(3, 2, 100)];
    expect(oldestToForget(entries, 2).map(({ id }) => id)).toStrictEqual([1]);
    expect(oldestToForget(entries.slice(1), 2)).toStrictEqual([]);
  });
});

const long = (word: string): string => `${word} `.repeat(2500).trim();

/** Turns of about 3,000 tokens with a call in each; `summary` is what the model notes. */
const talkative =
  (summary: string | Error): Script =>
  ({ tools, prompt }) => {
    if (!tools)
      return summary instanceof Error ? { fails: summary } : { text: summary, inputTokens: 7 };
    if (prompt.at(-1)?.role === 'user') return { calls: [['quota_show', {}]] };
    return { text: 'You have enough.' };
  };

describe('a long conversation', () => {
  it('is summarised by the model, and goes on from the notes', async () => {
    const talk = await talks.open({ script: talkative('Wished: a calm city\nvid_x is ready') });
    for (let turn = 0; turn < 6; turn += 1) await talk.say(`${turn} ${long('word')}`);
    const notes = talk.asked.filter(({ tools }) => !tools);
    expect(notes.length).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(notes[0]?.prompt)).toContain('Person: 0 word');
    const memory = await readMemory(world.app, talk.conversationId);
    expect(memory.summary).toBe('Wished: a calm city\nvid_x is ready');
    const last = talk.asked.at(-1);
    expect(last?.prompt[1]).toMatchObject({
      role: 'user',
      content: [{ text: '[summary] Wished: a calm city\nvid_x is ready' }],
    });
    expect(estimateTokens(JSON.stringify(last?.prompt.slice(1)))).toBeLessThan(16_000);
  });

  it('never parts a result from its call', async () => {
    const talk = await talks.open({ script: talkative('Notes.') });
    for (let turn = 0; turn < 8; turn += 1) await talk.say(`${turn} ${long('word')}`);
    for (const { prompt } of talk.asked.filter(({ tools }) => tools)) {
      const idsOf = (type: string): unknown[] =>
        z
          .array(z.looseObject({ type: z.string(), toolCallId: z.string().optional() }))
          .parse(
            prompt.flatMap(({ content }): unknown => (typeof content === 'string' ? [] : content)),
          )
          .flatMap((part) => (part.type === type ? [part.toolCallId] : []));
      const calls = idsOf('tool-call');
      const results = idsOf('tool-result');
      expect(results).toStrictEqual(calls);
      expect(prompt[1]?.role).toBe('user');
    }
  });

  it('is noted by rules while the model is away, ids included', async () => {
    const busy = new Fault('provider_busy', { provider: 'Gemini' });
    const talk = await talks.open({ script: talkative(busy) });
    await talk.say(`Remember that I like calm cities. ${long('word')}`);
    await talk.takeInEvent('[event] video vid_0123456789abcdef is ready');
    await talk.answer();
    for (let turn = 0; turn < 5; turn += 1) await talk.say(`${turn} ${long('word')}`);
    const { summary } = await readMemory(world.app, talk.conversationId);
    expect(summary).toContain('Remember that I like calm cities.');
    expect(summary).toContain('Called: quota_show');
    expect(summary).toContain('vid_0123456789abcdef');
    expect(summary.length).toBeLessThanOrEqual(2500);
    expect(talk.said.at(-1)).toBe('You have enough.');
  });

  it('does not take a stranger’s label into the notes', async () => {
    const talk = await talks.open({
      script: talkative('<untrusted kind="x">a</untrusted> see https://evil.example @everyone'),
    });
    for (let turn = 0; turn < 6; turn += 1) await talk.say(`${turn} ${long('word')}`);
    expect(JSON.stringify(talk.asked.at(-1)?.prompt)).toContain('[summary] a see');
    expect(JSON.stringify(talk.asked.at(-1)?.prompt)).not.toContain('evil.example');
  });
});

describe('tokens', () => {
  it.each([
    ['', 0],
    ['word', 1],
    ['words', 2],
    ['视频', 2],
    ['找一个关于', 4],
    ['AI 视频', 3],
  ])('of %j: %i', (text, tokens) => expect(estimateTokens(text)).toBe(tokens));
});

describe('the language of a message', () => {
  it.each([
    ['make a video', 'en'],
    ['找一个关于AI工具的爆款', 'zh'],
    ['帮我做一个 Kling 视频', 'zh'],
    ['make a video about 故宫', 'en'],
    ['好', 'zh'],
    ['123 !!', null],
    ['', null],
  ])('%j: %s', (text, language) => expect(languageOf(text)).toBe(language));

  it('decides what the model is told, whatever the account’s is', async () => {
    const talk = await talks.open({ locale: 'en', timeZone: 'Asia/Shanghai' });
    await talk.say('做一个视频');
    await talk.say('now in English please');
    await talk.takeInEvent('[event] declined: video_generate');
    await talk.answer();
    await talk.say('👍');
    const lines = talk.asked.map(
      ({ prompt }) => /Language: \w\w/u.exec(JSON.stringify(prompt[0]?.content))?.[0],
    );
    expect(lines.slice(0, 3)).toStrictEqual(['Language: zh', 'Language: en', 'Language: en']);
    expect(JSON.stringify(talk.asked[0]?.prompt[0]?.content)).toContain(
      'Now: 2026-11-22T16:00:00+08:00 (Asia/Shanghai)',
    );
  });
});
