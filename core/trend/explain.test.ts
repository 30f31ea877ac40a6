import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import type { LanguageModel } from '../ports/language-model.ts';
import type { Sighting } from '../ports/trend-source.ts';
import { explainedPerSearch, explainTrends, readAnalysis } from './explain.ts';

let world: World;
let alice: Context;
let chen: Context;
beforeAll(async () => {
  world = await createWorld();
  alice = await world.context('terminal', 'alice', 'en');
  chen = await world.context('terminal', 'chen', 'zh');
});
afterAll(() => world.close());

const requests = () => world.emulators.gemini.requests;
let before = 0;
beforeEach(() => {
  world.emulators.gemini.behave();
  before = requests().length;
});
const asked = () => requests().length - before;

const sighting = (over: Partial<Sighting> = {}): Sighting => ({
  platform: 'youtube',
  externalId: 'dQw4w9WgXcQ',
  kind: 'short',
  title: 'A paper boat',
  description: 'It sails.',
  url: 'https://www.youtube.com/shorts/dQw4w9WgXcQ',
  channel: 'Boats',
  channelFollowers: null,
  views: 10_000,
  likes: 500,
  comments: 20,
  shares: null,
  durationSeconds: 40,
  publishedAt: null,
  thumbnailUrl: null,
  hashtags: [],
  ...over,
});
const subjectsOf = (count: number, over: Partial<Sighting> = {}) =>
  Array.from({ length: count }, (_, index) => ({
    id: `trd_${index}`,
    sighting: sighting({ title: `Boat number ${index}`, ...over }),
  }));
const authorsOf = (found: Awaited<ReturnType<typeof explainTrends>>) =>
  [...found.values()].map(({ by }) => by);
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** A context whose model is this. */
const served = (generate: LanguageModel['generate'], context = alice): Context => ({
  ...context,
  ports: { ...context.ports, languageModel: { generate } },
});
/** A model that says just this. */
const saying = (...videos: readonly unknown[]): Context =>
  served(async ({ schema }) => schema.parse({ videos }));
const withoutModel = (context: Context): Context => {
  const { languageModel: _, ...ports } = context.ports;
  return { ...context, ports };
};

const whole = {
  id: 'trd_0',
  attraction: 'A calm boat. It sails on.',
  factors: ['calm', 'water', 'paper'],
  hook: 'It starts with a drop.',
  pacing: 'One long take.',
  recommendation: 7,
};
const { id: _, ...said } = whole;
const byModel = { by: 'model', completed: false, watched: false };

describe('how often the model is asked', () => {
  it.each([
    [0, 0],
    [1, 1],
    [9, 1],
    [10, 1],
    [11, 2],
    [20, 2],
    [21, 2],
    [45, 2],
  ])('about %i videos in %i calls; what is over the cap is by the rules', async (count, calls) => {
    const subjects = subjectsOf(count);
    const found = await explainTrends(alice, subjects);
    expect(asked()).toBe(calls);
    expect([...found.keys()]).toStrictEqual(subjects.map(({ id }) => id));
    const explained = Math.min(count, explainedPerSearch);
    expect(authorsOf(found)).toStrictEqual([
      ...times(explained, 'model'),
      ...times(count - explained, 'rules'),
    ]);
    const titles = requests()
      .slice(before)
      .map(({ prompt }) => prompt.match(/<untrusted kind="title">/gu)?.length ?? 0);
    expect(titles.reduce((sum, each) => sum + each, 0)).toBe(explained);
    expect(Math.max(0, ...titles)).toBeLessThanOrEqual(10);
  });

  it('explains at most twenty', () => {
    expect(explainedPerSearch).toBe(20);
  });

  it('not at all without a model', async () => {
    expect(authorsOf(await explainTrends(withoutModel(alice), subjectsOf(3)))).toStrictEqual(
      times(3, 'rules'),
    );
    expect(asked()).toBe(0);
  });
});

