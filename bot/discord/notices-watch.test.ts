import { describe, expect, it, test } from 'vitest';

import { locales } from '../../core/messages/catalogue.ts';
import type { Notice } from '../../core/notice/deliver.ts';
import type { TrendView } from '../../core/trend/view.ts';
import { nastyTexts } from '../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../test/kit/view-limits.ts';
import { presentNotice } from './notices-view.ts';

const userId = '12345678901234567890';
const notice: Notice = {
  id: 1,
  kind: 'watch_found',
  subjectId: 'sea_0123456789abcdef',
  locale: 'en',
  timeZone: 'UTC',
  isWanted: true,
  userId,
  serverId: null,
  channelTitle: null,
  channelAccess: null,
  waitingUntil: null,
  watch: null,
  payment: null,
  approval: null,
  progress: null,
};
const trend: TrendView = {
  id: 'trd_0123456789abcdef',
  platform: 'tiktok',
  title: 'A boat of paper',
  channel: 'boats',
  url: 'https://www.tiktok.com/@boats/video/1',
  views: 820_000,
  likes: null,
  comments: null,
  shares: null,
  published_at: '2026-11-22T07:00:00.000Z',
  score: 81.4,
  parts: { views: 1, engagement: 1, growth: 1, quality: 1 },
  incomplete: false,
  confidence: 1,
  rising: null,
  thumbnail_url: null,
};
const search = 'sea_0123456789abcdef';
const found = (count: number, over: Partial<TrendView> = {}, keyword = 'paper boats') => ({
  kind: 'found' as const,
  keyword,
  search,
  trends: Array.from({ length: count }, (_, index) => ({
    ...trend,
    id: `trd_${String(index).padStart(16, '0')}`,
    title: `${trend.title} ${index + 1}`,
    ...over,
  })),
});
const paused = (serverId: string | null) => ({
  kind: 'paused' as const,
  watch: 'wch_0123456789abcdef',
  keyword: 'paper boats',
  reason: 'Apify is busy right now.',
  serverId,
});
const actionsOf = (watch: Notice['watch'], over: Partial<Notice> = {}) =>
  idsOfView(presentNotice({ ...notice, ...over, watch })).map((id) => id.split(':')[1]);

describe('what a watch has found', () => {
  it('is told with its score and a way to make one like it', () => {
    const watch = found(1);
    const shown = textOfView(presentNotice({ ...notice, watch }));
    expect(shown).toContain('📈 Taking off: **paper boats**');
    expect(shown).toContain('**A boat of paper 1**\n**81.4** / 100');
    expect(shown).toContain('820K views');
    expect(shown).not.toContain('/publication list');
    expect(actionsOf(watch)).toEqual(['trend-make', 'trend-show', 'notices-off']);
    expect(idsOfView(presentNotice({ ...notice, watch }))).toContain(
      `v1:trend-show:${userId}:trd_0000000000000000:${search}:1`,
    );
    const chinese = textOfView(presentNotice({ ...notice, locale: 'zh', watch }));
    expect(chinese).toContain('📈 正在走红：**paper boats**');
  });

  test.each([
    [2, 2, false],
    [3, 3, false],
    [4, 3, true],
    [20, 3, true],
  ])('of %i shows %i', (count, shown, hasMore) => {
    const watch = found(count);
    const actions = actionsOf(watch);
    expect(actions.filter((name) => name === 'trend-make')).toHaveLength(shown);
    expect(actions.includes('trends-page')).toBe(hasMore);
    const told = textOfView(presentNotice({ ...notice, watch }));
    expect(told).toContain(`${count} videos are taking off`);
    expect(told.includes(`${count - 3} more in the list`)).toBe(hasMore);
  });

  it('fits with any text, and nothing in it is markup or a mention', () => {
    for (const locale of locales)
      for (const words of nastyTexts(300)) {
        const watch = found(20, { title: words, channel: words }, words.slice(0, 100));
        const view = presentNotice({ ...notice, locale, watch });
        expect(problemsOfView(view)).toStrictEqual([]);
        expect(textOfView(view)).not.toMatch(/(?<!\\)(?:\[x|<@|```)/u);
      }
  });
});

describe('a watch that is paused', () => {
  it('says why, and starts again with one press', () => {
    const watch = paused(null);
    const view = presentNotice({ ...notice, kind: 'watch_paused', watch });
    expect(textOfView(view)).toContain('⏸️ The watch on **paper boats** is paused');
    expect(textOfView(view)).toContain(
      'Three looks in a row have failed. Apify is busy right now.',
    );
    expect(actionsOf(watch)).toEqual(['watch-start', 'notices-off']);
    expect(problemsOfView(view)).toStrictEqual([]);
  });

  it('starts again where it was made, when that was in a server', () => {
    const watch = paused('11');
    const view = presentNotice({ ...notice, kind: 'watch_paused', watch });
    expect(textOfView(view)).toContain('/watch create');
    expect(actionsOf(watch)).toEqual(['notices-off']);
    const chinese = presentNotice({ ...notice, kind: 'watch_paused', locale: 'zh', watch });
    expect(textOfView(chinese)).toContain('已暂停');
    expect(problemsOfView(chinese)).toStrictEqual([]);
  });
});
