// The rule does not know `test.prop` of @fast-check/vitest.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { generateItems } from '../../sandbox/apify/generate.ts';
import {
  sightingSchema,
  type Reading,
  type Sighting,
  type SkipReason,
} from '../ports/trend-source.ts';
import { readDate, readDuration } from './apify-items/times.ts';
import { cleanLine, cleanText, readCount, readHashtags, readUrl } from './apify-items/values.ts';
import { readItems } from './apify-items.ts';

const seenAt = new Date('2026-11-22T12:00:00Z');
const readOne = (item: unknown): Sighting | SkipReason | undefined => {
  const [reading] = readItems([item], seenAt);
  return reading && ('sighting' in reading ? reading.sighting : reading.skipped);
};

const tiktok = {
  id: '7400000000000000001',
  text: 'Three knots you need #knots',
  createTime: 1_795_000_000,
  createTimeISO: '2026-11-18T10:26:40.000Z',
  authorMeta: { name: 'rope.works', nickName: 'Rope Works', fans: 5200 },
  videoMeta: { duration: 21, coverUrl: 'https://p16.example/cover.jpg' },
  webVideoUrl: 'https://www.tiktok.com/@rope.works/video/7400000000000000001',
  diggCount: 900,
  shareCount: 12,
  playCount: 31_000,
  commentCount: 44,
  hashtags: [{ name: 'knots' }],
  isSlideshow: false,
};
const youtube = {
  title: 'Why bread needs salt',
  type: 'shorts',
  id: 'aB3_dE-fG12',
  url: 'https://www.youtube.com/shorts/aB3_dE-fG12',
  thumbnailUrl: 'https://i.ytimg.com/vi/aB3_dE-fG12/hq.jpg',
  viewCount: 812,
  date: '2026-11-01T03:00:00-07:00',
  likes: null,
  channelName: 'Crumb Lab',
  channelUsername: 'crumblab',
  numberOfSubscribers: 0,
  duration: '00:00:42',
  commentsCount: 0,
  commentsTurnedOff: false,
  text: 'Salt\nand time',
  hashtags: ['#bread', '#bread', '#salt'],
};
const instagram = {
  id: '3674286260684429785',
  type: 'Video',
  productType: 'clips',
  shortCode: 'DL9r-MLMZnZ',
  caption: 'Morning stretch',
  url: 'https://www.instagram.com/p/DL9r-MLMZnZ/',
  commentsCount: 3,
  likesCount: -1,
  videoViewCount: 90,
  videoPlayCount: 410,
  videoDuration: 12.885,
  displayUrl: 'https://scontent.example/a.jpg',
  timestamp: '2026-11-20T10:00:00.000Z',
  ownerUsername: 'stretchy',
  hashtags: [],
};
const hashtagItem = {
  caption: 'On the trail',
  ownerFullName: 'Trail Co.',
  ownerUsername: 'trail.co',
  url: 'https://www.instagram.com/p/DL9r-MLMZnZ/',
  commentsCount: 1,
  firstComment: '',
  likesCount: -1,
  timestamp: '2026-11-20T10:00:00.000Z',
  hashtags: ['trail'],
};

