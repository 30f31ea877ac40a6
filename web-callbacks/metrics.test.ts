import { request } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Services } from '../core/context.ts';
import { expireVideos } from '../core/video/expire.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from './app.ts';
import { serveWeb } from './serve.ts';

const token = 'a-token-of-the-operator';
let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: { METRICS_TOKEN: token } });
});
afterAll(() => world.close());

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

type Headers = Readonly<Record<string, string>>;
const ask = (url: string, headers: Headers = {}) => fetch(`${url}/metrics`, { headers });
const read = async (url: string) => (await (await ask(url)).text()).split('\n');

/** With a name of the host that `fetch` would not send. */
const statusUnder = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${url}/metrics`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });

describe('who may read them', () => {
  test.each([
    ['this machine', {}, 200],
    ['a bearer of the token', { authorization: `Bearer ${token}` }, 200],
    [
      'a bearer of the token from elsewhere',
      { authorization: `bearer ${token}`, 'x-forwarded-for': '203.0.113.9' },
      200,
    ],
    ['somebody from elsewhere', { 'x-forwarded-for': '203.0.113.9' }, 404],
    ['somebody from elsewhere by a proxy that says so otherwise', { forwarded: 'for=x' }, 404],
    ['somebody who says to be from here', { 'x-forwarded-for': '127.0.0.1' }, 404],
    ['another token', { authorization: `Bearer ${token}x` }, 404],
    ['the beginning of the token', { authorization: `Bearer ${token.slice(0, -1)}` }, 404],
    [
      'the token as Basic from elsewhere',
      { authorization: `Basic ${token}`, 'x-forwarded-for': '203.0.113.9' },
      404,
    ],
  ] as const)('%s: %o', async (_, headers, status) => {
    expect((await ask(world.publicUrl, headers)).status).toBe(status);
  });

  test('a page that leads a browser here under another name may not', async () => {
    const { host, port } = new URL(world.publicUrl);
    expect(await statusUnder(world.publicUrl, host)).toBe(200);
    expect(await statusUnder(world.publicUrl, `localhost:${port}`)).toBe(200);
    expect(await statusUnder(world.publicUrl, `evil.example:${port}`)).toBe(404);
    expect(await statusUnder(world.publicUrl, `127.0.0.1.evil.example:${port}`)).toBe(404);
  });

  test('without the setting there is no token that lets in', async () => {
    const { METRICS_TOKEN: _, ...config } = world.services.config;
    await withApp({ config }, async (url) => {
      for (const given of [token, 'undefined', 'null'])
        expect((await ask(url, { authorization: `Bearer ${given}` })).status).toBe(404);
      expect((await ask(url)).status).toBe(200);
    });
  });

  test('for everybody else it is as if there were no such page', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const [refused, missing] = await Promise.all([
      ask(world.publicUrl, headers),
      fetch(`${world.publicUrl}/no-such-page`, { headers }),
    ]);
    expect([refused.status, await refused.text()]).toEqual([404, await missing.text()]);
  });
});

describe('what they tell', () => {
  test('is in the text format, each with its help and type', async () => {
    const response = await ask(world.publicUrl);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text.endsWith('\n')).toBe(true);
    const described = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    const lines = text.trimEnd().split('\n');
    for (const line of lines)
      expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ \S.*|\w+(?:\{(?:\w+="[^"]*",?)*\})? \S+)$/);
    for (const line of lines.filter((one) => !one.startsWith('#')))
      expect(described).toContain(/^(\w+?)(?:_bucket|_sum|_count)?[{ ]/.exec(line)?.[1]);
  });

  test('requests by method, route and status, never by address', async () => {
    await withApp({}, async (url) => {
      const secret = 'videos/vid_of_somebody.mp4';
      await fetch(`${url}/media/${secret}?sig=secret-signature`);
      await fetch(`${url}/media/${secret}?sig=another`);
      await fetch(`${url}/wp-admin/setup.php`);
      await fetch(`${url}/webhooks/fal`, { method: 'POST', body: '{}' });
      await fetch(`${url}/healthz`, { method: 'HEAD' });
      const lines = await read(url);
      const counted = lines.filter((line) => line.startsWith('jilo_http_requests_total'));
      expect(counted).toEqual([
        'jilo_http_requests_total{method="GET",route="/media/*key",status="403"} 2',
        'jilo_http_requests_total{method="GET",route="none",status="404"} 1',
        'jilo_http_requests_total{method="POST",route="/webhooks/fal",status="401"} 1',
        'jilo_http_requests_total{method="HEAD",route="/healthz",status="200"} 1',
      ]);
      expect(lines.join('\n')).not.toMatch(/vid_of|secret|wp-admin|sig=/);
    });
  });

  test('how long they took', async () => {
    let passedMs = 0;
    // Each look at the clock is a quarter of a second after the one before.
    const clock = { now: () => new Date(Date.UTC(2026, 10, 22) + (passedMs += 250)) };
    await withApp({ clock }, async (url) => {
      await fetch(`${url}/healthz`);
      const lines = (await read(url)).filter(
        (line) => line.includes('_seconds_') && line.includes('/healthz'),
      );
      expect(lines).toEqual(
        [
          ...[0.005, 0.01, 0.025, 0.05, 0.1].map((le) => [le, 0] as const),
          ...[0.25, 0.5, 1, 2.5, 5, 10, '+Inf'].map((le) => [le, 1] as const),
        ]
          .map(
            ([le, count]) =>
              `jilo_http_request_duration_seconds_bucket{method="GET",route="/healthz",le="${le}"} ${count}`,
          )
          .concat([
            'jilo_http_request_duration_seconds_sum{method="GET",route="/healthz"} 0.25',
            'jilo_http_request_duration_seconds_count{method="GET",route="/healthz"} 1',
          ]),
      );
    });
  });

  test('jobs by queue and state, and the oldest that waits', async () => {
    const enqueue = (delaySeconds: number) =>
      world.app.database.db.transaction((tx) =>
        world.app.queue.enqueue(tx, expireVideos, {}, { delaySeconds }),
      );
    await enqueue(0);
    await enqueue(0);
    await enqueue(3600);
    await world.advance(12);
    const lines = await read(world.publicUrl);
    expect(lines).toContain('jilo_jobs{queue="video.expire",state="waiting"} 2');
    expect(lines).toContain('jilo_jobs{queue="video.expire",state="delayed"} 1');
    expect(lines).toContain('jilo_jobs{queue="video.expire",state="active"} 0');
    expect(lines).toContain('jilo_jobs{queue="video.expire",state="failed"} 0');
    expect(lines).toContain('jilo_queue_oldest_waiting_seconds 12');
    expect(lines).toContain('jilo_queue_up 1');
    expect(lines.join('\n')).not.toContain('__pgboss');
    await world.drain();
    expect(await read(world.publicUrl)).toContain('jilo_queue_oldest_waiting_seconds 0');
  });

  test('calls of providers by outcome, and when they last worked', async () => {
    const url = world.emulators.fal.queueUrl;
    await fetch(`${url}/nothing`, { method: 'POST', headers: { authorization: 'Key wrong' } });
    const lines = await read(world.publicUrl);
    expect(lines).toContain('jilo_provider_calls_total{provider="fal",outcome="refused"} 1');
    expect(lines).toContain('jilo_provider_calls_total{provider="stripe",outcome="failed"} 0');
    expect(lines.join('\n')).not.toContain('last_success_timestamp_seconds{provider="fal"}');
  });

  test('this process and version, and its event loop from the second look on', async () => {
    await withApp({}, async (url) => {
      const first = (await read(url)).join('\n');
      expect(first).toMatch(/^jilo_build_info\{version="\d+\.\d+\.\d+",node="v\d+[^"]*"\} 1$/m);
      expect(first).toMatch(/^process_resident_memory_bytes \d{7,}$/m);
      expect(first).toMatch(/^process_uptime_seconds \d/m);
      expect(first).not.toContain('nodejs_eventloop_lag');
      const second = (await read(url)).join('\n');
      for (const part of ['mean', 'p99', 'max'])
        expect(second).toMatch(new RegExp(`^nodejs_eventloop_lag_${part}_seconds \\d\\S*$`, 'm'));
    });
  });

  test('without a queue everything else', async () => {
    const health = { ...world.services.health, readQueue: () => Promise.reject(new Error('gone')) };
    await withApp({ health }, async (url) => {
      const lines = await read(url);
      expect(lines).toContain('jilo_queue_up 0');
      expect(lines.some((line) => line.startsWith('process_uptime_seconds'))).toBe(true);
      expect(lines.some((line) => line.startsWith('jilo_jobs'))).toBe(false);
    });
  });
});
