import { lookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';

import { Fault } from '../fault.ts';
import { isAllowedUrl, isPublicAddress, type DownloadHosts } from './download-addresses.ts';
import { unreachablePauseSeconds } from './retry-after.ts';
import { isUnsent } from './unsent.ts';

/** What is fetched: how it is asked for, how it has to begin, and whose failure it is. */
export type DownloadKind = {
  readonly provider: string;
  readonly accept: string;
  readonly beginsRight: (head: Buffer) => boolean;
};

/** Why what an address leads to is not wanted, whenever it is asked for; the cause of a Fault. */
export class UnwantedDownload extends Error {
  readonly reason: 'address' | 'length' | 'kind';
  constructor(reason: UnwantedDownload['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

type DownloadOptions = {
  readonly kind?: DownloadKind;
  readonly byteLimit?: number;
  readonly timeLimitMs?: number;
  /** How often the host may send somewhere else; absent: twice. */
  readonly redirects?: number;
  /** Replaces the system's resolver. */
  readonly resolve?: Resolve;
};

type Resolve = (
  host: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const usualRedirects = 2;
const gibibyte = 1024 ** 3;

/** ISO 14496-12: an MP4 begins with a box of type ftyp. */
export const isMp4 = (head: Buffer): boolean => head.toString('latin1', 4, 8) === 'ftyp';

const clip: DownloadKind = {
  provider: 'fal',
  accept: 'video/mp4, video/*',
  beginsRight: isMp4,
};

/**
 * Streams a file under guard: the address is checked by name, then by number when the connection is made, and
 * again on each of at most two redirects; at most 2 GiB and 5 minutes unless told otherwise; the body must
 * begin as its kind does, an MP4 unless told otherwise, and be as long as announced.
 * @throws Fault `provider_failed` (`provider_busy` on 429, 5xx and a host that is away), also inside the stream; the caller's own
 * abort reason when `signal` fires. What is refused for good has an UnwantedDownload as its cause.
 */
export function createDownload(
  hosts: DownloadHosts,
  options: DownloadOptions = {},
): (url: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>> {
  const { kind = clip, byteLimit = 2 * gibibyte, timeLimitMs = 300_000 } = options;
  const { resolve = resolveAll, redirects = usualRedirects } = options;
  return async (url, signal) => {
    signal.throwIfAborted();
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]);
    const explain = (error: unknown): Error => {
      if (signal.aborted)
        return signal.reason instanceof Error ? signal.reason : new Error('aborted');
      return error instanceof Fault ? error : failed(kind.provider, error);
    };
    try {
      const response = await follow(url, { hosts, kind, redirects, resolve, signal: limited });
      return await guardBody(response, { kind, byteLimit, explain });
    } catch (error) {
      throw explain(error);
    }
  };
}

type Dial = {
  readonly hosts: DownloadHosts;
  readonly kind: DownloadKind;
  readonly redirects: number;
  readonly resolve: Resolve;
  readonly signal: AbortSignal;
};

async function follow(url: string, dial: Dial): Promise<http.IncomingMessage> {
  let address = url;
  for (let hops = 0; hops <= dial.redirects; hops += 1) {
    if (!isAllowedUrl(address, dial.hosts))
      throw new UnwantedDownload('address', `the address is not one of ${dial.hosts} media`);
    const response = await open(new URL(address), dial);
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    if (status === 429 || status >= 500) {
      throw new Fault(
        'provider_busy',
        { provider: dial.kind.provider },
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

function open(url: URL, { hosts, kind, resolve, signal }: Dial): Promise<http.IncomingMessage> {
  const options = {
    signal,
    // A pooled connection would skip the look-up and with it the check.
    agent: false,
    lookup: guardLookup(hosts, resolve),
    headers: { accept: kind.accept, 'accept-encoding': 'identity' },
  } as const;
  return new Promise((answer, reject) => {
    const request = hosts === 'loopback' ? http.get(url, options) : https.get(url, options);
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
  return hosts === 'loopback' ? ['127.0.0.1', '::1'].includes(address) : isPublicAddress(address);
}

function resolveAll(host: string, answer: Parameters<Resolve>[1]): void {
  lookup(host, { all: true }, answer);
}

type Guard = {
  readonly kind: DownloadKind;
  readonly byteLimit: number;
  readonly explain: (error: unknown) => Error;
};

async function guardBody(
  response: http.IncomingMessage,
  guard: Guard,
): Promise<ReadableStream<Uint8Array>> {
  const { explain } = guard;
  const announced = Number(response.headers['content-length'] ?? NaN);
  const chunks = checkedChunks(response, announced, guard);
  // Reads the first bytes, so that what is of another kind is refused before anyone stores it.
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
  { kind, byteLimit }: Guard,
): AsyncGenerator<Uint8Array, void> {
  const refuse = (reason: UnwantedDownload['reason'], message: string) =>
    new UnwantedDownload(reason, message);
  let head = Buffer.alloc(0);
  let sniffed = false;
  let bytes = 0;
  try {
    if (announced > byteLimit) throw refuse('length', 'the file is announced too long');
    for await (const part of response) {
      const chunk = Buffer.from(part);
      bytes += chunk.length;
      if (bytes > byteLimit) throw refuse('length', 'the file is too long');
      if (sniffed) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < 12) continue;
      sniffed = true;
      if (!kind.beginsRight(head)) throw refuse('kind', 'the file does not begin as its kind');
      yield head;
    }
    if (!sniffed) throw refuse('kind', 'the file is too short for its kind');
    if (Number.isFinite(announced) && bytes !== announced) throw new Error('the file broke off');
  } finally {
    response.destroy();
  }
}

/** A media host that is away for a while still has the file. */
function failed(provider: string, cause: unknown): Fault {
  if (!isAway(cause)) return new Fault('provider_failed', { provider }, { cause });
  const retryAfterSeconds = unreachablePauseSeconds;
  return new Fault('provider_busy', { provider }, { retryAfterSeconds, cause });
}

const isAway = (error: unknown): boolean =>
  isUnsent(error) || (error instanceof Error && error.name === 'TimeoutError');
