import { asc, eq, gte } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { trendHarvests, trendSearches, trendSnapshots } from '../../drizzle/schema/trends.ts';
import { sourceOf, type MadeRun } from '../../test/kit/trend-source.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { Handover, type Context } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { waitingWords } from '../messages/waiting.ts';
import { perform } from '../operation.ts';
import type { Sighting, TrendErrand, TrendSource } from '../ports/trend-source.ts';
import { followHarvest } from './harvest-work.ts';
import { trendList } from './list.ts';
import { readSearch } from './read-search.ts';
import { trendSearch } from './search.ts';
import type { SearchAnswer } from './search-answer.ts';

let world: World;
let asked: TrendErrand[];
/** Each test has words, people and videos of its own. */
let turn = 0;
let begunAt: Date;
beforeAll(async () => {
  world = await createWorld({ settings: { TREND_FRESH_MINUTES: '60', TREND_DAILY_SEARCHES: '3' } });
});
beforeEach(async () => {
  asked = [];
  turn += 1;
  await world.advance(3600);
  begunAt = world.now();
});
afterAll(() => world.close());

const sighting = (name: string): Sighting => ({
  platform: 'youtube',
  externalId: `${name}${turn}`,
  kind: 'short',
  title: `A paper boat, ${name}`,
  description: '',
  url: `https://www.youtube.com/shorts/${name}`,
  channel: 'Boats',
  channelFollowers: null,
  views: 10_000,
  likes: 500,
  comments: 20,
  shares: null,
  durationSeconds: 20,
  publishedAt: null,
  thumbnailUrl: null,
  hashtags: [],
});
const bringing = (...names: string[]): MadeRun => ({
  readings: names.map((name) => ({ sighting: sighting(name) })),
});

/** Every search of this world is answered by one source, which writes down what it is sent for. */
function sourceThat(make: (errand: TrendErrand) => MadeRun | Promise<MadeRun>): TrendSource {
  return sourceOf(
    () => world.now(),
    (errand) => {
      asked.push(errand);
      return make(errand);
    },
  );
}
const portsWith = (trendSource: TrendSource) => ({ ...world.app.ports, trendSource });
async function personWith(trendSource: TrendSource, name = 'alice'): Promise<Context> {
  const context = await world.context('terminal', `${name}${turn}`);
  return { ...context, ports: portsWith(trendSource) };
}
const wish = () => ({ keyword: `paper boats ${turn}`, platforms: 'youtube' });
async function search(context: Context, more: object = {}): Promise<SearchAnswer> {
  const outcome = await perform(trendSearch, { ...wish(), ...more }, context);
  if (!outcome.ok) throw outcome.fault;
  return trendSearch.output.parse(outcome.value);
}
const harvests = () =>
  world.app.database.db
    .select()
    .from(trendHarvests)
    .where(gte(trendHarvests.createdAt, begunAt))
    .orderBy(asc(trendHarvests.createdAt));
const searches = () =>
  world.app.database.db.select().from(trendSearches).where(gte(trendSearches.createdAt, begunAt));
/** The jobs of a process that is alive, with this source. */
const drainWith = (source: TrendSource) =>
  world.app.queue.drain({ ...world.app, ports: portsWith(source) });

