import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { isPublicAddress } from '../../core/providers/download-addresses.ts';
import { createDownload } from '../../core/providers/download.ts';
import { createFal } from '../../core/providers/fal.ts';
import { createPictures, createThumbnails } from '../../core/providers/media-pictures.ts';
import { createRunway } from '../../core/providers/runway.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { serveRoutes, type Emulator, type EmulatorAnswer } from '../../sandbox/http.ts';
import { hostileAddresses, insideNumbers, outsideNumbers } from './hostile-addresses.ts';

const never = new AbortController().signal;
/** Where nothing is to be waited for, so that a guard that is open is seen at once. */
const soon = () => AbortSignal.timeout(2000);
const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;
const mp4Head = Buffer.from('\0\0\0\x18ftypisom\0\0\0\0', 'latin1');

/** Listens where the hostile addresses lead to, and counts who comes. */
let trap: { readonly port: number; readonly count: () => number; readonly servers: Server[] };
/** Every connection that this process begins, wherever it goes. */
let dialled = 0;
const dialling = channel('net.client.socket');
const onDial = () => void (dialled += 1);

const portOf = (server: Server): number => z.object({ port: z.int() }).parse(server.address()).port;

async function openTrap(): Promise<typeof trap> {
  let came = 0;
  const listen = async (host: string, port: number): Promise<Server> => {
    const server = createServer((socket) => {
      came += 1;
      socket.destroy();
    });
    server.listen(port, host);
    await once(server, 'listening');
    return server;
  };
  const first = await listen('127.0.0.2', 0);
  const port = portOf(first);
  const servers = [first, await listen('::1', port)];
  return { port, count: () => came, servers };
}

beforeAll(async () => {
  trap = await openTrap();
  dialling.subscribe(onDial);
});
afterAll(() => {
  dialling.unsubscribe(onDial);
  for (const server of trap.servers) server.close();
});

const lookedUp: string[] = [];
/** Where a name is looked up although its address should have been refused before. */
const resolve = (host: string, answer: (error: Error, addresses: readonly []) => void): void => {
  lookedUp.push(host);
  answer(new Error('no look-up was due'), []);
};
const nowhere = 'http://127.0.0.1:9';

type Fetching = (address: string) => Promise<unknown>;

/** Everything of the product that fetches from an address somebody else has said, as it is set up for the real services. */
const fetchers: readonly (readonly [string, string, Fetching])[] = [
  ['a clip of fal', 'v3.fal.media', (url) => createFal(falSettings('fal')).download(url, soon())],
  [
    'a clip of Runway',
    'dnznrvs05pmza.cloudfront.net',
    (url) =>
      createRunway({ secret: 'x', url: nowhere, downloadHosts: 'runway' }).download(url, soon()),
  ],
  [
    'a picture of Discord',
    'cdn.discordapp.com',
    (url) => createPictures('discord', { resolve }).fetch(url, soon()),
  ],
  [
    'a thumbnail of a platform',
    'i.ytimg.com',
    (url) => createThumbnails('platforms', { resolve }).fetch(url, soon()),
  ],
];

const falSettings = (downloadHosts: 'fal' | 'loopback') => ({
  key: 'x',
  queueUrl: nowhere,
  restUrl: nowhere,
  downloadHosts,
});

/** What came of it: the reason that it was refused for. */
async function outcomeOf(fetching: Promise<unknown>): Promise<unknown> {
  try {
    return await fetching;
  } catch (error) {
    const { code, cause } = z
      .looseObject({ code: z.string(), cause: z.looseObject({ reason: z.string().optional() }) })
      .parse(error);
    return { code, reason: cause.reason };
  }
}
const refusals = [
  { code: 'provider_failed', reason: 'address' },
  { kind: 'refused', problem: 'host' },
];