describe('the shapes', () => {
  it('reads TikTok', () => {
    expect(readOne(tiktok)).toEqual({
      platform: 'tiktok',
      externalId: '7400000000000000001',
      kind: 'short',
      title: 'Three knots you need #knots',
      description: 'Three knots you need #knots',
      url: tiktok.webVideoUrl,
      channel: 'rope.works',
      channelFollowers: 5200,
      views: 31_000,
      likes: 900,
      comments: 44,
      shares: 12,
      durationSeconds: 21,
      publishedAt: new Date('2026-11-18T10:26:40Z'),
      thumbnailUrl: 'https://p16.example/cover.jpg',
      hashtags: ['knots'],
    });
    expect(readOne({ ...tiktok, createTimeISO: undefined })).toMatchObject({
      publishedAt: new Date(1_795_000_000_000),
    });
    expect(readOne({ ...tiktok, isSlideshow: true })).toBe('not_a_video');
    // JSON.parse rounds such a number, so only the address tells the id.
    expect(readOne({ ...tiktok, id: Number(tiktok.id) + 512 })).toMatchObject({
      externalId: tiktok.id,
    });
  });

  it('reads YouTube', () => {
    expect(readOne(youtube)).toEqual({
      platform: 'youtube',
      externalId: 'aB3_dE-fG12',
      kind: 'short',
      title: 'Why bread needs salt',
      description: 'Salt\nand time',
      url: youtube.url,
      channel: 'Crumb Lab',
      channelFollowers: null,
      views: 812,
      likes: null,
      comments: 0,
      shares: null,
      durationSeconds: 42,
      publishedAt: new Date('2026-11-01T10:00:00Z'),
      thumbnailUrl: youtube.thumbnailUrl,
      hashtags: ['bread', 'salt'],
    });
    expect(
      readOne({ ...youtube, channelName: undefined, channelUsername: '%EC%9A%B8' }),
    ).toMatchObject({
      channel: '울',
    });
    expect(readOne({ ...youtube, commentsTurnedOff: true })).toMatchObject({ comments: null });
  });

  it.each([
    [{ type: 'shorts', url: 'https://www.youtube.com/watch?v=aB3_dE-fG12' }, 'short'],
    [{ type: undefined }, 'short'],
    [{ duration: '00:00:00' }, 'short'],
    [{ duration: '00:03:00' }, 'short'],
    [{ duration: '00:03:01' }, 'long'],
    [{ type: 'video', url: 'https://www.youtube.com/watch?v=aB3_dE-fG12' }, 'long'],
    [{ type: undefined, url: 'https://youtu.be/aB3_dE-fG12' }, 'long'],
  ])('tells YouTube shorts from long videos: %o', (over, kind) => {
    expect(readOne({ ...youtube, ...over })).toMatchObject({ kind });
  });

  it.each([
    { type: 'stream' },
    { type: 'channel' },
    { url: 'https://www.youtube.com/playlist?list=PL1' },
    { url: 'https://www.youtube.com/@crumblab' },
  ])('counts other YouTube things as no video: %o', (over) => {
    expect(readOne({ ...youtube, ...over })).toBe('not_a_video');
  });

  it('reads Instagram, plays before views', () => {
    expect(readOne(instagram)).toEqual({
      platform: 'instagram',
      externalId: '3674286260684429785',
      kind: 'short',
      title: 'Morning stretch',
      description: 'Morning stretch',
      url: instagram.url,
      channel: 'stretchy',
      channelFollowers: null,
      views: 410,
      likes: null,
      comments: 3,
      shares: null,
      durationSeconds: 12.885,
      publishedAt: new Date('2026-11-20T10:00:00Z'),
      thumbnailUrl: 'https://scontent.example/a.jpg',
      hashtags: [],
    });
    expect(readOne({ ...instagram, videoPlayCount: null })).toMatchObject({ views: 90 });
    const picture = { ...instagram, type: 'Image', productType: undefined };
    expect(readOne(picture)).toBe('not_a_video');
    const album = { ...picture, type: 'Sidecar', childPosts: [{ type: 'Image' }] };
    expect(readOne(album)).toBe('not_a_video');
    expect(readOne({ ...album, childPosts: [{ type: 'Video' }] })).toMatchObject({ kind: 'short' });
    expect(readOne({ id: '1', url: 'https://www.instagram.com/stretchy', followersCount: 4 })).toBe(
      'not_a_video',
    );
  });

  it('reads hashtag items as videos of unknown views, under the id of the full item', () => {
    expect(readOne(hashtagItem)).toMatchObject({
      externalId: instagram.id,
      views: null,
      likes: null,
      durationSeconds: null,
      kind: 'short',
    });
    const { id: _, ...withoutId } = instagram;
    expect(readOne({ ...withoutId, url: undefined })).toMatchObject({ externalId: instagram.id });
    expect(readOne({ ...instagram, url: undefined, shortCode: undefined })).toMatchObject({
      url: instagram.url,
    });
  });

  it.each([
    ['https://www.tiktok.com/@a/video/7400000000000000001', 'tiktok', '7400000000000000001'],
    ['https://www.youtube.com/watch?v=aB3_dE-fG12&t=4', 'youtube', 'aB3_dE-fG12'],
    ['https://youtu.be/aB3_dE-fG12', 'youtube', 'aB3_dE-fG12'],
    ['https://m.youtube.com/shorts/aB3_dE-fG12', 'youtube', 'aB3_dE-fG12'],
    ['https://www.instagram.com/reel/DL9r-MLMZnZ/', 'instagram', '3674286260684429785'],
  ])('reads an item that holds only %s', (url, platform, externalId) => {
    expect(readOne({ url })).toMatchObject({ platform, externalId, views: null, title: '' });
  });
});

