import { describe, expect, test } from 'vitest';

import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { videoShow } from '../../../core/video/show.ts';
import { parseActionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import {
  presentCancelled,
  presentDeleted,
  presentRetried,
  presentTrendSaved,
  presentVideoStarted,
} from './video-changes.ts';
import { presentTakes } from './takes.ts';
import { presentVideo } from './video.ts';
import { presentVideos } from './videos.ts';

const draw = (locale: 'en' | 'zh'): Draw => ({
  locale,
  timeZone: 'UTC',
  now: new Date('2026-11-22T08:00:00Z'),
  owner: '123456789012345678901',
});

const id = 'vid_0000000000000000';

const video = (more: Record<string, unknown> = {}) => ({
  video: id,
  status: 'generating',
  step: 'making',
  percent: 50,
  shots_done: 2,
  shots_total: 4,
  eta_seconds: 120,
  prompt: 'A paper boat in the rain',
  model: 'kling',
  seconds: 30,
  shape: '9:16',
  why: null,
  quota: 'held',
  url: null,
  duration_seconds: null,
  width: null,
  height: null,
  bytes: null,
  can_retry: false,
  takes: [{ video: id, take: 1, status: 'generating' }],
  poster_url: null,
  kept_until: null,
  shots: [],
  created_at: '2026-11-22T07:58:00.000Z',
  ...more,
});

const ready = (more: Record<string, unknown> = {}) =>
  video({
    status: 'ready',
    step: 'done',
    percent: 100,
    eta_seconds: null,
    quota: 'charged',
    url: 'https://jilo.example/media/videos/1.mp4?exp=1&sig=2',
    duration_seconds: 30.04,
    width: 1080,
    height: 1920,
    bytes: 5_242_880,
    ...more,
  });

const actionsOf = (view: Parameters<typeof idsOfView>[0]) =>
  idsOfView(view).map((one) => parseActionId(one)?.name);

describe('a video in the making', () => {
  test('shows bar, step, shots and when it is ready', () => {
    const view = presentVideo(video(), draw('en'));
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Your video is being made
      > A paper boat in the rain
      ██████████░░░░░░░░░░ 50%
      **Making the shots** · 2 of 4 shots done
      -# ready <t:1795334520:R>
      -# Kling 3 Standard · 30 s · 9:16 upright"
    `);
    expect(labelsOfView(view)).toEqual(['Cancel']);
    expect(problemsOfView(view)).toEqual([]);
  });

  test('shows the same in Chinese', () => {
    expect(textOfView(presentVideo(video(), draw('zh')))).toMatchInlineSnapshot(`
      "### 视频正在生成
      > A paper boat in the rain
      ██████████░░░░░░░░░░ 50%
      **正在生成镜头** · 已完成 2/4 个镜头
      -# 预计完成：<t:1795334520:R>
      -# Kling 3 Standard · 30 秒 · 9:16 竖屏"
    `);
  });

  test('promises no time that nothing backs up', () => {
    const shown = textOfView(presentVideo(video({ eta_seconds: null }), draw('en')));
    expect(shown).toContain('usually a few minutes');
    expect(shown).not.toContain('<t:');
  });

  test.each([
    ['queued', 'analysing', 'Analysing the prompt', '正在分析 Prompt'],
    ['generating', 'making', 'Making the shots', '正在生成镜头'],
    ['assembling', 'assembling', 'Joining the shots', '正在合成'],
  ])('%s is told as its step', (status, step, en, zh) => {
    expect(textOfView(presentVideo(video({ status, step }), draw('en')))).toContain(en);
    expect(textOfView(presentVideo(video({ status, step }), draw('zh')))).toContain(zh);
  });
});

describe('a video that waits for its turn', () => {
  const shots = (...statuses: readonly string[]) =>
    statuses.map((status) => ({ seconds: 10, status, prompt: 'A boat' }));

  test.each([
    ['queued', shots('planned', 'planned'), true],
    ['queued', shots('due', 'planned'), false],
    ['queued', shots('submitted', 'planned'), false],
    ['queued', [], false],
    ['generating', shots('planned'), false],
  ])('%s with %j says so: %s', (status, parts, waits) => {
    const output = video({ status, step: 'analysing', shots: parts });
    const shown = textOfView(presentVideo(output, draw('en')));
    expect(shown.includes('waits for a free place')).toBe(waits);
    const zh = textOfView(presentVideo(output, draw('zh')));
    expect(zh.includes('正在等待服务商的空位')).toBe(waits);
  });
});

describe('one of several takes', () => {
  const other = 'vid_1111111111111111';
  const takes = [
    { video: id, take: 1, status: 'ready' },
    { video: other, take: 2, status: 'generating' },
  ];

  test('says which it is and opens the others; only what has ended is marked', () => {
    const view = presentVideo(ready({ takes }), draw('en'));
    expect(textOfView(view)).toContain('### Your video is ready · take 1 of 2');
    expect(labelsOfView(view).slice(0, 3)).toEqual(['Take 1', 'Take 2', 'Compare']);
    const shown = JSON.stringify(view);
    expect(shown).toContain('"label":"Take 1","emoji":{"name":"✅"},"disabled":true');
    expect(shown).not.toContain('⏳');
    expect(idsOfView(view)).toContain(`v1:video-show:${draw('en').owner}:${other}`);
    expect(problemsOfView(view)).toEqual([]);
  });

  test.each(['en', 'zh'] as const)('all together can be picked from, in %s', (locale) => {
    const many = Array.from({ length: 4 }, (_, index) => ({
      video: `vid_${String(index).padStart(16, '0')}`,
      take: index + 1,
      status: index === 3 ? 'failed' : 'ready',
    }));
    const shown = many.map(({ video: one, status }) => ({
      video: videoShow.output.parse(
        ready({ video: one, status, takes: many, prompt: '*'.repeat(500) }),
      ),
      file: { name: `${one}.mp4`, contentType: 'video/mp4', path: '/data/1.mp4' },
    }));
    const view = presentTakes(shown, draw(locale));
    expect(problemsOfView(view)).toEqual([]);
    expect(view.files).toHaveLength(4);
    expect(actionsOf(view)).toEqual(['publish-open', 'publish-open', 'publish-open', 'video-show']);
    expect(textOfView(view)).toContain(
      locale === 'en' ? '**Take 4** · ❌ failed' : '**版本 4** · ❌ 失败',
    );
  });
});

describe('a finished video', () => {
  test('is uploaded where it fits', () => {
    const media = { path: '/data/1.mp4', uploadLimit: 5_242_880 };
    const view = presentVideo(ready(), draw('en'), media);
    expect(view.files).toEqual([
      { name: `${id}.mp4`, contentType: 'video/mp4', path: '/data/1.mp4' },
    ]);
    expect(JSON.stringify(view.components)).toContain(`attachment://${id}.mp4`);
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Your video is ready
      > A paper boat in the rain
      -# Kling 3 Standard · 30.0 s · 1080×1920 · 5.0 MB"
    `);
    expect(labelsOfView(view)).toEqual(['Publish', 'Again', 'Download', 'Delete']);
    expect(actionsOf(view)).toEqual(['publish-open', 'video-again', 'video-delete']);
    expect(problemsOfView(view)).toEqual([]);
  });

  test.each([
    [5_242_879, true],
    [5_242_880, true],
    [5_242_881, false],
  ])('of %i bytes is uploaded at a limit of 5 MiB: %s', (bytes, isUploaded) => {
    const media = { path: '/data/1.mp4', uploadLimit: 5_242_880 };
    const view = presentVideo(ready({ bytes }), draw('en'), media);
    expect(view.files !== undefined).toBe(isUploaded);
    expect(problemsOfView(view)).toEqual([]);
  });

  test('is linked to where it does not fit, and shown by its address', () => {
    const view = presentVideo(ready(), draw('en'), { path: '/data/1.mp4', uploadLimit: 10 });
    expect(view.files).toBeUndefined();
    expect(JSON.stringify(view.components)).toContain('"media":{"url":"https://jilo.example');
    expect(labelsOfView(view)).toContain('Download');
  });

  test('shows its still and how long it is kept', () => {
    const more = {
      poster_url: 'https://jilo.example/poster.jpg',
      kept_until: '2026-12-22T08:00:00.000Z',
    };
    const linked = presentVideo(ready(more), draw('en'));
    expect(JSON.stringify(linked.components)).toContain('poster.jpg');
    expect(textOfView(linked)).toContain('kept until <t:1797926400:f>');
    expect(problemsOfView(linked)).toEqual([]);
    const media = { path: '/data/1.mp4', uploadLimit: 10_000_000 };
    const uploaded = presentVideo(ready(more), draw('en'), media);
    expect(JSON.stringify(uploaded.components)).not.toContain('poster.jpg');
    const local = presentVideo(ready({ poster_url: 'http://127.0.0.1/poster.jpg' }), draw('zh'));
    expect(JSON.stringify(local.components)).not.toContain('poster.jpg');
  });

  test('at an address of this machine is only linked to', () => {
    const view = presentVideo(ready({ url: 'http://127.0.0.1:8787/media/1.mp4' }), draw('zh'));
    expect(JSON.stringify(view.components)).not.toContain('"media"');
    expect(textOfView(view)).toContain('文件较大');
    expect(labelsOfView(view)).toContain('下载');
  });

  test('without any address says that it cannot be reached', () => {
    const view = presentVideo(ready({ url: null }), draw('en'));
    expect(textOfView(view)).toContain('cannot be reached right now');
    expect(labelsOfView(view)).toEqual(['Publish', 'Again', 'Delete']);
    expect(problemsOfView(view)).toEqual([]);
  });
});

describe('a video that did not work out', () => {
  const failed = video({
    status: 'failed',
    step: 'stopped',
    quota: 'returned',
    why: 'fal could not do this. The quota is back.',
  });

  test('says why, whether it was charged, and what is next', () => {
    const view = presentVideo(failed, draw('en'));
    expect(textOfView(view)).toContain('This video did not work out');
    expect(textOfView(view)).toContain('The quota is back.');
    expect(labelsOfView(view)).toEqual(['Try again', 'Edit prompt', 'Delete']);
    expect(actionsOf(view)).toEqual(['video-retry', 'video-again', 'video-delete']);
  });

  test('that may be made again free of charge offers that first', () => {
    const view = presentVideo({ ...failed, can_retry: true }, draw('en'));
    expect(labelsOfView(view)).toEqual(['Make it again, free', 'Edit prompt', 'Delete']);
    expect(actionsOf(view)).toEqual(['video-retry-free', 'video-again', 'video-delete']);
    expect(labelsOfView(presentVideo({ ...failed, can_retry: true }, draw('zh')))).toContain(
      '免费重做',
    );
  });

  test('cancelled is no failure', () => {
    const view = presentVideo({ ...failed, status: 'cancelled', why: null }, draw('zh'));
    expect(textOfView(view)).toContain('视频已取消');
    expect(textOfView(view)).toContain('服务商没有说明原因');
  });
});

test.each(['en', 'zh'] as const)(
  'every state stays within what Discord takes, at its fullest, in %s',
  (locale) => {
    const most = {
      prompt: '['.repeat(500),
      why: '*'.repeat(5000),
      shots_done: 1e9,
      shots_total: 1e9,
      percent: 1000,
      seconds: 1e9,
      bytes: 1,
      width: 1e9,
      height: 1e9,
      duration_seconds: 1e9,
      model: 'minimax',
      takes: Array.from({ length: 5 }, (_, index) => ({
        video: `vid_${String(index).padStart(16, '0')}`,
        take: index + 1,
        status: 'ready',
      })),
      poster_url: `https://jilo.example/${'p'.repeat(1900)}`,
      kept_until: '2026-12-22T08:00:00.000Z',
      can_retry: true,
      url: `https://jilo.example/${'u'.repeat(2000)}`,
    };
    for (const output of [
      video(most),
      ready(most),
      video({ ...most, status: 'failed', step: 'stopped' }),
    ]) {
      const media = { path: '/data/1.mp4', uploadLimit: 10 };
      expect(problemsOfView(presentVideo(output, draw(locale), media))).toEqual([]);
      expect(problemsOfView(presentVideo(output, draw(locale)))).toEqual([]);
    }
  },
);

describe('what was done to a video', () => {
  test.each(['en', 'zh'] as const)('fits into a message, in %s', (locale) => {
    const views = [
      presentVideoStarted(
        { video: id, videos: [id], status: 'queued', quota_left: 99 },
        draw(locale),
        {},
      ),
      presentRetried(
        { video: id, status: 'queued', shots_kept: 1, shots_total: 2 },
        draw(locale),
        {},
      ),
      presentCancelled({ video: id, status: 'cancelled', charged: true }, draw(locale), {}),
      presentDeleted({ video: id, deleted: true }, draw(locale), {}),
      presentTrendSaved(
        { trend: 'trd_0000000000000000', title: '#'.repeat(300), saved: true },
        draw(locale),
        {},
      ),
    ];
    for (const view of views) expect(problemsOfView(view)).toEqual([]);
    expect(views.flatMap((view) => actionsOf(view))).toEqual([
      'video-show',
      'video-show',
      'video-again',
      'videos-show',
      'trend-make',
      'trends-page',
    ]);
  });

  test.each([
    [true, 'was charged', '配额已扣除'],
    [false, 'Nothing was charged', '未扣除配额'],
  ])('cancelled with charged=%s says so', (charged, en, zh) => {
    const output = { video: id, status: 'cancelled', charged };
    expect(textOfView(presentCancelled(output, draw('en'), {}))).toContain(en);
    expect(textOfView(presentCancelled(output, draw('zh'), {}))).toContain(zh);
  });
});

describe('the list of videos', () => {
  const videos = (count: number, more: Record<string, unknown> = {}) =>
    Array.from({ length: count }, (_, index) => ({
      video: `vid_${String(index).padStart(16, '0')}`,
      status: 'ready',
      prompt: `Boat ${index}`,
      seconds: 30,
      created_at: '2026-11-22T07:00:00.000Z',
      ...more,
    }));

  test('shows each with its state, and opens one', () => {
    const view = presentVideos({ videos: videos(2) }, draw('en'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Your videos
      -# 2 videos, newest first
      ✅ **Boat 0**
      -# ready · 30 s · <t:1795330800:R>
      ✅ **Boat 1**
      -# ready · 30 s · <t:1795330800:R>"
    `);
    expect(actionsOf(view)).toEqual(['video-pick']);
    expect(problemsOfView(view)).toEqual([]);
  });

  test('tells states in Chinese', () => {
    const shown = textOfView(
      presentVideos({ videos: videos(1, { status: 'failed' }) }, draw('zh'), {}),
    );
    expect(shown).toContain('❌');
    expect(shown).toContain('失败 · 30 秒');
  });

  test.each([
    [10, false],
    [11, true],
  ])('of %i says that there are more: %s', (count, hasMore) => {
    const shown = textOfView(presentVideos({ videos: videos(count) }, draw('en'), {}));
    expect(shown.includes('older ones')).toBe(hasMore);
  });

  test.each(['en', 'zh'] as const)(
    'stays within what Discord takes, at its fullest, in %s',
    (locale) => {
      const most = videos(50, { prompt: '_🚤'.repeat(166), status: 'assembling' });
      expect(problemsOfView(presentVideos({ videos: most }, draw(locale), {}))).toEqual([]);
    },
  );

  test('none yet offers templates and the editor', () => {
    const view = presentVideos({ videos: [] }, draw('en'), {});
    expect(actionsOf(view)).toEqual(['prompt-template', 'prompt-edit']);
    expect(problemsOfView(view)).toEqual([]);
  });
});
