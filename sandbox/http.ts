import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** A request as the handlers see it: parsed once, the body decompressed. */
export type EmulatorRequest = {
  readonly method: string;
  readonly url: URL;
  /** Named groups of the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  readonly header: (name: string) => string | undefined;
  /** Empty on a route that reads the pieces itself. */
  readonly body: Buffer;
  /** The body as it comes in. @throws BodyCut when the connection ends before it does. */
  readonly pieces: () => AsyncIterable<Buffer>;
  /** Cuts the connection that the request came by. */
  readonly cut: () => void;
};

/** The connection ended before the body did. */
export class BodyCut extends Error {}

export type EmulatorAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON; a Buffer or string as it is. */
  readonly body?: object | string | Buffer;
  /** Cuts the connection instead of answering, as a lost reply does. */
  readonly reset?: boolean;
  /** The body piece by piece instead; a throw cuts the connection, and the signal tells that the client left. */
  readonly stream?: (signal: AbortSignal) => AsyncIterable<string | Uint8Array>;
};

export type Route = {
  readonly method: string;
  /** Matched against the whole path, with named groups. */
  readonly path: RegExp;
  /** Whether the handler reads the pieces of the body itself, so that a large one is never in memory. */
  readonly readsPieces?: boolean;
  readonly handle: (request: EmulatorRequest) => Promise<EmulatorAnswer> | EmulatorAnswer;
};

/** A running stand-in for an outside service, on loopback only. */
export type Emulator = { readonly url: string; close(): Promise<void> };

/** Takes requests and sockets that are not plain question and answer; false leaves the request to the routes. */
export type RawHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;
export type UpgradeHandler = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Serves the routes on 127.0.0.1; `port` 0 takes a free one. `missing` answers what no route matches. */
export async function serveRoutes(
  routes: readonly Route[],
  missing: EmulatorAnswer,
  port = 0,
  special: { readonly raw?: RawHandler; readonly upgrade?: UpgradeHandler } = {},
): Promise<Emulator> {
  const server = createServer((incoming, outgoing) => {
    if (special.raw?.(incoming, outgoing)) return;
    void answer(routes, missing, incoming, outgoing);
  });
  if (special.upgrade) server.on('upgrade', special.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  routes: readonly Route[],
  missing: EmulatorAnswer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  let reply: EmulatorAnswer;
  try {
    reply = await dispatch(routes, missing, incoming);
  } catch (error) {
    reply = { status: 500, body: { error: `the emulator broke: ${String(error)}` } };
  }
  if (reply.reset) {
    incoming.socket.destroy();
    return;
  }
  if (reply.stream) {
    await pour(reply, reply.stream, outgoing);
    return;
  }
  const { body } = reply;
  const json = typeof body === 'object' && !Buffer.isBuffer(body);
  outgoing.writeHead(reply.status, {
    ...(json ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...reply.headers,
  });
  outgoing.end(json ? JSON.stringify(body) : body);
}

async function pour(
  { status, headers }: EmulatorAnswer,
  stream: NonNullable<EmulatorAnswer['stream']>,
  outgoing: ServerResponse,
): Promise<void> {
  const leaving = new AbortController();
  outgoing.once('close', () => leaving.abort());
  outgoing.writeHead(status, { ...headers });
  try {
    for await (const piece of stream(leaving.signal)) {
      if (leaving.signal.aborted) return;
      // What was written before a cut has to arrive.
      await new Promise<void>((resolve) => {
        outgoing.write(piece, () => resolve());
      });
    }
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

async function dispatch(
  routes: readonly Route[],
  missing: EmulatorAnswer,
  incoming: IncomingMessage,
): Promise<EmulatorAnswer> {
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`);
  const method = incoming.method ?? 'GET';
  const found = findRoute(routes, method, url.pathname);
  const readsPieces = found?.route.readsPieces === true;
  const body = readsPieces
    ? Buffer.alloc(0)
    : await readBody(piecesOf(incoming), incoming.headers['content-encoding']);
  if (!found) return missing;
  const reply = await found.route.handle({
    method,
    url,
    params: found.params,
    header: (name) => {
      const value = incoming.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body,
    pieces: () => piecesOf(incoming),
    cut: () => void incoming.destroy(),
  });
  // A client that is still sending would take an early answer for a broken connection.
  if (readsPieces && !reply.reset) await skipRest(incoming);
  return reply;
}

type Found = { readonly route: Route; readonly params: EmulatorRequest['params'] };

function findRoute(routes: readonly Route[], method: string, path: string): Found | null {
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match && match[0] === path) return { route, params: { ...match.groups } };
  }
  return null;
}

async function* piecesOf(incoming: IncomingMessage): AsyncGenerator<Buffer> {
  const iterator = incoming.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await nextOf(iterator);
      if (next.done) return;
      yield Buffer.isBuffer(next.value) ? next.value : Buffer.from(String(next.value));
    }
  } finally {
    await iterator.return?.();
  }
}

async function nextOf(iterator: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
  try {
    return await iterator.next();
  } catch (error) {
    throw new BodyCut('the connection was cut', { cause: error });
  }
}

async function skipRest(incoming: IncomingMessage): Promise<void> {
  if (incoming.readableEnded || incoming.destroyed) return;
  try {
    for await (const piece of piecesOf(incoming)) void piece;
  } catch {
    // Nobody is there to be answered.
  }
}

/** A whole body, decompressed. */
export async function readBody(
  pieces: AsyncIterable<Buffer>,
  encoding: string | undefined,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of pieces) parts.push(part);
  const raw = Buffer.concat(parts);
  if (encoding === 'br') return brotliDecompressSync(raw);
  return encoding === 'gzip' ? gunzipSync(raw) : raw;
}
