import { asc, eq, inArray } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import {
  trendHarvests,
  trendResults,
  trends,
  trendSearches,
  trendSearchHarvests,
  trendSnapshots,
} from '../../drizzle/schema/trends.ts';
import { startApify, type ApifyEmulator } from '../../sandbox/apify/apify.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { sourceOf } from '../../test/kit/trend-source.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { waitingWords } from '../messages/waiting.ts';
import { perform, type Outcome } from '../operation.ts';
import type { Platform, Reading, Sighting, TrendErrand } from '../ports/trend-source.ts';
import { explainedPerSearch, readAnalysis } from './explain.ts';
import { rankSightings } from './rank.ts';
import { trendSearch } from './search.ts';
import { trendShow } from './show.ts';
import { sortReadings, storeSightings } from './sightings.ts';

let world: World;
let apify: ApifyEmulator;
let alice: Context;
let chen: Context;
beforeAll(async () => {
  // Runs end at once; the world's own emulator would wait for its clock to be moved.
  const clock = {
    now: () => world.now(),
    schedule: (_: number, task: () => void) => wallClock.schedule(0, task),
  };
  apify = await startApify({ clock, token: 'test-apify', runMs: 0, seed: 7 });
  world = await createWorld({ settings: { APIFY_API_URL: apify.url } });
  alice = await world.context('terminal', 'alice', 'en');
  chen = await world.context('terminal', 'chen', 'zh');
});
afterAll(async () => {
  await world.close();
  await apify.close();
});

const { requests, misbehave } = {
  requests: () => world.emulators.gemini.requests,
  misbehave: (
    how: Parameters<World['emulators']['gemini']['misbehave']>[0]['how'],
    times: number,
  ) => world.emulators.gemini.misbehave({ how, times }),
};

const answerSchema = trendSearch.output;
type Answer = z.infer<typeof answerSchema>;

function answerOf(outcome: Outcome): Answer {
  if (!outcome.ok) throw outcome.fault;
  return answerSchema.parse(outcome.value);
}
const search = async (input: object, context = alice): Promise<Answer> =>
  answerOf(await perform(trendSearch, input, context));
const shown = async (trend: string, context = alice) => {
  const outcome = await perform(trendShow, { trend }, context);
  if (!outcome.ok) throw outcome.fault;
  return trendShow.output.parse(outcome.value);
};
const everywhere = 'tiktok,youtube,instagram';

let made = 0;
const sighting = (over: Partial<Sighting> = {}): Sighting => ({
  platform: 'youtube',
  externalId: `made-${(made += 1)}`,
  kind: 'short',
  title: 'A paper boat',
  description: 'It sails.',
  url: 'https://www.youtube.com/shorts/x',
  channel: 'Boats',
  channelFollowers: 10,
  views: 10_000,
  likes: 500,
  comments: 20,
  shares: null,
  durationSeconds: 20,
  publishedAt: secondsAfter(world.now(), -86_400),
  thumbnailUrl: null,
  hashtags: [],
  ...over,
});

/** A context whose searches bring just this; a Fault fails the platform. */
function bringing(
  harvest: Partial<Record<Platform, readonly Sighting[] | Fault | Error>>,
  context = alice,
) {
  const asked: TrendErrand[] = [];
  const trendSource = sourceOf(
    () => world.now(),
    (wanted) => {
      asked.push(wanted);
      const found = harvest[wanted.platform] ?? [];
      if (found instanceof Error) throw found;
      return { readings: found.map((entry) => ({ sighting: entry })) };
    },
  );
  return { asked, context: { ...context, ports: { ...context.ports, trendSource } } };
}
const titles = ({ trends: found }: Answer) => found.map(({ title }) => title);

