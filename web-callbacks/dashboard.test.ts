import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Context } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { defineOperation } from '../core/operation.ts';
import { operations } from '../core/operations.ts';
import { trendSave } from '../core/trend/save.ts';
import { watchCreate } from '../core/watch/create.ts';
import { accounts } from '../drizzle/schema/people.ts';
import { publicationCounts } from '../drizzle/schema/publishing.ts';
import { addTrend, addVideos, openBelongings, type Belongings } from '../test/kit/belongings.ts';
import { openOwnPages, type OwnPages } from '../test/kit/own-pages.ts';
import type { World } from '../test/kit/world.ts';

let world: World;
let pages: OwnPages;
let own: Belongings;
let context: Context;
const markup = '<img src=x onerror=alert(1)>"\'><script>alert(1)</script>';

beforeAll(async () => {
  const scene = await openBelongings();
  ({ world, own } = scene);
  context = await world.context('web');
  for (const title of [markup, 'Ten tools that do the dishes']) {
    const trend = await addTrend(world, context, { title, keyword: 'tools' });
    await world.must(trendSave, { trend }, context);
  }
  await world.must(watchCreate, { keyword: 'latte art' }, context);
  await world.must(trendSave, { trend: scene.foreign.trend }, scene.stranger);
  await world.must(
    watchCreate,
    { keyword: 'lighthouse keepers' },
    await world.context('web', 'stranger'),
  );
  const readAt = new Date(world.now().getTime() - 3_600_000);
  await world.app.database.db
    .insert(publicationCounts)
    .values({ publicationId: own.publication, readAt, views: 4321, likes: 56, comments: 7 });
  pages = await openOwnPages(world);
});
afterAll(async () => {
  await pages.close();
  await world.close();
});

/** The text of one part. */
function partOf(text: string, id: string): string {
  const begin = text.indexOf(`<section class="card" id="${id}"`);
  return begin < 0 ? '' : text.slice(begin, text.indexOf('</section>', begin));
}

async function seen(person: string, path = '/dashboard?welcome=1'): Promise<string> {
  const { status, text } = await pages.get(person, path);
  expect(status).toBe(200);
  return text;
}

/** Lets the account answer in a language. */
async function speak(person: string, locale: 'en' | 'zh'): Promise<void> {
  const { accountId } = (await world.context('web', person)).actor;
  await world.app.database.db.update(accounts).set({ locale }).where(eq(accounts.id, accountId));
}

const parts = [
  'quota',
  'videos',
  'publications',
  'stats',
  'trends',
  'watches',
  'channels',
  'history',
] as const;

