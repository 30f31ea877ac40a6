import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';

import { scoreSightings, type Score, type ScoreInput } from './score.ts';

const hourMs = 3_600_000;
/** Sums of floating-point numbers in another order differ in the last digits. */
const roundingError = 1e-9;

const count = fc.oneof(fc.nat(20), fc.nat(5000), fc.nat(100_000_000), fc.constant(5e9));
const moment = fc.date({
  min: new Date('2026-09-01'),
  max: new Date('2026-11-22'),
  noInvalidDate: true,
});
const input: fc.Arbitrary<ScoreInput> = fc.record({
  platform: fc.constantFrom('tiktok', 'youtube', 'instagram'),
  kind: fc.constantFrom('short', 'long'),
  channel: fc.constantFrom(null, 'a', 'b'),
  views: fc.option(count, { freq: 9 }),
  likes: fc.option(count, { freq: 4 }),
  comments: fc.option(count),
  shares: fc.option(count),
  publishedAt: fc.option(moment, { freq: 4 }),
  seenAt: moment,
  previous: fc.option(fc.record({ views: count, seenAt: moment })),
  recommendation: fc.option(fc.integer({ min: 1, max: 10 })),
});
/** One of a cohort, whose others stay as they are. */
const oneOfCohort = fc
  .tuple(fc.array(input, { minLength: 1, maxLength: 30 }), fc.nat())
  .map(([items, at]) => {
    const cohort = items.map((item): ScoreInput => ({
      ...item,
      platform: 'tiktok',
      kind: 'short',
    }));
    return { cohort, index: at % cohort.length };
  });
const rise = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 1_000_000_000 }));

type OneOfCohort = { readonly cohort: readonly ScoreInput[]; readonly index: number };

/** The score of one before and after a change of it alone. */
function scoreBoth(
  { cohort, index }: OneOfCohort,
  change: (item: ScoreInput) => Partial<ScoreInput>,
): { readonly item: ScoreInput; readonly before: Score; readonly after: Score } {
  const item = cohort[index];
  if (!item) throw new Error('The cohort is empty');
  const [before, after] = [cohort, cohort.with(index, { ...item, ...change(item) })].map(
    (items) => scoreSightings(items)[index],
  );
  if (!before || !after) throw new Error('An item has no score');
  return { item, before, after };
}

const notBelow = (after: number, before: number): void =>
  expect(after).toBeGreaterThanOrEqual(before - roundingError);

describe('all else being equal', () => {
  test.prop([oneOfCohort, rise])(
    'more views lower neither the views nor the growth part, nor a total without likes',
    (one, more) => {
      const { item, before, after } = scoreBoth(one, ({ views }) => ({
        views: views === null ? null : views + more,
      }));
      notBelow(after.parts.views, before.parts.views);
      notBelow(after.parts.growth, before.parts.growth);
      if (item.likes === null) notBelow(after.total, before.total);
    },
  );

  test.prop([oneOfCohort, rise, fc.constantFrom('likes', 'comments', 'shares')])(
    'more likes, comments or shares lower nothing',
    (one, more, field) => {
      const { before, after } = scoreBoth(one, (item) => {
        const known = item[field];
        return known === null ? {} : { [field]: known + more };
      });
      for (const part of ['views', 'engagement', 'growth', 'quality'] as const)
        notBelow(after.parts[part], before.parts[part]);
      notBelow(after.total, before.total);
    },
  );

  test.prop([oneOfCohort, fc.integer({ min: 1, max: 2000 })])(
    'a younger video grows no less',
    (one, hours) => {
      const { before, after } = scoreBoth(one, ({ publishedAt }) => ({
        publishedAt: publishedAt && new Date(publishedAt.getTime() + hours * hourMs),
      }));
      notBelow(after.parts.growth, before.parts.growth);
      notBelow(after.total, before.total);
    },
  );

  test.prop([oneOfCohort, rise])('a larger measured gain lowers nothing', (one, less) => {
    const { before, after } = scoreBoth(one, ({ previous }) => ({
      previous: previous && { ...previous, views: Math.max(0, previous.views - less) },
    }));
    notBelow(after.parts.growth, before.parts.growth);
    notBelow(after.total, before.total);
  });

  test.prop([oneOfCohort, fc.integer({ min: 1, max: 9 })])(
    'a better judgement lowers nothing',
    (one, better) => {
      const { before, after } = scoreBoth(one, ({ recommendation }) => ({
        recommendation: recommendation && Math.min(10, recommendation + better),
      }));
      notBelow(after.total, before.total);
    },
  );

  test.prop([oneOfCohort, fc.constantFrom('views', 'likes', 'recommendation', 'growth')])(
    'what goes missing from one lowers its confidence and raises nobody’s',
    ({ cohort, index }, field) => {
      const item = cohort[index];
      if (!item) throw new Error('The cohort is empty');
      const lost: Partial<ScoreInput> =
        field === 'growth' ? { publishedAt: null, previous: null } : { [field]: null };
      const before = scoreSightings(cohort);
      const after = scoreSightings(cohort.with(index, { ...item, ...lost }));
      for (const [place, { confidence }] of after.entries())
        notBelow(before[place]?.confidence ?? -1, confidence);
      const wasKnown =
        field === 'growth'
          ? item.views !== null && item.publishedAt !== null
          : item[field] !== null && (field !== 'likes' || item.views !== null);
      if (wasKnown) expect(after[index]?.confidence).toBeLessThan(before[index]?.confidence ?? 0);
    },
  );
});

