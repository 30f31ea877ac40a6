import type RunwayML from '@runwayml/sdk';

import { fetchWhole } from './fetch-whole.ts';

/** Where Runway's API is reached, and as whom. */
export type RunwayAccess = {
  /** https://api.dev.runwayml.com, or the sandbox's. */
  readonly url: string;
  readonly secret: string;
};

/** An answer that is not a success. */
export type RunwayRefusal = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

/** The version of the API that the tests were written against. */
const runwayVersion = '2024-11-06';

/**
 * A client for one call. It sends exactly once: Runway has no idempotency key, and the client's usual two
 * retries would pay again. `onSend` is told just before the request leaves.
 */
export async function openRunway(access: RunwayAccess, onSend?: () => void): Promise<RunwayML> {
  const { RunwayML: Client } = await import('@runwayml/sdk');
  return new Client({
    apiKey: access.secret,
    baseURL: access.url,
    runwayVersion,
    maxRetries: 0,
    logLevel: 'off',
    fetch: (address, init) => {
      onSend?.();
      return fetchWhole(address, init ?? {});
    },
  });
}

/** The answer behind an error of the client; null when nothing (whole) came back. */
export async function refusalOf(error: unknown): Promise<RunwayRefusal | null> {
  const { APIError } = await import('@runwayml/sdk');
  if (!(error instanceof APIError)) return null;
  const { status, headers, error: body } = error;
  return status === undefined || headers === undefined ? null : { status, headers, body };
}