describe('trend_search against the emulator', () => {
  it('ranks three platforms by one score, and explains the best', async () => {
    const answer = await search({ keyword: 'AI tools', platforms: everywhere, limit: 30 });
    expect(new Set(answer.trends.map(({ platform }) => platform))).toStrictEqual(
      new Set(['tiktok', 'youtube', 'instagram']),
    );
    expect(answer.trends).toHaveLength(30);
    const scores = answer.trends.map(({ score }) => score);
    expect(scores).toStrictEqual(scores.toSorted((a, b) => b - a));
    for (const trend of answer.trends) {
      expect(trend.score).toBeGreaterThanOrEqual(0);
      expect(trend.score).toBeLessThanOrEqual(100);
      expect(trend.url).toMatch(/^https:\/\/[\w.]*(?:tiktok|youtube|instagram)\.com\//u);
    }
    expect(answer.notes).toStrictEqual([]);
    expect(answer.cost_usd).toBeGreaterThan(0);
    const one = await shown(answer.trends[0]?.id ?? '');
    expect(one).toMatchObject({ explained_by: 'model', id: answer.trends[0]?.id });
    expect(one.factors.length).toBeGreaterThan(0);
    expect(one.recommendation).toBeGreaterThanOrEqual(1);
    expect(one.recommendation).toBeLessThanOrEqual(10);
  });

  it('answers a Chinese person in Chinese', async () => {
    const outcome = await perform(trendSearch, { keyword: '猫咪', platforms: '抖音' }, chen);
    if (outcome.ok) throw new Error('there is no such platform');
    const good = await perform(trendSearch, { keyword: '猫咪', limit: 5 }, chen);
    expect(good).toMatchObject({ ok: true, text: expect.stringMatching(/^已排序 5 个视频/u) });
    const one = await shown(answerOf(good).trends[0]?.id ?? '', chen);
    expect(one.explained_by).toBe('model');
    expect(one.attraction).toMatch(/\p{Script=Han}/u);
    expect(requests().at(-1)?.instructions).toContain('Simplified Chinese');
  });

  it('stores what was found, left out and paid, for this account', async () => {
    const answer = await search({ keyword: 'origami', platforms: everywhere, limit: 50 });
    const { db } = world.app.database;
    const [row] = await db.select().from(trendSearches).where(eq(trendSearches.id, answer.search));
    expect(row).toMatchObject({
      accountId: alice.actor.accountId,
      keyword: 'origami',
      skipped: answer.skipped,
      costUsd: answer.cost_usd,
    });
    const results = await db
      .select()
      .from(trendResults)
      .where(eq(trendResults.searchId, answer.search))
      .orderBy(asc(trendResults.position));
    expect(results.map(({ trendId }) => trendId)).toStrictEqual(answer.trends.map(({ id }) => id));
    // About one item in ten of the emulator is an error, a note or a duplicate.
    const left = Object.values(answer.skipped).reduce((sum, count) => sum + count, 0);
    expect(left).toBeGreaterThan(0);
  });

  it('brings the same order for the same numbers', async () => {
    const input = { keyword: 'latte art', platforms: everywhere, limit: 40 };
    const first = await search(input);
    const second = await search(input);
    expect(second.trends).toStrictEqual(first.trends);
  });

  it.each([1, 7, 50])('ranks at most %i', async (limit) => {
    const before = apify.starts;
    const answer = await search({ keyword: 'desk setup', limit });
    expect(answer.trends.length).toBeLessThanOrEqual(limit);
    expect(answer.trends.length).toBeGreaterThan(0);
    const runs = apify.runs().slice(0, apify.starts - before);
    for (const run of runs) expect(run.items.length).toBeLessThanOrEqual(Math.max(limit, 2));
  });

  it('goes on with the others when one platform fails, and says which', async () => {
    apify.misbehave({ on: 'start', how: 'locked' });
    const answer = await search({ keyword: 'trains', platforms: everywhere });
    expect(answer.notes).toHaveLength(1);
    expect(answer.notes[0]).toMatch(
      /^(?:TikTok|YouTube|Instagram): Apify does not accept our account/u,
    );
    expect(new Set(answer.trends.map(({ platform }) => platform)).size).toBe(2);
  });

  it('says it in Chinese, too', async () => {
    apify.misbehave({ on: 'run', how: 'failed' });
    const { notes } = await search({ keyword: '火车' }, chen);
    expect(notes).toStrictEqual([expect.stringMatching(/^(?:TikTok|YouTube): Apify 未能完成。$/u)]);
  });

  it('fails with the fault itself when all fail', async () => {
    apify.misbehave({ on: 'start', how: 'locked', times: 2 });
    const outcome = await perform(trendSearch, { keyword: 'trains' }, alice);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'provider_locked' } });
    apify.misbehave({ on: 'run', how: 'timed_out' });
    const one = await perform(trendSearch, { keyword: 'trains', platforms: 'tiktok' }, alice);
    expect(one).toMatchObject({ ok: false, fault: { code: 'run_timed_out' } });
  });
});