describe('in any mix', () => {
  const mix = fc.array(input, { maxLength: 40 });

  test.prop([mix, fc.infiniteStream(fc.nat())])(
    'the order in which videos come changes no score',
    (items, draws) => {
      const shuffled = items
        .map((item, index) => ({ item, index, draw: draws.next().value }))
        .toSorted((a, b) => a.draw - b.draw);
      const scores = scoreSightings(items);
      const others = scoreSightings(shuffled.map(({ item }) => item));
      for (const [place, { index }] of shuffled.entries())
        expect(others[place]).toStrictEqual(scores[index]);
    },
  );

  test.prop([mix])('each platform and kind has the scores that it has alone', (items) => {
    const scores = scoreSightings(items);
    for (const platform of ['tiktok', 'youtube', 'instagram'])
      for (const kind of ['short', 'long']) {
        const isOwn = (item: ScoreInput | undefined) =>
          item?.platform === platform && item.kind === kind;
        const own = scoreSightings(items.filter(isOwn));
        expect(scores.filter((_, index) => isOwn(items[index]))).toStrictEqual(own);
      }
  });

  test.prop([oneOfCohort, fc.integer({ min: 1, max: 5 })])(
    'copies of a video have its score and change no order by views or growth',
    ({ cohort, index }, copies) => {
      const videos = cohort.map(complete);
      const before = scoreSightings(videos);
      const after = scoreSightings([
        ...videos,
        ...videos.slice(index, index + 1).flatMap((item) => Array<ScoreInput>(copies).fill(item)),
      ]);
      for (const copy of after.slice(videos.length))
        expect(copy.parts).toStrictEqual(after[index]?.parts);
      for (const part of ['views', 'growth'] as const)
        for (const [place, { parts }] of before.entries())
          if (parts[part] > (before[0]?.parts[part] ?? 0) + roundingError)
            notBelow(after[place]?.parts[part] ?? 0, after[0]?.parts[part] ?? 1);
    },
  );

  const odd = fc.oneof(
    fc.double(),
    fc.constantFrom(null, -1, Number.NaN, Infinity, 1e300, Number.MIN_VALUE),
  );
  test.prop([
    fc.array(
      fc.record({
        platform: fc.constantFrom('tiktok', 'youtube'),
        kind: fc.constantFrom('short', 'long'),
        channel: fc.option(fc.string({ maxLength: 2 })),
        views: odd,
        likes: odd,
        comments: odd,
        shares: odd,
        publishedAt: fc.option(fc.date()),
        seenAt: fc.date(),
        previous: fc.option(fc.record({ views: fc.double(), seenAt: fc.date() })),
        recommendation: odd,
      }),
      { maxLength: 20 },
    ),
  ])('absurd values give numbers within their bounds', (items) => {
    const scores = scoreSightings(items);
    expect(scores).toHaveLength(items.length);
    for (const { total, parts, confidence, rising, timesChannelMedian } of scores) {
      for (const part of [...Object.values(parts), confidence, total / 100]) {
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(1);
      }
      expect([true, false, null]).toContain(rising);
      expect(timesChannelMedian ?? 0).toBeGreaterThanOrEqual(0);
      expect(timesChannelMedian ?? 0).toBeLessThan(Infinity);
    }
  });
});

/** The same video with every part known. */
function complete(item: ScoreInput): ScoreInput {
  const { views, likes, publishedAt, seenAt } = item;
  return { ...item, views: views ?? 1, likes: likes ?? 1, publishedAt: publishedAt ?? seenAt };
}
