import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { approvalLink } from '../../core/consent/link.ts';
import { sha256Hex } from '../../core/crypto.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { oauthStates } from '../../drizzle/schema/publishing.ts';
import { eq } from 'drizzle-orm';
import { hashRows } from '../authorisation/rows.ts';
import { createWorld, type World } from '../kit/world.ts';
import { askApproval, connectLink, goodAddresses } from './pages.ts';
import { ask, submit, type Asking, type Reply } from './wire.ts';

let world: World;
let addresses: Record<string, string>;
/** What another site would like to have pressed, with all that it takes. */
let approval: { readonly id: string; readonly url: string; readonly sig: string };
let start: { readonly url: string; readonly state: string };
beforeAll(async () => {
  world = await createWorld();
  addresses = await goodAddresses(world);
  const id = await askApproval(world, 'victim', 'a paper boat sails down the street');
  const link = new URL(approvalLink(world.app, id) ?? '');
  approval = { id, url: `${link.origin}${link.pathname}`, sig: link.searchParams.get('sig') ?? '' };
  const state = (await connectLink(world, 'victim')).searchParams.get('state') ?? '';
  start = { url: `${world.publicUrl}/oauth/google/start`, state };
});
afterAll(() => world.close());

type Headers = NonNullable<Asking['headers']>;

/** How a browser names where a form comes from that is not ours. */
const strangers = (own: URL): Readonly<Record<string, Headers>> => ({
  'another site': { origin: 'https://evil.example' },
  'an opaque page': { origin: 'null' },
  'a page without a name': { origin: '' },
  'a file': { origin: 'file://' },
  'the same host at another port': { origin: `${own.protocol}//${own.hostname}:1` },
  'the same host at the usual port': { origin: `${own.protocol}//${own.hostname}` },
  'the same host by the other scheme': { origin: `https://${own.host}` },
  'another name of the same machine': { origin: `http://localhost:${own.port}` },
  'a name that begins like ours': { origin: `${own.origin}.evil.example` },
  'a name that ends like ours': { origin: `http://evil${own.host}` },
  'our name as a user': { origin: `${own.origin}@evil.example` },
  'our name in a path': { origin: `https://evil.example/${own.origin}` },
  'our name and a slash': { origin: `${own.origin}/` },
  'two origins, ours first': { origin: [own.origin, 'https://evil.example'] },
  'two origins, ours last': { origin: ['https://evil.example', own.origin] },
  'another site, says the browser': { 'sec-fetch-site': 'cross-site' },
  'another site, says the browser, though the origin is ours': {
    origin: own.origin,
    'sec-fetch-site': 'cross-site',
  },
  'a sister site': { origin: own.origin, 'sec-fetch-site': 'same-site' },
  'no page at all': { origin: own.origin, 'sec-fetch-site': 'none' },
  'a browser that says both': {
    origin: own.origin,
    'sec-fetch-site': ['same-origin', 'cross-site'],
  },
  'a browser that says neither': { origin: own.origin, 'sec-fetch-site': '' },
});
const who = Object.keys(strangers(new URL('http://127.0.0.1:1')));

const decision = (): Record<string, string> => ({ sig: approval.sig, decision: 'approve' });
const statusOf = async (): Promise<string | undefined> => {
  const { db } = world.app.database;
  const [row] = await db.select().from(approvals).where(eq(approvals.id, approval.id));
  return row?.status;
};
const stateOf = async () => {
  const [row] = await world.app.database.db
    .select({ browserHash: oauthStates.browserHash, usedAt: oauthStates.usedAt })
    .from(oauthStates)
    .where(eq(oauthStates.stateHash, sha256Hex(start.state)));
  return row;
};

/** The rows once nothing that was begun before changes them any more. */
async function restingRows(): Promise<Awaited<ReturnType<typeof hashRows>>> {
  let last = await hashRows(world);
  await vi.waitFor(async () => {
    const before = last;
    last = await hashRows(world);
    expect(last).toEqual(before);
  });
  return last;
}

/** What came of a request: whether it was refused, what the browser was given, and what has changed. */
async function after(act: () => Promise<Reply>): Promise<unknown> {
  const before = await restingRows();
  const { status, headers } = await act();
  const rows = Object.entries(await hashRows(world));
  return {
    isRefused: status >= 400 && status < 500,
    cookie: headers['set-cookie'],
    readers: headers['access-control-allow-origin'],
    changed: rows.flatMap(([table, hash]) => (before[table] === hash ? [] : [table])),
    approval: await statusOf(),
    connection: await stateOf(),
  };
}
const nothing = {
  isRefused: true,
  changed: [],
  approval: 'pending',
  connection: { browserHash: null, usedAt: null },
};

