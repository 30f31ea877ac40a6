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
