import { createServer } from 'node:net';

import { like } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { operations } from '../core/operations.ts';
import { openDatabase, type Database } from '../drizzle/client.ts';
import { rateLimits } from '../drizzle/schema/limits.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from './app.ts';
import { serveWeb } from './serve.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.app.database.db.delete(rateLimits).where(like(rateLimits.key, 'address:%'));
});

type Setup = { readonly points: number; readonly proxies?: number; readonly databaseUrl?: string };

/** The web app as another process would serve it, with these limits. */
async function withApp(setup: Setup, use: (url: string, database: Database) => Promise<void>) {
  const database = openDatabase(setup.databaseUrl ?? world.databaseUrl);
  const config = {
    ...world.app.config,
    RATE_ADDRESS_PER_MINUTE: setup.points,
    TRUSTED_PROXIES: setup.proxies ?? 0,
  };
  const services = { ...world.app, config, database };
  const web = await serveWeb(createWebApp(services, { operations, instanceId: 'run_rates' }), 0);
  try {
    await use(web.url, database);
  } finally {
    await web.close();
    await database.close();
  }
}

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const statuses = async (url: string, times: number, init?: RequestInit): Promise<number[]> => {
  const seen: number[] = [];
  for (let time = 0; time < times; time += 1) seen.push((await fetch(url, init)).status);
  return seen;
};

describe('somebody who asks too often', () => {
  test.each([
    ['en', 'Too many requests came in a short time.', 'Send it again in'],
    ['zh-CN', '短时间内请求过多。', '秒后重新发送'],
  ])('is told so on a page in %s, and when to come again', async (language, title, next) => {
    await withApp({ points: 3 }, async (url) => {
      expect(await statuses(`${url}/nowhere`, 3)).toEqual([404, 404, 404]);
      const refused = await fetch(`${url}/approvals/apr_1`, {
        headers: { accept: 'text/html', 'accept-language': language },
      });
      expect(refused.status).toBe(429);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
      expect(refused.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const page = await refused.text();
      expect(page).toContain(title);
      expect(page).toContain(next);
    });
  });

  test('is told so as data where data was asked for', async () => {
    await withApp({ points: 1 }, async (url) => {
      const asked = { headers: { accept: 'application/json' } };
      expect(await statuses(`${url}/nowhere`, 1)).toEqual([404]);
      const refused = await fetch(url, asked);
      expect(await refused.json()).toMatchObject({
        error: { code: 'rate_limited', charged: false, retry_after_seconds: expect.any(Number) },
      });
    });
  });

  test('is told so by an error of JSON-RPC over MCP, before any token is looked at', async () => {
    await withApp({ points: 1 }, async (url) => {
      const call = {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      };
      expect((await fetch(`${url}/mcp`, call)).status).toBe(401);
      const refused = await fetch(`${url}/mcp`, call);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({
        jsonrpc: '2.0',
        id: null,
        error: {
          code: -32_000,
          message: 'Too many requests came in a short time.',
          data: { code: 'rate_limited', retry_after_seconds: expect.any(Number) },
        },
      });
    });
  });

  test('is known to every process', async () => {
    const seen: number[] = [];
    await withApp({ points: 3 }, async (one) =>
      withApp({ points: 3 }, async (other) => {
        for (const url of [one, other, one, other, one, other])
          seen.push(...(await statuses(`${url}/nowhere`, 1)));
      }),
    );
    expect(seen).toEqual([404, 404, 404, 429, 429, 429]);
  });
});

test.each([
  ['/healthz', 'GET'],
  ['/webhooks/fal', 'POST'],
  ['/webhooks/stripe', 'POST'],
  ['/media/videos/vid_1.mp4', 'GET'],
])('%s is never refused for its rate', async (path, method) => {
  await withApp({ points: 1 }, async (url, { db }) => {
    expect(await statuses(`${url}/nowhere`, 2)).toEqual([404, 429]);
    for (const status of await statuses(`${url}${path}`, 3, { method }))
      expect(status).not.toBe(429);
    const [row] = await db.select().from(rateLimits).where(like(rateLimits.key, 'address:%'));
    expect(row?.points).toBeLessThanOrEqual(2);
  });
});

describe('the address that counts', () => {
  test('is that of the connection, whatever a header claims', async () => {
    await withApp({ points: 2 }, async (url) => {
      const seen = [];
      for (let last = 1; last <= 4; last += 1)
        seen.push(...(await statuses(`${url}/nowhere`, 1, from(`203.0.113.${last}`))));
      expect(seen).toEqual([404, 404, 429, 429]);
    });
  });

  test('is what the one trusted proxy says, not what the client told it', async () => {
    await withApp({ points: 2, proxies: 1 }, async (url) => {
      for (let last = 1; last <= 3; last += 1)
        expect(await statuses(`${url}/nowhere`, 1, from(`10.0.0.${last}, 203.0.113.9`))).toEqual([
          last <= 2 ? 404 : 429,
        ]);
      expect(await statuses(`${url}/nowhere`, 1, from('203.0.113.10'))).toEqual([404]);
    });
  });

  test('is taken from as far back as there are proxies', async () => {
    await withApp({ points: 1, proxies: 2 }, async (url) => {
      expect(await statuses(`${url}/nowhere`, 1, from('10.9.9.9, 198.51.100.1, 10.0.0.1'))).toEqual(
        [404],
      );
      expect(await statuses(`${url}/nowhere`, 1, from('10.8.8.8, 198.51.100.1, 10.0.0.2'))).toEqual(
        [429],
      );
      expect(await statuses(`${url}/nowhere`, 1, from('10.9.9.9, 198.51.100.2, 10.0.0.1'))).toEqual(
        [404],
      );
    });
  });

  test('is a network for IPv6, and one for all that is no address', async () => {
    await withApp({ points: 1, proxies: 1 }, async (url) => {
      expect(await statuses(`${url}/nowhere`, 1, from('2001:db8::1'))).toEqual([404]);
      expect(await statuses(`${url}/nowhere`, 1, from('2001:db8::2'))).toEqual([429]);
      expect(await statuses(`${url}/nowhere`, 1, from('2001:db8:0:1::2'))).toEqual([404]);
      expect(await statuses(`${url}/nowhere`, 1, from('one'))).toEqual([404]);
      expect(await statuses(`${url}/nowhere`, 1, from('two'))).toEqual([429]);
    });
  });
});

describe('without a database', () => {
  test('nobody is locked out of what works without it', async () => {
    const gone = new URL(world.databaseUrl);
    gone.pathname = '/no_such_database';
    await withApp({ points: 1, databaseUrl: gone.href }, async (url) => {
      expect(await statuses(`${url}/nowhere`, 3)).toEqual([404, 404, 404]);
      const card = await fetch(`${url}/.well-known/mcp/server-card.json`);
      expect(card.status).not.toBe(429);
    });
    expect(world.logs.join('\n')).toContain('a request was let in uncounted');
  });

  test('that answers nothing people wait for two seconds only', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.int() }).parse(silent.address());
    const databaseUrl = `postgres://jilo@127.0.0.1:${port}/jilo`;
    try {
      await withApp({ points: 1, databaseUrl }, async (url) => {
        const begun = performance.now();
        expect(await statuses(`${url}/nowhere`, 1)).toEqual([404]);
        expect(performance.now() - begun).toBeLessThan(4500);
      });
    } finally {
      silent.close();
    }
  });
});