describe.each(who)('a form sent from %s', (name) => {
  const headers = (): Headers => strangers(new URL(world.publicUrl))[name] ?? {};

  test('approves nothing', async () => {
    expect(await after(() => submit(approval.url, decision(), headers()))).toEqual(nothing);
  });
  test('declines nothing', async () => {
    expect(
      await after(() => submit(approval.url, { ...decision(), decision: 'decline' }, headers())),
    ).toEqual(nothing);
  });
  test('begins no connection', async () => {
    expect(await after(() => submit(start.url, { state: start.state }, headers()))).toEqual(
      nothing,
    );
  });
});

/** What a page may send anywhere without being asked first, and how it may try to be taken for another method. */
const shapes: Readonly<Record<string, (fields: URLSearchParams) => Asking>> = {
  'as plain text': (fields) => ({
    method: 'POST',
    body: `${fields.toString()}\r\n`,
    headers: { 'content-type': 'text/plain' },
  }),
  'in parts': (fields) => ({
    method: 'POST',
    body: [...fields]
      .map(
        ([name, value]) =>
          `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join(''),
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  }),
  'as JSON': (fields) => ({
    method: 'POST',
    body: JSON.stringify(Object.fromEntries(fields)),
    headers: { 'content-type': 'application/json' },
  }),
  'without a type': (fields) => ({ method: 'POST', body: fields.toString() }),
  'in the address of a POST': (fields) => ({ method: 'POST', path: `?${fields.toString()}` }),
  'with its decision alone in the body': (fields) => ({
    method: 'POST',
    path: `?${fields.toString()}`,
    body: 'decision=approve',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  'by PUT': (fields) => ({
    method: 'PUT',
    body: fields.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
};

describe.each(Object.keys(shapes))('a form %s', (shape) => {
  const sent = (fields: Record<string, string>, url: string): Promise<Reply> => {
    const { path = '', ...asking } = shapes[shape]?.(new URLSearchParams(fields)) ?? {};
    const headers = { origin: world.publicUrl, ...asking.headers };
    return ask(url, { ...asking, headers, path: `${new URL(url).pathname}${path}` });
  };

  test('decides nothing', async () => {
    expect(await after(() => sent(decision(), approval.url))).toEqual(nothing);
  });
  test('begins no connection', async () => {
    expect(await after(() => sent({ state: start.state }, start.url))).toEqual(nothing);
  });
});

test.each(['GET', 'HEAD'])('looking by %s presses no button', async (method) => {
  for (const query of ['&decision=approve', '&decision=approve&_method=POST'])
    for (const headers of [{}, { 'x-http-method-override': 'POST', 'x-method-override': 'POST' }]) {
      const path = `${new URL(approval.url).pathname}?sig=${approval.sig}${query}`;
      expect((await ask(approval.url, { method, path, headers })).status).toBe(200);
      expect(await statusOf()).toBe('pending');
      const asked = `/oauth/google/start?state=${start.state}${query}`;
      const reply = await ask(start.url, { method, path: asked, headers });
      expect([reply.status, reply.headers['set-cookie']]).toEqual([200, undefined]);
      expect(await stateOf()).toEqual({ browserHash: null, usedAt: null });
    }
});

describe('a page of ours', () => {
  const pages = ['the page before Google’s', 'the way back from Google', 'an approval'];
  const all = [...pages, 'the page after paying', 'the page after the portal', 'no page'];

  test.each(all)('%s stands in no frame of another site, and keeps no cookie', async (name) => {
    const { headers } = await ask(addresses[name] ?? '', { headers: { accept: 'text/html' } });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['set-cookie']).toBeUndefined();
  });

  test.each(all)('%s is not read by another site, asked first or not', async (name) => {
    const url = addresses[name] ?? '';
    const origin = 'https://evil.example';
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const asked = { origin, 'access-control-request-method': 'POST' };
      const { headers } = await ask(url, { method, headers: asked });
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });
});

test('another site’s page reaches no tool of MCP', async () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
  const before = await hashRows(world);
  for (const [what, headers] of Object.entries(strangers(new URL(world.publicUrl)))) {
    const reply = await ask(`${world.publicUrl}/mcp`, {
      method: 'POST',
      body: JSON.stringify(call),
      headers: { 'content-type': 'text/plain', ...headers },
    });
    expect([what, [401, 403].includes(reply.status)]).toEqual([what, true]);
  }
  expect(await hashRows(world)).toEqual(before);
});

test('the same forms are taken from our own page', async () => {
  const own = { origin: world.publicUrl, 'sec-fetch-site': 'same-origin' };
  expect((await submit(start.url, { state: start.state }, own)).status).toBe(303);
  expect((await submit(approval.url, decision(), own)).status).toBe(200);
  expect(await statusOf()).toBe('approved');
});
