import { request as requestOf } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { tokenCreate } from '../core/token/create.ts';
import { tokenRevoke } from '../core/token/revoke.ts';
import { openNotes } from '../test/kit/mcp-notes.ts';
import { legacy, messageOf, modern, postRaw } from '../test/kit/mcp-raw.ts';
import { openMcpWeb, type McpWeb } from '../test/kit/mcp-web.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from '../web-callbacks/app.ts';
import { serveWeb } from '../web-callbacks/serve.ts';
import { maxBodyBytes } from './http-serve.ts';

let world: World;
let owner: Context;
let web: McpWeb;
let token: string;
const { operations } = openNotes();

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context();
  web = await openMcpWeb(world, operations);
  token = await web.tokenFor(owner);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

const list = legacy('tools/list', {});
const metadata = () => `${world.publicUrl}/.well-known/oauth-protected-resource/mcp`;

/** How a request was refused. */
async function refusalOf(response: Response) {
  const challenge = response.headers.get('www-authenticate') ?? '';
  expect(challenge + (await response.text())).not.toContain(token);
  const said = challenge.matchAll(/(\w+)="([^"]*)"/g);
  const { error, resource_metadata } = Object.fromEntries(
    [...said].map(([, name, value]) => [name, value]),
  );
  return { status: response.status, scheme: challenge.split(' ')[0], error, resource_metadata };
}

const unauthorised = () => ({
  status: 401,
  scheme: 'Bearer',
  error: 'invalid_token',
  resource_metadata: metadata(),
});

describe('a token', () => {
  test('lets in a client of either era', async () => {
    for (const message of [{ body: list }, modern('tools/list', {})]) {
      const { result } = await messageOf(await postRaw(web.url, { token, ...message }));
      expect(result?.['tools']).toHaveLength(operations.length);
    }
  });

  test.each([
    ['is missing', {}],
    ['is empty', { Authorization: 'Bearer ' }],
    ['has no scheme', { Authorization: 'jilo_x' }],
    ['is malformed', { Authorization: 'Bearer not-a-token' }],
    ['is cut', { Authorization: 'cut' }],
    ['has one more letter', { Authorization: 'longer' }],
    ['comes by another scheme', { Authorization: 'basic' }],
    ['comes twice', { Authorization: 'twice' }],
  ])('that %s lets nobody in, in either era', async (_how, headers) => {
    const made: Readonly<Record<string, string>> = {
      cut: `Bearer ${token.slice(0, -1)}`,
      longer: `Bearer ${token}a`,
      basic: `Basic ${token}`,
      twice: `Basic x, Bearer ${token}`,
    };
    const { Authorization: given } = { Authorization: undefined, ...headers };
    const sent = given === undefined ? {} : { Authorization: made[given] ?? given };
    expect(await refusalOf(await postRaw(web.url, { headers: sent, body: list }))).toEqual(
      unauthorised(),
    );
    const message = modern('tools/list', {});
    expect(
      await refusalOf(
        await postRaw(web.url, { ...message, headers: { ...message.headers, ...sent } }),
      ),
    ).toEqual(unauthorised());
  });

  test('in an address is no token', async () => {
    for (const name of ['access_token', 'token', 'authorization'])
      expect(await refusalOf(await postRaw(web.url, { body: list }, `?${name}=${token}`))).toEqual(
        unauthorised(),
      );
    expect(world.logs.join('')).not.toContain(token);
  });

  test('that was revoked lets nobody in any more', async () => {
    const made = await world.must(tokenCreate, { name: 'Gone' }, owner);
    const text = String(made['token']);
    expect((await postRaw(web.url, { token: text, body: list })).status).toBe(200);
    await world.must(tokenRevoke, { token: made['id'] }, owner);
    expect(await refusalOf(await postRaw(web.url, { token: text, body: list }))).toEqual(
      unauthorised(),
    );
    expect(await refusalOf(await postRaw(web.otherUrl, { token: text, body: list }))).toEqual(
      unauthorised(),
    );
  });

  test('for another address is no good here', async () => {
    const near = world.publicUrl.replace('127.0.0.1', 'localhost');
    for (const publicUrl of ['http://127.0.0.1:1', 'https://jilo.example', near]) {
      const elsewhere = { ...owner, publicUrl: () => publicUrl };
      const made = await world.must(tokenCreate, { name: 'Elsewhere' }, elsewhere);
      expect(
        await refusalOf(await postRaw(web.url, { token: String(made['token']), body: list })),
      ).toEqual(unauthorised());
    }
  });

  test('ends at its last moment', async () => {
    const short = await web.tokenFor(owner, 'read', 1);
    await world.advance(24 * 60 * 60 - 1);
    expect((await postRaw(web.url, { token: short, body: list })).status).toBe(200);
    await world.advance(1);
    expect(await refusalOf(await postRaw(web.url, { token: short, body: list }))).toEqual(
      unauthorised(),
    );
  });
});