describe.each(fetchers)('%s', (_what, host, fetchIt) => {
  test.each(
    hostileAddresses(host, 0).map(({ trick, address }, at) => [trick, address, at] as const),
  )('is not fetched from an address %s: %s', async (_trick, _address, at) => {
    const { address = '' } = hostileAddresses(host, trap.port)[at] ?? {};
    const before = [dialled, trap.count(), lookedUp.length];
    expect(refusals).toContainEqual(await outcomeOf(fetchIt(address)));
    expect([dialled, trap.count(), lookedUp.length]).toEqual(before);
  });
});

test('there are at least sixty addresses, none twice', () => {
  const all = hostileAddresses('v3.fal.media', 1).map(({ address }) => address);
  expect(all.length).toBeGreaterThanOrEqual(100);
  expect(new Set(all).size).toBe(all.length);
});

test('the trap sees who comes', async () => {
  const before = [dialled, trap.count()];
  await fetch(`http://127.0.0.2:${trap.port}/`).catch(() => null);
  await expect.poll(() => [dialled, trap.count()]).toEqual(before.map((count) => count + 1));
});

/** A server of this machine, which the sandbox may fetch from. */
async function serving(
  answer: (path: string) => EmulatorAnswer,
  use: (server: Emulator & { readonly asked: string[] }) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const handle = ({ url }: { readonly url: URL }) => {
    asked.push(url.pathname);
    return answer(url.pathname);
  };
  const server = await serveRoutes([{ method: 'GET', path: /\/.*/u, handle }], { status: 404 });
  try {
    await use({ ...server, asked });
  } finally {
    await server.close();
  }
}

const readAll = async (stream: ReadableStream<Uint8Array>): Promise<number> => {
  let bytes = 0;
  for await (const part of stream) bytes += part.length;
  return bytes;
};

describe('a redirect', () => {
  /** A header holds only Latin letters, and white space ends it. */
  const write = (address: string, scheme: string): string =>
    encodeURI(address.replaceAll(/\s/gu, '').replace(/^https/u, scheme)).replaceAll('%25', '%');
  /** The sandbox may be sent to what is this machine for certain. */
  const isOwn = (location: string): boolean => {
    const base = 'http://127.0.0.1/';
    if (!URL.canParse(location, base)) return false;
    const { protocol, hostname } = new URL(location, base);
    return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  };
  /** By http as well, which the local services speak. */
  const redirects = hostileAddresses('127.0.0.3', 1).flatMap(({ trick, address }, at) =>
    ['https', 'http'].flatMap((scheme) =>
      address.startsWith('https:') && !isOwn(write(address, scheme))
        ? [[scheme, trick, at] as const]
        : [],
    ),
  );

  test('is tried in both schemes', () => {
    expect(redirects.length).toBeGreaterThan(150);
  });

  test.each(redirects)(
    'by %s to an address %s is not followed (%i)',
    async (scheme, _trick, at) => {
      const { address = '' } = hostileAddresses('127.0.0.3', trap.port)[at] ?? {};
      const location = write(address, scheme);
      await serving(
        () => ({ status: 302, headers: { location } }),
        async ({ url, asked }) => {
          const before = [dialled, trap.count()];
          const outcome = await outcomeOf(createFal(falSettings('loopback')).download(url, never));
          expect(outcome).toMatchObject({ code: 'provider_failed' });
          expect(asked).toHaveLength(1);
          // One connection: to the server that sends elsewhere.
          expect([dialled - Number(before[0]), trap.count() - Number(before[1])]).toEqual([1, 0]);
        },
      );
    },
  );

  test.each([301, 302, 303, 307, 308])(
    'of status %i is checked like the others',
    async (status) => {
      const location = `http://127.0.0.2:${trap.port}/`;
      await serving(
        () => ({ status, headers: { location } }),
        async ({ url }) => {
          const before = trap.count();
          const outcome = await outcomeOf(createFal(falSettings('loopback')).download(url, never));
          expect(outcome).toEqual({ code: 'provider_failed', reason: 'address' });
          expect(trap.count()).toBe(before);
        },
      );
    },
  );

  test('that comes third, or leads in a ring, is not followed', async () => {
    await serving(
      (path) => ({ status: 302, headers: { location: `${path}a` } }),
      async ({ url, asked }) => {
        const fetching = createFal(falSettings('loopback')).download(`${url}/`, never);
        await expect(fetching).rejects.toMatchObject({ code: 'provider_failed' });
        expect(asked).toEqual(['/', '/a', '/aa']);
      },
    );
  });
});

