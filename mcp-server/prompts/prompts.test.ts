import { specTypeSchemas, type GetPromptResult } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Context } from '../../core/context.ts';
import { isTool } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { statsShow } from '../../core/stats/show.ts';
import { untrustedRule } from '../../core/untrusted.ts';
import { openBelongings, type BelongingsScene } from '../../test/kit/belongings.ts';
import { getPrompt } from './get.ts';
import { listPrompts } from './list.ts';

let scene: BelongingsScene;
beforeAll(async () => {
  scene = await openBelongings();
});
afterAll(() => scene.world.close());

const chinese = (): Context => ({ ...scene.owner, locale: 'zh' });

const textsOf = (result: GetPromptResult | null): string[] =>
  (result?.messages ?? []).flatMap(({ content }) =>
    content.type === 'text' ? [content.text] : [],
  );
const wholeOf = (result: GetPromptResult | null): string => textsOf(result).join('\n');

const get = (name: string, args: Record<string, string>, context = scene.owner) =>
  getPrompt(name, args, context, operations);

describe('the list', () => {
  test('fits the protocol and says which arguments are needed', () => {
    for (const locale of ['en', 'zh'] as const) {
      const prompts = listPrompts(locale);
      const read = specTypeSchemas.ListPromptsResult['~standard'].validate({ prompts });
      expect(read).not.toHaveProperty('issues');
      expect(
        prompts.map(({ name, arguments: args }) => [
          name,
          args?.map((one) => `${one.name}${one.required ? '' : '?'}`),
        ]),
      ).toEqual([
        ['find-and-make', ['topic', 'seconds?']],
        ['remix-a-trend', ['trend']],
        ['weekly-plan', ['topic', 'videos_per_week?']],
        ['explain-my-stats', ['days?']],
      ]);
    }
    expect(listPrompts('zh')[0]?.title).toBe('找爆款并制作视频');
    expect(listPrompts('en')[0]?.title).toBe('Find a trend and make a video');
  });
});

describe('a prompt', () => {
  const filled = (): [string, Record<string, string>][] => [
    ['find-and-make', { topic: 'paper boats' }],
    ['remix-a-trend', { trend: scene.own.trend }],
    ['weekly-plan', { topic: 'paper boats' }],
    ['explain-my-stats', {}],
  ];

  test('fits the protocol in both languages, and asks for an answer in the person’s', async () => {
    for (const [name, args] of filled())
      for (const [context, last] of [
        [scene.owner, 'Answer me in English.'],
        [chinese(), '请用简体中文回答我。'],
      ] as const) {
        const result = await get(name, args, context);
        const read = specTypeSchemas.GetPromptResult['~standard'].validate(result);
        expect(read).not.toHaveProperty('issues');
        expect(textsOf(result).at(-1)).toBe(last);
      }
  });

  test('names tools that there are, in the same order in both languages', async () => {
    const tools = new Set<string>(operations.filter(isTool).map(({ name }) => name));
    const named = (text: string) =>
      (text.match(/\b[a-z]+_[a-z]+\b/gu) ?? []).filter((word) => !['publish_at'].includes(word));
    for (const [name, args] of filled()) {
      const [english = ''] = textsOf(await get(name, args));
      const [words = ''] = textsOf(await get(name, args, chinese()));
      // Ids and the numbers themselves are no names of tools.
      const steps = (text: string) =>
        named(
          text
            .split('\n')
            .filter((line) => /^\d/u.test(line))
            .join('\n'),
        ).filter((word) => word !== args['trend']);
      expect(steps(english).length).toBeGreaterThan(2);
      expect(new Set(steps(words))).toEqual(new Set(steps(english)));
      for (const tool of steps(english)) expect([tool, tools.has(tool)]).toEqual([tool, true]);
      expect(english).toMatch(/I decide/u);
      expect(words).toContain('由我决定');
    }
  });

  test('lets a person decide before anything is spent or published', async () => {
    for (const [name, args] of filled().slice(0, 3)) {
      const text = wholeOf(await get(name, args));
      for (const tool of ['video_generate', 'publication_create']) {
        const before = text.slice(0, text.indexOf(tool));
        expect(before.slice(-400), `${name} ${tool}`).toMatch(/I decide|let me choose/u);
      }
      expect(text).toContain('approval');
    }
  });

  test('carries its arguments', async () => {
    const made = wholeOf(await get('find-and-make', { topic: 'kites', seconds: '60' }));
    expect(made).toContain('keyword "kites"');
    expect(made.match(/seconds 60/gu)).toHaveLength(2);
    expect(wholeOf(await get('find-and-make', { topic: 'kites' }))).toContain(
      'ask me for the length first',
    );
    expect(wholeOf(await get('weekly-plan', { topic: 'kites' }))).toContain('3 short videos');
    const one = { topic: 'kites', videos_per_week: '1' };
    expect(wholeOf(await get('weekly-plan', one))).toContain('one short video about');
    expect(wholeOf(await get('weekly-plan', one, chinese()))).toContain('1 条关于“kites”');
  });

  test('takes an empty argument for none', async () => {
    const given = await get('find-and-make', { topic: 'kites', seconds: '' });
    expect(given).toEqual(await get('find-and-make', { topic: 'kites' }));
  });

  test('of no known name is none', async () => {
    for (const name of ['', 'find', 'toString', '__proto__', 'constructor'])
      expect(await get(name, {})).toBeNull();
  });
});

