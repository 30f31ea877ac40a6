import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { RawHandler } from '../http.ts';
import { createActs } from './page-acts.ts';
import type { PageEmulator } from './page-emulator.ts';
import { createFeed } from './page-feed.ts';
import { pageState } from './page-state.ts';

/** Bytes of one POST: a file of 10 MiB in base64 and some text. */
const bodyLimit = 15_000_000;

const folder = new URL('./page/', import.meta.url);
const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

type Exchange = {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly url: URL;
};
type Refusal = { readonly status: number; readonly refused: string };

/**
 * The page in the browser that looks and works like a Discord client: `/` and everything under
 * `/page/`. Requests for other paths are left to the emulator's own routes.
 */
export function createDiscordPage(emulator: PageEmulator): RawHandler {
  const files = loadFiles();
  const feed = createFeed(emulator, randomBytes(6).toString('hex'));
  const acts = createActs(emulator, () => feed.announce());
  const routes: Readonly<Record<string, (exchange: Exchange) => Promise<void> | void>> = {
    'GET /': ({ outgoing }) => sendPage(outgoing, files.get('page.html') ?? ''),
    'GET /page/state': ({ incoming, outgoing, url }) => {
      const wanted = url.searchParams.get('person') ?? undefined;
      const language = incoming.headers['accept-language'];
      sendJson(outgoing, 200, pageState(emulator, { wanted, language, feed }));
    },
    'GET /page/events': ({ incoming, outgoing, url }) => {
      const person = url.searchParams.get('person') ?? '';
      const after = incoming.headers['last-event-id'] ?? url.searchParams.get('after') ?? '';
      if (!feed.stream(person, String(after), outgoing)) {
        sendJson(outgoing, 404, { refused: 'Unknown person' });
      }
    },
    'POST /page/act': async ({ incoming, outgoing }) => {
      const body = await readBody(incoming);
      if (body === undefined) {
        sendJson(outgoing, 413, { refused: `More than ${bodyLimit} bytes` });
        return;
      }
      const { status, ...answer } = await acts(body);
      sendJson(outgoing, status, answer);
    },
  };
  return (incoming, outgoing) => {
    const url = URL.parse(incoming.url ?? '/', 'http://127.0.0.1');
    if (!url) return false;
    if (url.pathname !== '/' && !url.pathname.startsWith('/page/')) return false;
    const refusal = refusalOf(incoming);
    const route = routes[`${incoming.method ?? 'GET'} ${url.pathname}`];
    const name = url.pathname.slice('/page/'.length);
    const file = incoming.method === 'GET' && name !== 'page.html' ? files.get(name) : undefined;
    if (refusal) sendJson(outgoing, refusal.status, { refused: refusal.refused });
    else if (file !== undefined) send(outgoing, 200, types[extension(name)], file);
    else if (route) void handle(route, { incoming, outgoing, url });
    else sendJson(outgoing, 404, { refused: 'Nothing here' });
    return true;
  };
}

async function handle(
  route: (exchange: Exchange) => Promise<void> | void,
  exchange: Exchange,
): Promise<void> {
  try {
    await route(exchange);
  } catch (error) {
    const refused = error instanceof Error ? error.message : String(error);
    if (!exchange.outgoing.headersSent) sendJson(exchange.outgoing, 500, { refused });
  }
}

/**
 * Another site that the person has open must neither act here (Origin) nor read by pointing its own
 * name at loopback (Host).
 */
function refusalOf(incoming: IncomingMessage): Refusal | undefined {
  const { host, origin } = incoming.headers;
  if (!host || !/^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/.test(host)) {
    return { status: 403, refused: 'This page answers on loopback only' };
  }
  if (incoming.method === 'GET') return undefined;
  if (origin !== `http://${host}`) return { status: 403, refused: 'Foreign origin' };
  const json = /^application\/json(;|$)/.test(incoming.headers['content-type'] ?? '');
  return json ? undefined : { status: 415, refused: 'JSON only' };
}

function loadFiles(): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => types[extension(name)] !== undefined);
  return new Map(names.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
}

const extension = (name: string): string => name.split('.').at(-1) ?? '';

/** The nonce lets in exactly the page's own script and style, also when a file of the CDN is served beside them. */
function sendPage(outgoing: ServerResponse, html: string): void {
  const nonce = randomBytes(16).toString('base64');
  const loopback = 'http://127.0.0.1:* http://localhost:*';
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' data: https: ${loopback}`,
    `media-src 'self' https: ${loopback}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  outgoing.setHeader('content-security-policy', policy.join('; '));
  send(outgoing, 200, types['html'], html.replaceAll('{{nonce}}', nonce));
}

function sendJson(outgoing: ServerResponse, status: number, body: object): void {
  send(outgoing, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

function send(outgoing: ServerResponse, status: number, type = 'text/plain', body: string): void {
  outgoing.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  });
  outgoing.end(body);
}

/** Undefined when the body is, or says that it is, over the limit. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > bodyLimit) return undefined;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    const buffer = Buffer.from(part);
    bytes += buffer.length;
    if (bytes > bodyLimit) return undefined;
    parts.push(buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