/** What `fetch` would not send. */
const statusFor = (url: string, headers: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = requestOf(`${url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        ...headers,
      },
    });
    sent.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end(JSON.stringify(list));
  });

describe('a request', () => {
  test.each([
    [200, { Host: 'localhost:1' }],
    [403, { Host: 'evil.example' }],
    [403, { Host: '127.0.0.1.evil.example' }],
    [200, { Origin: 'http://127.0.0.1:9' }],
    [403, { Origin: 'https://evil.example' }],
    [403, { Origin: 'null' }],
  ])('is answered with %i for %j', async (status, headers) => {
    expect(await statusFor(web.url, headers)).toBe(status);
  });

  test('to a public installation may name that alone', async () => {
    const config = { ...world.app.config, NODE_ENV: 'production' as const };
    const services = { ...world.app, config, publicUrl: () => 'https://jilo.example' };
    const open = await serveWeb(createWebApp(services, { operations, instanceId: 'run_p' }), 0);
    expect(await statusFor(open.url, {})).toBe(403);
    expect(await statusFor(open.url, { Host: 'evil.example' })).toBe(403);
    // The token is for another address; the name is the right one.
    expect(await statusFor(open.url, { Host: 'jilo.example' })).toBe(401);
    expect(
      await statusFor(open.url, { Host: 'jilo.example', Origin: 'https://jilo.example' }),
    ).toBe(401);
    expect(await statusFor(open.url, { Host: 'jilo.example', Origin: 'http://localhost' })).toBe(
      403,
    );
    await open.close();
  });

  test.each(['GET', 'DELETE', 'PUT'])(
    'by %s is not served, and without a token is not let in',
    async (method) => {
      expect((await postRaw(web.url, { token, method })).status).toBe(405);
      expect(await refusalOf(await postRaw(web.url, { method }))).toEqual(unauthorised());
    },
  );

  test('has a body of so many bytes at most', async () => {
    const text = JSON.stringify(list);
    for (const [bytes, status] of [
      [maxBodyBytes - 1, 200],
      [maxBodyBytes, 200],
      [maxBodyBytes + 1, 413],
    ] as const) {
      const body = text.padEnd(bytes, ' ');
      expect((await postRaw(web.url, { token, body })).status).toBe(status);
      const { headers } = modern('tools/list', {});
      const later = JSON.stringify(modern('tools/list', {}).body).padEnd(bytes, ' ');
      expect((await postRaw(web.url, { token, headers: headers ?? {}, body: later })).status).toBe(
        status,
      );
    }
  });

  test.each(['', '{', 'not json', '{"a":1}x'])(
    'with the body %j is not understood',
    async (body) => {
      const response = await postRaw(web.url, { token, body });
      expect(response.status).toBe(400);
      expect((await messageOf(response)).error?.code).toBe(-32_700);
    },
  );

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'of the type %s is refused in either era',
    async (type) => {
      const headers = { 'Content-Type': type };
      expect((await postRaw(web.url, { token, headers, body: list })).status).toBe(415);
      const message = modern('tools/list', {});
      const mixed = { ...message.headers, ...headers };
      expect((await postRaw(web.url, { token, ...message, headers: mixed })).status).toBe(415);
    },
  );

  test('is answered with the headers that protect and that proxies need', async () => {
    for (const as of [token, undefined]) {
      const { headers } = await postRaw(web.url, { token: as, body: list });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-request-id')).toMatch(/^req_/);
      expect(headers.has('x-powered-by')).toBe(false);
    }
    const { headers } = await postRaw(web.url, { token, body: list });
    expect(headers.get('x-accel-buffering')).toBe('no');
  });
});

test.each(['', '/mcp'])(
  'a client learns at .well-known/oauth-protected-resource%s how to be let in',
  async (path) => {
    const response = await fetch(`${web.url}/.well-known/oauth-protected-resource${path}`);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      resource: `${world.publicUrl}/mcp`,
      resource_name: 'Jilo',
      authorization_servers: [`${world.publicUrl}/auth`],
      scopes_supported: ['read', 'write', 'spend', 'publish'],
      bearer_methods_supported: ['header'],
    });
  },
);
