import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { expireVideos } from '../core/video/expire.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from './app.ts';
import { serveWeb } from './serve.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
// What was looked at before does not count any more.
beforeEach(() => world.advance(60));

const check = z.strictObject({ state: z.enum(['up', 'down']) });
const age = z.int().nonnegative().nullable();
const provider = z.strictObject({
  state: z.enum(['live', 'sandbox', 'off']),
  last_success_seconds: age,
  last_failure_seconds: age,
});
const names = ['fal', 'runway', 'apify', 'gemini', 'google', 'discord', 'stripe'] as const;
const readySchema = z.strictObject({
  status: z.enum(['ready', 'not_ready']),
  checks: z.strictObject({
    database: check,
    queue: check.extend({ oldest_waiting_seconds: age }),
    storage: check,
    providers: z.record(z.enum(names), provider),
  }),
});

async function ask(url = world.publicUrl) {
  const response = await fetch(`${url}/readyz`);
  const text = await response.text();
  return {
    code: response.status,
    text,
    headers: response.headers,
    ...readySchema.parse(JSON.parse(text)),
  };
}

/** Serves the app over changed services for one test. */
async function withApp(change: Partial<Services>, use: (url: string) => Promise<void>) {
  const services = { ...world.services, ...change };
  const web = await serveWeb(createWebApp(services, { operations: [], instanceId: 'run_2' }), 0);
  try {
    await use(web.url);
  } finally {
    await web.close();
  }
}

const never = new Promise<never>(() => undefined);
const storageThat = (stat: () => Promise<never>) => ({
  ports: { ...world.services.ports, storage: { ...world.services.ports.storage, stat } },
});
const queueThat = (readQueue: () => Promise<never>) => ({
  health: { ...world.services.health, readQueue },
});

describe('/readyz', () => {
  test('says that everything is up, and names neither addresses nor secrets', async () => {
    const { code, headers, text, ...said } = await ask();
    expect(code).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(said).toMatchObject({
      status: 'ready',
      checks: {
        database: { state: 'up' },
        queue: { state: 'up', oldest_waiting_seconds: null },
        storage: { state: 'up' },
      },
    });
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|https?:|postgres|test-|test:/);
  });

  test('tells since when the oldest job waits that may start', async () => {
    await world.app.database.db.transaction((tx) =>
      world.app.queue.enqueue(tx, expireVideos, {}, { delaySeconds: 30 }),
    );
    await world.advance(20);
    expect((await ask()).checks.queue.oldest_waiting_seconds).toBeNull();
    await world.advance(55);
    expect((await ask()).checks.queue.oldest_waiting_seconds).toBe(45);
    await world.drain();
    await world.advance(1);
    expect((await ask()).checks.queue.oldest_waiting_seconds).toBeNull();
  });

  test('tells when a provider last worked and last did not, and is ready all the same', async () => {
    const { fal } = world.emulators;
    await fetch(`${fal.queueUrl}/nothing`, {
      method: 'POST',
      headers: { authorization: 'Key no' },
    });
    await world.advance(7);
    const { code, checks } = await ask();
    expect(code).toBe(200);
    expect(checks.providers.fal).toEqual({
      state: 'sandbox',
      last_success_seconds: null,
      last_failure_seconds: 7,
    });
    expect(checks.providers.discord).toEqual({
      state: 'off',
      last_success_seconds: null,
      last_failure_seconds: null,
    });
    const { languageModel } = world.services.ports;
    const schema = z.object({ name: z.string() });
    const wish = { instructions: 'Answer.', prompt: 'A name.', schema, maxOutputTokens: 100 };
    await languageModel?.generate(wish, new AbortController().signal).catch(() => null);
    await world.advance(3);
    expect((await ask()).checks.providers.gemini).toMatchObject({ last_success_seconds: 3 });
  });

  test.each([
    ['storage that fails', 'storage', () => storageThat(() => Promise.reject(new Error('gone')))],
    ['storage that says nothing', 'storage', () => storageThat(() => never)],
    ['a queue that fails', 'queue', () => queueThat(() => Promise.reject(new Error('gone')))],
    ['a queue that says nothing', 'queue', () => queueThat(() => never)],
  ] as const)('is 503 with %s, within two seconds and a bit', async (_, which, change) => {
    await withApp(change(), async (url) => {
      const began = process.hrtime.bigint();
      const { code, status, checks } = await ask(url);
      expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(3500);
      expect([code, status]).toEqual([503, 'not_ready']);
      const { database, queue, storage } = checks;
      const states = { database: database.state, queue: queue.state, storage: storage.state };
      expect(states).toEqual({ database: 'up', queue: 'up', storage: 'up', [which]: 'down' });
    });
  });

  test('looks at storage every 10 seconds at most, and at the queue every second', async () => {
    const looks = { storage: 0, queue: 0 };
    const { ports, health } = world.services;
    const counting = {
      ports: {
        ...ports,
        storage: {
          ...ports.storage,
          stat: (key: string) => {
            looks.storage += 1;
            return ports.storage.stat(key);
          },
        },
      },
      health: {
        ...health,
        readQueue: () => {
          looks.queue += 1;
          return health.readQueue();
        },
      },
    };
    await withApp(counting, async (url) => {
      for (const [seconds, expected] of [
        [0, { storage: 1, queue: 1 }],
        [0.999, { storage: 1, queue: 1 }],
        [0.001, { storage: 1, queue: 2 }],
        [8.999, { storage: 1, queue: 3 }],
        [0.001, { storage: 2, queue: 3 }],
      ] as const) {
        await world.advance(seconds);
        await Promise.all([ask(url), ask(url)]);
        expect(looks).toEqual(expected);
      }
    });
  });
});

describe('without its database', () => {
  beforeAll(() => world.services.database.close());

  test('is not ready, and says what is away', async () => {
    const { code, checks } = await ask();
    expect(code).toBe(503);
    // The queue has connections of its own.
    expect([checks.database.state, checks.queue.state]).toEqual(['down', 'up']);
  });
});
