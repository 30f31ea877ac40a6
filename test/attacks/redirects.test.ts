import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createWorld, type World } from '../kit/world.ts';
import { connectLink, goodAddresses } from './pages.ts';
import { ask, submit, wholeOf, type Reply } from './wire.ts';

let world: World;
let addresses: Record<string, string>;
beforeAll(async () => {
  world = await createWorld();
  addresses = await goodAddresses(world);
});
afterAll(() => world.close());

const evil = 'evil.example';
/** Where an attacker would like a browser to go. */
const places = [
  `https://${evil}`,
  `//${evil}`,
  `///${evil}`,
  `/\\${evil}`,
  `\\\\${evil}`,
  `https:${evil}`,
  `/%2f${evil}`,
  `/\t/${evil}`,
  `https://127.0.0.1@${evil}`,
  `javascript:location='https://${evil}'`,
  `data:text/html,<script src=https://${evil}></script>`,
  `/?\r\nLocation: https://${evil}`,
];
/** Where products take it from. */
const parameters = `
  next url uri to r u go goto dest destination target redirect redirect_to redirect_uri
  redirectUrl return returnTo return_to return_url back backUrl callback callbackURL
  continue forward out success_url cancel_url link view page origin host issuer iss`
  .trim()
  .split(/\s+/u);
const names = [
  'the page before Google’s',
  'the way back from Google',
  'an approval',
  'the page after paying',
  'the page after not paying',
  'the page after the portal',
  'a file that is gone',
  'a chart',
  'a receipt',
  'no page',
  'health',
  'what MCP says of itself',
  'MCP',
];

/** A browser that gets this stays where it is, and is shown no way there. */
function expectStays(reply: Reply, what: string): void {
  expect([what, reply.status >= 300 && reply.status < 400]).toEqual([what, false]);
  expect([what, reply.headers.location]).toEqual([what, undefined]);
  // The page after paying looks again, at itself.
  expect(reply.headers['refresh'] ?? '3').toBe('3');
  expect(wholeOf(reply)).not.toContain(evil);
  expect(reply.text).not.toMatch(/http-equiv|<base/iu);
}

test('every page is tried', () => {
  expect(Object.keys(addresses)).toEqual(names);
  expect(Object.values(addresses)).not.toContain('');
});

describe.each(names)('%s', (name) => {
  test.each(places)('sends nobody to %j', async (place) => {
    const url = new URL(addresses[name] ?? '');
    for (const parameter of parameters) url.searchParams.set(parameter, place);
    const reply = await ask(url);
    expectStays(reply, place);
    expect(reply.status).toBeLessThan(500);
  });
});

/** How a request may name another host than ours. */
const hosts = [
  { host: evil },
  { host: `127.0.0.1@${evil}` },
  { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
  { forwarded: `host=${evil};proto=https` },
  { 'x-original-url': `//${evil}/`, 'x-rewrite-url': `//${evil}/` },
  { 'x-host': evil, 'x-forwarded-server': evil, 'x-http-host-override': evil },
  { referer: `https://${evil}/` },
];

test.each(names.filter((name) => name !== 'MCP'))(
  '%s is the same whatever host is asked for, and whatever a proxy says',
  async (name) => {
    const url = addresses[name] ?? '';
    const own = await ask(url);
    for (const headers of hosts) {
      const reply = await ask(url, { headers });
      expectStays(reply, JSON.stringify(headers));
      expect(reply.status).toBe(own.status);
    }
  },
);

test('MCP is there under its own name alone', async () => {
  const url = addresses['MCP'] ?? '';
  const statuses = hosts.map(async (headers) => (await ask(url, { headers })).status);
  expect(await Promise.all(statuses)).toEqual([403, 403, 401, 401, 401, 401, 401]);
});

/** Every page names its picture for the browser's tab. */
const ownIcon = 'href="/icon.svg"';

describe('a path', () => {
  test.each([
    `//${evil}/`,
    `//${evil}/%2e%2e`,
    `/\\${evil}/`,
    `/%5c${evil}/`,
    `/%2f%2f${evil}/..`,
    `/.//${evil}`,
    `/./${evil}/..//`,
    `//${evil}/oauth/google/start`,
    `/oauth/google/start//${evil}`,
    `/approvals//${evil}`,
    `/billing//${evil}/`,
    `/billing/done/..//${evil}`,
    `/media/https://${evil}`,
    `/media//${evil}/a.mp4`,
    `http://${evil}/billing/back`,
    `/${evil}%0d%0aLocation:%20https://${evil}`,
  ])('such as %s leads nowhere', async (path) => {
    const reply = await ask(world.publicUrl, { path });
    expect([200, 400, 403, 404]).toContain(reply.status);
    expect(reply.headers.location).toBeUndefined();
    expect(wholeOf(reply).replace(ownIcon, '')).not.toMatch(/href|evil/iu);
  });
});

describe('the one redirect that there is', () => {
  test.each([
    {},
    { host: evil },
    { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https' },
    { forwarded: `host=${evil}` },
  ])('leads to Google and back to us, asked with %j', async (headers) => {
    const link = await connectLink(world, 'reader');
    const state = link.searchParams.get('state') ?? '';
    const start = `${world.publicUrl}/oauth/google/start?redirect_uri=https://${evil}&next=//${evil}`;
    const form = { state, redirect_uri: `https://${evil}/`, next: `//${evil}`, hostUrl: evil };
    const reply = await submit(start, form, { origin: world.publicUrl, ...headers });
    expect(reply.status).toBe(303);
    const google = new URL(String(reply.headers.location));
    expect(google.origin).toBe(new URL(world.emulators.google.url).origin);
    expect(google.searchParams.getAll('redirect_uri')).toEqual([
      `${world.publicUrl}/oauth/google/callback`,
    ]);
    expect(wholeOf(reply)).not.toContain(evil);
  });
});