describe('a search that is asked again', () => {
  const twice = async (more: object, minutes = 0, name = 'alice') => {
    const source = sourceThat(() => bringing('a', 'b'));
    const first = await search(await personWith(source));
    await world.advance(minutes * 60);
    const second = await search(await personWith(source, name), more);
    return { first, second };
  };

  test('is answered from the store, says how old it is, and costs nothing', async () => {
    const { first, second } = await twice({}, 59);
    expect(asked).toHaveLength(1);
    expect(first).toMatchObject({ cost_usd: 0.25, age_minutes: null });
    expect(second).toMatchObject({ cost_usd: 0, age_minutes: 59 });
    expect(second.trends.map(({ id }) => id).toSorted()).toEqual(
      first.trends.map(({ id }) => id).toSorted(),
    );
  });

  test.each([
    ['in other letters and spaces', { keyword: ' Ｐaper   BOATS %' }, 1],
    ['for fewer videos', { limit: 19 }, 1],
    ['with a filter of views', { views_min: 5 }, 1],
    ['for more videos', { limit: 21 }, 2],
    ['for another period', { days: 7 }, 2],
    ['for another platform', { platforms: 'tiktok' }, 2],
    ['for other words', { keyword: 'paper planes %' }, 2],
  ])('%s', async (_, more, runs) => {
    const said = 'keyword' in more ? { keyword: more.keyword.replace('%', `${turn}`) } : more;
    await twice(said, 10);
    expect(asked).toHaveLength(runs);
  });

  test.each([
    [59, 1],
    [60, 2],
    [61, 2],
  ])('after %i minutes has sent %i actors', async (minutes, runs) => {
    await twice({}, minutes);
    expect(asked).toHaveLength(runs);
  });

  test('by somebody else is answered from the same store', async () => {
    const { second } = await twice({}, 5, 'bob');
    expect(asked).toHaveLength(1);
    expect(second).toMatchObject({ cost_usd: 0, age_minutes: 5 });
    expect(second.trends).toHaveLength(2);
  });

  test('tells its age in both languages', async () => {
    const source = sourceThat(() => bringing('a'));
    const person = await personWith(source);
    await search(person);
    await world.advance(120);
    const say = async (locale: 'en' | 'zh') => {
      const outcome = await perform(trendSearch, wish(), { ...person, locale });
      return outcome.ok ? outcome.text : outcome.fault.message;
    };
    expect(await say('en')).toContain('Searched 2 min ago; nothing was paid for again.');
    expect(await say('zh')).toContain('数据为 2 分钟前所得，没有再次付费。');
  });

  test.each(['failed', 'timed_out', 'aborted'] as const)(
    'after one that %s sends the actor anew',
    async (state) => {
      const source = sourceThat(() =>
        asked.length === 1 ? { readings: [], state } : bringing('a'),
      );
      const person = await personWith(source);
      const outcome = await perform(trendSearch, wish(), person);
      const code = {
        failed: 'provider_failed',
        timed_out: 'run_timed_out',
        aborted: 'run_aborted',
      };
      expect(outcome).toMatchObject({ ok: false, fault: { code: code[state] } });
      expect((await search(person)).trends).toHaveLength(1);
      expect(asked).toHaveLength(2);
      const ends = (await harvests()).map(({ status }) => status);
      expect(ends.toSorted()).toEqual([state, 'done'].toSorted());
    },
  );
});

test('what a run brought before it was stopped is shown, with a note, and what it cost', async () => {
  const source = sourceThat(() => ({ ...bringing('a'), state: 'timed_out', costUsd: 0.1 }));
  const answer = await search(await personWith(source));
  expect(answer).toMatchObject({
    cost_usd: 0.1,
    notes: ['YouTube: Apify took too long and was stopped by its time limit.'],
  });
  expect(answer.trends).toHaveLength(1);
});

test('ten that ask the same at once are answered by one run', async () => {
  const gate = Promise.withResolvers<MadeRun>();
  const source = sourceThat(() => gate.promise);
  const people = await Promise.all(
    Array.from({ length: 10 }, (_, index) => personWith(source, `person${index}`)),
  );
  const answers = people.map((person) => search(person));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  gate.resolve(bringing('a', 'b'));
  const all = await Promise.all(answers);
  expect(asked).toHaveLength(1);
  for (const { trends } of all) expect(trends).toHaveLength(2);
  expect(all.reduce((sum, { cost_usd: cost }) => sum + (cost ?? 0), 0)).toBe(0.25);
});

describe('the searches of a day', () => {
  let source: TrendSource;
  let words = 0;
  beforeEach(() => {
    source = sourceThat(() => bringing('a'));
    words = 0;
  });
  const another = (person: Context) => search(person, { keyword: `boats ${turn} ${(words += 1)}` });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'ok',
      (error: unknown) => (isFault(error) ? error.code : String(error)),
    );

  test('are three, and the store is free', async () => {
    const person = await personWith(source);
    const codes = [];
    for (let count = 0; count < 4; count += 1) codes.push(await codeOf(another(person)));
    expect(codes).toEqual(['ok', 'ok', 'ok', 'search_limit']);
    expect(asked).toHaveLength(3);
    expect(await codeOf(search(person, { keyword: `boats ${turn} 1` }))).toBe('ok');
    expect(await codeOf(another(await personWith(source, 'bob')))).toBe('ok');
  });

  test('come back one by one after 24 hours', async () => {
    const person = await personWith(source);
    await another(person);
    await world.advance(3600);
    for (let count = 0; count < 2; count += 1) await another(person);
    await world.advance(23 * 3600 - 1);
    const refused = await perform(trendSearch, { ...wish(), keyword: `more ${turn}` }, person);
    expect(refused).toMatchObject({
      ok: false,
      fault: { code: 'search_limit', retryAfterSeconds: 1, params: { most: 3 } },
    });
    await world.advance(1);
    expect(await codeOf(another(person))).toBe('ok');
    expect(await codeOf(another(person))).toBe('search_limit');
  });

  test('are exactly three of twenty at once', async () => {
    const person = await personWith(source);
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(another(person))));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(3);
    expect(asked).toHaveLength(3);
  });
});

