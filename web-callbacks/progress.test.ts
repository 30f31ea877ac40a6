import { once } from 'node:events';
import { IncomingMessage, request, type ClientRequest } from 'node:http';

import express, { type RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { mediaLink } from '../core/media-link.ts';
import { progressLink } from '../core/progress/link.ts';
import { countFollowers } from '../core/progress/listen.ts';
import { openDatabase } from '../drizzle/client.ts';
import { addUpload, changeUpload } from '../test/kit/progress.ts';
import { clearStats, openStats } from '../test/kit/stats.ts';
import { createWebApp } from './app.ts';
import { handleErrors } from './errors.ts';
import { progressRoutes } from './progress.ts';
import { listenHostSetting, serveWeb } from './serve.ts';

const day = 24 * 60 * 60;
const stateSchema = z.strictObject({
  subject: z.string(),
  kind: z.enum(['video', 'publication']),
  status: z.string(),
  percent: z.int(),
  done: z.int(),
  total: z.int(),
  waiting_for: z.string().nullable(),
});

let scene: Awaited<ReturnType<typeof openStats>>;
let services: Services;
let id: string;
beforeAll(async () => {
  scene = await openStats();
  services = scene.world.services;
});
afterAll(() => scene.world.close());
beforeEach(async () => {
  await clearStats(scene);
  id = await addUpload(scene);
});
/** Other work may be going on beside the tests. */
const soon = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 10_000, interval: 20 });
const noFollowers = () => soon(() => expect(countFollowers(services.database)).toBe(0));
const open = new Set<ClientRequest>();
// Whoever was connected, nothing of it is left.
afterEach(async () => {
  for (const asking of open) asking.destroy();
  open.clear();
  await noFollowers();
});

const linkTo = (subject = id, base = scene.world.publicUrl): URL => {
  const link = progressLink({ ...services, publicUrl: () => base }, { id: subject, status: '' });
  return new URL(link ?? 'http://there.is.none');
};
const change = (values: Parameters<typeof changeUpload>[2]) => changeUpload(services, id, values);

type Event = { readonly name: string; readonly id: string; readonly data: unknown };

/** One block of a stream; null for a comment or a field that is no event. */
function parseEvent(block: string): Event | null {
  const fields = new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at), line.slice(at + 2)];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return null;
  const name = fields.get('event') ?? 'message';
  return { name, id: fields.get('id') ?? '', data: stateSchema.parse(JSON.parse(data)) };
}

type Reader = {
  readonly response: IncomingMessage;
  readonly asking: ClientRequest;
  text(): string;
  events(): Event[];
  ids(): string[];
  /** Moves the clocks until these are the ids of all events. */
  expectIds(ids: readonly string[]): Promise<void>;
  hasEnded(): boolean;
};

async function read(url = linkTo(), headers: Record<string, string> = {}): Promise<Reader> {
  const asking = request(url, { headers });
  open.add(asking);
  asking.end();
  const [response]: unknown[] = await once(asking, 'response');
  if (!(response instanceof IncomingMessage)) throw new Error('no answer');
  let text = '';
  let isOver = false;
  response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('close', () => (isOver = true));
  response.on('error', () => undefined);
  asking.on('error', () => undefined);
  const events = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .map(parseEvent)
      .filter((event) => event !== null);
  const ids = () => events().map((event) => event.id);
  return {
    response,
    asking,
    text: () => text,
    events,
    ids,
    expectIds: (wanted) =>
      soon(async () => {
        await scene.world.advance(1);
        expect(ids()).toEqual(wanted);
      }),
    hasEnded: () => isOver,
  };
}

const leave = async ({ asking }: Reader) => {
  asking.destroy();
  await noFollowers();
};

