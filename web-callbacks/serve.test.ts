import { connect, type Socket } from 'node:net';

import express, { type Express } from 'express';
import { afterEach, expect, test, vi } from 'vitest';

import { wallTimers } from '../core/timers.ts';
import { closingOf, listenHostSetting, serveWeb, type WebServer } from './serve.ts';

const limits = {
  headersMs: 300,
  requestMs: 600,
  keepAliveMs: 400,
  checkMs: 50,
  politeMs: 200,
  cutMs: 200,
};
let web: WebServer | null = null;
afterEach(() => web?.close());

async function serve(app: Express, how: Partial<typeof limits> = {}): Promise<WebServer> {
  app.set(listenHostSetting, '127.0.0.1');
  web = await serveWeb(app, 0, { ...limits, ...how });
  return web;
}

/** An app that echoes how many bytes came. */
function counting(): Express {
  const app = express();
  app.post('/', express.raw({ type: () => true }), (request, response) => {
    response.send(`got ${Buffer.isBuffer(request.body) ? request.body.length : 0}`);
  });
  return app;
}

/** A connection by hand: what it was answered, and how long it lived in milliseconds. */
function open({ url }: WebServer) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const began = process.hrtime.bigint();
  let answer = '';
  socket.on('data', (part) => (answer += String(part))).on('error', () => undefined);
  return {
    socket,
    answer: () => answer,
    lifeMs: async () => {
      // `once` of `node:events` throws where the other side has cut the connection.
      await new Promise((resolve) => socket.once('close', resolve));
      return Number(process.hrtime.bigint() - began) / 1e6;
    },
  };
}

/** Sends the same again and again, slowly, until the connection is gone. */
function drip(socket: Socket, text: string): void {
  if (!socket.writable) return;
  socket.write(text);
  wallTimers.schedule(30, () => drip(socket, text));
}

const head = 'POST / HTTP/1.1\r\nHost: x\r\n';

test('a client that says nothing, or only the beginning of a head, is cut off', async () => {
  const server = await serve(counting(), { requestMs: 20_000 });
  for (const begin of ['', head]) {
    const { socket, answer, lifeMs } = open(server);
    if (begin) socket.write(begin);
    const life = await lifeMs();
    expect([begin, life >= 250]).toEqual([begin, true]);
    expect(life).toBeLessThan(2000);
    expect(answer()).toContain('408 Request Timeout');
  }
});

test('a client that sends its head bit by bit is cut off all the same', async () => {
  const server = await serve(counting(), { requestMs: 20_000 });
  const { socket, answer, lifeMs } = open(server);
  socket.write(head);
  drip(socket, 'X-A: b\r\n');
  const life = await lifeMs();
  expect(life).toBeLessThan(2000);
  // What was answered may be lost where the client goes on writing.
  expect(answer()).not.toContain('200 OK');
});

test('a client that sends its body bit by bit is cut off', async () => {
  const server = await serve(counting());
  const { socket, answer, lifeMs } = open(server);
  socket.write(`${head}Content-Length: 1000\r\n\r\n`);
  drip(socket, 'x');
  const life = await lifeMs();
  expect(life).toBeGreaterThan(550);
  expect(life).toBeLessThan(2500);
  expect(answer()).not.toContain('200 OK');
});

test('a client that is slow, but not too slow, is answered', async () => {
  const server = await serve(counting(), { headersMs: 5000, requestMs: 5000 });
  const { socket, answer } = open(server);
  const words = `${head}Content-Length: 3\r\n\r\nabc`.split('');
  for (const letter of words) await new Promise((resolve) => socket.write(letter, resolve));
  await vi.waitFor(() => expect(answer()).toMatch(/200 OK.*got 3$/s), 5000);
  socket.destroy();
});

test('a connection is kept for the next request, and not for ever', async () => {
  const server = await serve(counting());
  const { socket, answer, lifeMs } = open(server);
  const closed = lifeMs();
  for (const times of [1, 2]) {
    socket.write(`${head}Content-Length: 1\r\n\r\n0`);
    await vi.waitFor(() => expect(answer().match(/got 1/g)).toHaveLength(times));
  }
  // Node adds a second of its own, for what is on its way.
  const life = await closed;
  expect(life).toBeGreaterThan(400);
  expect(life).toBeLessThan(4000);
});

test('closing lets a request finish and says that its connection goes', async () => {
  const app = counting();
  const server = await serve(app, { politeMs: 5000 });
  const { socket, answer, lifeMs } = open(server);
  const closed = lifeMs();
  socket.write(`${head}Content-Length: 4\r\nExpect: 100-continue\r\n\r\n`);
  await vi.waitFor(() => expect(answer()).toContain('100 Continue'));
  const closing = server.close();
  await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  socket.write('1234');
  await closed;
  await closing;
  expect(answer()).toMatch(/200 OK.*\r\nConnection: close\r\n.*got 4$/s);
});

test('closing ends streams of events politely, those that do not listen too, and cuts off the rest', async () => {
  const app = express();
  app.get('/listens', (request, response) => {
    response.type('text/event-stream').write('data: 1\n\n');
    closingOf(request).addEventListener('abort', () => response.end('data: bye\n\n'));
  });
  app.get('/deaf', (_request, response) => {
    response.type('text/event-stream').write('data: 1\n\n');
  });
  app.get('/hangs', (_request, response) => {
    response.type('text/plain').write('begun');
  });
  const server = await serve(app);
  const read = async (path: string) => {
    const response = await fetch(`${server.url}${path}`);
    return { path, text: response.text().catch((error: unknown) => String(error)) };
  };
  const answers = [await read('/listens'), await read('/deaf'), await read('/hangs')];
  const began = process.hrtime.bigint();
  await server.close();
  const tookMs = Number(process.hrtime.bigint() - began) / 1e6;
  expect(tookMs).toBeGreaterThan(390);
  expect(tookMs).toBeLessThan(2000);
  const texts = await Promise.all(answers.map(async ({ path, text }) => [path, await text]));
  expect(texts).toEqual([
    ['/listens', 'data: 1\n\ndata: bye\n\n'],
    ['/deaf', 'data: 1\n\n'],
    ['/hangs', 'TypeError: terminated'],
  ]);
});

test('closing without anybody there takes no time', async () => {
  const server = await serve(counting());
  expect(await (await fetch(server.url, { method: 'POST', body: '12' })).text()).toBe('got 2');
  const began = process.hrtime.bigint();
  await server.close();
  expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(150);
});