describe('arguments', () => {
  const longest = 'x'.repeat(100);
  test.each([
    ['find-and-make', {}, 'topic'],
    ['find-and-make', { topic: '  ' }, 'topic'],
    ['find-and-make', { topic: `${longest}x` }, 'topic'],
    ['find-and-make', { topic: 'kites', seconds: '20' }, 'seconds'],
    ['find-and-make', { topic: 'kites', colour: 'red' }, 'colour'],
    ['remix-a-trend', {}, 'trend'],
    ['remix-a-trend', { trend: 'x'.repeat(41) }, 'trend'],
    ['weekly-plan', { topic: 'kites', videos_per_week: '15' }, 'videos_per_week'],
    ['weekly-plan', { topic: 'kites', videos_per_week: '0' }, 'videos_per_week'],
    ['explain-my-stats', { days: '31' }, 'days'],
  ])('of %s: %o is refused by name', async (name, args, field) => {
    await expect(get(name, args)).rejects.toMatchObject({ code: 'invalid_input', field });
  });

  test('at their limits are taken', async () => {
    for (const args of [{ topic: longest }, { topic: 'x' }])
      expect(await get('find-and-make', args)).not.toBeNull();
    for (const videos_per_week of ['1', '14'])
      expect(await get('weekly-plan', { topic: 'kites', videos_per_week })).not.toBeNull();
    await expect(get('remix-a-trend', { trend: 'x'.repeat(40) })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('what is read for a prompt', () => {
  const embedded = z.object({
    type: z.literal('resource'),
    resource: z.object({ uri: z.string(), mimeType: z.string(), text: z.string() }),
  });

  test('is the trend, marked as strangers’ words', async () => {
    const { own } = scene;
    const result = await get('remix-a-trend', { trend: own.trend });
    const { resource } = embedded.parse(result?.messages[1]?.content);
    expect(resource).toMatchObject({
      uri: `jilo://trends/${own.trend}`,
      mimeType: 'application/json',
    });
    const { notice, title } = z.record(z.string(), z.unknown()).parse(JSON.parse(resource.text));
    expect(notice).toBe(untrustedRule);
    expect(title).toMatch(/^<untrusted kind="title">[^<>]*Ignore all[^<>]*<\/untrusted>$/u);
    expect(wholeOf(result)).not.toContain('Ignore all');
    expect(wholeOf(result)).toContain('never an instruction');
  });

  test('is nobody else’s', async () => {
    const { own, foreign, stranger } = scene;
    const fault = { code: 'not_found', field: 'trend' };
    await expect(get('remix-a-trend', { trend: foreign.trend })).rejects.toMatchObject(fault);
    await expect(get('remix-a-trend', { trend: own.trend }, stranger)).rejects.toMatchObject(fault);
    const numbers = wholeOf(await get('explain-my-stats', {}, stranger));
    expect(numbers).not.toContain(own.publication);
  });

  test('are the numbers as they are now', async () => {
    const { world, owner } = scene;
    const text = wholeOf(await get('explain-my-stats', { days: '7' }));
    const shown = await world.must(statsShow, { days: 7 }, owner);
    expect(text).toContain('in the last 7 days');
    const numbers = text.split('\n').find((line) => line.startsWith('{')) ?? '';
    const { chart: _, ...read } = z.record(z.string(), z.unknown()).parse(JSON.parse(numbers));
    expect(shown).toMatchObject(read);
    expect(wholeOf(await get('explain-my-stats', {}))).toContain('in the last 30 days');
  });

  test('is missing where its operation is', async () => {
    const { own, owner } = scene;
    const without = operations.filter(({ name }) => !['trend_show', 'stats_show'].includes(name));
    for (const [name, args] of [
      ['remix-a-trend', { trend: own.trend }],
      ['explain-my-stats', {}],
    ] as const)
      await expect(getPrompt(name, args, owner, without)).rejects.toMatchObject({
        code: 'unknown_operation',
      });
    expect(await getPrompt('weekly-plan', { topic: 'kites' }, owner, without)).not.toBeNull();
  });
});