describe('what is no video', () => {
  it.each([
    [null, 'not_an_object'],
    [undefined, 'not_an_object'],
    ['text', 'not_an_object'],
    [[tiktok], 'not_an_object'],
    [{}, 'wrong_type'],
    [{ url: 'https://example.com/video/1' }, 'wrong_type'],
    [{ ...tiktok, text: 7 }, 'wrong_type'],
    [{ ...tiktok, webVideoUrl: {} }, 'wrong_type'],
    [{ ...youtube, title: ['a'] }, 'wrong_type'],
    [{ ...youtube, url: 3 }, 'wrong_type'],
    [{ ...instagram, caption: {} }, 'wrong_type'],
    [{ errorCode: 'PROFILE_EMPTY', input: 'a' }, 'error_item'],
    [{ error: 'This profile does not exist.', url: 'https://www.tiktok.com/tag/a' }, 'error_item'],
    [{ note: 'No results' }, 'note_item'],
    [{ url: 'https://www.tiktok.com/tag/a' }, 'no_id'],
    [{ url: 'https://www.instagram.com/a' }, 'no_id'],
    [{ url: 'https://www.youtube.com/watch' }, 'no_id'],
    [{ ...youtube, id: {}, url: undefined }, 'no_id'],
    [{ ...tiktok, id: '', webVideoUrl: undefined }, 'no_id'],
  ])('%o is %s', (item, reason) => {
    expect(readOne(item)).toBe(reason);
  });

  it('keeps the duplicate with the most views', () => {
    const readings = readItems(
      [{ ...tiktok, playCount: null }, tiktok, { ...tiktok, playCount: 5 }, tiktok],
      seenAt,
    );
    expect(readings.map((reading) => 'skipped' in reading && reading.skipped)).toEqual([
      'duplicate',
      false,
      'duplicate',
      'duplicate',
    ]);
  });

  test.prop([fc.array(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }))])(
    'nothing throws',
    (items) => {
      expect(readItems(items, seenAt)).toHaveLength(items.length);
    },
  );

  const shapes = [tiktok, youtube, instagram, hashtagItem].map((shape): object => shape);
  const field = fc.constantFrom(...shapes.flatMap((shape) => Object.keys(shape)));
  const value = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.constant(-1),
  );
  test.prop([fc.constantFrom(...shapes), fc.dictionary(field, value, { maxKeys: 6 })], {
    numRuns: 2000,
  })(
    'a genuine shape with any field spoilt gives a valid sighting or a reason',
    (shape, spoilt) => {
      for (const reading of readItems([{ ...shape, ...spoilt }], seenAt)) {
        if (!('sighting' in reading)) continue;
        expect(sightingSchema.safeParse(reading.sighting).error).toBeUndefined();
        expect(reading.sighting.title.isWellFormed()).toBe(true);
        expect(Array.from(reading.sighting.title).length).toBeLessThanOrEqual(300);
        expect(Array.from(reading.sighting.description).length).toBeLessThanOrEqual(5000);
      }
    },
  );
});

