import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { quotes, shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import { settled, startVideo, withVideoModels } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { perform } from '../operation.ts';
import type { VideoProvider } from '../ports/video-models.ts';
import { modelIds, shapes, videoModels } from './models.ts';
import {
  findQuote,
  isFitted,
  quoteFor,
  readQuote,
  videoQuote,
  wishOf,
  type Wish,
} from './quote.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ generationMs: 60_000, settings: { FAL_CONCURRENCY: '2' } });
});
afterAll(async () => {
  await settled(world);
  await world.close();
});

const wish = wishOf({
  prompt: 'A paper boat sails down a rainy street',
  model: 'veo',
  seconds: 30,
});
const countOf = async ({ actor }: Context) =>
  (await world.app.database.db.select().from(quotes).where(eq(quotes.accountId, actor.accountId)))
    .length;

describe('the quote of a wish', () => {
  test('is the same for the same wish, and asks the model once', async () => {
    const context = await world.context('terminal', 'same');
    const first = await quoteFor(context, wish);
    const asked = world.emulators.gemini.requests.length;
    await world.advance(30);
    expect(await quoteFor(context, { ...wish, options: { ...wish.options } })).toEqual(first);
    expect(await findQuote(context, first.id)).toEqual(first);
    expect(world.emulators.gemini.requests.length).toBe(asked);
    expect(await countOf(context)).toBe(1);
  });

  test.each([
    { prompt: 'A paper boat sails down a rainy streem' },
    { model: 'veo-fast' as const },
    { seconds: 60 },
    { shape: '16:9' as const },
    { options: { ...wish.options, tone: 'warm' as const } },
    { options: { ...wish.options, captions: true } },
    { options: { ...wish.options, fit: 'pad' as const } },
  ])('is another one with %j', async (change) => {
    const context = await world.context('terminal', 'changed');
    const first = await quoteFor(context, wish);
    expect((await quoteFor(context, { ...wish, ...change })).id).not.toBe(first.id);
  });

  test.each<[string, readonly VideoProvider[], Partial<Wish>, string]>([
    ['a model of Runway without Runway', ['fal'], { model: 'runway' }, 'Runway'],
    ['a model of fal without fal', ['runway'], { model: 'kling' }, 'fal'],
    [
      'spoken lines without fal',
      ['runway'],
      { model: 'runway', options: { ...wish.options, voice: 'female' } },
      'fal',
    ],
  ])('is refused for %s, before anything is planned', async (_, providers, change, service) => {
    const context = await world.context('terminal', 'missing');
    const ports = withVideoModels(world, { providers });
    const refused = quoteFor({ ...context, ports }, { ...wish, ...change });
    await expect(refused).rejects.toMatchObject({ code: 'service_missing', params: { service } });
    expect(await countOf(context)).toBe(0);
  });

  test('is another one for somebody else', async () => {
    const [mine, theirs] = await Promise.all(
      ['mine', 'theirs'].map(async (name) => quoteFor(await world.context('terminal', name), wish)),
    );
    expect(mine?.id).not.toBe(theirs?.id);
  });

  test('is another one once it has expired', async () => {
    const context = await world.context('terminal', 'slow');
    const first = await quoteFor(context, wish);
    await world.advance(899);
    expect((await quoteFor(context, wish)).id).toBe(first.id);
    expect((await readQuote(context, first.id)).id).toBe(first.id);
    await world.advance(1);
    const second = await quoteFor(context, wish);
    expect(second.id).not.toBe(first.id);
    expect(second.expiresAt).toEqual(secondsAfter(world.now(), 900));
    await expect(readQuote(context, first.id)).rejects.toMatchObject({ code: 'quote_expired' });
  });

  test('is one for all who ask at once', async () => {
    const context = await world.context('terminal', 'hasty');
    const asked = await Promise.all(Array.from({ length: 5 }, () => quoteFor(context, wish)));
    const later = await quoteFor(context, wish);
    // Who looks before the first is stored may get one of their own, which holds as well.
    for (const { id } of asked) expect((await readQuote(context, id)).shots).toHaveLength(4);
    expect(asked.map(({ id }) => id)).toContain(later.id);
    expect((await quoteFor(context, wish)).id).toBe(later.id);
  });
});

