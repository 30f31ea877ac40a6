import type { FalClient } from '@fal-ai/client';

import { fetchWhole } from './fetch-whole.ts';

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
  let response: Response;
  try {
    response = await fetchWhole(address, init);
  } catch (error) {
    throw new NotAgain('fal did not answer', null, error);
  }
  if (response.ok) return response;
  const { status, headers } = response;
  const body = parseJson(await response.text());
  throw new NotAgain(`fal answered ${status}`, { status, headers, body });
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