describe('a process that dies', () => {
  const dead = new Promise<never>(() => undefined);
  /** The provider goes on, whatever becomes of us; `dies` says at which call nobody comes back. */
  function provider() {
    const runs: TrendErrand[] = [];
    const whole = sourceThat((errand) => {
      runs.push(errand);
      return bringing('a', 'b');
    });
    const living: TrendSource = {
      ...whole,
      find: async () => (runs.length > 0 ? `run_${runs.length}` : null),
    };
    const dying = (at: 'before start' | 'after start' | 'look' | 'collect'): TrendSource => ({
      ...living,
      start: async (errand, signal) => {
        if (at === 'before start') return dead;
        const id = await living.start(errand, signal);
        return at === 'after start' ? dead : id;
      },
      look: (id, seconds, signal) => (at === 'look' ? dead : living.look(id, seconds, signal)),
      collect: (id, errand, signal) =>
        at === 'collect' ? dead : living.collect(id, errand, signal),
    });
    return { runs, living, dying };
  }

  test.each(['before start', 'after start', 'look', 'collect'] as const)(
    'at "%s" loses nothing and pays for one run',
    async (at) => {
      const { runs, living, dying } = provider();
      const lost = search(await personWith(dying(at)));
      lost.catch(() => undefined);
      await vi.waitFor(async () => {
        const [row] = await harvests();
        expect(row?.status).toBe('running');
        expect(runs).toHaveLength(at === 'before start' ? 0 : 1);
      });
      await drainWith(living);
      expect((await harvests())[0]?.status).toBe('running');
      for (let minutes = 0; minutes < 5; minutes += 1) {
        await world.advance(60);
        await drainWith(living);
      }
      expect(runs).toHaveLength(1);
      const [harvest] = await harvests();
      expect(harvest).toMatchObject({ status: 'done', costUsd: 0.25 });
      const snapshots = await world.app.database.db
        .select()
        .from(trendSnapshots)
        .where(gte(trendSnapshots.seenAt, begunAt));
      expect(snapshots).toHaveLength(2);
    },
  );

  test('leaves a search that is finished when somebody looks', async () => {
    const { living, dying } = provider();
    search(await personWith(dying('look'))).catch(() => undefined);
    await vi.waitFor(async () => expect(await harvests()).toHaveLength(1));
    const person = await personWith(living);
    const [row] = await searches();
    const id = row?.id ?? '';
    expect(await readSearch(person, id)).toMatchObject({ status: 'running', trends: [] });
    for (let minutes = 0; minutes < 5; minutes += 1) {
      await world.advance(60);
      await drainWith(living);
    }
    const listed = await world.must(trendList, { search: id }, person);
    expect(listed).toMatchObject({ searches: [{ search: id, status: 'ready', found: 2 }] });
    const [one, two] = await Promise.all([readSearch(person, id), readSearch(person, id)]);
    expect(one).toEqual(two);
    expect(one.trends).toHaveLength(2);
  });

  test('is not waited for by who asks the same a little later', async () => {
    const { runs, living, dying } = provider();
    search(await personWith(dying('look'))).catch(() => undefined);
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    await world.advance(181);
    expect((await search(await personWith(living, 'bob'))).trends).toHaveLength(2);
    expect(runs).toHaveLength(1);
  });
});

