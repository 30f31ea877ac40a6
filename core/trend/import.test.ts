import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { trendResults } from '../../drizzle/schema/trends.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { perform } from '../operation.ts';
import { importTrends } from './import.ts';
import { trendShow } from './show.ts';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
});
afterAll(() => world.close());

const read = (...documents: string[]) => importTrends(context, { keyword: 'files', documents });
let made = 0;
const tiktok = (over: object = {}) => {
  made += 1;
  return {
    id: `73${made}`,
    text: `A paper boat ${made}`,
    createTimeISO: '2026-11-20T10:00:00.000Z',
    authorMeta: { name: 'boats' },
    webVideoUrl: `https://www.tiktok.com/@boats/video/73${made}`,
    videoMeta: { duration: 12 },
    playCount: 1000 + made,
    diggCount: 50,
    commentCount: 3,
    shareCount: 2,
    ...over,
  };
};
const counts = async (...documents: string[]) => {
  const { ranked, skipped } = await read(...documents);
  return { ranked: ranked.length, skipped };
};

describe('importTrends', () => {
  it('ranks the items of a file as a search does, and shows them to their owner', async () => {
    const file = JSON.stringify([tiktok(), tiktok({ playCount: 5_000_000 }), tiktok()]);
    const { ranked, searchId } = await read(file);
    expect(ranked.map(({ sighting }) => sighting.views)[0]).toBe(5_000_000);
    const rows = await world.app.database.db
      .select()
      .from(trendResults)
      .where(eq(trendResults.searchId, searchId));
    expect(rows).toHaveLength(3);
    const shown = await perform(trendShow, { trend: ranked[0]?.id }, context);
    expect(shown).toMatchObject({ ok: true, value: { views: 5_000_000, explained_by: 'model' } });
  });

  it.each([
    ['nothing', '', { not_json: 1 }],
    ['white space', ' \n', { not_json: 1 }],
    ['a page', '<html>502</html>', { not_json: 1 }],
    ['half a file', '[{"id": "1"', { not_json: 1 }],
    ['lines of JSON', '{"a":1}\n{"a":2}', { not_json: 1 }],
    ['an empty list', '[]', {}],
    ['an empty object', '{}', { wrong_type: 1 }],
    ['null', 'null', { not_an_object: 1 }],
    ['a number', '7', { not_an_object: 1 }],
    ['lists in a list', '[[], [{}], 1, "x", null]', { not_an_object: 5 }],
    ['an error of Apify', '[{"error": "no_items"}]', { error_item: 1 }],
    ['a note', '[{"note": "No results"}]', { note_item: 1 }],
    ['a very deep list', '['.repeat(900) + ']'.repeat(900), { not_an_object: 1 }],
  ])('takes %s for what it is', async (_, document, skipped) => {
    expect(await counts(document)).toStrictEqual({ ranked: 0, skipped });
  });

  it('reads a file that begins with a byte order mark, and one item alone', async () => {
    expect(await counts(`\uFEFF${JSON.stringify([tiktok()])}`)).toMatchObject({ ranked: 1 });
    expect(await counts(JSON.stringify(tiktok()))).toMatchObject({ ranked: 1 });
  });

  it('reads the good files beside a broken one, and a video of two files once', async () => {
    const same = tiktok();
    const files = [JSON.stringify([same, tiktok()]), 'broken', JSON.stringify([same])];
    expect(await counts(...files)).toStrictEqual({
      ranked: 2,
      skipped: { not_json: 1, duplicate: 1 },
    });
  });

  it('takes no files for nothing', async () => {
    expect(await counts()).toStrictEqual({ ranked: 0, skipped: {} });
  });

  it('needs a reader', async () => {
    const { trendSource: _, ...ports } = context.ports;
    const found = { keyword: 'x', documents: [] };
    await expect(importTrends({ ...context, ports }, found)).rejects.toThrow('Apify is not set up');
  });

  it('reads 10,000 items in a few seconds', async () => {
    const items = Array.from({ length: 10_000 }, () => tiktok());
    const began = performance.now();
    const { ranked } = await read(JSON.stringify(items));
    expect(ranked).toHaveLength(10_000);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it('bears any values in the fields of an item', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }),
      fc.constantFrom(-1, 1e300, 2 ** 53, '1e400', '-271821-04-20T00:00:00Z', 8.64e15, 'NaN'),
      fc.constantFrom('+275760-09-13T00:00:00.000Z', '0000-00-00', '\u0000', '\ud800', '１２３'),
    );
    const fields = Object.keys(tiktok());
    const youtube = [
      'title',
      'url',
      'viewCount',
      'likes',
      'date',
      'duration',
      'channelName',
      'type',
    ];
    const instagram = ['shortCode', 'caption', 'timestamp', 'videoPlayCount', 'likesCount', 'type'];
    const item = fc
      .dictionary(fc.constantFrom(...fields, ...youtube, ...instagram), value, { maxKeys: 6 })
      .chain((over) => fc.constantFrom(tiktok(over), over, { ...over, id: 'dQw4w9WgXcQ' }));
    const property = fc.asyncProperty(fc.array(item, { maxLength: 30 }), async (items) => {
      const { ranked, skipped } = await read(JSON.stringify(items));
      const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
      expect(ranked.length + left).toBe(items.length);
      for (const { score } of ranked) {
        expect(score.total).toBeGreaterThanOrEqual(0);
        expect(score.total).toBeLessThanOrEqual(100);
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });
});

const folder = join(import.meta.dirname, '../../../shared/data/apify');
const genuine = existsSync(folder) ? readdirSync(folder).toSorted() : [];
if (genuine.length === 0)
  console.warn(`skipped: the genuine Apify files are not there (${folder})`);

/** What each genuine file holds; whoever changes a reader sees here what it does to real data. */
const expected: Readonly<Record<string, { ranked: number; skipped: object }>> = {
  'instagram-hashtag-scraper_2025-09-22.json': { ranked: 120, skipped: {} },
  // 7 albums and 5 pictures; an eighth album holds a video.
  'instagram-scraper_2025-09-04.json': { ranked: 48, skipped: { not_a_video: 12 } },
  // 18 slideshows.
  'tiktok_free-tiktok-scraper_2024-09-04.json': {
    ranked: 26,
    skipped: { not_a_video: 18, error_item: 1 },
  },
  'youtube-scraper_2025-08-28.json': { ranked: 330, skipped: {} },
  'youtube-scraper_2025-10.json': { ranked: 120, skipped: {} },
};

describe.skipIf(genuine.length === 0)('the genuine files', () => {
  it('are all known here', () => {
    expect(Object.keys(expected).toSorted()).toStrictEqual(genuine);
  });

  it.each(genuine)('%s: every item is a video or has its reason', async (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(await counts(text)).toStrictEqual(expected[name]);
  });

  it('together rank by one score', async () => {
    const texts = genuine.map((name) => readFileSync(join(folder, name), 'utf8'));
    const { ranked } = await read(...texts);
    const scores = ranked.map(({ score }) => score.total);
    expect(scores).toStrictEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(ranked.map(({ sighting }) => sighting.platform)).size).toBe(3);
  });
});
