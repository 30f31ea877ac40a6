import { describe, expect, test } from 'vitest';

import type { TrendView } from '../../../core/trend/view.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { parseActionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { presentTrend } from './trend.ts';

const draw = (locale: 'en' | 'zh'): Draw => ({
  locale,
  timeZone: 'UTC',
  now: new Date('2026-11-22T08:00:00Z'),
  owner: '123456789012345678901',
});

const trend: TrendView = {
  id: 'trd_0000000000000001',
  platform: 'tiktok',
  title: 'Video 1',
  channel: 'Maker',
  url: 'https://tiktok.example/v/1',
  views: 8_200_000,
  likes: 320_000,
  comments: 12_500,
  shares: null,
  published_at: '2026-11-20T08:00:00.000Z',
  score: 87.36,
  parts: { views: 1, engagement: 0.6, growth: 0.2, quality: 0 },
  incomplete: false,
  confidence: 0.9,
  rising: null,
  thumbnail_url: 'https://cdn.example/1.jpg',
};

const extreme: Partial<TrendView> = {
  title: '[](@everyone)'.repeat(30).slice(0, 300),
  channel: '*🚤'.repeat(50),
  url: `https://tiktok.example/${'v'.repeat(489)}`,
  views: Number.MAX_SAFE_INTEGER,
  likes: Number.MAX_SAFE_INTEGER,
  incomplete: true,
  thumbnail_url: `https://cdn.example/${'t'.repeat(2028)}`,
};

describe('one trend', () => {
  const shown = (more: Record<string, unknown> = {}) => ({
    ...trend,
    description: 'd',
    duration_seconds: 45.4,
    like_rate: 0.039,
    attraction: 'A number in the title.',
    factors: ['number', 'fast cuts'],
    hook: 'It asks at once.',
    pacing: 'A cut every second.',
    recommendation: 8,
    explained_by: 'model',
    completed_by_rules: false,
    watched: false,
    watch_problem: null,
    can_watch: false,
    saved: false,
    ...more,
  });

  test('tells its numbers and why it works', () => {
    const view = presentTrend(shown({ shares: 900 }), draw('en'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Video 1
      🎵 TikTok · Maker
      -# Published <t:1795161600:R> · 45 s
      **87.4** / 100
      ▰▰▰▰▰ Views **100**
      ▰▰▰▱▱ Engagement **60**
      ▰▱▱▱▱ Growth **20**
      ▱▱▱▱▱ Idea **0**
      **Numbers**
      8.2M views · 320K likes · 3.9% like rate · 12.5K comments · 900 shares
      **Why it works**
      A number in the title.
      - number
      - fast cuts
      **Hook** It asks at once.
      **Pacing** A cut every second.
      Worth making: **8** / 10
      -# Explained by AI from title and numbers"
    `);
    expect(labelsOfView(view)).toEqual(['Make one like this', 'Save', 'Open the original']);
  });

  test('tells the same in Chinese', () => {
    const view = presentTrend(shown({ watched: true }), draw('zh'), {});
    expect(textOfView(view)).toContain(
      [
        '**走红原因**',
        'A number in the title.',
        '- number',
        '- fast cuts',
        '**开头** It asks at once.',
        '**节奏** A cut every second.',
        '推荐指数：**8** / 10',
        '-# 👁️ 已观看：由 AI 根据视频本身分析',
      ].join('\n'),
    );
  });

  test('leaves out hook and pacing where nobody has told them', () => {
    const view = presentTrend(shown({ hook: null, pacing: null }), draw('en'), {});
    expect(textOfView(view)).not.toMatch(/Hook|Pacing|null/u);
  });

  test.each([
    [{ watched: true }, '-# 👁️ Watched: explained by AI from the video itself'],
    [{ explained_by: 'rules' }, '-# Explained by rules from the numbers'],
    [
      { completed_by_rules: true },
      '-# Explained by AI from title and numbers · rules filled in what the AI left out',
    ],
    [
      { watch_problem: 'youtube_only' },
      '⚠️ Only videos on YouTube can be watched; this is from its title and numbers.',
    ],
    [{ watch_problem: 'not_watched' }, '⚠️ The video could not be watched;'],
  ])('with %j says %s', (more, line) => {
    expect(textOfView(presentTrend(shown(more), draw('en'), {}))).toContain(line);
  });

  test.each([
    ['en', 'Watch it', 'Watching…'],
    ['zh', '深入分析', '正在观看…'],
  ] as const)('what can be watched has a button for it in %s', (locale, label, busy) => {
    const from = { source: 'sea_0000000000000000', page: '2' };
    const view = presentTrend(shown({ can_watch: true }), draw(locale), from);
    expect(labelsOfView(view)).toHaveLength(5);
    expect(labelsOfView(view)[2]).toBe(label);
    expect(idsOfView(view).map((id) => parseActionId(id))).toContainEqual(
      expect.objectContaining({
        name: 'trend-watch',
        args: ['trd_0000000000000001', 'sea_0000000000000000', '2'],
      }),
    );
    expect(JSON.stringify(view)).not.toContain('"disabled":true');
    const during = presentTrend(shown({ can_watch: true }), draw(locale), {
      ...from,
      watching: true,
    });
    expect(labelsOfView(during)[2]).toBe(busy);
    expect(JSON.stringify(during)).toContain('"disabled":true');
    const plain = presentTrend(shown(), draw(locale), from);
    expect([label, busy]).not.toContain(labelsOfView(plain)[2]);
  });

  test('says so when the rules explained it', () => {
    const view = presentTrend(shown({ explained_by: 'rules' }), draw('zh'), {});
    expect(textOfView(view)).toContain('由规则根据数据分析');
  });

  test('leads back to the list it came from, and drops what is saved', () => {
    const from = { source: 'sea_0000000000000000', page: '2' };
    const view = presentTrend(shown({ saved: true }), draw('en'), from);
    expect(labelsOfView(view)).toContain('Saved');
    expect(idsOfView(view).map((id) => parseActionId(id))).toMatchObject([
      { name: 'trend-make', args: ['trd_0000000000000001'] },
      { name: 'trend-save', args: ['trd_0000000000000001', 'no', 'sea_0000000000000000', '2'] },
      { name: 'trends-page', args: ['sea_0000000000000000', '2'] },
    ]);
  });

  test.each(['en', 'zh'] as const)(
    'stays within what Discord takes, at its fullest, in %s',
    (locale) => {
      const output = shown({
        ...extreme,
        shares: Number.MAX_SAFE_INTEGER,
        comments: Number.MAX_SAFE_INTEGER,
        attraction: '_'.repeat(600),
        hook: '_'.repeat(320),
        pacing: '*'.repeat(320),
        completed_by_rules: true,
        watch_problem: 'not_watched',
        can_watch: true,
        factors: Array.from({ length: 30 }, () => '#'.repeat(400)),
        duration_seconds: 1e9,
        like_rate: 1e9,
      });
      const view = presentTrend(output, draw(locale), {
        source: 'sea_0000000000000000',
        page: '13',
      });
      expect(problemsOfView(view)).toEqual([]);
    },
  );

  test('an address that is none of the web gets no button', () => {
    const view = presentTrend(shown({ url: 'javascript:alert(1)' }), draw('en'), {});
    expect(labelsOfView(view)).not.toContain('Open the original');
  });
});