describe('values', () => {
  it.each([
    [0, 0],
    [12, 12],
    ['12', 12],
    ['1,234', 1234],
    ['1,234,567', 1_234_567],
    ['1.2K', 1200],
    ['3M', 3_000_000],
    ['1.5万', 15_000],
    ['2억', 200_000_000],
    [-1, null],
    [1.5, null],
    ['1.5', null],
    ['1.234', null],
    ['12,34', null],
    ['-1', null],
    ['12 likes', null],
    ['about 5', null],
    ['', null],
    ['1e3', null],
    ['0x10', null],
    [Number.NaN, null],
    [Infinity, null],
    [1e300, null],
    [true, null],
    [[3], null],
    [null, null],
  ])('the count %o is %o', (given, count) => {
    expect(readCount(given)).toBe(count);
  });

  it.each([
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T10:00:00', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01T10:00:00.5+0900', '2026-11-01T01:00:00.500Z'],
    [1_795_000_000, '2026-11-18T11:06:40.000Z'],
    [1_795_000_000_000, '2026-11-18T11:06:40.000Z'],
    ['1795000000', '2026-11-18T11:06:40.000Z'],
    ['3 days ago', '2026-11-19T12:00:00.000Z'],
    ['Streamed 2 hours ago', '2026-11-22T10:00:00.000Z'],
    ['an hour ago', '2026-11-22T11:00:00.000Z'],
    ['3天前', '2026-11-19T12:00:00.000Z'],
    ['1 周前', '2026-11-15T12:00:00.000Z'],
    ['2시간 전', '2026-11-22T10:00:00.000Z'],
    ['yesterday', '2026-11-21T12:00:00.000Z'],
    ['刚刚', '2026-11-22T12:00:00.000Z'],
  ])('the date %o is %s', (given, date) => {
    expect(readDate(given, seenAt)?.toISOString()).toBe(date);
  });

  it('dates years back', () => {
    expect(readDate('5 years ago', seenAt)?.getUTCFullYear()).toBe(2021);
    expect(readDate('5년 전', seenAt)?.getUTCFullYear()).toBe(2021);
    expect(readDate('2个月前', seenAt)?.getUTCMonth()).toBe(8);
  });

  it.each([
    ['2026-02-30'],
    ['2026-13-01'],
    ['2026-11-24T12:00:01Z'],
    ['1970-01-01'],
    ['soon'],
    ['in 3 days'],
    ['3 lightyears ago'],
    ['99 years ago'],
    [0],
    [-5],
    [12],
    [Number.NaN],
    [{}],
    [null],
  ])('the date %o is unknown', (given) => {
    expect(readDate(given, seenAt)).toBeNull();
  });

  it.each([
    ['00:03:17', 197],
    ['0:15', 15],
    ['1:02:03', 3723],
    [42, 42],
    ['42', 42],
    [12.885, 12.885],
    ['00:00:00', null],
    [0, null],
    [-3, null],
    ['0:75', null],
    ['P1D', null],
    [1e9, null],
    [null, null],
  ])('the length %o is %o', (given, seconds) => {
    expect(readDuration(given)).toBe(seconds);
  });

  it('cleans text', () => {
    expect(cleanLine('a\u0000b\u001b[31m\n c\u202e', 300)).toBe('ab[31m c');
    expect(cleanLine('broken \ud83d end', 300)).toBe('broken \ufffd end');
    expect(cleanText('one\r\ntwo\u2028three', 300)).toBe('one\ntwo\nthree');
    expect(Array.from(cleanLine('😀'.repeat(400), 300))).toHaveLength(300);
    expect(cleanText('x'.repeat(1_000_000), 5000)).toHaveLength(5000);
  });

  it('takes only web addresses', () => {
    expect(readUrl('javascript:alert(1)')).toBeNull();
    expect(
      readOne({ ...youtube, url: 'https://youtube.com.evil.example/watch?v=aB3_dE-fG12' }),
    ).toMatchObject({
      url: 'https://www.youtube.com/watch?v=aB3_dE-fG12',
    });
    expect(readHashtags(['#a', { name: 'b' }, 3, null, ' '])).toEqual(['a', 'b']);
  });
});

