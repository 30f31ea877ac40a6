import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { mediaLink } from '../../core/media-link.ts';
import { tokenCreate } from '../../core/token/create.ts';
import { goToGoogle } from '../../sandbox/google/browser.ts';
import { createWebApp } from '../../web-callbacks/app.ts';
import { serveWeb, type WebServer } from '../../web-callbacks/serve.ts';
import { createWorld, type World } from '../kit/world.ts';
import { connectLink, goodAddresses } from './pages.ts';
import { ask, submit, type Reply } from './wire.ts';

const publicUrl = 'https://jilo.example';
let world: World;
/** The same as it is served behind a proxy with TLS. */
let web: WebServer;
let paths: readonly (readonly [name: string, path: string])[];
beforeAll(async () => {
  world = await createWorld();
  await world.app.ports.storage.write('videos/here.mp4', Readable.from([Buffer.from('here')]), 10);
  await world.app.ports.storage.write('other/a.svg', Readable.from([Buffer.from('<svg/>')]), 10);
  const addresses = {
    ...(await goodAddresses(world)),
    'a file': mediaLink(world.app, 'videos/here.mp4') ?? '',
    'a drawing': mediaLink(world.app, 'other/a.svg') ?? '',
    readiness: `${world.publicUrl}/readyz`,
    metrics: `${world.publicUrl}/metrics`,
    'a callback': `${world.publicUrl}/webhooks/fal`,
  };
  paths = Object.entries(addresses).map(([name, url]) => {
    const { pathname, search } = new URL(url);
    return [name, `${pathname}${search}`];
  });
  const services = {
    ...world.services,
    config: { ...world.services.config, PUBLIC_URL: publicUrl },
    publicUrl: () => publicUrl,
  };
  web = await serveWeb(createWebApp(services, { operations: [], instanceId: 'run_tls' }), 0);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

/** The answers of every address, whether it lets in or turns away. */
const answers = (): Promise<(readonly [string, Reply])[]> =>
  Promise.all(paths.map(async ([name, path]) => [name, await ask(web.url, { path })] as const));

describe('every answer', () => {
  test('asks for https for a year, below our name as well', async () => {
    const all = await answers();
    expect(all.length).toBeGreaterThan(15);
    for (const [name, { headers }] of all) {
      const said = String(headers['strict-transport-security']);
      const [, seconds = '0'] = /max-age=(\d+)/.exec(said) ?? [];
      expect([name, Number(seconds) >= 365 * 24 * 3600]).toEqual([name, true]);
      expect([name, said]).toEqual([name, expect.stringContaining('includeSubDomains')]);
    }
  });

  test('stands in no frame, takes no base, runs no plug-in and is taken for what it says', async () => {
    for (const [name, { headers }] of await answers()) {
      const policy = String(headers['content-security-policy']).split(/;\s*/);
      for (const rule of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
        expect([name, policy]).toEqual([name, expect.arrayContaining([rule])]);
      // What `default-src` forbids is allowed by no rule of its own, but scripts that are known by their sum.
      expect(policy.filter((rule) => /^(?:object|frame|child|worker)-src/.test(rule))).toEqual([]);
      for (const rule of policy.filter((one) => one.startsWith('script-src')))
        expect(rule).toMatch(/^script-src(?: 'sha256-[\w+/]{43}=')+$/u);
      expect([name, headers['x-content-type-options']]).toEqual([name, 'nosniff']);
      expect([name, headers['referrer-policy']]).toEqual([name, 'same-origin']);
    }
  });

  const typeOf = ({ headers }: Reply): string => String(headers['content-type']);
  const isPage = (reply: Reply): boolean => typeOf(reply).startsWith('text/html');

  test('that is for one person is kept by no shared cache, and pages by none', async () => {
    const all = await answers();
    expect(all.filter(([, reply]) => isPage(reply)).length).toBeGreaterThan(5);
    for (const [name, reply] of all.filter(([one]) => one !== 'what MCP says of itself')) {
      const kept = isPage(reply) ? /^no-store$/ : /^(?:no-store|private, max-age=\d+)$/;
      expect([name, reply.headers['cache-control']]).toEqual([name, expect.stringMatching(kept)]);
    }
  });

  test('says what it is, texts with their encoding', async () => {
    const all = (await answers()).filter(([, { text }]) => text !== '');
    const texts = all.filter(([, reply]) => /^text\/(?:html|plain|csv)/.test(typeOf(reply)));
    for (const [name, reply] of texts)
      expect([name, typeOf(reply)]).toEqual([name, expect.stringMatching(/; charset=utf-8$/)]);
    const marked = all.filter(([, { text }]) => text.startsWith('<!doctype html>'));
    expect(marked.filter(([, reply]) => !isPage(reply))).toEqual([]);
    for (const [, { text }] of all.filter(([, reply]) => typeOf(reply).includes('json')))
      expect(() => JSON.parse(text)).not.toThrow();
    const kinds = all.map(([, reply]) => typeOf(reply).split(';')[0]);
    for (const kind of ['text/html', 'application/json', 'text/plain', 'video/mp4'])
      expect(kinds).toContain(kind);
  });

  test('of a file that is none of ours is saved and not shown', async () => {
    const [, path = ''] = paths.find(([name]) => name === 'a drawing') ?? [];
    const { headers } = await ask(web.url, { path });
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toMatch(/^attachment;/);
  });
});

test('the cookie of a way to Google is over https for this host alone, and no script sees it', async () => {
  const link = await connectLink(world, 'owner');
  const state = link.searchParams.get('state') ?? '';
  const sent = await submit(new URL(link.pathname, web.url), { state }, { origin: publicUrl });
  expect(sent.status).toBe(303);
  const [cookie = '', ...more] = sent.headers['set-cookie'] ?? [];
  expect(more).toEqual([]);
  const [pair = '', ...attributes] = cookie.split('; ');
  expect(pair).toMatch(/^__Host-jilo_connect_\w+=[\w-]{43}$/);
  expect(attributes.filter((one) => !/^(?:Max-Age|Expires)=/.test(one)).toSorted()).toEqual([
    'HttpOnly',
    'Path=/',
    'SameSite=Lax',
    'Secure',
  ]);
  // It is the one that is asked for on the way back.
  const google = new URL(String(sent.headers.location));
  expect(google.searchParams.get('redirect_uri')).toBe(`${publicUrl}/oauth/google/callback`);
  expect((await goToGoogle((await connectLink(world, 'owner')).href)).cookie).toMatch(/^jilo_/);
});

describe('a request', () => {
  test('to be shown what was sent (TRACE) is not answered with it', async () => {
    const made = await world.must(tokenCreate, { name: 'x' }, await world.context());
    const authorization = `Bearer ${tokenCreate.output.parse(made).token}`;
    for (const [name, path] of paths) {
      const reply = await ask(world.publicUrl, {
        method: 'TRACE',
        path,
        headers: { authorization, 'x-canary': 'canary' },
      });
      expect([name, [401, 403, 404, 405].includes(reply.status)]).toEqual([name, true]);
      expect(reply.text).not.toMatch(/canary|Bearer /u);
    }
  });

  test('for a folder gets no list of what is in it', async () => {
    for (const path of [
      '/media',
      '/media/',
      '/media/videos',
      '/media/videos/',
      '/charts/',
      '/.git/',
      '/.git/config',
      '/package.json',
    ]) {
      const { status, text } = await ask(web.url, { path });
      expect([path, [403, 404].includes(status)]).toEqual([path, true]);
      expect(text).not.toMatch(/here\.mp4|repositoryformatversion|"dependencies"/);
    }
  });

  test.each([
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde'],
    ['a length and pieces', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['pieces that are not the last coding', 'Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'],
    ['a length that is signed', 'Content-Length: +4\r\n\r\nabcd'],
    ['a head that is folded', 'X-A: b\r\n c\r\n\r\n'],
    ['a bare line feed in a head', 'X-A: b\nContent-Length: 0\r\n\r\n'],
  ])('of two meanings, by %s, is refused as a whole', async (_what, rest) => {
    const { hostname, port } = new URL(web.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const second = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    socket.write(`POST /webhooks/fal HTTP/1.1\r\nHost: x\r\n${rest}${second}`);
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    await once(socket, 'close');
    expect(answer.match(/^HTTP\/1\.1 \d+/gmu)).toEqual(['HTTP/1.1 400']);
  });
});
