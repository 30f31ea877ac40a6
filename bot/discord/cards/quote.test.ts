import { describe, expect, test } from 'vitest';

import { optionsOf, optionsSchema } from '../../../core/video/options.ts';
import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  fieldOf,
  idsOfView,
  labelsOfView,
  problemsOfModal,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { parseActionId } from '../action-id.ts';
import { buildOptions, optionsFilledIn } from './quote-options.ts';
import { presentQuote, presentQuoteWithBalance } from './quote.ts';

const id = 'quo_0000000000000000';

const shot = (more: Record<string, unknown> = {}) => ({
  seconds: 15,
  picture: 'A paper boat turns into the street',
  camera: 'slow push-in',
  line: null,
  ...more,
});

const quote = (more: Record<string, unknown> = {}) => ({
  quote: id,
  model: 'kling',
  seconds: 30,
  shape: '9:16',
  fitted: false,
  ...optionsOf({}),
  shots: [shot(), shot({ picture: 'It passes under a lamp', camera: '' })],
  planned_by: 'model',
  quota: 1,
  estimated_usd: 3.78,
  expected_minutes: 4.2,
  expires_at: '2026-11-22T08:15:00.000Z',
  ...more,
});

const [en, zh] = [drawIn('en'), drawIn('zh')];
const textIn = (more: Record<string, unknown>, draw = en) =>
  textOfView(presentQuote(quote(more), draw, {}));

describe('a quote', () => {
  test('tells settings, storyboard and price', () => {
    const view = presentQuote(quote(), en, { prompt: 'A paper boat in the rain' });
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Your video, ready to make
      > A paper boat in the rain
      **Kling 3 Standard** · 30 s · 9:16 upright
      -# ⚡⚡ ⭐⭐⭐⭐ 💰💰
      **Storyboard: 2 shots**
      **1** · 15 s · A paper boat turns into the street
      -# 🎥 slow push-in
      **2** · 15 s · It passes under a lamp
      Costs **1** quota
      -# about $3.78 at the provider · about 5 min to make · Valid until <t:1795335300:t>"
    `);
    const actions = idsOfView(view).map((one) => parseActionId(one));
    expect(actions).toMatchObject([
      { name: 'quote-takes', args: [id] },
      { name: 'quote-generate', args: [id] },
      { name: 'quote-edit', args: [id] },
      { name: 'quote-options', args: [id] },
    ]);
  });

  test('tells what was chosen, the lines and what becomes of another shape, in Chinese', () => {
    const chosen = optionsOf({
      style: 'cinematic',
      tone: 'warm',
      pace: 'fast',
      captions: true,
      voice: 'female',
    });
    const view = presentQuote(
      quote({
        ...chosen,
        model: 'minimax',
        fitted: true,
        estimated_usd: null,
        expected_minutes: null,
        planned_by: 'rules',
        shots: [shot({ line: '夜色里，它出发了' })],
      }),
      zh,
      {},
    );
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### 视频已准备好制作
      **MiniMax Hailuo 2.3 Standard** · 30 秒 · 9:16 竖屏
      🎨 电影感 · 🌈 暖色 · 🎵 明快 · 💬 字幕 · 🎙️ 女声
      -# ⚡⚡⚡ ⭐⭐⭐ 💰 · 📐 以 16:9 制作，裁切为 9:16
      **分镜：1 个镜头**
      **1** · 15 秒 · A paper boat turns into the street
      -# 🎥 slow push-in · 💬 「夜色里，它出发了」
      -# AI 未能回答，由规则规划
      消耗 **1** 配额
      -# 服务商未公布价格 · 有效至 <t:1795335300:t>"
    `);
    expect(labelsOfView(view)).toEqual(['开始生成', '编辑', '选项']);
  });

  test('names blurred edges where nothing is cropped', () => {
    const fitted = { model: 'minimax', fitted: true };
    expect(textIn({ ...fitted, fit: 'pad' })).toContain(
      'made 16:9, with a blurred edge to fill 9:16',
    );
    expect(textIn({ ...fitted })).toContain('made 16:9, cropped to 9:16');
    expect(textIn({ model: 'minimax' })).not.toContain('made 16:9');
  });

  test.each([
    [0, 'only **0** left'],
    [1, 'left afterwards: **0**'],
    [2, 'left afterwards: **1**'],
  ])('with %i quota says: %s', (available, words) => {
    const view = presentQuoteWithBalance(quote(), en, {}, { kind: 'person', available });
    expect(textOfView(view)).toContain(`Costs **1** quota · ${words}`);
    expect(problemsOfView(view)).toEqual([]);
  });

  test.each([
    [0.1, 1],
    [1, 1],
    [1.1, 2],
  ])('that takes %s minutes says %s', (minutes, told) => {
    expect(textIn({ expected_minutes: minutes })).toContain(`about ${told} min to make`);
  });

  test('promises no time that nothing backs up', () => {
    expect(textIn({ expected_minutes: null })).not.toContain('min to make');
  });

  test('offers several takes with what they cost together', () => {
    const shown = JSON.stringify(presentQuote(quote(), en, {}));
    expect(shown).toContain('2 takes to pick from');
    expect(shown).toContain('4 × 1 = 4 quota, about $15.12 at the provider');
    const unknown = JSON.stringify(presentQuote(quote({ estimated_usd: null }), zh, {}));
    expect(unknown).toContain('3 × 1 = 3 配额"');
  });

  test.each([
    ['2026-11-22T08:00:00.001Z', false],
    ['2026-11-22T08:00:00.000Z', true],
    ['2026-11-22T07:59:59.999Z', true],
  ])('that expires at %s cannot be pressed: %s', (expires_at, isExpired) => {
    const view = presentQuote(quote({ expires_at }), en, {});
    expect(JSON.stringify(view).includes('"disabled":true')).toBe(isExpired);
    expect(JSON.stringify(view).includes('quote-takes')).toBe(!isExpired);
    expect(textOfView(view).includes('has expired')).toBe(isExpired);
  });

  test.each(draws.map((draw) => [draw.locale, draw] as const))(
    'stays within what Discord takes, at its fullest, in %s',
    (_, draw) => {
      for (const words of nastyTexts(320)) {
        const shots = Array.from({ length: 13 }, () =>
          shot({ picture: words, camera: words, line: words }),
        );
        const most = quote({ shots, quota: 1e9, estimated_usd: 1e9, planned_by: 'rules' });
        const view = presentQuoteWithBalance(
          most,
          draw,
          { prompt: '*'.repeat(500) },
          { kind: 'person', available: 1e9 },
        );
        expect(problemsOfView(view)).toEqual([]);
        expect(textOfView(view)).toContain('**12**');
        expect(textOfView(view)).not.toContain('**13**');
      }
    },
  );
});