describe('what trend_search takes', () => {
  it.each([
    [{}, 'keyword'],
    [{ keyword: '   ' }, 'keyword'],
    [{ keyword: 'x'.repeat(101) }, 'keyword'],
    [{ keyword: 'a\0b' }, 'keyword'],
    [{ keyword: 'x', platforms: 'vine' }, 'platforms'],
    [{ keyword: 'x', platforms: ' , ' }, 'platforms'],
    [{ keyword: 'x', days: 8 }, 'days'],
    [{ keyword: 'x', limit: 0 }, 'limit'],
    [{ keyword: 'x', limit: 51 }, 'limit'],
    [{ keyword: 'x', views_min: -1 }, 'views_min'],
    [{ keyword: 'x', views_min: 5, views_max: 4 }, 'views_max'],
    [{ keyword: 'x', order: 'views' }, 'order'],
  ])('refuses %j before anything is paid', async (input, field) => {
    const { asked, context } = bringing({});
    const outcome = await perform(trendSearch, input, context);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'invalid_input', field } });
    expect(asked).toStrictEqual([]);
  });

  it('passes the wish on to each platform once', async () => {
    const { asked, context } = bringing({});
    const platforms = 'Instagram，tiktok、 youtube tiktok';
    await search({ keyword: ' cats ', platforms, days: 7, limit: 9 }, context);
    const wish = { keyword: 'cats', maxItems: 9, days: 7, maxCostUsd: 0.5 };
    expect(asked.toSorted((a, b) => (a.platform < b.platform ? -1 : 1))).toStrictEqual([
      { ...wish, platform: 'instagram' },
      { ...wish, platform: 'tiktok' },
      { ...wish, platform: 'youtube' },
    ]);
  });

  it('finds nothing without being a failure', async () => {
    const { context } = bringing({});
    const outcome = await perform(trendSearch, { keyword: 'nothing' }, context);
    expect(outcome).toMatchObject({ ok: true, value: { trends: [] } });
    expect(outcome).toMatchObject({ text: expect.stringContaining('Nothing found') });
  });

  it('needs a source', async () => {
    const { trendSource: _, ...ports } = alice.ports;
    const outcome = await perform(trendSearch, { keyword: 'x' }, { ...alice, ports });
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'service_missing' } });
  });
});

describe('the filters', () => {
  const views = [null, 0, 99, 100, 101, 999, 1000, 1001];
  const named = () => views.map((count) => sighting({ views: count, title: `views ${count}` }));

  it('keep views from views_min to views_max, both included, and unknown ones', async () => {
    const { context } = bringing({ youtube: named() });
    const input = { keyword: 'x', platforms: 'youtube', views_min: 100, views_max: 1000 };
    const answer = await search(input, context);
    expect(titles(answer).toSorted()).toStrictEqual(
      ['views 100', 'views 1000', 'views 101', 'views 999', 'views null'].toSorted(),
    );
    expect(answer.skipped).toStrictEqual({ outside_filter: 3 });
  });

  it.each([
    [{ views_min: 1000 }, 3],
    [{ views_max: 99 }, 3],
    [{ views_min: 0, views_max: 0 }, 2],
    [{}, 8],
  ])('%j keeps %i of 8', async (filter, kept) => {
    const { context } = bringing({ youtube: named() });
    const answer = await search({ keyword: 'x', platforms: 'youtube', ...filter }, context);
    expect(answer.trends).toHaveLength(kept);
  });

  it.each([7, 30, 90])(
    'keep what was published in the last %i days to the second',
    async (days) => {
      const at = (seconds: number) => secondsAfter(world.now(), seconds - days * 86_400);
      const { context } = bringing({
        youtube: [
          sighting({ title: 'too old', publishedAt: at(-1) }),
          sighting({ title: 'just so', publishedAt: at(0) }),
          sighting({ title: 'newer', publishedAt: at(1) }),
          sighting({ title: 'from tomorrow', publishedAt: secondsAfter(world.now(), 86_400) }),
          sighting({ title: 'unknown', publishedAt: null }),
        ],
      });
      const answer = await search({ keyword: 'x', platforms: 'youtube', days }, context);
      expect(titles(answer).toSorted()).toStrictEqual(
        ['from tomorrow', 'just so', 'newer', 'unknown'].toSorted(),
      );
    },
  );
});