describe('video_quote', () => {
  const quote = async (input: object, name = 'asker') =>
    videoQuote.output.parse(
      await world.must(videoQuote, input, await world.context('terminal', name)),
    );
  const { prompt } = wish;

  test('tells the plan, what was chosen and what it costs', async () => {
    const said = await quote({
      prompt,
      seconds: 60,
      model: 'minimax',
      captions: true,
      tone: 'cool',
    });
    expect(said).toMatchObject({
      model: 'minimax',
      seconds: 60,
      shape: '9:16',
      fitted: true,
      style: 'auto',
      tone: 'cool',
      pace: 'steady',
      fit: 'crop',
      captions: true,
      voice: 'off',
      planned_by: 'model',
      quota: 1,
      estimated_usd: 3.36,
      expected_minutes: null,
    });
    expect(said.shots).toHaveLength(6);
    for (const { seconds, picture, camera, line } of said.shots)
      expect([seconds, picture !== '', camera !== '', line !== null]).toEqual([
        10,
        true,
        true,
        true,
      ]);
  });

  test('makes 9:16 of every model unless another shape is asked for', async () => {
    for (const model of modelIds) {
      const native = videoModels[model].shapes;
      expect(await quote({ prompt, model })).toMatchObject({
        shape: '9:16',
        fitted: !native.includes('9:16'),
      });
      for (const shape of shapes) expect(isFitted({ model, shape })).toBe(!native.includes(shape));
    }
  });

  test('shots are seen for exactly the asked seconds', async () => {
    const { shots: seen } = await quote({ prompt, seconds: 15, model: 'minimax' });
    expect(seen.map(({ seconds }) => seconds)).toEqual([9.5, 5.5]);
  });

  test('a voice costs what its words cost', async () => {
    const silent = await quote({ prompt, model: 'wan', seconds: 60 });
    const spoken = await quote({ prompt, model: 'wan', seconds: 60, voice: 'female' });
    const characters = spoken.shots.reduce((sum, { line }) => sum + (line?.length ?? 0), 0);
    expect(silent.estimated_usd).toBe(6);
    expect(spoken.estimated_usd).toBe(Math.round((6 + characters * 0.00006) * 100) / 100);
  });

  test.each([
    ['en', {}, / in 4 shots: 1 quota, about \$12\.00 at the provider\. Valid/],
    ['en', { shape: '1:1' }, /The model's own picture is cropped to 1:1\. Valid/],
    ['en', { shape: '1:1', fit: 'pad' }, /The model's own picture is padded to 1:1\. Valid/],
    [
      'zh',
      { shape: '1:1' },
      /4 个镜头：1 配额，服务商费用约 \$12\.00。模型自身的画面会裁剪为 1:1。15/,
    ],
  ] as const)('says so in %s with %j', async (locale, chosen, text) => {
    const context = await world.context('terminal', 'asker');
    const outcome = await perform(
      videoQuote,
      { prompt, model: 'veo', ...chosen },
      { ...context, locale },
    );
    expect(outcome).toMatchObject({ ok: true, text: expect.stringMatching(text) });
  });

  test.each([
    [{ style: 'noir' }, 'style'],
    [{ tone: 'mauve' }, 'tone'],
    [{ pace: 'slow' }, 'pace'],
    [{ fit: 'stretch' }, 'fit'],
    [{ captions: 'yes' }, 'captions'],
    [{ voice: 'child' }, 'voice'],
    [{ shape: '4:3' }, 'shape'],
  ])('refuses %j', async (chosen, field) => {
    const context = await world.context('terminal', 'asker');
    expect(await perform(videoQuote, { prompt, ...chosen }, context)).toMatchObject({
      ok: false,
      fault: { code: 'invalid_input', field },
    });
  });
});

describe('expected minutes', () => {
  test('are those of the last clips, in waves of as many as the provider takes at once', async () => {
    const context = await world.context('terminal', 'waiter');
    const model = 'minimax' as const;
    const minutesOf = async (seconds: number, prompt: string) =>
      (await quoteFor(context, wishOf({ prompt, model, seconds }))).expectedMinutes;
    expect(await minutesOf(30, 'the first wish of all')).toBeNull();
    await startVideo(world, 'waiter');
    await world.drain();
    await world.advance(60);
    await world.drain();
    // Three shots of a minute each, two at once; two shots; six shots.
    expect(await minutesOf(30, 'a second wish')).toBe(2);
    expect(await minutesOf(15, 'a third wish')).toBe(1);
    expect(await minutesOf(60, 'a fourth wish')).toBe(3);
    expect((await quoteFor(context, wish)).expectedMinutes).toBeNull();
  });

  test('look at the last twenty clips that were delivered, and at no spoken line', async () => {
    const context = await world.context('terminal', 'looker');
    const { db } = world.app.database;
    const [video] = await db.select().from(videos).where(eq(videos.model, 'minimax')).limit(1);
    if (!video) throw new Error('no video');
    const made: string[] = [];
    const past = async (name: string, age: number, took: number, change: object = {}) => {
      const shot = { id: `sht_${name}`, videoId: video.id, clipSeconds: 6, prompt: 'p' };
      const kind = name.startsWith('v') ? ('voice' as const) : ('clip' as const);
      await db
        .insert(shots)
        .values({ ...shot, kind, position: 100 + made.push(shot.id), status: 'delivered' });
      const endedAt = secondsAfter(world.now(), -age);
      const createdAt = secondsAfter(endedAt, -took);
      const attempt = { id: `att_${name}`, shotId: shot.id, number: 1, createdAt, endedAt };
      await db.insert(shotAttempts).values({ ...attempt, status: 'delivered', ...change });
    };
    for (let age = 1; age <= 20; age += 1) await past(`c${age}`, age, age <= 11 ? 120 : 600);
    for (let age = 21; age <= 60; age += 1) await past(`c${age}`, age, 6_000);
    for (let age = 1; age <= 30; age += 1) await past(`v${age}`, age, 1);
    for (let age = 201; age <= 230; age += 1)
      await past(`c${age}`, age - 200, 9_000, { status: 'failed' });
    const fresh = wishOf({ prompt: 'a wish of today', model: 'minimax', seconds: 15 });
    expect((await quoteFor(context, fresh)).expectedMinutes).toBe(2);
    await db.delete(shotAttempts).where(inArray(shotAttempts.shotId, made));
    await db.delete(shots).where(inArray(shots.id, made));
  });
});
