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
import { presentTrendList, presentTrends } from './trends.ts';

const draw = (locale: 'en' | 'zh'): Draw => ({
  locale,
  timeZone: 'UTC',
  now: new Date('2026-11-22T08:00:00Z'),
  owner: '123456789012345678901',
});

const trend = (number: number, more: Partial<TrendView> = {}): TrendView => ({
  id: `trd_${String(number).padStart(16, '0')}`,
  platform: 'tiktok',
  title: `Video ${number}`,
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
  ...more,
});

const list = (count: number, more: Partial<TrendView> = {}) =>
  Array.from({ length: count }, (_, index) => trend(index + 1, more));

const found = (trends: readonly TrendView[], more: Record<string, unknown> = {}) => ({
  search: 'sea_0000000000000000',
  status: 'ready',
  trends,
  skipped: {},
  notes: [],
  cost_usd: null,
  age_minutes: null,
  ...more,
});

const extreme: Partial<TrendView> = {
  title: '[](@everyone)'.repeat(30).slice(0, 300),
  channel: '*🚤'.repeat(50),
  url: `https://tiktok.example/${'v'.repeat(489)}`,
  views: Number.MAX_SAFE_INTEGER,
  likes: Number.MAX_SAFE_INTEGER,
  incomplete: true,
  thumbnail_url: `https://cdn.example/${'t'.repeat(2028)}`,
};

describe('the list of trends', () => {
  test.each(['en', 'zh'] as const)(
    'stays within what Discord takes, at its fullest, in %s',
    (locale) => {
      const output = found(list(50, extreme), {
        notes: Array.from({ length: 5 }, () => '_'.repeat(2000)),
        skipped: { duplicate: 40, no_id: 2 },
      });
      for (const page of [1, 2, 13]) {
        const view = presentTrends(output, draw(locale), { keyword: '#'.repeat(100), page });
        expect(problemsOfView(view)).toEqual([]);
      }
    },
  );

  test('shows rank, score, platform, counts and parts in English', () => {
    const view = presentTrends(found(list(1)), draw('en'), { keyword: 'AI tools' });
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Taking off: AI tools
      -# 1 video · page 1 of 1
      **1. Video 1**
      **87.4** / 100 · 🎵 TikTok · Maker
      8.2M views · 320K likes · <t:1795161600:R>
      -# Views ▰▰▰▰▰ Engagement ▰▰▰▱▱ Growth ▰▱▱▱▱ Idea ▱▱▱▱▱"
    `);
    expect(labelsOfView(view)).toEqual(['Make one like this', 'Details']);
  });

  test('shows the same in Chinese', () => {
    const view = presentTrends(found(list(1)), draw('zh'), { keyword: 'AI工具' });
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### 正在走红：AI工具
      -# 共 1 个视频 · 第 1/1 页
      **1. Video 1**
      **87.4** / 100 · 🎵 TikTok · Maker
      820万 播放 · 32万 点赞 · <t:1795161600:R>
      -# 播放 ▰▰▰▰▰ 互动 ▰▰▰▱▱ 增长 ▰▱▱▱▱ 创意 ▱▱▱▱▱"
    `);
    expect(labelsOfView(view)).toEqual(['基于此生成', '查看详情']);
  });

  test('four trends are one page, a fifth opens the next', () => {
    const one = presentTrends(found(list(4)), draw('en'), {});
    expect(idsOfView(one).some((id) => id.includes('trends-page'))).toBe(false);
    const two = presentTrends(found(list(5)), draw('en'), { page: 2 });
    expect(textOfView(two)).toContain('**5. Video 5**');
    expect(textOfView(two)).not.toContain('Video 4');
    const turns = idsOfView(two).filter((id) => id.includes('trends-page'));
    expect(turns.map((id) => parseActionId(id)?.args)).toEqual([
      ['sea_0000000000000000', '1'],
      ['sea_0000000000000000', '3'],
    ]);
  });

  test('a page after the last is the last one', () => {
    const view = presentTrends(found(list(5)), draw('en'), { page: 9 });
    expect(textOfView(view)).toContain('page 2 of 2');
  });

  test('a score with an unknown part is marked', () => {
    const view = presentTrends(found(list(1, { incomplete: true })), draw('en'), {});
    expect(textOfView(view)).toContain('**≈ 87.4** / 100');
    expect(textOfView(view)).toContain('a part is unknown');
  });

  test('unknown counts, dates and pictures are left out, never shown as 0', () => {
    const bare = {
      views: null,
      likes: null,
      published_at: null,
      channel: null,
      thumbnail_url: null,
    };
    const view = presentTrends(found(list(1, bare)), draw('en'), {});
    expect(textOfView(view)).not.toMatch(/null|\b0 views|NaN/);
    expect(problemsOfView(view)).toEqual([]);
  });

  test.each(['javascript:alert(1)', 'no address', `https://a.example/${'x'.repeat(2048)}`])(
    'a picture at %s is not asked for',
    (address) => {
      const view = presentTrends(found(list(1, { thumbnail_url: address })), draw('en'), {});
      expect(JSON.stringify(view)).not.toContain(address);
    },
  );

  test('what could not be searched and what was left out is said', () => {
    const output = found(list(1), {
      notes: ['instagram: Apify is busy right now.'],
      skipped: { a: 2, b: 1 },
    });
    const shown = textOfView(presentTrends(output, draw('en'), {}));
    expect(shown).toContain('Apify is busy right now.');
    expect(shown).toContain('3 left out: no usable videos, or outside your filters');
  });

  test('an empty result gives advice', () => {
    const view = presentTrends(found([]), draw('en'), { keyword: 'zzz' });
    expect(textOfView(view)).toContain('Nothing found');
    expect(textOfView(view)).toContain('longer period');
    expect(problemsOfView(view)).toEqual([]);
  });

  test('what comes from the store says when it was searched', () => {
    const view = presentTrends(found(list(1), { age_minutes: 90 }), draw('en'), {});
    expect(textOfView(view)).toContain(
      'From the store, searched <t:1795329000:R>; nothing was paid for again',
    );
  });

  test.each(['en', 'zh'] as const)('one that goes on can be looked at again, in %s', (locale) => {
    const view = presentTrends(found([], { status: 'running' }), draw(locale), {});
    expect(problemsOfView(view)).toEqual([]);
    expect(textOfView(view)).toMatch(/Still searching|仍在搜索/u);
    expect(idsOfView(view).map((id) => parseActionId(id)?.args)).toEqual([
      ['sea_0000000000000000', '1'],
    ]);
  });

  test('a title is nothing but words', () => {
    const title = '# Hi **you** @everyone <@1> [x](https://evil.example)\n> quote';
    const shown = textOfView(presentTrends(found(list(1, { title })), draw('en'), {}));
    expect(shown).toContain(
      String.raw`**1. \# Hi \*\*you\*\* @everyone \<@1> \[x\](https://evil.example) > quote**`,
    );
  });
});