describe('the form of the options', () => {
  const chosen = optionsOf({ style: '3d', tone: 'neon', pace: 'calm', fit: 'pad', voice: 'male' });

  test.each(draws.map((draw) => [draw.locale, draw] as const))(
    'is one that Discord takes, in %s',
    (_, draw) => {
      expect(problemsOfModal(buildOptions(id, chosen, draw))).toEqual([]);
      expect(buildOptions(id, chosen, draw).components).toHaveLength(5);
    },
  );

  test('opens with what is chosen', () => {
    const valuesOf = (field: string) => {
      const found = fieldOf(buildOptions(id, chosen, en), field);
      if (!found || !('options' in found)) throw new Error(`no field ${field}`);
      return found.options.filter((one) => one.default).map((one) => one.value);
    };
    expect(['style', 'tone', 'pace', 'voice', 'extras'].map(valuesOf)).toEqual([
      ['3d'],
      ['neon'],
      ['calm'],
      ['male'],
      ['pad'],
    ]);
  });

  test('labels every choice in both languages', () => {
    for (const draw of draws) {
      const shown = JSON.stringify(buildOptions(id, chosen, draw));
      for (const field of ['style', 'tone', 'pace', 'voice'] as const)
        for (const value of optionsSchema.shape[field].options)
          expect(shown).not.toContain(`"label":"${value}"`);
    }
  });

  test('is read as it was filled in, and unknown values as the usual ones', () => {
    expect(
      optionsFilledIn({
        style: ['vintage'],
        tone: ['dark'],
        pace: ['fast'],
        voice: ['female'],
        extras: ['captions', 'pad'],
      }),
    ).toEqual({
      style: 'vintage',
      tone: 'dark',
      pace: 'fast',
      voice: 'female',
      captions: true,
      fit: 'pad',
    });
    expect(optionsFilledIn({ style: ['opera'], voice: ['choir'], extras: ['sound'] })).toEqual(
      optionsOf({}),
    );
    expect(optionsFilledIn({})).toEqual(optionsOf({}));
  });
});