describe('/progress', () => {
  test('tells the present state at once, each change, and the end', async () => {
    const reader = await read();
    const { statusCode, headers } = reader.response;
    expect([statusCode, headers['content-type']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
    });
    await soon(() => expect(reader.ids()).toEqual(['uploading-0']));
    expect(reader.text().startsWith('retry: 2000\n\n')).toBe(true);
    await change({ uploadedBytes: 250 });
    await reader.expectIds(['uploading-0', 'uploading-250']);
    await change({ status: 'live', uploadedBytes: 1000 });
    await reader.expectIds(['uploading-0', 'uploading-250', 'live-1000']);
    const known = { subject: id, kind: 'publication', total: 1000, waiting_for: null };
    expect(reader.events()).toEqual([
      {
        name: 'message',
        id: 'uploading-0',
        data: { ...known, status: 'uploading', percent: 0, done: 0 },
      },
      {
        name: 'message',
        id: 'uploading-250',
        data: { ...known, status: 'uploading', percent: 25, done: 250 },
      },
      {
        name: 'end',
        id: 'live-1000',
        data: { ...known, status: 'live', percent: 100, done: 1000 },
      },
    ]);
    await soon(() => expect(reader.hasEnded()).toBe(true));
    expect(reader.response.complete).toBe(true);
  });

  test('tells 100 changes within a second in at most two events', async () => {
    const reader = await read();
    await soon(() => expect(reader.ids()).toHaveLength(1));
    for (let bytes = 1; bytes <= 100; bytes += 1) await change({ uploadedBytes: bytes });
    await soon(async () => {
      await scene.world.advance(1);
      expect(reader.ids().at(-1)).toBe('uploading-100');
    });
    expect(reader.ids().slice(1).length).toBeLessThanOrEqual(2);
    await leave(reader);
  });

  test('goes on where a reader was, without what it has seen', async () => {
    const first = await read();
    await soon(() => expect(first.ids()).toEqual(['uploading-0']));
    await leave(first);
    const same = await read(linkTo(), { 'last-event-id': 'uploading-0' });
    await scene.world.advance(5);
    await change({ uploadedBytes: 10 });
    await same.expectIds(['uploading-10']);
    await leave(same);
    await change({ uploadedBytes: 20 });
    const late = await read(linkTo(), { 'last-event-id': 'uploading-10' });
    await soon(() => expect(late.ids()).toEqual(['uploading-20']));
    await leave(late);
  });

  test('is over for whoever has seen the end, and tells it to everybody else', async () => {
    await change({ status: 'failed' });
    const seen = await read(linkTo(), { 'last-event-id': 'failed-0' });
    expect(seen.response.statusCode).toBe(204);
    for (const headers of [{}, { 'last-event-id': 'uploading-0' }, { 'last-event-id': 'x' }]) {
      const reader = await read(linkTo(), headers);
      await soon(() => expect(reader.hasEnded()).toBe(true));
      expect(reader.events()).toMatchObject([{ name: 'end', id: 'failed-0' }]);
    }
  });

  test('beats every 15 s', async () => {
    const reader = await read();
    await soon(() => expect(reader.ids()).toHaveLength(1));
    const beats = () =>
      reader
        .text()
        .split('\n\n')
        .filter((block) => block === ':').length;
    await scene.world.advance(14);
    await change({ uploadedBytes: 1 });
    await soon(() => expect(reader.ids()).toHaveLength(2));
    expect(beats()).toBe(0);
    await scene.world.advance(1);
    await soon(() => expect(beats()).toBe(1));
    await scene.world.advance(15);
    await soon(() => expect(beats()).toBe(2));
    await leave(reader);
  });

  test('lets go of a reader that leaves, at once and many times', async () => {
    const warned: Error[] = [];
    const note = (warning: Error) => void warned.push(warning);
    process.on('warning', note);
    const readers = await Promise.all(Array.from({ length: 20 }, () => read()));
    await soon(() => {
      for (const reader of readers) expect(reader.ids()).toHaveLength(1);
    });
    expect(countFollowers(services.database)).toBe(20);
    for (const { asking } of readers) asking.destroy();
    await noFollowers();
    process.off('warning', note);
    expect(warned.filter(({ name }) => name.startsWith('MaxListeners'))).toEqual([]);
  });

  test('answers HEAD without a stream, and nothing else', async () => {
    const head = await fetch(linkTo(), { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toContain('text/event-stream');
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status } = await fetch(linkTo(), { method });
      expect([method, status]).toEqual([method, 404]);
    }
    const options = await fetch(linkTo(), { method: 'OPTIONS' });
    expect(options.headers.get('allow')).toBe('GET, HEAD');
  });

  test('has nothing of what does not exist', async () => {
    const { status } = await fetch(linkTo('pub_0000000000000000'));
    expect(status).toBe(404);
  });
});

