import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  createProof,
  questionAddress,
  registerProgram,
  sendRegistration,
  type Program,
} from '../kit/programs.ts';
import { createVisitor, signUp, type Visitor } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';
import { refusalOf, sentTo } from './oauth-kit.ts';
import { ask, wholeOf } from './wire.ts';

let world: World;
let origin: string;
let visitor: Visitor;
let web: Program;
let native: Program;

const callback = 'https://app.example.org/oauth/callback';
const local = 'http://127.0.0.1:3000/callback';

beforeAll(async () => {
  world = await createWorld();
  origin = world.publicUrl;
  visitor = createVisitor(origin);
  await signUp(world, visitor, 'ana@example.org');
  web = await registerProgram(origin, { redirect_uris: [callback] });
  native = await registerProgram(origin, { redirect_uris: [local] });
});
afterAll(() => world.close());

/** Where an attacker would like the code of a program to go. */
const places = [
  ['nowhere', ''],
  ['with a path that goes on', `${callback}/evil`],
  ['with a slash', `${callback}/`],
  ['with half of the path', 'https://app.example.org/oauth'],
  ['with a path that climbs', 'https://app.example.org/oauth/callback/../../open'],
  ['with an encoded slash', 'https://app.example.org/oauth%2fcallback'],
  ['with an encoded letter', 'https://app.example.org/oauth/%63allback'],
  ['with a path in capitals', 'https://app.example.org/OAuth/Callback'],
  ['with a host in capitals', 'https://APP.example.org/oauth/callback'],
  ['of a part of the host', 'https://evil.app.example.org/oauth/callback'],
  ['of a host around it', 'https://app.example.org.evil.example/oauth/callback'],
  ['of a name before it', 'https://evilapp.example.org/oauth/callback'],
  ['of another host', 'https://evil.example/oauth/callback'],
  ['with the host as a name', 'https://app.example.org@evil.example/oauth/callback'],
  ['with a name', 'https://evil@app.example.org/oauth/callback'],
  ['with a name and a password', 'https://a:b@app.example.org/oauth/callback'],
  ['with a fragment', `${callback}#evil`],
  ['with an empty fragment', `${callback}#`],
  ['with a query', `${callback}?to=evil`],
  ['with an empty query', `${callback}?`],
  ['with a parameter of a path', `${callback};evil`],
  ['by http', 'http://app.example.org/oauth/callback'],
  ['at another port', 'https://app.example.org:8443/oauth/callback'],
  ['at its own port, written out', 'https://app.example.org:443/oauth/callback'],
  ['with a dot behind the host', 'https://app.example.org./oauth/callback'],
  ['with a slash that leans back', 'https://app.example.org\\@evil.example/oauth/callback'],
  ['with slashes that lean back', 'https:\\\\app.example.org\\oauth\\callback'],
  ['with a slash too many', 'https:///app.example.org/oauth/callback'],
  ['with a zero behind it', `${callback}\0.evil.example`],
  ['in other letters', 'https://аpp.example.org/oauth/callback'],
  ['in wide letters', 'https://ａpp.example.org/oauth/callback'],
  ['with a wide dot', 'https://app。example.org/oauth/callback'],
  ['without a scheme', '//app.example.org/oauth/callback'],
  ['without a host', '/oauth/callback'],
  ['that is a script', 'javascript:alert(1)//app.example.org/oauth/callback'],
  ['that is data', 'data:text/html,<script>alert(1)</script>'],
  ['that is a program', 'com.evil.app:/oauth/callback'],
  ['that is a file', 'file:///oauth/callback'],
  ['of this machine', 'http://localhost/oauth/callback'],
  ['out of band', 'urn:ietf:wg:oauth:2.0:oob'],
] as const;

/** Where a browser ends that asks this, and with what. */
async function endOf(address: string): Promise<string> {
  const { place } = await sentTo(origin, visitor, address);
  const code = place.searchParams.has('code') ? ' with a code' : '';
  return `${place.origin}${place.pathname}${code}`;
}
/** It stays here. */
const errorPage = (): string => `${origin}/auth-error`;