describe('saved and recent trends', () => {
  const kept = (count: number) => list(count).map((one) => ({ ...one, saved: true }));

  test.each([
    [true, 'Saved trends', 'saved'],
    [false, 'Trends you found', 'recent'],
  ])('with saved=%s they are read again from their own source', (saved, heading, source) => {
    const view = presentTrendList({ saved, trends: kept(5), searches: [] }, draw('en'), { saved });
    expect(textOfView(view)).toContain(heading);
    const details = idsOfView(view).find((id) => id.includes('trend-show')) ?? '';
    expect(parseActionId(details)?.args).toEqual(['trd_0000000000000001', source, '1']);
    expect(problemsOfView(view)).toEqual([]);
  });

  const earlier = (count: number, more: Record<string, unknown> = {}) =>
    Array.from({ length: count }, (_, index) => ({
      search: `sea_${String(index).padStart(16, '0')}`,
      keyword: '#'.repeat(100),
      status: 'ready',
      found: 3,
      searched_at: '2026-11-22T08:00:00.000Z',
      ...more,
    }));

  test('earlier searches can be opened from the list, at its fullest', () => {
    const trends = kept(25).map((one) => ({ ...one, ...extreme }));
    const output = { saved: false, trends, searches: earlier(5) };
    const view = presentTrendList(output, draw('en'), { page: 2 });
    expect(problemsOfView(view)).toEqual([]);
    const opened = idsOfView(view).map((id) => parseActionId(id)?.args[0] ?? '');
    for (const { search } of output.searches) expect(opened).toContain(search);
    const none = presentTrendList(
      { saved: true, trends: [], searches: earlier(1) },
      draw('en'),
      {},
    );
    expect(problemsOfView(none)).toEqual([]);
    expect(idsOfView(none)).toHaveLength(1);
  });

  test('one that failed cannot be opened', () => {
    const output = { saved: false, trends: [], searches: earlier(1, { status: 'failed' }) };
    expect(idsOfView(presentTrendList(output, draw('en'), {}))).toEqual([]);
  });

  test('none saved says how to save one', () => {
    const view = presentTrendList({ saved: true, trends: [], searches: [] }, draw('zh'), {});
    expect(textOfView(view)).toContain('还没有收藏');
  });
});