describe('who does not wait any more', () => {
  function slowSource() {
    const ended: string[] = [];
    const isOver = Promise.withResolvers<undefined>();
    const whole = sourceThat(() => bringing('a'));
    const source: TrendSource = {
      ...whole,
      look: async (id, seconds, signal) => {
        const gone = new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
        await Promise.race([isOver.promise, gone]);
        return whole.look(id, seconds, signal);
      },
      abort: async (id) => void ended.push(id),
    };
    return { source, ended, finish: () => isOver.resolve(undefined) };
  }
  const begun = () => vi.waitFor(async () => expect((await harvests())[0]?.runId).toBe('run_1'));
  const leaving = async (source: TrendSource, name = 'alice') => {
    const stop = new AbortController();
    const person = { ...(await personWith(source, name)), signal: stop.signal };
    const outcome = perform(trendSearch, wish(), person);
    return { stop, outcome };
  };

  test('has the run ended at the provider', async () => {
    const { source, ended } = slowSource();
    const { stop, outcome } = await leaving(source);
    await begun();
    stop.abort(new Error('Stopped.'));
    expect((await outcome).ok).toBe(false);
    expect(ended).toEqual(['run_1']);
    expect((await harvests())[0]).toMatchObject({ status: 'aborted' });
    const [row] = await searches();
    expect(row?.status).toBe('cancelled');
  });

  test('takes nothing from who waits for the same', async () => {
    const { source, ended, finish } = slowSource();
    const alice = await leaving(source);
    await begun();
    const bob = await leaving(source, 'bob');
    await vi.waitFor(async () => expect(await searches()).toHaveLength(2));
    alice.stop.abort(new Error('Stopped.'));
    expect((await alice.outcome).ok).toBe(false);
    expect(ended).toEqual([]);
    finish();
    expect(await bob.outcome).toMatchObject({ ok: true });
    expect(asked).toHaveLength(1);
  });

  test('since the process stops, finds it done by the next', async () => {
    const { source, ended, finish } = slowSource();
    const { stop, outcome } = await leaving(source);
    await begun();
    stop.abort(new Handover('Jilo is stopping'));
    expect((await outcome).ok).toBe(false);
    expect(ended).toEqual([]);
    finish();
    await world.advance(61);
    await drainWith(source);
    expect((await harvests())[0]).toMatchObject({ status: 'done' });
    expect(asked).toHaveLength(1);
  });

  test('is told that it goes on, and finds it when asking again', async () => {
    const { source, finish } = slowSource();
    const person = await personWith(source);
    const impatient = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const model: Context = { ...person, actor: { ...person.actor, surface: 'mcp' } };
    const outcome = await perform(trendSearch, wish(), model);
    impatient.mockRestore();
    expect(outcome).toMatchObject({
      ok: true,
      value: { status: 'running', trends: [] },
      text: expect.stringContaining('Ask again with the same words'),
    });
    finish();
    expect((await search(person)).trends).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });
});

test('a harvest that cannot be asked about is not over, and a job goes on with it', async () => {
  const whole = sourceThat(() => bringing('a'));
  const busy = new Fault('provider_busy', { provider: 'Apify' }, { retryAfterSeconds: 9 });
  const deaf: TrendSource = { ...whole, look: () => Promise.reject(busy) };
  const outcome = await perform(trendSearch, wish(), await personWith(deaf));
  const notes = expect.arrayContaining([expect.stringContaining(waitingWords.en('Apify'))]);
  expect(outcome).toMatchObject({ ok: true, value: { status: 'running', notes } });
  const [row] = await harvests();
  expect(row).toMatchObject({ status: 'running' });
  await world.advance(61);
  await drainWith(whole);
  expect((await harvests())[0]).toMatchObject({ status: 'done' });
  expect(asked).toHaveLength(1);
});

test('a job that is used up ends its harvest, so that it can be asked again', async () => {
  const whole = sourceThat(() => bringing('a'));
  const broken: TrendSource = { ...whole, look: () => Promise.reject(new Error('a bug')) };
  await perform(trendSearch, wish(), await personWith(broken));
  for (let hours = 0; hours < 8; hours += 1) {
    await world.advance(3600);
    await drainWith(broken);
  }
  expect((await harvests())[0]).toMatchObject({ status: 'failed' });
});

test('progress names what is still waited for', async () => {
  const first = Promise.withResolvers<MadeRun>();
  const source = sourceThat(({ platform }) =>
    platform === 'tiktok' ? first.promise : bringing('a'),
  );
  const told: string[] = [];
  const person = await personWith(source);
  const onProgress: NonNullable<Context['onProgress']> = ({ done, total, message }) => {
    told.push(`${done}/${total} ${message}`);
    if (done === 1) first.resolve(bringing('b'));
  };
  await search({ ...person, onProgress }, { platforms: 'tiktok,youtube' });
  expect(told).toEqual(['0/2 Searching TikTok, YouTube …', '1/2 Searching TikTok …']);
});

test('a harvest that is over is answered as it is', async () => {
  const source = sourceThat(() => bringing('a'));
  await search(await personWith(source));
  const [row] = await harvests();
  const { signal } = new AbortController();
  const services = { ...world.app, ports: portsWith(source) };
  const followed = await followHarvest(services, row?.id ?? '', { signal });
  expect(followed).toEqual(row);
  await expect(followHarvest(services, 'hrv_none', { signal })).rejects.toThrow('hrv_none');
  const [kept] = await world.app.database.db
    .select()
    .from(trendHarvests)
    .where(eq(trendHarvests.id, row?.id ?? ''));
  expect(kept).toEqual(row);
});