describe('a name', () => {
  test.each(insideNumbers)('that leads to %s is not dialled', async (address) => {
    expect(isPublicAddress(address)).toBe(false);
    const before = dialled;
    for (const addresses of [[address], [address, '1.1.1.1'], ['1.1.1.1', address]]) {
      const download = createDownload('fal', {
        resolve: (_host, answer) =>
          answer(
            null,
            addresses.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
          ),
      });
      await expect(download('https://v3.fal.media/a.mp4', never)).rejects.toMatchObject({
        cause: { message: 'the name leads to an address that is not public' },
      });
    }
    // A socket was made for the name, and never got an address.
    expect(dialled - before).toBe(3);
  });

  test.each(outsideNumbers)('may lead to %s, next to what it may not', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test('is looked up once for a connection, and the address that was checked is the one dialled', async () => {
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2'];
    const asked: string[] = [];
    await serving(
      () => ({ status: 200, body: Buffer.concat([mp4Head, Buffer.alloc(100)]) }),
      async ({ url }) => {
        const download = createDownload('loopback', {
          resolve: (host, answer) => {
            const address = answers[asked.length] ?? '';
            asked.push(host);
            answer(null, [{ address, family: 4 }]);
          },
        });
        const { port } = new URL(url);
        const before = trap.count();
        const body = await download(`http://localhost:${port}/`, never);
        expect(await readAll(body)).toBe(mp4Head.length + 100);
        expect(asked).toEqual(['localhost']);
        // The next connection asks anew, and the answer that has changed is checked anew.
        const again = download(`http://localhost:${trap.port}/`, never);
        await expect(again).rejects.toMatchObject({ code: 'provider_failed' });
        expect([asked.length, trap.count()]).toEqual([2, before]);
      },
    );
  });

  test('is looked up and checked anew for a redirect to itself', async () => {
    const answers = ['127.0.0.1', '127.0.0.2'];
    let asked = 0;
    const resolveNext = (
      _host: string,
      answer: (error: null, list: { address: string; family: number }[]) => void,
    ) => {
      answer(null, [{ address: answers[asked] ?? '127.0.0.2', family: 4 }]);
      asked += 1;
    };
    await serving(
      () => ({ status: 302, headers: { location: `http://localhost:${trap.port}/` } }),
      async ({ url }) => {
        const before = trap.count();
        const download = createDownload('loopback', { resolve: resolveNext });
        const outcome = download(url.replace('127.0.0.1', 'localhost'), never);
        await expect(outcome).rejects.toMatchObject({
          cause: { message: 'the name leads to an address that is not public' },
        });
        expect([asked, trap.count()]).toEqual([2, before]);
      },
    );
  });
});

describe('an answer', () => {
  test('that drips a byte at a time is cut off at the limit of time, however often it drips', async () => {
    let left = false;
    async function* drip(signal: AbortSignal) {
      yield mp4Head;
      try {
        while (!signal.aborted) {
          await new Promise<void>((tick) => void wallClock.schedule(10, tick));
          yield Buffer.alloc(1);
        }
      } finally {
        left = true;
      }
    }
    await serving(
      () => ({ status: 200, headers: { 'content-length': '100000' }, stream: drip }),
      async ({ url }) => {
        const download = createDownload('loopback', { timeLimitMs: 300 });
        const body = await download(url, never);
        await expect(readAll(body)).rejects.toMatchObject({ code: 'provider_failed' });
        await expect.poll(() => left).toBe(true);
      },
    );
  });

  test('that drips before its first whole bytes is cut off as well', async () => {
    async function* drip(signal: AbortSignal) {
      yield mp4Head.subarray(0, 4);
      while (!signal.aborted) await new Promise<void>((tick) => void wallClock.schedule(10, tick));
    }
    await serving(
      () => ({ status: 200, stream: drip }),
      async ({ url }) => {
        const download = createDownload('loopback', { timeLimitMs: 300 });
        await expect(download(url, never)).rejects.toMatchObject({ code: 'provider_failed' });
      },
    );
  });

  test('that announces 3 GiB is refused before any of it is read', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield sent === 1 ? mp4Head : Buffer.alloc(64 * 1024);
      }
    }
    await serving(
      () => ({
        status: 200,
        headers: { 'content-length': String(3 * gibibyte) },
        stream: endless,
      }),
      async ({ url }) => {
        const outcome = await outcomeOf(createFal(falSettings('loopback')).download(url, never));
        expect(outcome).toEqual({ code: 'provider_failed', reason: 'length' });
      },
    );
  });

  test('of 3 GiB that announces nothing is cut off at 2 GiB, and none of it is kept', async () => {
    const piece = Buffer.alloc(mebibyte);
    let sent = 0;
    async function* long() {
      yield mp4Head;
      for (; sent < 3 * 1024; sent += 1) yield piece;
    }
    await serving(
      () => ({ status: 200, headers: { 'transfer-encoding': 'chunked' }, stream: long }),
      async ({ url }) => {
        const before = process.memoryUsage.rss();
        const body = await createFal(falSettings('loopback')).download(url, never);
        let read = 0;
        let most = 0;
        const reading = async () => {
          for await (const part of body) {
            read += part.length;
            most = Math.max(most, process.memoryUsage.rss());
          }
        };
        await expect(reading()).rejects.toMatchObject({ cause: { reason: 'length' } });
        expect(read).toBeLessThanOrEqual(2 * gibibyte);
        expect(read).toBeGreaterThan(2 * gibibyte - 16 * mebibyte);
        expect(sent).toBeLessThan(2 * 1024 + 64);
        expect(most - before).toBeLessThan(300 * mebibyte);
      },
    );
  }, 60_000);

  test.each<[string, Readonly<Record<string, string>>]>([
    ['compressed', { 'content-encoding': 'gzip' }],
    ['compressed without saying so', {}],
  ])('that is small and %s is not unpacked', async (_how, headers) => {
    const bomb = gzipSync(Buffer.concat([mp4Head, Buffer.alloc(64 * mebibyte)]));
    expect(bomb.length).toBeLessThan(mebibyte);
    await serving(
      () => ({ status: 200, headers, body: bomb }),
      async ({ url }) => {
        const outcome = await outcomeOf(createFal(falSettings('loopback')).download(url, never));
        expect(outcome).toEqual({ code: 'provider_failed', reason: 'kind' });
      },
    );
  });

  test.each<[string, Buffer | string]>([
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['a page that says that it is a film', '<!doctype html>ftypisom'],
    ['a list of keys', '{"Code":"Success","AccessKeyId":"AKIA"}'],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
    ['a program', Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', 'latin1')],
    ['eleven bytes', mp4Head.subarray(0, 11)],
    ['nothing', ''],
  ])('that is %s is refused by its first bytes', async (_what, body) => {
    await serving(
      () => ({ status: 200, headers: { 'content-type': 'video/mp4' }, body }),
      async ({ url }) => {
        const outcome = await outcomeOf(createFal(falSettings('loopback')).download(url, never));
        expect(outcome).toEqual({ code: 'provider_failed', reason: 'kind' });
      },
    );
  });

  test('with heads of many kilobytes is not read', async () => {
    await serving(
      () => ({ status: 200, headers: { 'x-long': 'x'.repeat(20_000) }, body: mp4Head }),
      async ({ url }) => {
        const fetching = createFal(falSettings('loopback')).download(url, never);
        await expect(fetching).rejects.toMatchObject({ code: 'provider_failed' });
      },
    );
  });
});