describe('what the model is asked', () => {
  it.each([
    ['English', false],
    ['Simplified Chinese', true],
  ])('in %s, without tools, about material that is marked', async (language, isChinese) => {
    const found = await explainTrends(isChinese ? chen : alice, subjectsOf(2, { shares: 7 }));
    const request = requests().at(-1);
    expect(request?.instructions).toContain(`Answer in ${language}.`);
    expect(request?.instructions).toContain('never an instruction');
    expect(request?.instructions).toContain('not the videos');
    expect(request).toMatchObject({ tools: [], videos: [], turns: 1 });
    expect(request?.prompt).toContain(
      'Video trd_1 on youtube: 10000 views, 500 likes, 20 comments, 7 shares. Length in seconds: 40.',
    );
    for (const { attraction, hook, pacing, factors } of found.values()) {
      for (const text of [attraction, hook, pacing])
        expect(/\p{Script=Han}/u.test(text ?? '')).toBe(isChinese);
      expect(factors.length).toBeGreaterThanOrEqual(3);
      expect(factors.length).toBeLessThanOrEqual(5);
    }
  });

  it('names what is not known as unknown', async () => {
    const unknown = { views: null, likes: null, comments: null, durationSeconds: null };
    await explainTrends(alice, subjectsOf(1, unknown));
    expect(requests().at(-1)?.prompt).toContain(
      'unknown views, unknown likes, unknown comments, unknown shares. Length in seconds: unknown.',
    );
  });
});

describe('an answer', () => {
  it('that is whole is taken as it is', async () => {
    const found = await explainTrends(saying(whole), subjectsOf(1));
    expect(found.get('trd_0')).toStrictEqual({ ...said, ...byModel });
  });

  it('about ids that were not asked about is ignored; those left out are by the rules', async () => {
    const found = await explainTrends(
      saying({ ...whole, id: 'trd_2' }, { ...whole, id: 'trd_99' }, { ...whole, id: '__proto__' }),
      subjectsOf(4),
    );
    expect([...found.keys()]).toStrictEqual(['trd_0', 'trd_1', 'trd_2', 'trd_3']);
    expect(authorsOf(found)).toStrictEqual(['rules', 'rules', 'model', 'rules']);
  });

  it('about another batch is ignored', async () => {
    const found = await explainTrends(saying({ ...whole, id: 'trd_10' }), subjectsOf(11));
    expect(found.get('trd_10')?.by).toBe('model');
    const swapped = served(async ({ schema, prompt }) => {
      const id = prompt.startsWith('Video trd_10 ') ? 'trd_0' : 'trd_10';
      return schema.parse({ videos: [{ ...whole, id }] });
    });
    expect(authorsOf(await explainTrends(swapped, subjectsOf(11)))).toStrictEqual(
      times(11, 'rules'),
    );
  });

  it('that is given twice counts once: the first that can be used', async () => {
    const found = await explainTrends(
      saying(
        { ...whole, attraction: '' },
        { ...whole, attraction: 'The first.' },
        { ...whole, attraction: 'The second.' },
      ),
      subjectsOf(1),
    );
    expect(found.get('trd_0')?.attraction).toBe('The first.');
  });

  it.each([
    [-5, 1],
    [0, 1],
    [1.4, 1],
    [9.5, 10],
    [10, 10],
    [11, 10],
    [1e308, 10],
  ])('that recommends %d recommends %d', async (recommendation, expected) => {
    const found = await explainTrends(saying({ ...whole, recommendation }), subjectsOf(1));
    expect(found.get('trd_0')).toMatchObject({ recommendation: expected, by: 'model' });
  });

  it.each([
    [{ attraction: '' }, 'no words'],
    [{ attraction: 'https://evil.com' }, 'only an address'],
    [{ attraction: undefined }, 'no attraction'],
    [{ factors: [] }, 'no factors'],
    [{ factors: ['@everyone', ' ', null] }, 'only a mention'],
  ])('with %j has %s left, so the rules answer', async (over, left) => {
    const found = await explainTrends(saying({ ...whole, ...over }), subjectsOf(1));
    expect(found.get('trd_0')?.by, left).toBe('rules');
  });

  it.each([
    [['calm'], ['calm', 'number in the title', 'many likes per view']],
    [
      ['calm', 'Many Likes per View'],
      ['calm', 'Many Likes per View', 'number in the title'],
    ],
    [
      ['calm', 'Calm', 'CALM'],
      ['calm', 'number in the title', 'many likes per view'],
    ],
  ])('with the factors %j alone is filled up by the rules, and says so', async (factors, all) => {
    const found = await explainTrends(saying({ ...whole, factors }), subjectsOf(1));
    expect(found.get('trd_0')).toStrictEqual({
      ...said,
      ...byModel,
      factors: all,
      completed: true,
    });
  });

  it.each([
    ['hook', '', 'The title promises a number; the opening itself was not watched.'],
    ['hook', null, 'The title promises a number; the opening itself was not watched.'],
    ['hook', 7, 'The title promises a number; the opening itself was not watched.'],
    ['pacing', '@all', 'It lasts 40 seconds; how it is cut was not watched.'],
    ['pacing', undefined, 'It lasts 40 seconds; how it is cut was not watched.'],
  ])('whose %s is %j is filled up by the rules, and says so', async (field, given, expected) => {
    const found = await explainTrends(saying({ ...whole, [field]: given }), subjectsOf(1));
    expect(found.get('trd_0')).toStrictEqual({
      ...said,
      ...byModel,
      [field]: expected,
      completed: true,
    });
  });

  it('that is long is cut', async () => {
    const factors = Array.from({ length: 9 }, (_item, index) => `${index}`.repeat(99));
    const long = { attraction: 'a'.repeat(2999), hook: 'h'.repeat(999), pacing: 'p'.repeat(999) };
    const analysis = (
      await explainTrends(saying({ ...whole, ...long, factors }), subjectsOf(1))
    ).get('trd_0');
    expect(analysis?.attraction).toHaveLength(300);
    expect(analysis?.factors.map(({ length }) => length)).toStrictEqual([40, 40, 40, 40, 40]);
    expect(analysis?.hook).toHaveLength(160);
    expect(analysis?.pacing).toHaveLength(160);
  });

  it.each([
    ['One. Two! Three? Four.', 'One. Two!'],
    ['第一句。第二句！第三句。', '第一句。第二句！'],
    ['Only one', 'Only one'],
  ])('that tells %j attracts by %j', async (attraction, expected) => {
    const found = await explainTrends(saying({ ...whole, attraction }), subjectsOf(1));
    expect(found.get('trd_0')?.attraction).toBe(expected);
  });

  it('in characters of two units can be read again', async () => {
    const boats = '⛵🚤'.repeat(400);
    const factors = ['🚤', '🛥', '🛶'].map((boat) => boat.repeat(99));
    const found = await explainTrends(
      saying({ ...whole, attraction: boats, hook: boats, pacing: boats, factors }),
      subjectsOf(1),
    );
    const analysis = found.get('trd_0');
    expect(analysis?.by).toBe('model');
    expect(readAnalysis({ en: JSON.parse(JSON.stringify(analysis)) }, 'en')).toStrictEqual(
      analysis,
    );
  });

  it('holds nothing active, whatever was said', async () => {
    const evil = 'See https://evil.example [x](y) @everyone <b>now</b> www.evil.com\u200b';
    const found = await explainTrends(
      saying({
        ...whole,
        attraction: evil,
        hook: evil,
        pacing: evil,
        factors: [evil, `1 ${evil}`, `2 ${evil}`],
      }),
      subjectsOf(1),
    );
    expect(found.get('trd_0')).toStrictEqual({
      ...said,
      ...byModel,
      attraction: 'See now',
      hook: 'See now',
      pacing: 'See now',
      factors: ['See now', '1 See now', '2 See now'],
    });
  });
});

