import { describe, expect, it, test } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentWatch, presentWatchDeleted, presentWatches } from './watch.ts';

const watch = {
  watch: 'wch_0123456789abcdef',
  keyword: 'paper boats',
  platforms: ['tiktok', 'youtube'],
  min_score: 70,
  every_hours: 12,
  daily_usd: 0.5,
  status: 'active',
  found: 3,
  next_at: '2026-11-22T20:00:00.000Z',
};
const paused = { ...watch, status: 'paused', next_at: null };
const actionsOf = (view: Parameters<typeof idsOfView>[0]) =>
  idsOfView(view).map((id) => id.split(':')[1]);

describe('a watch', () => {
  test.each([
    ['created', 'Watching from now on', '开始监测'],
    ['changed', 'The watch is changed', '监测已更改'],
    ['restarted', 'Watching again', '重新开始监测'],
  ])('that was %s says what it does and what it may cost', (outcome, en, zh) => {
    const view = presentWatch({ ...watch, outcome }, drawIn('en'), {});
    expect(textOfView(view)).toContain(en);
    expect(textOfView(view)).toContain('**paper boats**\nTikTok, YouTube · every 12 h · from 70');
    expect(textOfView(view)).toContain('at most $0.50 a day');
    expect(actionsOf(view)).toEqual(['watches-show', 'watch-stop']);
    const chinese = textOfView(presentWatch({ ...watch, outcome }, drawIn('zh'), {}));
    expect(chinese).toContain(zh);
    expect(chinese).toContain('每天最多 $0.50');
  });

  it('that is gone is named once more', () => {
    const view = presentWatchDeleted({ watch: watch.watch, keyword: '*x*' }, drawIn('en'), {});
    expect(textOfView(view)).toContain(String.raw`**\*x\***`);
    expect(actionsOf(view)).toEqual(['watches-show']);
  });
});

describe('the list', () => {
  it('ends what goes on and starts what is paused', () => {
    const view = presentWatches({ watches: [watch, paused] }, drawIn('en'), {});
    expect(actionsOf(view)).toEqual(['watch-drop', 'watch-start']);
    expect(textOfView(view)).toContain('3 found so far · at most $0.50 a day · next look <t:');
    expect(textOfView(view)).toContain('⚠️ paused');
  });

  it('says what to do where there is none', () => {
    expect(textOfView(presentWatches({ watches: [] }, drawIn('en'), {}))).toContain('Name a topic');
    expect(textOfView(presentWatches({ watches: [] }, drawIn('zh'), {}))).toContain('还没有监测');
  });

  test.each([0, 1, 9, 10, 11, 25])('of %i fits in both languages', (count) => {
    for (const draw of draws)
      for (const keyword of nastyTexts(100)) {
        const watches = Array.from({ length: count }, (_, index) => ({
          ...(index % 2 ? watch : paused),
          watch: `wch_${String(index).padStart(16, '0')}`,
          keyword,
          platforms: ['tiktok', 'youtube', 'instagram'],
        }));
        const view = presentWatches({ watches }, draw, {});
        expect(problemsOfView(view)).toStrictEqual([]);
        expect(idsOfView(view)).toHaveLength(Math.min(count, 10));
        expect(/and \d+ more|另有 \d+ 个/u.test(textOfView(view))).toBe(count > 10);
      }
  });

  it('and the other cards fit with any keyword', () => {
    for (const draw of draws)
      for (const keyword of nastyTexts(100)) {
        const made = { ...watch, keyword, outcome: 'created' };
        expect(problemsOfView(presentWatch(made, draw, {}))).toStrictEqual([]);
        const gone = { watch: watch.watch, keyword };
        expect(problemsOfView(presentWatchDeleted(gone, draw, {}))).toStrictEqual([]);
      }
  });
});
