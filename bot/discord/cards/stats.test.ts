import { describe, expect, it } from 'vitest';

import type { Draw } from '../draw.ts';
import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { presentStats } from './stats.ts';

const counted = {
  publication: 'pub_0123456789abcdef',
  title: 'A boat of paper',
  url: 'https://www.youtube.com/watch?v=abc',
  views: 12_340,
  likes: 400,
  comments: 1,
  views_gained: 1200,
  likes_gained: 40,
  comments_gained: 0,
  read_at: '2026-11-22T07:00:00.000Z',
};
const { publication: _, title: _title, url: _url, read_at: _readAt, ...totals } = counted;
const stats = {
  days: 30,
  publication: null,
  totals,
  hidden: { views: 0, likes: 0, comments: 0 },
  read: 1,
  waiting: 0,
  publications: [counted],
  more: 0,
  curve: [],
  chart: null,
};
const chart = { name: 'stats.png', contentType: 'image/png', data: Buffer.from('png') } as const;
const withChart = (draw: Draw): Draw => ({ ...draw, pictures: [chart] });
const none = { views: null, likes: null, comments: null };
const noGain = { views_gained: null, likes_gained: null, comments_gained: null };
const wordsOf = (changes: object) =>
  draws.map((one) => textOfView(presentStats({ ...stats, ...changes }, one, {})));

describe('the card of the statistics', () => {
  it('tells the numbers and what was gained, in both languages', () => {
    const [en = '', zh = ''] = wordsOf({});
    expect(en).toContain('### 📈 Views, likes and comments');
    expect(en).toContain('**12,340 views · 400 likes · 1 comment**');
    expect(en).toContain('-# +1,200 views · +40 likes · 0 comments · in 30 days');
    expect(en).toContain('**A boat of paper**');
    expect(en).toContain('📈 +1,200 views · read <t:1795330800:R>');
    expect(zh).toContain('**12,340 次观看 · 400 个赞 · 1 条评论**');
    expect(zh).toContain('-# 观看 +1,200 · 点赞 +40 · 评论 0 · 近 30 天');
  });

  it('shows the chart as a file of its own, and none where there is none', () => {
    const view = presentStats(stats, withChart(drawIn('en')), {});
    expect(view.files).toEqual([chart]);
    expect(JSON.stringify(view.components)).toContain('"attachment://stats.png"');
    expect(problemsOfView(view)).toEqual([]);
    expect(presentStats(stats, drawIn('en'), {}).files).toBeUndefined();
  });

  it('says what YouTube does not tell, and shows no number for it', () => {
    const hiding = { ...counted, likes: null, likes_gained: null };
    const [en = '', zh = ''] = wordsOf({
      publications: [hiding],
      totals: { ...totals, likes: null, likes_gained: null },
      hidden: { views: 0, likes: 1, comments: 0 },
    });
    expect(en).toContain('-# YouTube does not tell the likes of 1 video.');
    expect(en).not.toMatch(/\d likes/u);
    expect(zh).toContain('YouTube 不提供 1 个视频的点赞数。');
    expect(zh).not.toMatch(/个赞|点赞 /u);
  });

  it('says of a video that YouTube tells nothing about it', () => {
    const gone = { ...counted, ...none, ...noGain };
    const [en = '', zh = ''] = wordsOf({ publications: [counted, gone] });
    expect(en).toContain('-# YouTube tells nothing about it · read <t:1795330800:R>');
    expect(zh).toContain('YouTube 未提供数据');
  });

  it('says that nothing has been read yet', () => {
    const unread = {
      totals: { ...none, ...noGain },
      read: 0,
      waiting: 1,
      publications: [{ ...counted, ...none, ...noGain, read_at: null }],
    };
    const [en = '', zh = ''] = wordsOf(unread);
    expect(en).toContain('1 video has not been read yet; numbers are read every hour.');
    expect(en).toContain('**A boat of paper**\n-# not read yet');
    expect(zh).toContain('尚未读取');
    expect(`${en}${zh}`).not.toMatch(/\d+ (?:views|次观看)/u);
    const [nothing = ''] = wordsOf({ ...unread, waiting: 0, publications: [] });
    expect(nothing).toContain('only public and unlisted videos have any');
  });

  it('leads to each publication, and to the other spans of time', () => {
    const draw = drawIn('en');
    const view = presentStats(stats, draw, {});
    expect(labelsOfView(view)).toEqual(['7 days', '30 days', '90 days', 'My publications']);
    expect(idsOfView(view)).toEqual([
      `v1:stats-show:${draw.owner}:7:`,
      `v1:stats-show:${draw.owner}:30:`,
      `v1:stats-show:${draw.owner}:90:`,
      `v1:publication-show:${draw.owner}`,
      `v1:publications-show:${draw.owner}`,
    ]);
    expect(JSON.stringify(view)).toContain(`"value":"${counted.publication}"`);
    const disabled = JSON.stringify(view).match(/"disabled":true/gu);
    expect(disabled).toHaveLength(1);
  });

  it('of one publication leads to it, to YouTube and to all of them', () => {
    const draw = drawIn('zh');
    const view = presentStats({ ...stats, publication: counted.publication }, draw, {});
    const id = counted.publication;
    expect(idsOfView(view)).toEqual([
      `v1:stats-show:${draw.owner}:7:${id}`,
      `v1:stats-show:${draw.owner}:30:${id}`,
      `v1:stats-show:${draw.owner}:90:${id}`,
      `v1:publication-show:${draw.owner}:${id}`,
      `v1:stats-show:${draw.owner}:30`,
    ]);
    expect(JSON.stringify(view)).toContain(counted.url);
  });

  it.each([0, 1, 10, 11, 25])('fits into a message whatever it holds: %i publications', (count) => {
    const most = Number.MAX_SAFE_INTEGER;
    const huge = { views: most, likes: most, comments: most };
    const gains = { views_gained: -most, likes_gained: -most, comments_gained: -most };
    for (const one of draws)
      for (const nasty of nastyTexts(5000))
        for (const publication of [null, counted.publication]) {
          const extreme = {
            ...stats,
            publication,
            totals: { ...huge, ...gains },
            hidden: { views: 9999, likes: 9999, comments: 9999 },
            waiting: 9999,
            more: 9999,
            publications: Array.from({ length: count }, (__, index) => ({
              ...counted,
              ...huge,
              ...gains,
              publication: `pub_${index}`,
              title: nasty,
              url: nasty,
            })),
          };
          expect(problemsOfView(presentStats(extreme, withChart(one), {}))).toEqual([]);
        }
  });
});
