import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { startApify, type ApifyEmulator, type ApifyOptions } from './apify.ts';
import { generateItems } from './generate.ts';

const token = 'sandbox';
const noon = new Date('2026-11-22T12:00:00Z');
const tiktok = { searchQueries: ['tea'], resultsPerPage: 10 };

let clock = createManualClock(noon);
let emulator: ApifyEmulator;
const open = async (options: Partial<ApifyOptions> = {}): Promise<void> => {
  clock = createManualClock(noon);
  emulator = await startApify({ clock, token, runMs: 60_000, seed: 1, ...options });
};

type Answer = { status: number; headers: Headers; json: unknown };
const call = async (
  method: string,
  path: string,
  body?: unknown,
  bearer = token,
): Promise<Answer> => {
  const response = await fetch(`${emulator.url}/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
};
const runSchema = z.object({
  data: z.looseObject({ id: z.string(), status: z.string(), defaultDatasetId: z.string() }),
});
const start = async (input: object = tiktok, query = '', actor = 'clockworks~tiktok-scraper') => {
  const { status, json } = await call('POST', `/actors/${actor}/runs${query}`, input);
  expect(status).toBe(201);
  return runSchema.parse(json).data;
};
const getRun = async (id: string, query = '') =>
  runSchema.parse((await call('GET', `/actor-runs/${id}${query}`)).json).data;

beforeEach(() => open());
afterEach(() => emulator.close());

describe('refusals', () => {
  it('wants the token', async () => {
    const bare = await fetch(`${emulator.url}/v2/actor-runs/x`);
    expect(bare.status).toBe(401);
    expect(await bare.json()).toMatchObject({ error: { type: 'token-not-provided' } });
    const wrong = await call('GET', '/actor-runs/x', undefined, 'other');
    expect(wrong).toMatchObject({
      status: 401,
      json: { error: { type: 'user-or-token-not-found' } },
    });
  });

  it.each([
    ['nobody~nothing', tiktok, '', 404, 'record-not-found'],
    ['clockworks~tiktok-scraper', { searchQueries: 'tea' }, '', 400, 'invalid-input'],
    [
      'clockworks~tiktok-scraper',
      { searchQueries: ['tea'], resultsLimit: 3 },
      '',
      400,
      'invalid-input',
    ],
    ['clockworks~tiktok-scraper', { resultsPerPage: 3 }, '', 400, 'invalid-input'],
    ['clockworks~tiktok-scraper', { ...tiktok, resultsPerPage: '10' }, '', 400, 'invalid-input'],
    ['clockworks~tiktok-scraper', { ...tiktok, resultsPerPage: 1.5 }, '', 400, 'invalid-input'],
    ['streamers~youtube-scraper', { searchKeywords: ['tea'] }, '', 400, 'invalid-input'],
    ['streamers~youtube-scraper', { startUrls: ['https://x'] }, '', 400, 'invalid-input'],
    ['streamers~youtube-scraper', { startUrls: [{ uri: 'https://x' }] }, '', 400, 'invalid-input'],
    [
      'streamers~youtube-scraper',
      { startUrls: [{ url: 'https://x', method: 'GET' }] },
      '',
      400,
      'invalid-input',
    ],
    ['clockworks~tiktok-scraper', { postURLs: [''] }, '', 400, 'invalid-input'],
    ['apify~instagram-scraper', { hashtags: ['tea'] }, '', 400, 'invalid-input'],
    ['apify~instagram-scraper', { directUrls: [] }, '', 400, 'invalid-input'],
    [
      'apify~instagram-scraper',
      { directUrls: ['https://x'], resultsType: 'x' },
      '',
      400,
      'invalid-input',
    ],
    [
      'apify~instagram-scraper',
      { directUrls: ['https://x'] },
      '?maxTotalChargeUsd=0.0026',
      400,
      'max-total-charge-usd-below-minimum',
    ],
    ['apify~instagram-hashtag-scraper', { hashtags: ['#tea'] }, '', 400, 'invalid-input'],
    ['apify~instagram-hashtag-scraper', { hashtags: ['a b'] }, '', 400, 'invalid-input'],
    [
      'apify~instagram-hashtag-scraper',
      { hashtags: ['tea'], resultsType: 'x' },
      '',
      400,
      'invalid-input',
    ],
    [
      'clockworks~tiktok-scraper',
      tiktok,
      '?maxTotalChargeUsd=0.49',
      400,
      'max-total-charge-usd-below-minimum',
    ],
    [
      'clockworks~tiktok-scraper',
      tiktok,
      '?maxTotalChargeUsd=0',
      400,
      'max-total-charge-usd-must-be-greater-than-zero',
    ],
    [
      'clockworks~tiktok-scraper',
      tiktok,
      '?maxItems=0',
      400,
      'max-items-must-be-greater-than-zero',
    ],
  ])('%s %o %s is %i %s', async (actor, input, query, status, type) => {
    const answer = await call('POST', `/acts/${actor}/runs${query}`, input);
    expect(answer).toMatchObject({ status, json: { error: { type } } });
    expect(emulator.starts).toBe(0);
  });

  it('knows no other addresses', async () => {
    expect(await call('GET', '/actor-runs/none')).toMatchObject({
      status: 404,
      json: { error: { type: 'record-not-found' } },
    });
    expect((await call('GET', '/datasets/none-data/items')).status).toBe(404);
    expect((await call('GET', '/nothing')).status).toBe(404);
  });

  it('limits the runs at a time', async () => {
    for (let count = 0; count < 25; count += 1) {
      await start();
    }
    const refused = await call('POST', '/actors/clockworks~tiktok-scraper/runs', tiktok);
    expect(refused.json).toMatchObject({ error: { type: 'concurrent-runs-limit-exceeded' } });
    clock.advance(60_000);
    await start();
  });
});

describe('a run', () => {
  it('goes from READY over RUNNING to SUCCEEDED on the clock', async () => {
    const { id, status, defaultDatasetId } = await start();
    expect(status).toBe('READY');
    clock.advance(1000);
    expect(await getRun(id)).toMatchObject({ status: 'RUNNING', finishedAt: null });
    const waiting = getRun(id, '?waitForFinish=60');
    await emulator.waitForPolls(2);
    clock.advance(59_000);
    expect(await waiting).toMatchObject({
      status: 'SUCCEEDED',
      finishedAt: '2026-11-22T12:01:00.000Z',
      chargedEventCounts: { 'apify-actor-start': 1, 'apify-default-dataset-item': 10 },
      usageTotalUsd: 0.038,
    });
    const { headers, json } = await call(
      'GET',
      `/datasets/${defaultDatasetId}/items?offset=4&limit=3&clean=1`,
    );
    expect(json).toHaveLength(3);
    expect(headers.get('x-apify-pagination-total')).toBe('10');
    expect(headers.get('x-apify-pagination-offset')).toBe('4');
    expect(headers.get('x-apify-pagination-count')).toBe('3');
  });

  it('holds a poll open for no more than it was asked to', async () => {
    const { id } = await start();
    const waiting = getRun(id, '?waitForFinish=5');
    await emulator.waitForPolls(1);
    clock.advance(5000);
    expect(await waiting).toMatchObject({ status: 'RUNNING' });
  });

  it('ends with fewer items when the cap is hit', async () => {
    const input = { ...tiktok, resultsPerPage: 1000 };
    const { id } = await start(input, '?maxTotalChargeUsd=0.5');
    clock.advance(60_000);
    const { status, usageTotalUsd } = await getRun(id);
    expect(status).toBe('SUCCEEDED');
    expect(usageTotalUsd).toBeCloseTo(0.4968, 6);
  });

  it('can be aborted and is charged for what it has', async () => {
    const { id } = await start();
    clock.advance(30_000);
    await call('POST', `/actor-runs/${id}/abort?gracefully=0`);
    expect(await getRun(id)).toMatchObject({
      status: 'ABORTED',
      chargedEventCounts: { 'apify-default-dataset-item': 2 },
    });
    clock.advance(60_000);
    expect(await getRun(id)).toMatchObject({ status: 'ABORTED' });
  });

  it('takes a brotli body and keeps the input', async () => {
    const response = await fetch(
      `${emulator.url}/v2/actors/clockworks~tiktok-scraper/runs?token=${token}`,
      {
        method: 'POST',
        headers: { 'content-encoding': 'br', 'content-type': 'application/json' },
        body: new Uint8Array(brotliCompressSync(JSON.stringify(tiktok))),
      },
    );
    expect(response.status).toBe(201);
    const { data } = runSchema.parse(await response.json());
    const input = await call('GET', `/key-value-stores/${data.id}-kvs/records/INPUT`);
    expect(input.json).toEqual(tiktok);
    const list = await call('GET', '/actors/clockworks~tiktok-scraper/runs?desc=1&limit=5');
    expect(list.json).toMatchObject({ data: { total: 1, items: [{ id: data.id }] } });
  });

  it('survives a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jilo-apify-'));
    const stateFile = join(folder, 'apify.json');
    await emulator.close();
    await open({ stateFile });
    const done = await start();
    clock.advance(60_000);
    const going = await start();
    await emulator.close();
    await open({ stateFile });
    expect(await getRun(done.id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(emulator.starts).toBe(2);
    clock.advance(120_000);
    expect(await getRun(going.id)).toMatchObject({ status: 'SUCCEEDED' });
    rmSync(folder, { recursive: true });
  });

  it('serves given items', async () => {
    await emulator.close();
    await open({ replay: [{ url: 'https://example.com' }] });
    const { defaultDatasetId } = await start();
    clock.advance(60_000);
    const { json } = await call('GET', `/datasets/${defaultDatasetId}/items`);
    expect(json).toEqual([{ url: 'https://example.com' }]);
  });
});

describe('misbehaviour', () => {
  it.each([
    ['start', 'http_429', 429],
    ['start', 'http_500', 500],
    ['start', 'locked', 402],
  ] as const)('%s %s answers %i, so many times', async (on, how, status) => {
    emulator.misbehave({ on, how, times: 2 });
    const path = '/actors/clockworks~tiktok-scraper/runs';
    expect((await call('POST', path, tiktok)).status).toBe(status);
    expect((await call('POST', path, tiktok)).status).toBe(status);
    expect((await call('POST', path, tiktok)).status).toBe(201);
  });

  it.each([
    ['failed', 'FAILED'],
    ['timed_out', 'TIMED-OUT'],
  ] as const)('lets a run end as %s', async (how, status) => {
    emulator.misbehave({ on: 'run', how });
    const { id } = await start();
    clock.advance(60_000);
    expect(await getRun(id)).toMatchObject({ status, exitCode: 1 });
  });

  it('cuts the connection after the run was started', async () => {
    emulator.misbehave({ on: 'start', how: 'reset' });
    await expect(call('POST', '/actors/clockworks~tiktok-scraper/runs', tiktok)).rejects.toThrow(
      'fetch failed',
    );
    expect(emulator.starts).toBe(1);
  });
});

const make = (platform: 'tiktok' | 'youtube' | 'instagram', keyword: string, shorts = 2000) =>
  generateItems(
    { platform, keyword, shorts, longs: 0 },
    { seed: 3, now: noon, imagesUrl: 'http://127.0.0.1:1/images' },
  );
const numbers = (items: readonly Record<string, unknown>[], key: string): number[] =>
  items
    .flatMap((item) => (typeof item[key] === 'number' ? item[key] : []))
    .toSorted((a, b) => a - b);

describe('made-up items', () => {
  it('are the same for the same seed and differ by keyword', () => {
    expect(make('tiktok', 'tea', 50)).toEqual(make('tiktok', 'tea', 50));
    expect(make('tiktok', 'tea', 50)).not.toEqual(make('tiktok', 'coffee', 50));
  });

  it.each([
    ['tiktok', 'playCount', 'diggCount'],
    ['youtube', 'viewCount', 'likes'],
    ['instagram', 'videoPlayCount', 'likesCount'],
  ] as const)(
    'of %s have heavy tails, hidden likes, errors and duplicates',
    (platform, views, likes) => {
      const items = make(platform, 'tea');
      const counts = numbers(items, views);
      const median = counts[Math.floor(counts.length / 2)] ?? 0;
      expect(median).toBeGreaterThan(200);
      expect(median).toBeLessThan(20_000);
      expect(counts.at(-1)).toBeGreaterThan(1_000_000);
      expect(items.some((item) => item[likes] === null || item[likes] === -1)).toBe(true);
      const bad = items.filter((item) => 'error' in item || 'note' in item).length / items.length;
      expect(bad).toBeGreaterThan(0.03);
      expect(bad).toBeLessThan(0.07);
      const ids = items.flatMap((item) => item['id'] ?? []);
      expect(new Set(ids).size).toBeLessThan(ids.length);
      expect(new Set(ids).size).toBeGreaterThan(ids.length * 0.9);
    },
  );

  it('speak the language of the keyword', () => {
    const titles = make('youtube', '减脂餐', 50).flatMap((item) => item['title'] ?? []);
    for (const title of titles) expect(title).toMatch(/减脂餐/u);
    expect(
      make('youtube', 'tea', 50).some((item) => /\p{Script=Han}/u.test(JSON.stringify(item))),
    ).toBe(false);
  });

  it('have some relative dates on YouTube and pictures that are there', async () => {
    const dates = make('youtube', 'tea', 200).flatMap((item) => item['date'] ?? []);
    expect(dates.some((date) => /^"\d+ days? ago"$/u.test(JSON.stringify(date)))).toBe(true);
    const picture = await fetch(`${emulator.url}/images/youtube-aB3_dE-fG12.png`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });
});

type Item = Record<string, unknown>;
const itemsSchema = z.array(z.record(z.string(), z.unknown()));

describe('another look at known pages', () => {
  const actors = {
    tiktok: {
      name: 'clockworks~tiktok-scraper',
      search: { searchQueries: ['tea'], resultsPerPage: 30 },
      again: (urls: readonly string[]) => ({ postURLs: urls, resultsPerPage: urls.length }),
      page: 'webVideoUrl',
      views: 'playCount',
      usd: 0.001 + 4 * 0.0037,
    },
    youtube: {
      name: 'streamers~youtube-scraper',
      search: { searchQueries: ['tea'], maxResultsShorts: 25, maxResults: 5 },
      again: (urls: readonly string[]) => ({ startUrls: urls.map((url) => ({ url })) }),
      page: 'url',
      views: 'viewCount',
      usd: 4 * 0.004,
    },
    instagram: {
      name: 'apify~instagram-hashtag-scraper',
      search: { hashtags: ['tea'], resultsType: 'reels', resultsLimit: 30 },
      again: (urls: readonly string[]) => ({ directUrls: urls, resultsType: 'posts' }),
      page: 'url',
      views: 'videoPlayCount',
      usd: 4 * 0.0027,
    },
  } as const;
  type Platform = keyof typeof actors;

  const itemsOf = async (actor: string, input: object): Promise<Item[]> => {
    const { id, defaultDatasetId } = await start(input, '', actor);
    clock.advance(60_000);
    expect(await getRun(id)).toMatchObject({ status: 'SUCCEEDED' });
    return itemsSchema.parse((await call('GET', `/datasets/${defaultDatasetId}/items`)).json);
  };
  const search = async (platform: Platform) => {
    const { name, search: input, page } = actors[platform];
    const items = (await itemsOf(name, input)).filter((item) => typeof item[page] === 'string');
    return [...new Map(items.map((item) => [item['id'], item])).values()].slice(0, 3);
  };
  const lookAgain = (platform: Platform, urls: readonly string[]) => {
    const { name, again } = actors[platform];
    const actor = platform === 'instagram' ? 'apify~instagram-scraper' : name;
    return itemsOf(actor, again(urls));
  };
  const pagesOf = (platform: Platform, items: readonly Item[]) =>
    items.map((item) => z.string().parse(item[actors[platform].page]));
  const unknown: Record<Platform, string> = {
    tiktok: 'https://www.tiktok.com/@a/video/7400000000000000001',
    youtube: 'https://www.youtube.com/watch?v=aB3_dE-fG12',
    instagram: 'https://www.instagram.com/p/DL9r-MLMZnZ/',
  };

  it.each(['tiktok', 'youtube', 'instagram'] as const)(
    'brings exactly the videos of %s that are asked for, with more views',
    async (platform) => {
      const { page, views, usd } = actors[platform];
      const before = await search(platform);
      // By then other videos have taken most of the places.
      clock.advance(60 * 24 * 3_600_000);
      const asked = [...pagesOf(platform, before).toReversed(), unknown[platform]];
      const after = await lookAgain(platform, asked);
      expect(after).toHaveLength(4);
      expect(emulator.runs()[0]?.items).toHaveLength(4);
      for (const [at, item] of before.toReversed().entries()) {
        const now = after[at] ?? {};
        expect(now['id']).toBe(item['id']);
        expect(now[page]).toBe(item[page]);
        expect(now['input'] ?? now['inputUrl']).toBe(asked[at]);
        expect(Number(now[views])).toBeGreaterThanOrEqual(Number(item[views]));
        for (const key of ['text', 'title', 'caption', 'createTimeISO', 'timestamp', 'duration'])
          expect(now[key]).toEqual(item[key]);
      }
      const sum = (items: readonly Item[]) =>
        items.reduce((total, item) => total + Number(item[views] ?? 0), 0);
      expect(sum(after)).toBeGreaterThan(sum(before));
      expect(after[3]).toMatchObject({ url: unknown[platform] });
      expect(after[3]?.['error'] ?? after[3]?.['errorCode']).toBeTruthy();
      const [run] = emulator.runs();
      expect(await getRun(run?.id ?? '')).toMatchObject({
        usageTotalUsd: Number(usd.toFixed(6)),
      });
    },
  );

  it('brings no more than the cap pays for', async () => {
    const pages = pagesOf('youtube', await search('youtube'));
    await start(
      { startUrls: pages.map((url) => ({ url })) },
      '?maxTotalChargeUsd=0.008',
      'streamers~youtube-scraper',
    );
    clock.advance(60_000);
    expect(emulator.runs()[0]?.items).toHaveLength(2);
  });

  it.each([
    'https://www.youtube.com/@boats',
    'https://www.youtube.com/watch',
    'https://evil.example/shorts/aB3_dE-fG12',
    'not an address',
  ])('knows no video at %s', async (url) => {
    expect(await lookAgain('youtube', [url])).toMatchObject([{ url, error: expect.anything() }]);
  });

  it('finds them after a restart too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jilo-apify-'));
    const stateFile = join(folder, 'apify.json');
    await emulator.close();
    await open({ stateFile });
    const pages = pagesOf('tiktok', await search('tiktok'));
    await emulator.close();
    await open({ stateFile });
    expect(pagesOf('tiktok', await lookAgain('tiktok', pages))).toEqual(pages);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['tiktok', 'videoMeta.coverUrl', 24, 'x-expires'],
    ['instagram', 'displayUrl', 4 * 24, 'oe'],
  ] as const)(
    'brings pictures of %s under new addresses, as the old ones expire',
    async (platform, path, hours, end) => {
      const before = await search(platform);
      const pictureOf = (item: Item | undefined) =>
        z
          .string()
          .parse(
            path
              .split('.')
              .reduce<unknown>(
                (value, key) => z.record(z.string(), z.unknown()).parse(value)[key],
                item,
              ),
          );
      const old = pictureOf(before[0]);
      expect((await fetch(old)).status).toBe(200);
      const forged = new URL(old);
      forged.searchParams.set(end, end === 'oe' ? 'ffffffff' : '99999999999');
      expect((await fetch(forged)).status).toBe(403);
      expect((await fetch(old.slice(0, old.indexOf('?')))).status).toBe(403);
      clock.advance(hours * 3_600_000 - 1000);
      expect((await fetch(old)).status).toBe(200);
      clock.advance(1000);
      expect((await fetch(old)).status).toBe(403);
      const [item] = await lookAgain(platform, pagesOf(platform, before.slice(0, 1)));
      expect((await fetch(pictureOf(item))).status).toBe(200);
    },
  );
});