describe('much', () => {
  it('reads 10,000 items in under a second', () => {
    const options = { seed: 1, now: seenAt, imagesUrl: 'http://127.0.0.1:1/images' };
    const items = (['tiktok', 'youtube', 'instagram'] as const).flatMap((platform) =>
      generateItems({ platform, keyword: 'tea', shorts: 3400, longs: 0 }, options),
    );
    const started = performance.now();
    expect(readItems(items, seenAt).length).toBeGreaterThan(10_000);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

const folder = fileURLToPath(new URL('../../../shared/data/apify/', import.meta.url));
/** What each genuine file holds: videos that are ranked, and the rest by reason. */
const genuine: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'instagram-hashtag-scraper_2025-09-22.json': { ranked: 120 },
  // 7 albums and 5 pictures; an eighth album holds a video.
  'instagram-scraper_2025-09-04.json': { ranked: 48, not_a_video: 12 },
  // 18 slideshows, and one profile that does not exist.
  'tiktok_free-tiktok-scraper_2024-09-04.json': { ranked: 26, not_a_video: 18, error_item: 1 },
  'youtube-scraper_2025-08-28.json': { ranked: 330 },
  'youtube-scraper_2025-10.json': { ranked: 120 },
};

type Raw = Readonly<Record<string, unknown>>;
const rawSchema = z.array(z.record(z.string(), z.unknown()));
const readRaw = (file: string): readonly Raw[] =>
  rawSchema.parse(JSON.parse(readFileSync(`${folder}${file}`, 'utf8')));
const outcomeOf = (reading: Reading | undefined): string =>
  reading === undefined ? 'lost' : 'sighting' in reading ? 'ranked' : reading.skipped;

/** A raw count as it stands; what is absent, null or below zero is hidden. */
const hidden = (value: unknown): number | null =>
  typeof value === 'number' && value >= 0 ? value : null;
/** YouTube keeps the direction of names by characters around them; what is shown has none. */
const plain = (value: unknown): string =>
  z
    .string()
    .default('')
    .parse(value)
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/gu, '');
const cut = (text: string, limit: number): string =>
  Array.from(text.trim()).slice(0, limit).join('').trim();
const line = (value: unknown): string => cut(plain(value).replaceAll(/\s+/gu, ' '), 300);
const lines = (value: unknown): string => cut(plain(value).replaceAll(/\r\n?/gu, '\n'), 5000);
const tagsOf = (value: unknown): string[] => {
  const tags = z.array(z.union([z.string(), z.object({ name: z.string() })])).default([]);
  const names = tags.parse(value).map((tag) => (typeof tag === 'string' ? tag : tag.name));
  return [...new Set(names.map((name) => name.replace(/^#/u, '')))];
};
const seconds = (clock: unknown): number | null =>
  z
    .string()
    .parse(clock)
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0) || null;
const inside = (item: Raw, key: string): Raw =>
  z.record(z.string(), z.unknown()).default({}).parse(item[key]);

/** A shortcode is the media id in base 64 without its leading zeros. */
const mediaId = (url: string): string => {
  const code = url.split('/').at(-2) ?? '';
  return BigInt(`0x${Buffer.from(code.padStart(12, 'A'), 'base64url').toString('hex')}`).toString();
};

const notAVideo = { skipped: 'not_a_video' };

/** The same items read once more, straight from their own field names. */
const independent: Readonly<Record<string, (item: Raw) => object>> = {
  youtube: (item) => ({
    platform: 'youtube',
    externalId: item['id'],
    kind: String(item['url']).includes('/shorts/') ? 'short' : 'long',
    title: line(item['title']),
    description: lines(item['text']),
    url: item['url'],
    channel: line(item['channelName']),
    channelFollowers: item['numberOfSubscribers'] || null,
    views: item['viewCount'],
    likes: item['likes'],
    comments: item['commentsCount'],
    shares: null,
    durationSeconds: seconds(item['duration']),
    publishedAt: new Date(String(item['date'])),
    thumbnailUrl: item['thumbnailUrl'],
    hashtags: tagsOf(item['hashtags']),
  }),
  tiktok: (item) =>
    item['isSlideshow'] !== false
      ? notAVideo
      : {
          platform: 'tiktok',
          externalId: item['id'],
          kind: 'short',
          title: line(item['text']),
          description: lines(item['text']),
          url: item['webVideoUrl'],
          channel: line(inside(item, 'authorMeta')['name']),
          channelFollowers: inside(item, 'authorMeta')['fans'],
          views: item['playCount'],
          likes: item['diggCount'],
          comments: item['commentCount'],
          shares: item['shareCount'],
          durationSeconds: inside(item, 'videoMeta')['duration'],
          publishedAt: new Date(Number(item['createTime']) * 1000),
          thumbnailUrl: inside(item, 'videoMeta')['coverUrl'],
          hashtags: tagsOf(item['hashtags']),
        },
  instagram: (item) => {
    const children = z.array(z.object({ type: z.string() })).default([]);
    const isVideo =
      [undefined, 'Video'].includes(z.string().optional().parse(item['type'])) ||
      children.parse(item['childPosts']).some(({ type }) => type === 'Video');
    if (!isVideo) return notAVideo;
    return {
      platform: 'instagram',
      externalId: item['id'] ?? mediaId(String(item['url'])),
      kind: 'short',
      title: line(item['caption']),
      description: lines(item['caption']),
      url: item['url'],
      channel: line(item['ownerUsername']),
      channelFollowers: null,
      views: hidden(item['videoPlayCount']),
      likes: hidden(item['likesCount']),
      comments: item['commentsCount'],
      shares: null,
      durationSeconds: item['videoDuration'] ?? null,
      publishedAt: new Date(String(item['timestamp'])),
      thumbnailUrl: item['displayUrl'] ?? null,
      hashtags: tagsOf(item['hashtags']),
    };
  },
};

describe('genuine items', () => {
  if (!existsSync(folder)) console.info(`skipped: the genuine Apify items are not in ${folder}`);
  const files = Object.entries(genuine);

  it.skipIf(!existsSync(folder))('are those of all files', () => {
    const found = readdirSync(folder).filter((file) => file.endsWith('.json'));
    expect(found.toSorted()).toEqual(Object.keys(genuine).toSorted());
  });

  it.skipIf(!existsSync(folder)).each(files)(
    '%s: each is a video or has its reason',
    (file, expected) => {
      const items = readRaw(file);
      const readings = readItems(items, seenAt);
      expect(readings).toHaveLength(items.length);
      const counts: Record<string, number> = {};
      for (const reading of readings) {
        const outcome = outcomeOf(reading);
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
      expect(counts).toEqual(expected);
    },
  );

  it.skipIf(!existsSync(folder))('are 675: 644 videos, 30 that are none, 1 error', () => {
    const items = Object.keys(genuine).flatMap(readRaw);
    const readings = readItems(items, seenAt);
    const count = (outcome: string) =>
      readings.filter((reading) => outcomeOf(reading) === outcome).length;
    expect([items.length, count('ranked'), count('not_a_video'), count('error_item')]).toEqual([
      675, 644, 30, 1,
    ]);
  });

  it.skipIf(!existsSync(folder)).each(Object.keys(genuine))(
    '%s: each says what the item says, read in another way',
    (file) => {
      const readIndependently = independent[file.split(/[-_]/u)[0] ?? ''];
      if (!readIndependently) throw new Error(`nobody reads ${file}`);
      for (const item of readRaw(file)) {
        const [reading] = readItems([item], seenAt);
        const said = reading && 'sighting' in reading ? reading.sighting : reading;
        const isError = item['error'] !== undefined;
        expect(said).toEqual(isError ? { skipped: 'error_item' } : readIndependently(item));
      }
    },
  );

  it.skipIf(!existsSync(folder)).each(Object.keys(genuine))(
    '%s: each has the shape of a sighting',
    (file) => {
      const sightings = readItems(readRaw(file), seenAt).flatMap((reading) =>
        'sighting' in reading ? [reading.sighting] : [],
      );
      for (const sighting of sightings)
        expect(sightingSchema.safeParse(sighting).error).toBeUndefined();
      expect(sightings).toHaveLength(genuine[file]?.['ranked'] ?? 0);
    },
  );
});