describe('the address', () => {
  const statusOf = async (url: URL | string) => {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.status;
  };

  test('opens nothing when any of its signs is changed', async () => {
    // Over at once where it would be opened.
    await change({ status: 'failed' });
    const link = linkTo();
    expect(await statusOf(link)).toBe(200);
    const signed = `${id}${link.search}`;
    const start = link.href.length - signed.length;
    for (let at = start; at < link.href.length; at += 1) {
      const sign = link.href.charAt(at);
      const other = sign === 'A' ? 'B' : 'A';
      // Between two parts of a query, one more sign is no change.
      const twice = sign === '&' ? [] : [sign + sign];
      for (const changed of [other, '', ...twice]) {
        const wrong = link.href.slice(0, at) + changed + link.href.slice(at + 1);
        expect([wrong, await statusOf(wrong)]).toEqual([wrong, expect.toSatisfy(isRefusal)]);
      }
    }
  });

  const isRefusal = (status: number) => status === 403 || status === 404;

  test('opens nothing but what it was made for', async () => {
    const other = await addUpload(scene);
    const link = linkTo();
    const foreign = linkTo(other);
    foreign.search = link.search;
    expect(await statusOf(foreign)).toBe(403);
    const media = new URL(mediaLink(services, id) ?? '');
    link.search = media.search;
    expect(await statusOf(link)).toBe(403);
    const stranger = { ...services, crypto: { ...services.crypto, sign: () => 'x'.repeat(43) } };
    expect(await statusOf(progressLink(stranger, { id, status: '' }) ?? '')).toBe(403);
  });

  test('is refused in the same words as that of a file', async () => {
    const link = linkTo();
    const file = new URL(mediaLink(services, 'videos/a.mp4') ?? '');
    const answers = await Promise.all(
      [link, file].map(async (url) => {
        url.searchParams.set('sig', 'x');
        const response = await fetch(url);
        return [response.status, response.headers.get('content-type'), await response.text()];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  test('works for a day, and what is open ends with it', async () => {
    await scene.world.advance(0.5);
    const link = linkTo();
    await scene.world.advance(day - 2);
    const reader = await read(link);
    await soon(() => expect(reader.ids()).toHaveLength(1));
    await scene.world.advance(2);
    await soon(() => expect(reader.hasEnded()).toBe(true));
    expect(reader.events()).toMatchObject([{ name: 'message' }]);
    expect(await statusOf(link)).toBe(403);
  });
});

describe('servers', () => {
  test('of two processes tell the same, and know each other’s ids', async () => {
    const database = openDatabase(scene.world.databaseUrl, 2);
    const app = createWebApp({ ...services, database }, { operations: [], instanceId: 'run_2' });
    const second = await serveWeb(app, 0);
    const here = await read();
    const there = await read(linkTo(id, second.url));
    for (const reader of [here, there]) await reader.expectIds(['uploading-0']);
    await change({ uploadedBytes: 5 });
    await here.expectIds(['uploading-0', 'uploading-5']);
    await there.expectIds(['uploading-0', 'uploading-5']);
    await leave(here);
    const moved = await read(linkTo(id, second.url), { 'last-event-id': here.ids().at(-1) ?? '' });
    await change({ status: 'live' });
    await moved.expectIds(['live-5']);
    await there.expectIds(['uploading-0', 'uploading-5', 'live-5']);
    expect(there.events().at(-1)).toEqual(moved.events().at(-1));
    await second.close();
    await database.close();
  });

  test('end every stream when they close, and do not wait', async () => {
    const app = createWebApp(services, { operations: [], instanceId: 'run_3' });
    const web = await serveWeb(app, 0);
    const readers = [await read(linkTo(id, web.url)), await read(linkTo(id, web.url))];
    await soon(() => {
      for (const reader of readers) expect(reader.ids()).toHaveLength(1);
    });
    const begunAt = performance.now();
    await web.close();
    expect(performance.now() - begunAt).toBeLessThan(3000);
    await noFollowers();
    await soon(() => {
      for (const reader of readers) expect(reader.hasEnded()).toBe(true);
    });
    // Ended and not cut off, so that a reader comes back.
    expect(readers.map(({ response }) => response.complete)).toEqual([true, true]);
    expect(readers.flatMap((reader) => reader.events())).toHaveLength(2);
  });

  /** The route alone. */
  function serveRoute(
    limit?: number,
    before: RequestHandler = (_request, _response, next) => next(),
  ) {
    const app = express();
    app.set(listenHostSetting, '127.0.0.1');
    app.use(before, progressRoutes(services, limit), handleErrors(services));
    return serveWeb(app, 0);
  }

  test('let go of a reader that takes nothing any more', async () => {
    const web = await serveRoute(1, (_request, response, next) => {
      Object.defineProperty(response, 'writableNeedDrain', { value: true });
      next();
    });
    const reader = await read(linkTo(id, web.url));
    await soon(() => expect(reader.ids()).toHaveLength(1));
    expect(reader.hasEnded()).toBe(false);
    await scene.world.advance(15);
    await soon(() => expect(reader.hasEnded()).toBe(true));
    expect(reader.response.complete).toBe(false);
    await web.close();
  });

  test('turn away who comes when they are full', async () => {
    const web = await serveRoute(2);
    const link = linkTo(id, web.url);
    const first = await read(link);
    const second = await read(link);
    expect([first.response.statusCode, second.response.statusCode]).toEqual([200, 200]);
    const third = await read(link);
    expect(third.response.statusCode).toBe(503);
    expect(third.response.headers['retry-after']).toBe('10');
    second.asking.destroy();
    await soon(async () => {
      const next = await read(link);
      expect(next.response.statusCode).toBe(200);
      next.asking.destroy();
    });
    await web.close();
  });
});
