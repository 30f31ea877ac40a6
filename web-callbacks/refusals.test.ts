import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { approvalLink } from '../core/consent/link.ts';
import { mediaLink } from '../core/media-link.ts';
import { tokenCreate } from '../core/token/create.ts';
import { askApproval } from '../test/attacks/pages.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: { RATE_ADDRESS_PER_MINUTE: '60' } });
});
afterAll(() => world.close());
beforeEach(() => void world.logs.splice(0));

const lineSchema = z.looseObject({ msg: z.string(), time: z.string() });

/** What the log says was turned away. */
const refusals = () =>
  world.logs
    .map((line) => lineSchema.parse(JSON.parse(line)))
    .filter(({ msg }) => msg === 'request refused');

const call = (token: string, method: string, params: object) =>
  fetch(`${world.publicUrl}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });

async function tokenFor(scopes: string): Promise<string> {
  const made = await world.must(tokenCreate, { name: 'x', scopes }, await world.context());
  return tokenCreate.output.parse(made).token;
}

describe('who is turned away', () => {
  test('at a link that is not valid stands in the log, with when, where and who, and no secret', async () => {
    const link =
      approvalLink(world.app, await askApproval(world, 'owner', 'a paper boat sails')) ?? '';
    const [, sig = ''] = link.split('sig=');
    const response = await fetch(link.replace('/approvals/', '/approvals/x'));
    expect(response.status).toBe(403);
    expect(refusals()).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        requestId: response.headers.get('x-request-id'),
        method: 'GET',
        path: expect.stringMatching(/^\/approvals\/xapr_\w+$/),
        status: 403,
        code: 'link_not_valid',
        from: '127.0.0.1',
        msg: 'request refused',
      },
    ]);
    expect(world.logs.join('')).not.toContain(sig);
  });

  test('with a forged callback does as well', async () => {
    const asked = { method: 'POST', body: '{}', headers: { 'stripe-signature': 't=1,v1=00' } };
    for (const path of ['/webhooks/fal?attempt=att_1&sig=AAAAAAAA', '/webhooks/stripe'])
      await fetch(`${world.publicUrl}${path}`, asked);
    expect(refusals()).toMatchObject([
      { path: '/webhooks/fal', status: 401 },
      { path: '/webhooks/stripe', status: 400 },
    ]);
    expect(world.logs.join('')).not.toContain('AAAAAAAA');
  });

  test('without a token, or with one of another scope, does as well', async () => {
    const made = `jilo_${'A'.repeat(49)}`;
    const narrow = await tokenFor('write');
    await call('', 'tools/list', {});
    await call(made, 'tools/list', {});
    await call(narrow, 'resources/list', {});
    await expect
      .poll(() => refusals().map(({ path, status }) => [path, status]))
      .toEqual([
        ['/mcp', 401],
        ['/mcp', 401],
        ['/mcp', 403],
      ]);
    for (const token of [made, narrow]) expect(world.logs.join('')).not.toContain(token);
  });

  test('with a wrong token at the metrics does as well, though the answer is that there is no such page', async () => {
    const headers = { authorization: 'Bearer wrong-0123456789-token' };
    expect((await fetch(`${world.publicUrl}/metrics`, { headers })).status).toBe(404);
    expect(refusals()).toMatchObject([{ path: '/metrics', status: 404, code: 'metrics' }]);
    expect(world.logs.join('')).not.toContain('wrong-0123456789');
  });

  test('for asking too often does as well', async () => {
    const statuses: number[] = [];
    for (let asked = 0; asked < 70; asked += 1)
      statuses.push((await fetch(`${world.publicUrl}/billing/back`)).status);
    expect(statuses.at(-1)).toBe(429);
    expect(refusals().at(-1)).toMatchObject({ status: 429, code: 'rate_limited' });
  });

  test('is told from who is let in, and from what is not there', async () => {
    const key = 'videos/gone.mp4';
    expect((await fetch(mediaLink(world.app, key) ?? '')).status).toBe(404);
    expect((await fetch(`${world.publicUrl}/healthz`)).status).toBe(200);
    expect(refusals()).toEqual([]);
  });
});