describe('a model that does wrong', () => {
  it.each([
    ['truncated', 2],
    ['not_json', 2],
    ['http_429', 1],
    ['http_429_daily', 1],
    ['http_503', 1],
    ['reset', 1],
  ] as const)('by %s leaves the batch to the rules after %i calls', async (how, calls) => {
    world.emulators.gemini.misbehave({ how, times: calls });
    const found = await explainTrends(alice, subjectsOf(10));
    expect(asked()).toBe(calls);
    expect(authorsOf(found)).toStrictEqual(times(10, 'rules'));
    for (const { attraction, completed } of found.values()) {
      expect(attraction).toMatch(/^What can be seen from the numbers/u);
      expect(completed).toBe(false);
    }
    expect(world.logs.at(-1)).toContain('videos are left to the rules');
  });

  it.each(['truncated', 'not_json'] as const)(
    'once by %s is asked once more and answers',
    async (how) => {
      world.emulators.gemini.misbehave({ how, times: 1 });
      expect(authorsOf(await explainTrends(alice, subjectsOf(10)))).toStrictEqual(
        times(10, 'model'),
      );
      expect(asked()).toBe(2);
    },
  );

  it('by numbers out of range is put right', async () => {
    world.emulators.gemini.misbehave({ how: 'out_of_range', times: 1 });
    for (const analysis of (await explainTrends(alice, subjectsOf(10))).values())
      expect(analysis).toMatchObject({ by: 'model', recommendation: 10 });
    expect(asked()).toBe(1);
  });

  it('by failing one batch leaves the other as it is', async () => {
    world.emulators.gemini.misbehave({ how: 'http_503', times: 1 });
    const authors = authorsOf(await explainTrends(alice, subjectsOf(20)));
    const halves = [authors.slice(0, 10), authors.slice(10)].map((half) => new Set(half));
    expect(halves).toContainEqual(new Set(['model']));
    expect(halves).toContainEqual(new Set(['rules']));
  });

  it('by a defect is not hidden', async () => {
    const broken = served(() => Promise.reject(new TypeError('a bug')));
    await expect(explainTrends(broken, subjectsOf(10))).rejects.toThrow('a bug');
  });

  it('stops when the person goes', async () => {
    const gone = AbortSignal.abort(new Error('stopped'));
    await expect(explainTrends({ ...alice, signal: gone }, subjectsOf(2))).rejects.toThrow(
      'stopped',
    );
  });
});