describe('each part shows what the person has', () => {
  test.each([
    ['quota', ['99', '1 / 100', 'Free', 'Quota by month.', '1 used, 100 received']],
    ['videos', ['a paper boat sails down a rainy street', 'ready', '15 s', '/media/posters/']],
    ['publications', ['Regatta in the gutter', 'live', 'Watch on YouTube']],
    ['stats', ['4,321', '56', 'Views over time', '4,321 views']],
    ['trends', ['Ten tools that do the dishes', 'YouTube', '10K views']],
    ['watches', ['latte art', 'every 12 h', '0 found']],
    ['channels', ['connected', 'uploads and changes']],
    ['history', ['Welcome gift', '+100', 'Spent on the video']],
  ] as const)('%s', async (id, expected) => {
    const part = partOf(await seen('owner'), id);
    for (const words of expected) expect(part).toContain(words);
  });

  test.each(parts)('%s says how to begin where there is nothing', async (id) => {
    const part = partOf(await seen('newcomer'), id);
    const hasSome = id === 'quota' || id === 'history';
    expect(part.includes('class="empty"')).toBe(!hasSome);
    expect(part.length).toBeGreaterThan(150);
  });

  test('its pictures and links are there', async () => {
    const text = await seen('owner');
    const pictures = [...text.matchAll(/<img[^>]*? src="([^"]+)"/g)].map(([, path = '']) =>
      path.replaceAll('&amp;', '&'),
    );
    expect(pictures.map((path) => path.split('/')[1])).toEqual(['charts', 'media', 'charts']);
    for (const path of pictures) {
      const answer = await fetch(`${pages.url}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.body?.cancel();
    }
    expect(text).toContain(`href="/videos/${own.video}"`);
  });
});

test('both languages, each with its own words throughout', async () => {
  const english = await seen('owner');
  await speak('owner', 'zh');
  const chinese = await seen('owner');
  await speak('owner', 'en');
  expect(chinese).toContain('<html lang="zh-CN">');
  for (const words of ['配额', '视频', '发布', '频道数据', '收藏的爆款', '监测', '已连接'])
    expect(chinese).toContain(words);
  for (const words of ['Saved trends', 'Channel statistics', 'ready', 'Got it'])
    expect([words, english.includes(words), chinese.includes(words)]).toEqual([words, true, false]);
});

test('nothing of anybody else is shown', async () => {
  const text = await seen('owner');
  for (const words of ['lighthouse', 'Lighthouse']) expect(text).not.toContain(words);
  const theirs = await seen('stranger');
  for (const words of ['lighthouse', 'Secret lighthouses', 'lighthouse keepers'])
    expect(theirs).toContain(words);
  for (const words of ['Ten tools', 'latte art', 'Regatta', own.video])
    expect(theirs).not.toContain(words);
});

test('a title of a stranger stays text', async () => {
  const part = partOf(await seen('owner'), 'trends');
  expect(part).toContain('alert(1)');
  expect(part).not.toMatch(/<img[^>]*onerror|<script|href="javascript/);
});

test('the style that a page has is the one that its policy takes', async () => {
  const { headers, text } = await pages.get('owner', '/dashboard');
  const hashes = /style-src ([^;]+)/.exec(headers.get('content-security-policy') ?? '')?.[1];
  expect(hashes?.split(' ')).toHaveLength([...text.matchAll(/<style>/g)].length);
  expect(headers.get('cache-control')).toBe('no-store');
});

describe('older videos', () => {
  test('are reached page by page, each once', async () => {
    const keeper = await world.context('web', 'keeper');
    const ids = await addVideos(
      world,
      keeper,
      Array.from({ length: 30 }, (_, index) => `boat ${index}`),
    );
    const found: string[] = [];
    const sizes: number[] = [];
    for (let path = '/dashboard?welcome=1'; path !== '';) {
      const text = await seen('keeper', path);
      const shown = [...text.matchAll(/href="\/videos\/(\w+)"/g)].map(([, id = '']) => id);
      found.push(...shown);
      sizes.push(shown.length);
      path = /href="(\/dashboard\?videos=[^"#]+)/.exec(text)?.[1] ?? '';
    }
    expect(sizes).toEqual([12, 12, 6]);
    expect(found).toEqual(ids);
  });

  test('a place in the list that is not theirs is refused in its part alone', async () => {
    const text = await seen('stranger', `/dashboard?videos=${own.video}`);
    expect(partOf(text, 'videos')).toContain('role="alert"');
    expect(partOf(text, 'videos')).not.toContain('paper boat');
    expect(partOf(text, 'quota')).not.toContain('role="alert"');
  });

  test('older movements of quota are reached as well', async () => {
    const first = await seen('owner', '/dashboard?moves=2');
    expect(partOf(first, 'history')).toContain('Welcome gift');
    expect(partOf(first, 'history')).not.toContain('Spent on');
  });
});

describe('what does not work in one part', () => {
  /** An operation of the same name that fails; the answer of none is known outside its own file. */
  const broken = (name: `${string}_${string}`, error: () => Error) =>
    defineOperation({
      name,
      summary: { en: 'Fails.', zh: '失败。' },
      effect: 'read',
      audience: 'people',
      needs: [],
      input: z.object({
        limit: z.int().optional().describe('x'),
        saved: z.boolean().optional().describe('x'),
      }),
      output: z.object({}),
      run: () => Promise.reject(error()),
      say: () => '',
    });
  const names = {
    quota: 'quota_show',
    videos: 'video_list',
    publications: 'publication_list',
    stats: 'stats_show',
    trends: 'trend_list',
    watches: 'watch_list',
    channels: 'channel_list',
    history: 'quota_history',
  } as const;

  test.each(parts)('%s: the others stand, and it says what to do', async (id) => {
    const failing = broken(names[id], () => new Fault('provider_busy', { provider: 'YouTube' }));
    const known = operations.map((one) => (one.name === names[id] ? failing : one));
    const some = await openOwnPages(world, { operations: known });
    const { status, text } = await some.get('owner', '/dashboard');
    await some.close();
    expect(status).toBe(200);
    for (const one of parts) {
      const part = partOf(text, one);
      expect([one, part.includes('role="alert"')]).toEqual([one, one === id]);
    }
    expect(partOf(text, id)).toContain('YouTube is busy right now.');
    expect(partOf(text, id)).toContain('Load this part again');
  });

  test('a defect is told by its reference alone', async () => {
    const failing = broken('stats_show', () => new Error('secret of the house'));
    const known = operations.map((one) => (one.name === 'stats_show' ? failing : one));
    const some = await openOwnPages(world, { operations: known });
    const { text } = await some.get('owner', '/dashboard');
    await some.close();
    expect(partOf(text, 'stats')).toMatch(/Ref [0-9A-F]{6}/);
    expect(text).not.toContain('secret of the house');
  });

  test('a part that is not offered is left out', async () => {
    const known = operations.filter(({ name }) => name !== 'stats_show');
    const some = await openOwnPages(world, { operations: known });
    const { text } = await some.get('owner', '/dashboard');
    await some.close();
    expect(partOf(text, 'stats')).toBe('');
    expect(partOf(text, 'trends')).not.toBe('');
  });
});

describe('the welcome', () => {
  test('comes with the first look, stays while it is read, and goes for good', async () => {
    const peeked = await pages.get('fresh', '/dashboard?videos=', {});
    expect([peeked.status, peeked.location]).toEqual([303, '/dashboard?welcome=1']);
    for (const _ of [1, 2])
      expect(await seen('fresh', '/dashboard?welcome=1')).toContain('/trend search keyword');
    const after = await seen('fresh', '/dashboard');
    expect(after).not.toContain('/trend search keyword');
    expect(after).toContain('href="/dashboard?welcome=1"');
  });

  test('has three steps in the words of each place, in both languages', async () => {
    const text = await seen('fresh');
    expect(text.match(/<h3>/g)).toHaveLength(3);
    expect(text.match(/In Discord/g)).toHaveLength(3);
    expect(text.match(/In Claude or ChatGPT/g)).toHaveLength(3);
    await speak('fresh', 'zh');
    expect(await seen('fresh')).toContain('/爆款 搜索');
  });
});

test('the fullest page stays below 50 KB', async () => {
  const crowd = await world.context('web', 'crowd');
  await addVideos(
    world,
    crowd,
    Array.from({ length: 20 }, () => '船'.repeat(500)),
  );
  for (let index = 0; index < 12; index += 1) {
    const title = `${markup} ${index} ${'&'.repeat(200)}`;
    const trend = await addTrend(world, crowd, { title, keyword: `k${index}` });
    await world.must(trendSave, { trend }, crowd);
  }
  for (const path of ['/dashboard?welcome=1', '/dashboard'])
    expect(Buffer.byteLength(await seen('crowd', path))).toBeLessThan(50 * 1024);
});

test('many looks in a minute are refused as a whole, and one look is one request', async () => {
  const limited = { ...world, app: { ...world.app, config: { ...world.app.config } } };
  limited.app.config.RATE_ACCOUNT_PER_MINUTE = 3;
  const some = await openOwnPages(limited);
  const statuses: number[] = [];
  for (const _ of [1, 2, 3, 4])
    statuses.push((await some.get('hasty', '/dashboard?welcome=1')).status);
  await some.close();
  expect(statuses).toEqual([200, 200, 200, 429]);
});
