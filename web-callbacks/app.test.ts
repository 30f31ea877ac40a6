import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Services } from '../core/context.ts';
import { mediaLink } from '../core/media-link.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from './app.ts';
import { serveWeb } from './serve.ts';

let world: World;
const key = 'videos/vid_film.mp4';

beforeAll(async () => {
  world = await createWorld();
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

describe('/healthz', () => {
  test('names the run and the version', async () => {
    const response = await fetch(`${world.publicUrl}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'ok',
      instance: 'run_test',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });
});

describe('everything else', () => {
  test('is a 404 in the shape that was asked for', async () => {
    const page = await fetch(`${world.publicUrl}/nowhere`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
    const data = await fetch(`${world.publicUrl}/nowhere`, {
      headers: { accept: 'application/json' },
    });
    expect(data.status).toBe(404);
    expect(await data.json()).toMatchObject({ error: { code: 'link_not_valid' } });
  });

  test('carries a request id and the protecting headers, and does not name Express', async () => {
    const { headers } = await fetch(`${world.publicUrl}/nowhere`);
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('strict-transport-security')).toBe(false);
  });

  test('that is malformed is a 400 without a stack', async () => {
    const response = await fetch(`${world.publicUrl}/media/%E0%A4%A`);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/URIError|node_modules|\bat .*:\d/);
  });

  test('that breaks on our side is a 500 with a reference that the log explains', async () => {
    const storage = {
      ...world.services.ports.storage,
      // A provider's error may carry a status too; it is still ours to answer for.
      stat: () =>
        Promise.reject(Object.assign(new Error('disk <gone> at /srv/secret'), { status: 404 })),
    };
    const ports = { ...world.services.ports, storage };
    await withApp({ ports }, async (url) => {
      const path = new URL(mediaLink(world.services, key) ?? '');
      const response = await fetch(`${url}${path.pathname}${path.search}`);
      const page = await response.text();
      expect(response.status).toBe(500);
      expect(page).not.toMatch(/disk|secret|Error/);
      const reference = /Ref ([0-9A-F]{6})/.exec(page)?.[1] ?? 'none';
      const line = world.logs.find((entry) => entry.includes(reference));
      expect(line).toContain('/srv/secret');
      expect(line).not.toContain('sig=');
    });
  });
});

describe('serving', () => {
  test('says what to do about a taken port', async () => {
    const app = createWebApp(world.services, { operations: [], instanceId: 'run_3' });
    const { port } = new URL(world.publicUrl);
    await expect(serveWeb(app, Number(port))).rejects.toThrow(
      `Port ${port} is taken: stop what listens there, or set PORT to a free one such as PORT=8788.`,
    );
  });

  test('listens on loopback, but everywhere in production', async () => {
    expect(world.publicUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const config = { ...world.services.config, NODE_ENV: 'production' as const };
    await withApp({ config }, async (url) => expect(url).toMatch(/^http:\/\/localhost:\d+$/));
  });

  test('asks browsers for https once the public address has it', async () => {
    const config = { ...world.services.config, PUBLIC_URL: 'https://jilo.example' };
    await withApp({ config }, async (url) => {
      const { headers } = await fetch(`${url}/healthz`);
      expect(headers.get('strict-transport-security')).toContain('max-age');
    });
  });
});

describe('without its database', () => {
  beforeAll(() => world.services.database.close());

  test('the web app says so to whoever watches it', async () => {
    const response = await fetch(`${world.publicUrl}/healthz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'database_down', instance: 'run_test' });
  });

  test('a person is told whose fault it is', async () => {
    const response = await fetch(
      `${world.publicUrl}/oauth/google/callback?state=some-state&code=some-code`,
    );
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('The database cannot be reached');
  });
});
