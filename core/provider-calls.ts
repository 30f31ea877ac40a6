import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';

import { z } from 'zod';

import type { Clock } from './clock.ts';
import type { Config } from './config.ts';

/** The services outside that are called over HTTP. */
export const providers = [
  'fal',
  'runway',
  'apify',
  'gemini',
  'google',
  'discord',
  'stripe',
] as const;
export type Provider = (typeof providers)[number];

/**
 * How a call ended. `answered`: the provider works, whatever it says of this request. `refused`: it does not
 * work for us (key, credit or limit). `failed`: an error of its own, or no answer. What we gave up is none.
 */
export const callOutcomes = ['answered', 'refused', 'failed'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** What one process has seen of one provider since it began. */
export type ProviderRecord = {
  /** `sandbox`: an emulator on this machine; `off`: there is no key. */
  readonly state: 'live' | 'sandbox' | 'off';
  readonly calls: Readonly<Record<CallOutcome, number>>;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
};

export type ProviderCalls = {
  read(provider: Provider): ProviderRecord;
  /** Counts no more. */
  stop(): void;
};

type Place = { readonly hasKey: boolean; readonly addresses: readonly string[] };

const ownGoogle = ['https://accounts.google.com', 'https://oauth2.googleapis.com'];
/** Where Google takes the bytes of uploads besides its API. */
const googleUploads = 'https://www.googleapis.com';

const placesOf = (config: Config): Readonly<Record<Provider, Place>> => ({
  fal: {
    hasKey: config.FAL_KEY !== undefined,
    addresses: [config.FAL_QUEUE_URL, config.FAL_REST_URL],
  },
  runway: {
    hasKey: config.RUNWAYML_API_SECRET !== undefined,
    addresses: [config.RUNWAY_API_URL],
  },
  apify: { hasKey: config.APIFY_TOKEN !== undefined, addresses: [config.APIFY_API_URL] },
  gemini: {
    hasKey: config.GOOGLE_GENERATIVE_AI_API_KEY !== undefined,
    addresses: [config.GEMINI_API_URL],
  },
  google: {
    hasKey: config.GOOGLE_CLIENT_ID !== undefined && config.GOOGLE_CLIENT_SECRET !== undefined,
    addresses: [
      config.YOUTUBE_API_URL,
      ...(config.GOOGLE_OAUTH_URL ? [config.GOOGLE_OAUTH_URL] : [...ownGoogle, googleUploads]),
    ],
  },
  discord: { hasKey: config.DISCORD_TOKEN !== undefined, addresses: [config.DISCORD_API_URL] },
  stripe: {
    hasKey: config.STRIPE_SECRET_KEY !== undefined && config.STRIPE_WEBHOOK_SECRET !== undefined,
    addresses: [config.STRIPE_API_URL],
  },
});

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

function stateOf({ hasKey, addresses: [first = ''] }: Place): ProviderRecord['state'] {
  if (!hasKey) return 'off';
  return loopback.has(new URL(first).hostname) ? 'sandbox' : 'live';
}

type Mutable = {
  calls: Record<CallOutcome, number>;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
};

/**
 * Counts how calls to the providers end, of this process alone and since it began: another process has
 * its own record, and one that calls nobody has an empty one. It looks at what Node tells of every HTTP
 * request, whichever client makes it, and reads nothing of one but its origin, its status and its error.
 */
export function observeProviderCalls(config: Config, clock: Clock): ProviderCalls {
  const places = placesOf(config);
  const records = new Map<Provider, Mutable>();
  const byOrigin = new Map<string, Provider>();
  for (const provider of providers) {
    const calls = { answered: 0, refused: 0, failed: 0 };
    records.set(provider, { calls, lastSuccessAt: null, lastFailureAt: null });
    for (const address of places[provider].addresses)
      byOrigin.set(new URL(address).origin, provider);
  }
  const note = (ended: Ended | null): void => {
    const provider = ended && byOrigin.get(ended.origin);
    const record = provider && records.get(provider);
    if (!record) return;
    record.calls[ended.outcome] += 1;
    if (ended.outcome === 'answered') record.lastSuccessAt = clock.now();
    else record.lastFailureAt = clock.now();
  };
  const stop = listen(note);
  return {
    read(provider) {
      const { calls, ...times } = records.get(provider) ?? emptyRecord;
      return { state: stateOf(places[provider]), calls: { ...calls }, ...times };
    },
    stop,
  };
}

const emptyRecord: Mutable = {
  calls: { answered: 0, refused: 0, failed: 0 },
  lastSuccessAt: null,
  lastFailureAt: null,
};

type Ended = { readonly origin: string; readonly outcome: CallOutcome };
type Note = (ended: Ended | null) => void;

/** What Node publishes of requests by `fetch` and undici, and of those by `node:http`. */
const readers: Readonly<Record<string, (message: unknown) => Ended | null>> = {
  'undici:request:headers': readFetched,
  'undici:request:error': readFetchError,
  'http.client.response.finish': readAnswered,
  'http.client.request.error': readRequestError,
};

function listen(note: Note): () => void {
  const listeners = Object.entries(readers).map(([channel, read]) => {
    const listener = (message: unknown): void => note(read(message));
    subscribe(channel, listener);
    return [channel, listener] as const;
  });
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
  };
}

const fetched = z.object({ origin: z.coerce.string() });
const fetchedAnswer = z.object({
  request: fetched,
  response: z.object({ statusCode: z.int() }),
});
const fetchError = z.object({ request: fetched, error: z.unknown() });
const answered = z.object({
  request: z.instanceof(ClientRequest),
  response: z.instanceof(IncomingMessage),
});
const requestError = z.object({ request: z.instanceof(ClientRequest), error: z.unknown() });

function readFetched(message: unknown): Ended | null {
  const { data } = fetchedAnswer.safeParse(message);
  if (!data) return null;
  return { origin: data.request.origin, outcome: outcomeOf(data.response.statusCode) };
}

function readFetchError(message: unknown): Ended | null {
  const { data } = fetchError.safeParse(message);
  return data && isTheirs(data.error) ? { origin: data.request.origin, outcome: 'failed' } : null;
}

function readAnswered(message: unknown): Ended | null {
  const { data } = answered.safeParse(message);
  if (!data) return null;
  return { origin: originOf(data.request), outcome: outcomeOf(data.response.statusCode ?? 500) };
}

function readRequestError(message: unknown): Ended | null {
  const { data } = requestError.safeParse(message);
  return data && isTheirs(data.error)
    ? { origin: originOf(data.request), outcome: 'failed' }
    : null;
}

function originOf(request: ClientRequest): string {
  const { protocol, host } = request;
  const named = request.getHeader('host');
  const address = `${protocol}//${typeof named === 'string' ? named : host}`;
  return URL.parse(address)?.origin ?? address;
}

/** A key, credit or limit of ours is not in order. */
const refusals = new Set([401, 402, 403, 407, 429]);

function outcomeOf(status: number): CallOutcome {
  if (refusals.has(status)) return 'refused';
  return status >= 500 || status === 408 ? 'failed' : 'answered';
}

/** Connections that break carry a code in words, and so does a name that is not found; what we give up does not. */
const brokenSchema = z.union([
  z.object({ name: z.literal('TimeoutError') }),
  z.object({ code: z.string().regex(/^(?!ERR_CANCELED$|ABORT_ERR$)/) }),
]);

const isTheirs = (error: unknown): boolean => brokenSchema.safeParse(error).success;
