import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createVisitor, formFields, goodPassword, signUp } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { safeNext } from './next.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: { TRUSTED_PROXIES: '1' } });
  await signUp(world, createVisitor(world.publicUrl), 'kim@example.org');
});
afterAll(() => world.close());

const evil = 'evil.example';
/** Where an attacker would like somebody to go on after signing in. */
const away = [
  `//${evil}`,
  `///${evil}`,
  `////${evil}`,
  `/\\${evil}`,
  `\\\\${evil}`,
  `\\/${evil}`,
  `/.//${evil}`,
  `/..//${evil}`,
  `/x/..//${evil}`,
  `/%2e//${evil}`,
  `/%2e%2e//${evil}`,
  `/./\\${evil}`,
  `/x/../\\${evil}`,
  `/.//\\${evil}`,
  `/a/b/../..//${evil}/..//`,
  `https://${evil}`,
  `https:${evil}`,
  `https:/${evil}`,
  `http:///${evil}`,
  `HTTPS://${evil}`,
  `javascript:alert(1)//${evil}`,
  `JaVaScRiPt:location='//${evil}'`,
  `vbscript:${evil}`,
  `data:text/html,<script>location='//${evil}'</script>`,
  `blob:https://${evil}/x`,
  `/\t/${evil}`,
  `/\n/${evil}`,
  `/\r/${evil}`,
  `\t//${evil}`,
  ` //${evil}`,
  `/\u0000/${evil}`,
  `/\u00a0/${evil}`,
  `／／${evil}`,
  `/／${evil}`,
  `/。${evil}`,
  `/\u2028/${evil}`,
  `@${evil}`,
  `https://127.0.0.1@${evil}`,
  `.${evil}`,
  `:80@${evil}`,
  `//127.0.0.1@${evil}`,
  evil,
  `ftp://${evil}`,
  `//[::1]@${evil}`,
  `/\x7f/${evil}`,
  `?next=//${evil}`,
  `#${evil}`,
  `/dashboard\r\nLocation: https://${evil}`,
  `/dashboard"><meta content=//${evil}>`,
  `/${'a'.repeat(4001)}${evil}`,
  '',
];
/** What stays here, however it looks. */
const here = [
  ['/tokens', '/tokens'],
  [`/%2f%2f${evil}`, `/%2f%2f${evil}`],
  [`/%5c${evil}`, `/%5c${evil}`],
  [`/@${evil}`, `/@${evil}`],
  [`/x//${evil}`, `/x//${evil}`],
  [`/sign-in?next=//${evil}`, `/sign-in?next=//${evil}`],
  [`/sign-in?next=/sign-in%3Fnext=//${evil}`, `/sign-in?next=/sign-in%3Fnext=//${evil}`],
  ['/account?a=1&b=2#there', '/account?a=1&b=2'],
  ['/x/../tokens', '/tokens'],
] as const;

test.each(away)('%j leads to the dashboard', (asked) => {
  for (const publicUrl of ['https://jilo.example', 'http://127.0.0.1:4321', null])
    expect(safeNext({ publicUrl: () => publicUrl }, asked)).toBe('/dashboard');
});

test.each(here)('%j leads to %j', (asked, path) => {
  expect(safeNext({ publicUrl: () => 'https://jilo.example' }, asked)).toBe(path);
});

test.each([[['/tokens', '//evil']], [{ toString: '/tokens' }], [7], [null], [undefined]])(
  'what is no text leads to the dashboard: %j',
  (asked) => {
    expect(safeNext({ publicUrl: () => null }, asked)).toBe('/dashboard');
  },
);

/** Where a browser would be after an answer: the address of its redirect or refresh. */
function onward({ headers, text }: { readonly headers: Headers; readonly text: string }): string {
  const refresh = /http-equiv="refresh" content="0;url=([^"]*)"/u.exec(text)?.[1];
  return headers.get('location') ?? refresh ?? '';
}
const isHere = (address: string) =>
  new URL(address, world.publicUrl).origin === world.publicUrl && address !== '';

describe('a form with a wish', () => {
  test('leads away from the site by no wish at all', async () => {
    for (const [index, next] of [...away, ...here.map(([asked]) => asked)].entries()) {
      const network = `192.0.2.${index}`;
      const visitor = createVisitor(world.publicUrl, { follow: false, network });
      const page = await visitor.open(`/sign-in?next=${encodeURIComponent(next)}`);
      const kept = formFields(page.text, '/sign-in')['next'] ?? '';
      expect([next, isHere(kept)]).toEqual([next, true]);
      expect(page.text).not.toMatch(new RegExp(`(?:href|action|src|content)="[^"]*//${evil}`, 'u'));
      const inSignUp = await visitor.open(`/sign-up?next=${encodeURIComponent(next)}`);
      expect(inSignUp.text).not.toMatch(new RegExp(`(?:href|action)="[^"]*//${evil}`, 'u'));
    }
  });

  test.each([...away.slice(0, 24), `/sign-in?next=//${evil}`])(
    '%j signs in and stays',
    async (next) => {
      const network = `198.51.100.${away.indexOf(next) + 2}`;
      const visitor = createVisitor(world.publicUrl, { follow: false, network });
      // The world does not wait for a quarter of an hour, and so many tries are none of one person.
      await world.app.database.sql`delete from rate_limits`;
      const fields = { email: 'kim@example.org', password: goodPassword, next };
      const answer = await visitor.post('/sign-in', fields);
      expect([answer.status, visitor.cookies.size, isHere(onward(answer))]).toEqual([200, 1, true]);
      const start = await visitor.post('/sign-in/google', { next });
      expect(new URL(onward(start)).origin).toBe(new URL(world.emulators.google.url).origin);
      expect(start.text).not.toContain(evil);
    },
  );

  test('that is said twice leads to the dashboard', async () => {
    const body = new URLSearchParams([
      ['email', 'kim@example.org'],
      ['password', goodPassword],
      ['next', '/tokens'],
      ['next', `//${evil}`],
    ]);
    const headers = { origin: world.publicUrl, 'x-forwarded-for': '203.0.113.9' };
    const answer = await fetch(`${world.publicUrl}/sign-in`, { method: 'POST', body, headers });
    expect(onward({ headers: answer.headers, text: await answer.text() })).toBe('/dashboard');
  });

  test('is written into the page of the refresh as text', async () => {
    const network = '203.0.113.10';
    const visitor = createVisitor(world.publicUrl, { follow: false, network });
    const next = `/tokens?a='&b=<script>&c="x"`;
    const fields = { email: 'kim@example.org', password: goodPassword, next };
    const { text } = await visitor.post('/sign-in', fields);
    expect(text).not.toContain('<script>&');
    expect(text).toContain('content="0;url=/tokens?a=%27&amp;b=%3Cscript%3E&amp;c=%22x%22"');
  });
});