describe('one platform that fails', () => {
  const down = new Fault('provider_busy', { provider: 'Apify' }, { retryAfterSeconds: 30 });

  it('costs what the others cost, and is noted', async () => {
    const { context } = bringing({ tiktok: down, youtube: [sighting({ title: 'found' })] });
    const answer = await search({ keyword: 'x' }, context);
    const { message } = catalogue('en').faults.provider_busy({ provider: 'Apify' });
    expect(answer).toMatchObject({ notes: [`TikTok: ${message}`], cost_usd: 0.25 });
    expect(titles(answer)).toStrictEqual(['found']);
  });

  it('with a defect of ours fails the search instead of hiding it', async () => {
    const { context } = bringing({ tiktok: new Error('a bug'), youtube: [sighting()] });
    const outcome = await perform(trendSearch, { keyword: 'x' }, context);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'internal' } });
  });

  it('is not begun later, when the others have been answered', async () => {
    const { context } = bringing({ tiktok: down, youtube: [sighting()] });
    const { search: id } = await search({ keyword: 'one away' }, context);
    const parts = await world.app.database.db
      .select({ platform: trendHarvests.platform, status: trendHarvests.status })
      .from(trendHarvests)
      .innerJoin(trendSearchHarvests, eq(trendSearchHarvests.harvestId, trendHarvests.id))
      .where(eq(trendSearchHarvests.searchId, id));
    expect(parts.map(({ platform, status }) => `${platform} ${status}`).toSorted()).toEqual([
      'tiktok failed',
      'youtube done',
    ]);
  });

  it('is waited for by its name, when it was the only one', async () => {
    const { context } = bringing({ tiktok: down, youtube: down });
    const outcome = await perform(trendSearch, { keyword: 'both away' }, context);
    const notes = expect.arrayContaining(
      ['TikTok', 'YouTube'].map((name) => `${name}: ${waitingWords.en('Apify')}`),
    );
    expect(outcome).toMatchObject({ ok: true, value: { status: 'running', notes } });
  });
});

describe('looking twice', () => {
  it('measures growth where no date is known', async () => {
    const look = async (views: number) => {
      const { context } = bringing({
        youtube: [
          sighting({ externalId: 'twice', views, publishedAt: null }),
          ...['a', 'b', 'c'].map((id) =>
            sighting({ externalId: `slow-${id}`, views: 5000, publishedAt: null }),
          ),
        ],
      });
      const { trends: found } = await search({ keyword: 'x', platforms: 'youtube' }, context);
      return found.find(({ views: count }) => count === views);
    };
    const first = await look(1000);
    expect(first).toMatchObject({ incomplete: true, parts: { growth: 0.5 } });
    await world.advance(3600);
    const second = await look(90_000);
    expect(second?.id).toBe(first?.id);
    expect(second).toMatchObject({ incomplete: false });
    expect(second?.parts.growth).toBeGreaterThan(0.6);
    const snapshots = await world.app.database.db
      .select()
      .from(trendSnapshots)
      .where(eq(trendSnapshots.trendId, first?.id ?? ''))
      .orderBy(asc(trendSnapshots.id));
    expect(snapshots.map(({ views }) => views)).toStrictEqual([1000, 90_000]);
  });

  it('knows the newest earlier look, whoever had it', async () => {
    const at = (views: number) => [sighting({ externalId: 'seen', views })];
    for (const views of [10, 20]) {
      await storeSightings(world.app, at(views), world.now());
      await world.advance(600);
    }
    const [known] = await storeSightings(world.app, at(30), world.now());
    expect(known?.previous).toStrictEqual({ views: 20, seenAt: secondsAfter(world.now(), -600) });
    const [again] = await storeSightings(world.app, at(30), world.now());
    expect(again?.previous?.views).toBe(20);
  });

  it('keeps the newest numbers of a video, under one id', async () => {
    await storeSightings(world.app, [sighting({ externalId: 'one', title: 'old' })], world.now());
    await world.advance(1);
    const newer = sighting({ externalId: 'one', title: 'new', likes: 7 });
    await storeSightings(world.app, [newer], world.now());
    const rows = await world.app.database.db
      .select()
      .from(trends)
      .where(eq(trends.externalId, 'one'));
    expect(rows).toMatchObject([{ title: 'new', views: 10_000, likes: 7, seenAt: world.now() }]);
  });

  it('of 20 searches at once over the same videos in any order locks none out', async () => {
    const seen = Array.from({ length: 60 }, (_, index) =>
      sighting({ externalId: `busy-${index}` }),
    );
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, turn) =>
        storeSightings(world.app, turn % 2 ? seen : seen.toReversed(), world.now()),
      ),
    );
    const ids = all.map((known) => known.map(({ id }) => id).toSorted());
    for (const some of ids) expect(some).toStrictEqual(ids[0]);
  });

  it('counts a video that two platforms bring as a duplicate', async () => {
    const same = sighting({ title: 'same' });
    const { context } = bringing({ tiktok: [same], youtube: [{ ...same, title: 'other' }] });
    const answer = await search({ keyword: 'x' }, context);
    expect(titles(answer)).toHaveLength(1);
    expect(answer.skipped).toStrictEqual({ duplicate: 1 });
  });
});

