import { channel } from 'node:diagnostics_channel';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  createProgramDocuments,
  isDocumentAddress,
} from '../../core/providers/program-document.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { serveRoutes, type Emulator, type EmulatorAnswer } from '../../sandbox/http.ts';
import { createProof, questionAddress } from '../kit/programs.ts';
import { createVisitor, signUp, type Visitor } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';
import { hostileAddresses, insideNumbers } from './hostile-addresses.ts';
import { sentTo } from './oauth-kit.ts';

const callback = 'https://chatgpt.com/connector/oauth/aBc';
let world: World;
let origin: string;
let ana: Visitor;
let host: Emulator;
/** What the host of documents answers at each path, and what it was asked for. */
const answers = new Map<string, (id: string) => EmulatorAnswer>();
const asked: string[] = [];

beforeAll(async () => {
  world = await createWorld();
  origin = world.publicUrl;
  ana = createVisitor(origin);
  await signUp(world, ana, 'ana@example.org');
  const handle = ({ url }: { readonly url: URL }): EmulatorAnswer => {
    asked.push(url.pathname);
    return answers.get(url.pathname)?.(url.href) ?? { status: 404 };
  };
  host = await serveRoutes([{ method: 'GET', path: /\/.*/u, handle }], { status: 404 });
});
afterAll(async () => {
  await host.close();
  await world.close();
});

const documentOf = (id: string, changes: object = {}): EmulatorAnswer => ({
  status: 200,
  body: JSON.stringify({
    client_id: id,
    client_name: 'ChatGPT',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'none',
    ...changes,
  }),
});

/** Where a program with this id sends a browser, and how long that takes. */
async function ask(clientId: string, redirectUri = callback) {
  const { challenge } = createProof();
  const program = { clientId, redirectUri };
  const began = performance.now();
  const { place } = await sentTo(origin, ana, questionAddress(origin, { program, challenge }));
  return {
    path: place.pathname,
    error: place.searchParams.get('error'),
    ms: performance.now() - began,
  };
}

const unknown = { path: '/auth-error', error: 'invalid_client' };
let documents = 0;
/** A document of its own, as the host answers for it. */
function publish(answer: (id: string) => EmulatorAnswer): string {
  documents += 1;
  const path = `/${documents}.json`;
  answers.set(path, answer);
  return `${host.url}${path}`;
}

test('a good document is read once an hour', async () => {
  const id = publish((own) => documentOf(own));
  const before = asked.length;
  for (let count = 0; count < 3; count += 1)
    expect(await ask(id)).toMatchObject({ path: '/consent', error: null });
  expect(asked.length - before).toBe(1);
});

describe('a program is not known by a document', () => {
  test.each<[string, (id: string) => EmulatorAnswer]>([
    ['that is not there', () => ({ status: 404 })],
    ['of a host that fails', () => ({ status: 500 })],
    ['that is not JSON', () => ({ status: 200, body: '<!doctype html>' })],
    ['that is half of one', () => ({ status: 200, body: '{"client_id":' })],
    ['that is a list', (id) => ({ status: 200, body: JSON.stringify([{ client_id: id }]) })],
    ['that is empty', () => ({ status: 200, body: '' })],
    ['of another program', (id) => documentOf(`${id}x`)],
    ['of nobody', () => documentOf('')],
    ['of its host', (id) => documentOf(new URL('/', id).href)],
    ['with a secret', (id) => documentOf(id, { client_secret: 'x' })],
    ['with an empty secret', (id) => documentOf(id, { client_secret: '' })],
    [
      'that wants a secret',
      (id) => documentOf(id, { token_endpoint_auth_method: 'client_secret_post' }),
    ],
    ['that wants keys', (id) => documentOf(id, { token_endpoint_auth_method: 'private_key_jwt' })],
    ['without addresses', (id) => documentOf(id, { redirect_uris: [] })],
    [
      'with too many addresses',
      (id) =>
        documentOf(id, {
          redirect_uris: Array.from({ length: 21 }, (_, at) => `${callback}${at}`),
        }),
    ],
    [
      'with an address by http',
      (id) => documentOf(id, { redirect_uris: [callback, 'http://a.example/'] }),
    ],
    [
      'with an address that is a script',
      (id) => documentOf(id, { redirect_uris: [callback, 'javascript:alert(1)'] }),
    ],
    [
      'with an address with a fragment',
      (id) => documentOf(id, { redirect_uris: [callback, `${callback}#x`] }),
    ],
    [
      'with an address with a name',
      (id) => documentOf(id, { redirect_uris: [callback, 'https://a@b.example/'] }),
    ],
    ['longer than 64 KiB', (id) => documentOf(id, { padding: 'x'.repeat(66_000) })],
    [
      'of 3 GiB',
      () => ({ status: 200, headers: { 'content-length': String(3 * 1024 ** 3) }, body: '' }),
    ],
  ])('%s', async (_what, answer) => {
    expect(await ask(publish(answer))).toMatchObject(unknown);
  });

  test.each([301, 302, 303, 307, 308])('behind a redirect of status %i', async (status) => {
    const good = publish((own) => documentOf(own));
    const id = publish(() => ({ status, headers: { location: good } }));
    const before = asked.length;
    expect(await ask(id)).toMatchObject(unknown);
    expect(asked.length - before).toBe(1);
  });

  test('that drips, and nobody waits longer than six seconds', async () => {
    async function* drip(signal: AbortSignal) {
      yield Buffer.from('{"client_id":"');
      while (!signal.aborted) {
        await new Promise<void>((tick) => void wallClock.schedule(100, tick));
        yield Buffer.from('x');
      }
    }
    const outcome = await ask(publish(() => ({ status: 200, stream: drip })));
    expect(outcome).toMatchObject(unknown);
    expect(outcome.ms).toBeLessThan(6500);
  });

  test('whose address it is not written at: with a fragment, a name, a path that climbs, or none', async () => {
    const id = publish((own) => documentOf(own));
    const before = asked.length;
    const { host: place } = new URL(id);
    for (const other of [
      `${id}#x`,
      id.replace('http://', 'http://a@'),
      id.replace('http://', 'http://a:b@'),
      `http://${place}`,
      `http://${place}/`,
      `http://${place}/a/../1.json`,
      id.replace('http:', 'HTTP:'),
      ` ${id}`,
    ])
      expect(await ask(other)).toMatchObject({ path: '/auth-error' });
    expect(asked.length).toBe(before);
  });
});

