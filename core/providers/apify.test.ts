import { createServer } from 'node:http';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { startApify, type ApifyEmulator, type ApifyOptions } from '../../sandbox/apify/apify.ts';
import { createManualClock, type SandboxClock } from '../../sandbox/clock.ts';
import { isFault } from '../fault.ts';
import type { Sighting, TrendErrand, TrendSearch, TrendSource } from '../ports/trend-source.ts';
import { createApify } from './apify.ts';

const token = 'apify_api_test';
const start = new Date('2026-11-22T12:00:00Z');

/** Everything planned happens at once, in order; time stands where the tasks put it. */
function createHurriedClock(): SandboxClock {
  const clock = createManualClock(start);
  return {
    now: () => clock.now(),
    schedule: (delayMs, task) => {
      const cancel = clock.schedule(delayMs, task);
      setImmediate(() => clock.advance(delayMs));
      return cancel;
    },
  };
}

let emulator: ApifyEmulator;
const open = async (options: Partial<ApifyOptions> = {}): Promise<ApifyEmulator> => {
  emulator = await startApify({
    clock: createHurriedClock(),
    token,
    runMs: 5000,
    seed: 7,
    ...options,
  });
  return emulator;
};
const source = (own: string = token) =>
  createApify({ token: own, url: emulator.url, retryDelayMs: 1 });
const search = (over: Partial<TrendSearch> = {}): TrendSearch => ({
  keyword: 'sourdough bread',
  platform: 'tiktok',
  maxItems: 40,
  maxCostUsd: 1,
  days: 90,
  ...over,
});
const run = (over: Partial<TrendSearch> = {}, signal = new AbortController().signal) =>
  wholeRun(source(), search(over), signal);
/** Starts, waits and collects; a run that ends badly throws its state. */
async function wholeRun(from: TrendSource, errand: TrendErrand, signal: AbortSignal) {
  const runId = await from.start(errand, signal);
  for (;;) {
    const { state, costUsd } = await from.look(runId, 60, signal);
    if (state === 'done') return { ...(await from.collect(runId, errand, signal)), runId, costUsd };
    if (state !== 'running') throw new Error(`the run ${state}`);
  }
}
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  return isFault(error) ? error.code : String(error);
};

beforeEach(async () => {
  await open();
});
afterEach(async () => {
  await emulator.close();
});