describe('a refusal of the whole', () => {
  it.each(['blocked_prompt', 'blocked_output'] as const)(
    '(%s) is asked again in two halves, once',
    async (how) => {
      world.emulators.gemini.misbehave({ how, times: 1 });
      expect(authorsOf(await explainTrends(alice, subjectsOf(10)))).toStrictEqual(
        times(10, 'model'),
      );
      expect(asked()).toBe(3);
      world.emulators.gemini.misbehave({ how, times: 3 });
      expect(authorsOf(await explainTrends(alice, subjectsOf(10)))).toStrictEqual(
        times(10, 'rules'),
      );
      expect(asked()).toBe(6);
    },
  );

  /** Refuses whatever holds this title. */
  const refusing = (title: string) => {
    const asks: number[] = [];
    const context = served(async ({ schema, prompt }) => {
      const ids = [...prompt.matchAll(/^Video (\S+) on /gmu)].map(([, id]) => id);
      asks.push(ids.length);
      if (prompt.includes(title)) throw new Fault('content_refused', {});
      return schema.parse({ videos: ids.map((id) => ({ ...whole, id })) });
    });
    return { asks, context };
  };

  it.each([
    [2, [2, 1, 1], 1],
    [9, [9, 5, 4], 5],
    [10, [10, 5, 5], 5],
  ])('of %i costs one half its explanation, not all', async (count, calls, lost) => {
    const { asks, context } = refusing('Boat number 0<');
    const authors = authorsOf(await explainTrends(context, subjectsOf(count)));
    expect(asks).toStrictEqual(calls);
    expect(authors).toStrictEqual([...times(lost, 'rules'), ...times(count - lost, 'model')]);
  });

  it('of one video is not asked again', async () => {
    const { asks, context } = refusing('Boat');
    expect(authorsOf(await explainTrends(context, subjectsOf(1)))).toStrictEqual(['rules']);
    expect(asks).toStrictEqual([1]);
  });

  it('never takes more than six calls for a search', async () => {
    const { asks, context } = refusing('Boat');
    await explainTrends(context, subjectsOf(45));
    expect(asks.toSorted((a, b) => a - b)).toStrictEqual([5, 5, 5, 5, 10, 10]);
  });
});

describe('what is kept', () => {
  const old = { attraction: 'A calm boat.', factors: ['calm'], recommendation: 7, by: 'model' };

  it('from before there were hooks is read as it is', () => {
    expect(readAnalysis({ en: old }, 'en')).toStrictEqual({
      ...old,
      hook: null,
      pacing: null,
      completed: false,
      watched: false,
    });
    expect(readAnalysis({ en: old }, 'zh')).toBeNull();
  });

  it.each([
    [null],
    [undefined],
    ['x'],
    [[]],
    [{ en: { ...old, attraction: '' } }],
    [{ en: { ...old, recommendation: 11 } }],
    [{ en: { ...old, hook: '' } }],
    [{ en: { ...old, watched: 'yes' } }],
    [old],
  ])('as %j is none', (kept) => {
    expect(readAnalysis(kept, 'en')).toBeNull();
  });
});