describe('sortReadings and rankSightings', () => {
  it('count what was left out', () => {
    const one = sighting();
    const readings: Reading[] = [
      { sighting: one },
      { skipped: 'no_id' },
      { sighting: { ...one } },
      { skipped: 'no_id' },
      { skipped: 'not_json' },
    ];
    expect(sortReadings(readings)).toStrictEqual({
      sightings: [one],
      skipped: { no_id: 2, duplicate: 1, not_json: 1 },
    });
  });

  it('order equal scores the same way, whatever order they came in', () => {
    const known = Array.from({ length: 30 }, (_, index) => ({
      id: `t${index}`,
      previous: null,
      analysis: null,
      sighting: sighting({
        externalId: `e${Math.floor(index / 2)}`,
        platform: index % 2 ? 'tiktok' : 'youtube',
      }),
    }));
    const ranked = (list: typeof known) => rankSightings(list, world.now()).map(({ id }) => id);
    expect(ranked(known.toReversed())).toStrictEqual(ranked(known));
    expect(ranked(known.toSorted((a, b) => (a.id < b.id ? -1 : 1)))).toStrictEqual(ranked(known));
  });

  it('let only the judgement of the model into the score', () => {
    const rate = (analysis: unknown) =>
      rankSightings([{ id: 'x', sighting: sighting(), previous: null, analysis }], world.now())[0]
        ?.score;
    const said = { attraction: 'x', factors: ['x'], recommendation: 10 };
    expect(rate({ ...said, by: 'model' })).toMatchObject({
      incomplete: false,
      parts: { quality: 1 },
    });
    for (const analysis of [
      { ...said, by: 'rules' },
      null,
      'x',
      { ...said, recommendation: 11, by: 'model' },
    ])
      expect(rate(analysis)).toMatchObject({ incomplete: true, parts: { quality: 0.5 } });
  });
});