describe('at the page where programs ask, nobody is sent to an address', () => {
  test.each(places)('%s', async (_what, redirect_uri) => {
    const { challenge } = createProof();
    expect(
      await endOf(questionAddress(origin, { program: web, challenge, changes: { redirect_uri } })),
    ).toBe(errorPage());
    // Not for an error either, which is found before the address is looked at.
    const changes = { redirect_uri, response_type: 'token', scope: 'root' };
    expect(await endOf(questionAddress(origin, { program: web, challenge, changes }))).toBe(
      errorPage(),
    );
  });

  test.each([
    ['another path', 'http://127.0.0.1:3000/evil'],
    ['another name of this machine', 'http://localhost:3000/callback'],
    ['this machine in IPv6', 'http://[::1]:3000/callback'],
    ['another number of this machine', 'http://127.0.0.2:3000/callback'],
    ['this machine by https', 'https://127.0.0.1:3000/callback'],
    ['a host that begins like it', 'http://127.0.0.1.nip.io:3000/callback'],
    ['a host with its number as a name', 'http://127.0.0.1:3000@evil.example/callback'],
    ['a port that is none', 'http://127.0.0.1:3000evil.example/callback'],
    ['this machine as one number', 'http://2130706433:3000/callback'],
  ])('of a program of this machine with %s', async (_what, redirect_uri) => {
    const { challenge } = createProof();
    const changes = { redirect_uri };
    expect(await endOf(questionAddress(origin, { program: native, challenge, changes }))).toBe(
      errorPage(),
    );
  });

  test('white space around a good address leads to the good address', async () => {
    const { challenge } = createProof();
    const changes = { redirect_uri: ` ${callback}\n` };
    const address = questionAddress(origin, { program: web, challenge, changes });
    const { place } = await sentTo(origin, visitor, address);
    expect([place.pathname, place.searchParams.get('redirect_uri')]).toEqual([
      '/consent',
      callback,
    ]);
  });

  test('that is said twice, or not at all', async () => {
    const { challenge } = createProof();
    const good = questionAddress(origin, { program: web, challenge });
    const evil = encodeURIComponent('https://evil.example/');
    expect(await endOf(`${good}&redirect_uri=${evil}`)).toBe(errorPage());
    expect(await endOf(good.replace('?', `?redirect_uri=${evil}&`))).toBe(errorPage());
    expect(await endOf(`${good}&redirect_uri[]=${evil}`.replace('redirect_uri=', 'x='))).toBe(
      errorPage(),
    );
    const changes = { redirect_uri: null };
    expect(await endOf(questionAddress(origin, { program: web, challenge, changes }))).toBe(
      errorPage(),
    );
  });

  test('of a program that nobody knows, or that is said twice', async () => {
    const { challenge } = createProof();
    const unknown = { clientId: 'client_none', redirectUri: 'https://evil.example/' };
    expect(await endOf(questionAddress(origin, { program: unknown, challenge }))).toBe(errorPage());
    expect(await endOf(`${questionAddress(origin, { program: web, challenge })}&client_id=x`)).toBe(
      errorPage(),
    );
  });
});

describe('a program is not registered with an address', () => {
  test.each([
    ['by http on a public host', 'http://app.example.org/callback'],
    ['that is a script', 'javascript:alert(1)'],
    ['that is data', 'data:text/html,x'],
    ['that is an old script', 'vbscript:x'],
    ['that is a file', 'file:///etc/passwd'],
    ['that is a blob', 'blob:https://app.example.org/x'],
    ['that is a mail', 'mailto:a@example.org'],
    ['of a scheme for programs', 'com.example.app:/callback'],
    ['of a scheme of one word', 'myapp://callback'],
    ['with a fragment', `${callback}#x`],
    ['with a name', 'https://evil@app.example.org/callback'],
    ['of this machine by https', 'https://localhost/callback'],
    ['of a name that begins like this machine', 'http://localhost.evil.example/callback'],
    ['of a number that begins like this machine', 'http://127.0.0.1.nip.io/callback'],
    ['of this machine with a dot', 'http://localhost./callback'],
    ['of this machine as one number', 'http://2130706433/callback'],
    ['of any machine', 'http://0.0.0.0/callback'],
    ['of a private network', 'http://192.168.0.1/callback'],
    ['without a scheme', '//app.example.org/callback'],
    ['without a host', '/callback'],
    ['that is empty', ''],
    ['that is longer than any', `https://app.example.org/${'a'.repeat(3000)}`],
  ])('%s', async (_what, address) => {
    for (const redirect_uris of [[address], [callback, address], [local, address]]) {
      const refused = await sendRegistration(origin, { redirect_uris });
      expect(refused.status).toBe(400);
      expect((await refusalOf(refused))[1]).toMatch(/^invalid_|validation/iu);
    }
  });
});

describe('the page for whoever cannot be sent back', () => {
  const open = (query: string, language: string) =>
    ask(`${origin}/auth-error?${query}`, {
      headers: { 'accept-language': language, accept: 'text/html' },
    });

  test.each([
    ['en', 'error=invalid_client', 'Remove Jilo from it and connect it once more.'],
    ['en', 'error=invalid_redirect', 'Nothing was sent there.'],
    ['en', 'error=state_mismatch', 'begin again'],
    ['zh', 'error=invalid_client', '此处不认识您来自的程序'],
    ['zh', '', '无法处理这个请求'],
  ])('says in %s what to do (%s)', async (language, query, said) => {
    const page = await open(query, language);
    expect(page.status).toBe(400);
    expect(page.text).toContain(said);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['x-frame-options']).toBe('DENY');
  });

  test('shows nothing that stands in its address', async () => {
    const evil = 'Call+evil.example+now<script>alert(1)</script>';
    for (const name of ['error', 'error_description', 'state', 'next', 'redirect_uri'])
      expect(wholeOf(await open(`${name}=${evil}&${name}=${evil}`, 'en'))).not.toContain('evil');
  });
});