describe('a search', () => {
  it.each(['tiktok', 'youtube', 'instagram'] as const)(
    'brings readings from %s',
    async (platform) => {
      const { readings, runId, costUsd } = await run({ platform, keyword: '咖啡 拉花' });
      const sightings = readings.flatMap((reading) =>
        'sighting' in reading ? [reading.sighting] : [],
      );
      expect(readings).toHaveLength(40);
      expect(sightings.length).toBeGreaterThan(25);
      expect(runId).not.toBe('');
      expect(costUsd).toBeGreaterThan(0);
      for (const sighting of sightings) {
        expect(sighting.platform).toBe(platform);
        expect(sighting.title).toMatch(/\p{Script=Han}/u);
        expect(sighting.publishedAt?.getTime()).toBeLessThanOrEqual(start.getTime() + 86_400_000);
      }
      const picture = await fetch(sightings[0]?.thumbnailUrl ?? '');
      expect(picture.headers.get('content-type')).toBe('image/png');
    },
  );

  it('asks YouTube for shorts first', async () => {
    const { readings } = await run({ platform: 'youtube' });
    const kinds = readings.flatMap((reading) =>
      'sighting' in reading ? reading.sighting.kind : [],
    );
    expect(kinds.filter((kind) => kind === 'short').length).toBeGreaterThan(kinds.length / 2);
    expect(kinds).toContain('long');
  });

  it('writes an Instagram keyword as a hashtag', async () => {
    await run({ platform: 'instagram', keyword: '#Latte Art!' });
    expect(emulator.runs()[0]?.input).toMatchObject({
      hashtags: ['LatteArt'],
      resultsType: 'reels',
    });
    expect(await codeOf(run({ platform: 'instagram', keyword: '#!?' }))).toBe('invalid_input');
  });

  it('leaves out what is older than was asked for', async () => {
    const { readings } = await run({ days: 3 });
    const dates = readings.flatMap((reading) =>
      'sighting' in reading ? (reading.sighting.publishedAt ?? []) : [],
    );
    for (const date of dates)
      expect(date.getTime()).toBeGreaterThan(start.getTime() - 4 * 86_400_000);
    expect(readings).toContainEqual({ skipped: 'outside_filter' });
  });

  it('shows the same videos with more views later', async () => {
    const clock = createManualClock(start);
    await emulator.close();
    await open({ clock, runMs: 0 });
    const views = async (): Promise<Map<string, Sighting>> => {
      const running = run();
      await emulator.waitForStarts(emulator.starts + 1);
      clock.advance(60_000);
      const { readings } = await running;
      return new Map(
        readings.flatMap((reading) =>
          'sighting' in reading ? [[reading.sighting.externalId, reading.sighting]] : [],
        ),
      );
    };
    const before = await views();
    clock.advance(6 * 3_600_000);
    const after = await views();
    const both = [...before.values()].filter(({ externalId }) => after.has(externalId));
    expect(both.length).toBeGreaterThan(before.size / 2);
    for (const { externalId, views: earlier } of both) {
      expect(after.get(externalId)?.views ?? 0).toBeGreaterThanOrEqual(earlier ?? 0);
    }
  });

  it('fetches datasets page by page', async () => {
    await emulator.close();
    const replay = Array.from({ length: 2500 }, (_, index) => ({
      id: `${index + 1}`,
      text: 'a',
      webVideoUrl: `https://www.tiktok.com/@a/video/${index + 1}`,
      playCount: index,
    }));
    await open({ replay });
    const { readings } = await run();
    expect(readings).toHaveLength(2500);
    expect(readings.every((reading) => 'sighting' in reading)).toBe(true);
  });
});

describe('another look', () => {
  const found = async (platform: Sighting['platform'], count: number) => {
    const { readings } = await run({ platform });
    const seen = readings.flatMap((reading) => ('sighting' in reading ? [reading.sighting] : []));
    return seen.slice(0, count);
  };

  it.each([
    ['tiktok', 'https://www.tiktok.com/@a/video/7400000000000000001', 0.001 + 4 * 0.0037],
    ['youtube', 'https://www.youtube.com/watch?v=aB3_dE-fG12', 4 * 0.004],
    ['instagram', 'https://www.instagram.com/p/DL9r-MLMZnZ/', 4 * 0.0027],
  ] as const)('at videos of %s brings them and no others', async (platform, unknown, usd) => {
    const before = await found(platform, 3);
    const addresses = [...before.map(({ url }) => url), unknown];
    const sample = { platform, addresses, maxCostUsd: 0.05 };
    const { readings, costUsd } = await wholeRun(source(), sample, new AbortController().signal);
    expect(costUsd).toBeCloseTo(usd, 6);
    expect(readings).toMatchObject([
      ...before.map(({ externalId, title, url }) => ({ sighting: { externalId, title, url } })),
      { skipped: 'error_item' },
    ]);
  });

  it('stops at what it may cost', async () => {
    const addresses = (await found('tiktok', 3)).map(({ url }) => url);
    const sample = { platform: 'tiktok', addresses, maxCostUsd: 0.009 } as const;
    const { readings, costUsd } = await wholeRun(source(), sample, new AbortController().signal);
    expect(readings).toHaveLength(2);
    expect(costUsd).toBeLessThanOrEqual(0.009);
  });
});

