import type { FalClient } from '@fal-ai/client';

/** Where the two hosts of fal's API are reached. */
export type FalHosts = {
  /** https://queue.fal.run, or the sandbox's. */
  readonly queueUrl: string;
  /** https://rest.fal.ai, or the sandbox's. */
  readonly restUrl: string;
};

/** An answer that is not a success. */
export type FalRefusal = {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, text otherwise. */
  readonly body: unknown;
};

/**
 * The one attempt at a request did not succeed; `refusal` is null when nothing (whole) came back.
 * The client never retries an error of this name (@fal-ai/client 1.10.1, src/retry.js).
 */
export class NotAgain extends Error {
  override readonly name = 'AbortError';
  readonly refusal: FalRefusal | null;

  constructor(message: string, refusal: FalRefusal | null, cause?: unknown) {
    super(message, { cause });
    this.refusal = refusal;
  }
}

/** fal answers submits and polls in well under a second; a hanging connection must not hold a worker. */
const answerLimitMs = 30_000;

type ClientOptions = FalHosts & {
  readonly key: string;
  /** An address fal gave us, used instead of the one the client builds. */
  readonly address?: string;
  /** Told just before the request leaves. */
  readonly onSend?: () => void;
  /** Replaces the client's reading of a success. */
  readonly read?: (response: Response) => Promise<unknown>;
};

/**
 * A client for one call. It sends exactly once: fal's submit has no idempotency key, and the client's own
 * retries of it cannot be switched off (measured: four POSTs on a reset).
 */
export async function openClient(options: ClientOptions): Promise<FalClient> {
  const { createFalClient } = await import('@fal-ai/client');
  return createFalClient({
    credentials: options.key,
    requestMiddleware: async (request) => ({
      ...request,
      url: place(options, options.address ?? request.url),
    }),
    fetch: (address, init) => {
      options.onSend?.();
      return sendOnce(address, init ?? {});
    },
    ...(options.read ? { responseHandler: options.read } : {}),
  });
}

/** @throws NotAgain for everything but a whole 2xx answer. */
async function sendOnce(address: string | URL | Request, init: RequestInit): Promise<Response> {
  const limit = AbortSignal.timeout(answerLimitMs);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  let response: Response;
  let text: string;
  try {
    // A followed 307 would send the POST again, and so would the client on a body that breaks off.
    response = await fetch(address, { ...init, signal, redirect: 'error' });
    text = await response.text();
  } catch (error) {
    throw new NotAgain('fal did not answer', null, error);
  }
  const { status, headers } = response;
  if (response.ok) return new Response(status === 204 ? null : text, { status, headers });
  throw new NotAgain(`fal answered ${status}`, { status, headers, body: parseJson(text) });
}

/**
 * The same address on the configured host.
 * @throws when it is none of fal's hosts, since the key goes along.
 * @internal
 */
export function place(hosts: FalHosts, address: string): string {
  const { protocol, host, pathname, search } = new URL(address);
  if (protocol === 'https:' && host === 'queue.fal.run') return hosts.queueUrl + pathname + search;
  if (protocol === 'https:' && host === 'rest.fal.ai') return hosts.restUrl + pathname + search;
  throw new Error(`not an address of fal's API: ${host}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A gateway's HTML page is kept as it is, for the log.
    return text.slice(0, 2000);
  }
}
