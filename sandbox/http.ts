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
  readonly body: Buffer;
};

export type EmulatorAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON; a Buffer or string as it is. */
  readonly body?: object | string | Buffer;
  /** Cuts the connection instead of answering, as a lost reply does. */
  readonly reset?: boolean;
  /** The body piece by piece instead; a throw cuts the connection, and the signal tells that the client left. */
  readonly stream?: (signal: AbortSignal) => AsyncIterable<string>;
};

export type Route = {
  readonly method: string;
  /** Matched against the whole path, with named groups. */
  readonly path: RegExp;
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
  const body = await readBody(incoming);
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(url.pathname) : null;
    if (!match || match[0] !== url.pathname) continue;
    return route.handle({
      method,
      url,
      params: { ...match.groups },
      header: (name) => {
        const value = incoming.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      body,
    });
  }
  return missing;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(Buffer.from(part));
  const raw = Buffer.concat(parts);
  const encoding = incoming.headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(raw);
  return encoding === 'gzip' ? gunzipSync(raw) : raw;
}