describe('an explanation that is there', () => {
  const [count, platforms] = [6, 'youtube'];
  afterEach(() => world.advance(1));

  it('is not asked for again, by this or another account', async () => {
    const found = Array.from({ length: count }, () => sighting());
    const before = requests().length;
    const first = await search({ keyword: 'x', platforms }, bringing({ youtube: found }).context);
    expect(requests().length - before).toBe(1);
    await search({ keyword: 'y', platforms }, bringing({ youtube: found }).context);
    const bob = await world.context('terminal', 'bob', 'en');
    await search({ keyword: 'z', platforms }, bringing({ youtube: found }, bob).context);
    for (const { id } of first.trends) expect((await shown(id)).explained_by).toBe('model');
    expect(requests().length - before).toBe(1);
  });

  it('is asked for once more in the other language, and each reads their own', async () => {
    const found = [sighting()];
    const before = requests().length;
    const [en] = (await search({ keyword: 'x', platforms }, bringing({ youtube: found }).context))
      .trends;
    const [zh] = (
      await search({ keyword: 'x', platforms }, bringing({ youtube: found }, chen).context)
    ).trends;
    expect(zh?.id).toBe(en?.id);
    expect((await shown(en?.id ?? '')).attraction).not.toMatch(/\p{Script=Han}/u);
    expect((await shown(zh?.id ?? '', chen)).attraction).toMatch(/\p{Script=Han}/u);
    expect((await shown(en?.id ?? '')).attraction).not.toMatch(/\p{Script=Han}/u);
    expect(requests().length - before).toBe(2);
  });

  it('from the rules is replaced when the model is back', async () => {
    const found = [sighting()];
    misbehave('http_503', 1);
    const [trend] = (
      await search({ keyword: 'x', platforms }, bringing({ youtube: found }).context)
    ).trends;
    expect(trend?.incomplete).toBe(true);
    expect((await shown(trend?.id ?? '')).explained_by).toBe('model');
    const again = await search({ keyword: 'x', platforms }, bringing({ youtube: found }).context);
    expect(again.trends[0]?.incomplete).toBe(false);
  });

  it('is only for the best; the others are explained when they are looked at', async () => {
    const found = Array.from({ length: explainedPerSearch + 4 }, (_, index) =>
      sighting({ views: 1000 * (index + 1) }),
    );
    const wish = { keyword: 'x', platforms, limit: 50 };
    const answer = await search(wish, bringing({ youtube: found }).context);
    const rows = await world.app.database.db
      .select({ id: trends.id, analysis: trends.analysis })
      .from(trends)
      .where(
        inArray(
          trends.id,
          answer.trends.map(({ id }) => id),
        ),
      );
    const has = rows.filter(({ analysis }) => readAnalysis(analysis, 'en') !== null);
    expect(has).toHaveLength(explainedPerSearch);
    const last = rows.find(({ analysis }) => analysis === null);
    expect((await shown(last?.id ?? '')).explained_by).toBe('model');
  });

  it.each([
    [null],
    ['x'],
    [[]],
    [{ en: { attraction: '' } }],
    [{ by: 'model', attraction: 'old' }],
  ])('is none when %j is kept', (kept) => {
    expect(readAnalysis(kept, 'en')).toBeNull();
  });
});

describe('trend_show', () => {
  it('is for those who found it', async () => {
    const { context } = bringing({ youtube: [sighting({ title: 'mine' })] });
    const { trends: found } = await search({ keyword: 'x', platforms: 'youtube' }, context);
    const id = found[0]?.id ?? '';
    expect((await shown(id)).title).toBe('mine');
    const before = requests().length;
    for (const [trend, who] of [
      [id, chen],
      ['trd_none', alice],
      [`${id}'; --`, alice],
    ] as const) {
      const outcome = await perform(trendShow, { trend }, who);
      expect(outcome).toMatchObject({ ok: false, fault: { code: 'not_found', field: 'trend' } });
    }
    const hostile = await perform(trendShow, { trend: 'a\0b' }, alice);
    expect(hostile).toMatchObject({ ok: false, fault: { code: 'invalid_input' } });
    expect(requests()).toHaveLength(before);
  });

  it('shows the numbers as they are, and unknown as unknown', async () => {
    const { context } = bringing({
      youtube: [
        sighting({ title: 'full', views: 200, likes: 20, durationSeconds: 12.5 }),
        sighting({ title: 'bare', views: null, likes: null, durationSeconds: null, channel: null }),
        sighting({ title: 'unseen', views: 0, likes: 0 }),
      ],
    });
    const { trends: found } = await search({ keyword: 'x', platforms: 'youtube' }, context);
    const of = (title: string) => shown(found.find((trend) => trend.title === title)?.id ?? '');
    expect(await of('full')).toMatchObject({ like_rate: 0.1, duration_seconds: 12.5 });
    expect(await of('bare')).toMatchObject({
      like_rate: null,
      views: null,
      channel: null,
      duration_seconds: null,
      incomplete: true,
      parts: { engagement: 0.5, views: 0.5 },
    });
    expect(await of('unseen')).toMatchObject({ like_rate: null, views: 0 });
  });

  it('says it in the language of the person', async () => {
    const { context } = bringing({ youtube: [sighting({ title: 'Boat' })] }, chen);
    const { trends: found } = await search({ keyword: 'x', platforms: 'youtube' }, context);
    const outcome = await perform(trendShow, { trend: found[0]?.id }, chen);
    expect(outcome).toMatchObject({ text: expect.stringMatching(/^“Boat”得分 [\d.]+\/100。/u) });
  });
});
