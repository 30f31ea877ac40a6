import { lookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

import { Fault } from '../fault.ts';

/** `fal`: fal's media hosts over https. `loopback`: this machine over http, for the sandbox. */
export type DownloadHosts = 'fal' | 'loopback';

type DownloadOptions = {
  readonly byteLimit?: number;
  readonly timeLimitMs?: number;
  /** Replaces the system's resolver. */
  readonly resolve?: Resolve;
};

type Resolve = (
  host: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const redirectLimit = 2;
const gibibyte = 1024 ** 3;

/** Addresses on which a public media host never is (IANA special-purpose registries, 2026). */
const special = new BlockList();
for (const [network, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
  ] as const),
  ...([
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
  ] as const),
  ...([
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
  ] as const),
  ...([
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
] as const) {
  special.addSubnet(network, prefix, 'ipv4');
}
/** Inside 2000::/3: Teredo and other protocol assignments, documentation, 6to4. */
for (const [network, prefix] of [
  ...([
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ] as const),
] as const) {
  special.addSubnet(network, prefix, 'ipv6');
}
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an IP address belongs to the public internet; IPv4 in IPv6 clothes does not count.
 * @internal
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  if (family === 6) return globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
  return false;
}

/**
 * Whether a clip may be fetched from this address: `fal` means https on port 443 without credentials at fal.media
 * or below it; `loopback` means http on this machine.
 * @internal
 */
export function isAllowedUrl(address: string, hosts: DownloadHosts): boolean {
  // Backslashes, spaces and letters outside ASCII are read differently from one parser to the next.
  if (!/^[!-[\]-~]+$/.test(address) || !URL.canParse(address)) return false;
  const { protocol, username, password, hostname, port } = new URL(address);
  if (username !== '' || password !== '') return false;
  if (hosts === 'loopback') {
    return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  }
  return (
    protocol === 'https:' && port === '' && /^(?:[a-z0-9-]{1,63}\.){0,3}fal\.media$/.test(hostname)
  );
}

/**
 * Streams a clip under guard: the address is checked by name, then by number when the connection is made, and
 * again on each of at most two redirects; at most 2 GiB and 5 minutes; the body must start as an MP4 and
 * be as long as announced.
 * @throws Fault `provider_failed` (`provider_busy` on 429 and 5xx), also inside the stream; the caller's own
 * abort reason when `signal` fires.
 */
export function createDownload(
  hosts: DownloadHosts,
  { byteLimit = 2 * gibibyte, timeLimitMs = 300_000, resolve = resolveAll }: DownloadOptions = {},
): (url: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>> {
  return async (url, signal) => {
    signal.throwIfAborted();
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]);
    const explain = (error: unknown): Error => {
      if (signal.aborted)
        return signal.reason instanceof Error ? signal.reason : new Error('aborted');
      return error instanceof Fault ? error : failed(error);
    };
    try {
      const response = await follow(url, { hosts, resolve, signal: limited });
      return await guardBody(response, byteLimit, explain);
    } catch (error) {
      throw explain(error);
    }
  };
}

type Dial = {
  readonly hosts: DownloadHosts;
  readonly resolve: Resolve;
  readonly signal: AbortSignal;
};

async function follow(url: string, dial: Dial): Promise<http.IncomingMessage> {
  let address = url;
  for (let hops = 0; hops <= redirectLimit; hops += 1) {
    if (!isAllowedUrl(address, dial.hosts)) throw new Error('the address is not one of fal media');
    const response = await open(new URL(address), dial);
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    if (status === 429 || status >= 500) {
      throw new Fault(
        'provider_busy',
        { provider: 'fal' },
        { retryAfterSeconds: 10, cause: new Error(`the media host answered ${status}`) },
      );
    }
    const { location } = response.headers;
    if (status < 300 || status > 399 || location === undefined) {
      throw new Error(`the media host answered ${status}`);
    }
    address = new URL(location, address).href;
  }
  throw new Error('too many redirects');
}

function open(url: URL, { hosts, resolve, signal }: Dial): Promise<http.IncomingMessage> {
  const options = {
    signal,
    // A pooled connection would skip the look-up and with it the check.
    agent: false,
    lookup: guardLookup(hosts, resolve),
    headers: { accept: 'video/mp4, video/*', 'accept-encoding': 'identity' },
  } as const;
  return new Promise((answer, reject) => {
    const request = hosts === 'fal' ? https.get(url, options) : http.get(url, options);
    request.once('response', answer);
    request.on('error', reject);
  });
}

/** Resolves a name only when every address behind it is where it should be. */
function guardLookup(hosts: DownloadHosts, resolve: Resolve): LookupFunction {
  return (host, options, answer) => {
    resolve(host, (error, addresses) => {
      const first = addresses[0];
      if (error || !first) {
        answer(error ?? new Error('the name has no address'), '');
        return;
      }
      if (!addresses.every(({ address }) => fits(address, hosts))) {
        answer(new Error('the name leads to an address that is not public'), '');
      } else if (options.all) {
        answer(null, [...addresses]);
      } else {
        answer(null, first.address, first.family);
      }
    });
  };
}

function fits(address: string, hosts: DownloadHosts): boolean {
  return hosts === 'fal' ? isPublicAddress(address) : ['127.0.0.1', '::1'].includes(address);
}

function resolveAll(host: string, answer: Parameters<Resolve>[1]): void {
  lookup(host, { all: true }, answer);
}

async function guardBody(
  response: http.IncomingMessage,
  byteLimit: number,
  explain: (error: unknown) => Error,
): Promise<ReadableStream<Uint8Array>> {
  const announced = Number(response.headers['content-length'] ?? NaN);
  const chunks = checkedChunks(response, announced, byteLimit);
  // Reads the first bytes, so that what is no clip is refused before anyone stores it.
  let next = await chunks.next();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (next.done) {
          controller.close();
          return;
        }
        controller.enqueue(next.value);
        try {
          next = await chunks.next();
          if (next.done) controller.close();
        } catch (error) {
          controller.error(explain(error));
        }
      },
      cancel() {
        response.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* checkedChunks(
  response: http.IncomingMessage,
  announced: number,
  byteLimit: number,
): AsyncGenerator<Uint8Array, void> {
  if (announced > byteLimit) throw new Error('the clip is announced too long');
  let head = Buffer.alloc(0);
  let sniffed = false;
  let bytes = 0;
  try {
    for await (const part of response) {
      const chunk = Buffer.from(part);
      bytes += chunk.length;
      if (bytes > byteLimit) throw new Error('the clip is too long');
      if (sniffed) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < 12) continue;
      sniffed = true;
      // ISO 14496-12: an MP4 begins with a box of type ftyp.
      if (head.toString('latin1', 4, 8) !== 'ftyp') throw new Error('this is no MP4');
      yield head;
    }
    if (!sniffed) throw new Error('this is no MP4');
    if (Number.isFinite(announced) && bytes !== announced) throw new Error('the clip broke off');
  } finally {
    response.destroy();
  }
}

function failed(cause: unknown): Fault {
  return new Fault('provider_failed', { provider: 'fal' }, { cause });
}