describe('what a document says', () => {
  test('is not good for another address than it names', async () => {
    const id = publish((own) => documentOf(own));
    for (const address of [`${callback}/x`, 'https://evil.example/', id])
      expect(await ask(id, address)).toMatchObject({
        path: '/auth-error',
        error: 'invalid_redirect',
      });
  });

  test('is read again after an hour, and what it no longer names is no longer good', async () => {
    let addresses = [callback];
    const id = publish((own) => documentOf(own, { redirect_uris: addresses }));
    expect(await ask(id)).toMatchObject({ path: '/consent' });
    addresses = ['https://chatgpt.com/new'];
    expect(await ask(id)).toMatchObject({ path: '/consent' });
    // The hour begins at the time of the machine, which the library writes.
    await world.advance(Math.max(0, (Date.now() - world.now().getTime()) / 1000) + 3601);
    expect(await ask(id)).toMatchObject({ path: '/auth-error', error: 'invalid_redirect' });
    expect(await ask(id, 'https://chatgpt.com/new')).toMatchObject({ path: '/consent' });
  });

  test('is shown with the host it is read from, and the host the answer goes to', async () => {
    const id = publish((own) => documentOf(own, { client_name: '<b>Claude</b>\u202e' }));
    const { challenge } = createProof();
    const program = { clientId: id, redirectUri: callback };
    const { text } = await ana.open(questionAddress(origin, { program, challenge }));
    expect(text).toContain(new URL(id).host);
    expect(text).toContain('chatgpt.com');
    expect(text).toContain('&lt;b&gt;Claude&lt;/b&gt; <span');
    expect(text).toContain('nobody has checked it');
  });
});

describe('in production a document is not fetched from', () => {
  const dialling = channel('net.client.socket');
  /** What may be looked up: it is held against the numbers behind it. */
  const isName = (address: string): boolean => {
    const { protocol, host: name = '', username } = URL.parse(address) ?? {};
    return protocol === 'https:' && username === '' && /^(?:[a-z\d-]+\.)+[a-z]{2,}$/u.test(name);
  };
  const hostile = hostileAddresses('client.example.org', 4443).filter(
    ({ address }) => !isName(address),
  );

  test('sixty places at least', () => {
    expect(hostile.length).toBeGreaterThanOrEqual(60);
  });

  test.each(hostile.map(({ trick, address }) => [trick, address] as const))(
    'an address %s: %j',
    async (_trick, address) => {
      let dialled = 0;
      const count = () => void (dialled += 1);
      dialling.subscribe(count);
      const id = address.endsWith('/') ? `${address}client.json` : address;
      const looked: string[] = [];
      const read = createProgramDocuments('public', {
        resolve(name, answer) {
          looked.push(name);
          answer(new Error('no look-up was due'), []);
        },
      });
      const outcome = isDocumentAddress(id, 'public')
        ? await read(id).catch((error: unknown) => error)
        : 'not an address of a document';
      dialling.unsubscribe(count);
      expect([
        'not an address of a document',
        expect.objectContaining({ code: 'provider_failed' }),
      ]).toContainEqual(outcome);
      expect([dialled, looked]).toEqual([0, []]);
    },
  );

  test.each(insideNumbers)('a name that leads to %s', async (address) => {
    const id = 'https://client.example.org/client.json';
    for (const addresses of [[address], [address, '1.1.1.1'], ['1.1.1.1', address]]) {
      const read = createProgramDocuments('public', {
        resolve: (_host, answer) =>
          answer(
            null,
            addresses.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
          ),
      });
      await expect(read(id)).rejects.toMatchObject({
        cause: { message: 'the name leads to an address that is not public' },
      });
    }
  });

  test('a name that leads here first and elsewhere then: the address that was checked is the one dialled', async () => {
    const led = ['127.0.0.1', '127.0.0.2'];
    let lookedUp = 0;
    const read = createProgramDocuments('loopback', {
      resolve(_name, answer) {
        answer(null, [{ address: led[lookedUp] ?? '127.0.0.2', family: 4 }]);
        lookedUp += 1;
      },
    });
    const id = publish((own) => documentOf(own)).replace('127.0.0.1', 'localhost');
    expect((await read(id)).client_id).toBe(id);
    expect(lookedUp).toBe(1);
    await expect(read(id)).rejects.toMatchObject({ code: 'provider_failed' });
  });
});