describe('the cost', () => {
  it('stays within the cap although the floor of the actor lies above it', async () => {
    const { costUsd, readings } = await run({ maxCostUsd: 0.05, maxItems: 500 });
    expect(emulator.runs()[0]).toMatchObject({ maxTotalChargeUsd: 0.5 });
    expect(costUsd).toBeLessThanOrEqual(0.05);
    expect(readings).toHaveLength(13);
  });

  it.each(['youtube', 'instagram', 'tiktok'] as const)(
    'asks %s for no more than maxItems',
    async (platform) => {
      for (const maxItems of [1, 2, 7]) {
        const { readings } = await run({ platform, maxItems });
        expect(readings).toHaveLength(maxItems);
      }
    },
  );

  it('is capped at Apify too', async () => {
    await run({ platform: 'youtube', maxCostUsd: 0.1, maxItems: 100 });
    expect(emulator.runs()[0]).toMatchObject({ maxTotalChargeUsd: 0.1, maxItems: 25 });
  });
});

describe('trouble', () => {
  it.each(['failed', 'timed_out'] as const)(
    'a run that ends as %s is told as such',
    async (how) => {
      emulator.misbehave({ on: 'run', how });
      const { signal } = new AbortController();
      const runId = await source().start(search(), signal);
      const { state, costUsd } = await source().look(runId, 60, signal);
      expect(state).toBe(how);
      expect(costUsd).toBeGreaterThanOrEqual(0);
    },
  );

  it('a run that was ended is told as such', async () => {
    await emulator.close();
    await open({ clock: createManualClock(start), runMs: 60_000 });
    const { signal } = new AbortController();
    const runId = await source().start(search(), signal);
    expect((await source().look(runId, 0, signal)).state).toBe('running');
    await source().abort(runId);
    expect((await source().look(runId, 60, signal)).state).toBe('aborted');
  });

  it('says busy when the start is refused with 429, without trying again', async () => {
    emulator.misbehave({ on: 'start', how: 'http_429' });
    const error: unknown = await run().catch((reason: unknown) => reason);
    expect(isFault(error, 'provider_busy')).toBe(true);
    expect(error).toMatchObject({ retryAfterSeconds: 60 });
    expect(emulator.starts).toBe(0);
  });

  it('says busy when too many runs are going on', async () => {
    await emulator.close();
    await open({ maxConcurrentRuns: 0 });
    expect(await codeOf(run())).toBe('provider_busy');
  });

  it('says locked for a bad token and for an account without credit', async () => {
    expect(await codeOf(source('other').start(search(), new AbortController().signal))).toBe(
      'provider_locked',
    );
    emulator.misbehave({ on: 'start', how: 'locked' });
    expect(await codeOf(run())).toBe('provider_locked');
  });

  it('does not send the start again after a 500, and says failed', async () => {
    emulator.misbehave({ on: 'start', how: 'http_500' });
    expect(await codeOf(run())).toBe('provider_failed');
    expect(emulator.starts).toBe(0);
  });

  it('goes on with the run it started when only the answer was lost', async () => {
    await emulator.close();
    const clock = createManualClock(start);
    await open({ clock });
    emulator.misbehave({ on: 'start', how: 'reset' });
    const polled = emulator.waitForPolls(1);
    const searching = run();
    await polled;
    clock.advance(10_000);
    expect((await searching).readings).toHaveLength(40);
    expect(emulator.starts).toBe(1);
  });

  it('gives up after a lost answer when no such run goes on, having started one', async () => {
    await emulator.close();
    await open({ runMs: 0 });
    emulator.misbehave({ on: 'start', how: 'slow' });
    emulator.misbehave({ on: 'start', how: 'reset' });
    const results = [await codeOf(run()), await codeOf(run())];
    expect(results).toEqual(['Error: it succeeded', 'provider_failed']);
    expect(emulator.starts).toBe(2);
  });

  it('repeats reads through 500, 429 and broken connections', async () => {
    for (const on of ['run', 'items'] as const) {
      for (const how of ['http_500', 'http_429', 'reset'] as const) emulator.misbehave({ on, how });
    }
    expect((await run()).readings).toHaveLength(40);
    expect(emulator.starts).toBe(1);
  });

  it('says busy when a run that goes on cannot be looked at', async () => {
    const { signal } = new AbortController();
    const runId = await source().start(search(), signal);
    for (let tries = 0; tries < 5; tries += 1) emulator.misbehave({ on: 'run', how: 'http_500' });
    const look = source().look(runId, 0, signal);
    await expect(look).rejects.toMatchObject({ code: 'provider_busy', retryAfterSeconds: 60 });
    expect((await source().look(runId, 60, signal)).state).toBe('done');
    expect(emulator.starts).toBe(1);
  });

  it('keeps the token out of the cause', async () => {
    const gone = createApify({ token, url: 'http://127.0.0.1:9', retryDelayMs: 1 });
    const error: unknown = await gone
      .start(search(), new AbortController().signal)
      .catch((r: unknown) => r);
    // Nobody took the connection, so no run was begun.
    expect(error).toMatchObject({ code: 'provider_busy', retryAfterSeconds: 60 });
    const { cause } = error instanceof Error ? error : { cause: undefined };
    expect(JSON.stringify(cause, Object.getOwnPropertyNames(cause))).not.toContain(token);
  });

  it('answers in another shape are a failure', async () => {
    const answers = ['<html>', '{"data":{"id":7}}'];
    const odd = createServer((_, response) =>
      response.writeHead(201).end(answers.pop() ?? '{"data":{"id":7}}'),
    );
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const address = odd.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const shaped = createApify({ token, url: `http://127.0.0.1:${port}`, retryDelayMs: 1 });
    expect(await codeOf(shaped.start(search(), new AbortController().signal))).toBe(
      'provider_failed',
    );
    odd.closeAllConnections();
    odd.close();
  });

  it('prints nothing and goes around the proxy of the environment', async () => {
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    const written = vi.spyOn(process.stdout, 'write');
    const logged = vi.spyOn(console, 'log');
    emulator.misbehave({ on: 'run', how: 'http_500', times: 4 });
    expect((await run()).readings).toHaveLength(40);
    expect(written).not.toHaveBeenCalled();
    expect(logged).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
});

describe('a run whose id was lost', () => {
  const { signal } = new AbortController();

  it('is found by its input, also when it is over', async () => {
    const other = await source().start(search({ keyword: 'rye bread' }), signal);
    const first = await source().start(search(), signal);
    await source().look(first, 60, signal);
    expect(await source().find(search(), start, signal)).toBe(first);
    expect(await source().find(search({ keyword: 'rye bread' }), start, signal)).toBe(other);
    const second = await source().start(search(), signal);
    expect(await source().find(search(), start, signal)).toBe(second);
    expect(await source().find(search({ maxItems: 39 }), start, signal)).toBeNull();
  });

  it('is none of those that were started long before', async () => {
    await source().start(search(), signal);
    const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
    expect(await source().find(search(), later(119), signal)).not.toBeNull();
    expect(await source().find(search(), later(200), signal)).toBeNull();
  });
});

describe('aborting', () => {
  it('ends the wait with its reason', async () => {
    await emulator.close();
    await open({ clock: createManualClock(start), runMs: 60_000 });
    const controller = new AbortController();
    const reason = new Error('nobody waits any more');
    const polled = emulator.waitForPolls(1);
    const searching = run({}, controller.signal);
    await polled;
    controller.abort(reason);
    await expect(searching).rejects.toBe(reason);
    expect(emulator.starts).toBe(1);
  });

  it('does not break off a start, so that its run is known', async () => {
    emulator.misbehave({ on: 'start', how: 'slow' });
    const controller = new AbortController();
    const starting = source().start(search(), controller.signal);
    await emulator.waitForStarts(1);
    controller.abort();
    expect(await starting).toBe(emulator.runs()[0]?.id);
  });

  it('starts nothing when it comes first', async () => {
    await expect(run({}, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(emulator.starts).toBe(0);
  });
});
