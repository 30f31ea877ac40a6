import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { routes } from '../scripts/authorisation/routes.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const kibibyte = 1024;
const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

/** Every route that takes a body: the most bytes of it, and their kind. */
const limits: Readonly<Record<string, readonly [bytes: number, kind: string]>> = {
  'POST /webhooks/fal': [256 * kibibyte, json],
  'POST /webhooks/stripe': [1024 * kibibyte, json],
  'POST /oauth/google/start': [4 * kibibyte, form],
  'POST /approvals/:id': [16 * kibibyte, form],
  'POST /tokens': [4 * kibibyte, form],
  'POST /tokens/:id/revoke': [kibibyte, form],
  'POST /account': [4 * kibibyte, form],
  'POST /account/delete': [kibibyte, form],
  'POST /link/:id': [4 * kibibyte, form],
  'POST /sign-in': [16 * kibibyte, form],
  'POST /sign-in/:provider': [16 * kibibyte, form],
  'POST /sign-out': [16 * kibibyte, form],
  'POST /sign-out/everywhere': [16 * kibibyte, form],
  'POST /sign-up': [16 * kibibyte, form],
  'POST /verify': [16 * kibibyte, form],
  'POST /reset': [16 * kibibyte, form],
  'POST /reset/new': [16 * kibibyte, form],
  'POST /consent': [16 * kibibyte, form],
  'POST /auth/oauth2/token': [64 * kibibyte, form],
  'POST /auth/oauth2/register': [64 * kibibyte, json],
  'POST /auth/oauth2/revoke': [64 * kibibyte, form],
};
/** Reads none without a token; its limit is held by mcp-server/http.test.ts. */
const elsewhere = ['ALL /mcp'];

test('every route that takes a body has a row here', () => {
  const taking = Object.keys(routes).filter((route) => /^(?:POST|PUT|PATCH|ALL) /.test(route));
  expect([...Object.keys(limits), ...elsewhere].toSorted()).toEqual(taking.toSorted());
});

const addressOf = (route: string): string =>
  `${world.publicUrl}${route.replace(/^\w+ /, '').replace(/[:*]\w+/g, 'x')}`;

describe.each(Object.entries(limits))('%s', (route, [bytes, kind]) => {
  const headers = { 'content-type': kind };
  const send = (body: string | ReadableStream) =>
    fetch(addressOf(route), { method: 'POST', headers, body, duplex: 'half', redirect: 'manual' });
  const bodyOf = (length: number) => 'a='.padEnd(length, 'x');

  test.each([
    ['one byte less than it takes', bytes - 1, false],
    ['as much as it takes', bytes, false],
    ['one byte more', bytes + 1, true],
    ['ten times as much', bytes * 10, true],
  ])('%s: %i', async (_, length, refused) => {
    const { status } = await send(bodyOf(length));
    expect(status === 413).toBe(refused);
    // Nobody who has signed nothing is let in anyway; some are sent to sign in.
    expect(status === 303 || (status >= 400 && status < 500)).toBe(true);
  });

  test.each([
    ['as much as it takes', bytes, false],
    ['one byte more', bytes + 1, true],
  ])('%s, without saying before how much it is: %i', async (_, length, refused) => {
    const { status } = await send(new Blob([bodyOf(length)]).stream());
    expect(status === 413).toBe(refused);
  });
});

test.each(Object.keys(routes))('%s answers with a request id of its own', async (route) => {
  const [method = 'GET'] = route.split(' ');
  const ask = async () => {
    const options = { method: method === 'ALL' ? 'GET' : method, redirect: 'manual' } as const;
    const response = await fetch(addressOf(route), options);
    await response.body?.cancel();
    return response.headers.get('x-request-id');
  };
  const ids = [await ask(), await ask()];
  for (const id of ids) expect(id).toMatch(/^req_[0-9a-z]{16}$/);
  expect(ids[0]).not.toBe(ids[1]);
});
