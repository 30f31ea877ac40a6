import { Agent } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

import type { ApifyClient, ApifyClientOptions } from 'apify-client';
import { z } from 'zod';

import type { Fault } from '../fault.ts';
import type { Reading, TrendHarvest, TrendSearch, TrendSource } from '../ports/trend-source.ts';
import { planCall, type ActorCall } from './apify-actors.ts';
import { faultForConnection, faultForFailure, faultForRefusal } from './apify-faults.ts';
import { readItems } from './apify-items.ts';

export type ApifySettings = {
  readonly token: string;
  /** Base without `/v2`: https://api.apify.com, or the emulator's address. */
  readonly url: string;
  /** The first pause before a repeated read, in milliseconds. Default: 500. */
  readonly retryDelayMs?: number;
};

/** What we need of a run object; the rest of it may change. */
const runSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  defaultDatasetId: z.string().min(1),
  defaultKeyValueStoreId: z.string().default(''),
  startedAt: z.date(),
  finishedAt: z.date().nullish(),
  usageTotalUsd: z.number().nonnegative().nullish(),
});
type Run = z.infer<typeof runSchema>;

const overStatuses = new Set(['SUCCEEDED', 'FAILED', 'TIMED-OUT', 'ABORTED']);
/** A run that nobody waits for any more ends by itself after this. */
const runTimeoutSeconds = 900;
/** The longest that Apify holds one poll open. */
const pollSeconds = 60;
const pollPauseMs = 1000;
const maxPolls = 1000;
const pageSize = 1000;
const maxDatasetItems = 100_000;
const dayMs = 86_400_000;
const localHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Finds videos through Apify's actors. The request that starts a paid run is sent at most once: the
 * client's own repeats are off for it, and when its answer is lost the run is looked for among those
 * going on with the same input. Everything else is a read and is repeated by the client.
 */
export function createApify(settings: ApifySettings): TrendSource {
  return {
    read: readItems,
    search: async (search, signal) => {
      signal.throwIfAborted();
      const call = planCall(search);
      const sdk = await import('apify-client');
      const connect = (retries: number, options: ApifyClientOptions = {}): ApifyClient =>
        createClient(sdk.ApifyClient, settings, retries, options);
      try {
        const starter = connect(0, { timeoutSecs: 60 });
        const run = await startOnce(starter, connect(3, { timeoutSecs: 30 }), call, (error) =>
          isOutcomeUnknown(error, sdk.ApifyApiError),
        );
        const reader = connect(4, {
          timeoutSecs: pollSeconds + 30,
          requestInterceptors: [(config) => ({ ...config, signal })],
        });
        return await collect(reader, run, search, signal).catch(async (error: unknown) => {
          if (signal.aborted) await abortRun(connect(2, { timeoutSecs: 10 }), run.id);
          throw error;
        });
      } catch (error) {
        signal.throwIfAborted();
        throw toFault(error, sdk.ApifyApiError) ?? error;
      }
    },
  };
}

function createClient(
  Client: typeof ApifyClient,
  settings: ApifySettings,
  maxRetries: number,
  options: ApifyClientOptions,
): ApifyClient {
  const { requestInterceptors = [], ...others } = options;
  const direct = localHosts.has(new URL(settings.url).hostname) ? [withoutProxy()] : [];
  const client = new Client({
    token: settings.token,
    baseUrl: settings.url,
    maxRetries,
    minDelayBetweenRetriesMillis: settings.retryDelayMs ?? 500,
    requestInterceptors: [...requestInterceptors, ...direct],
    ...others,
  });
  // It warns on the standard output, which belongs to the protocol when we run as an MCP server.
  client.logger.setLevel(client.logger.LEVELS.OFF);
  return client;
}

/** The client sends everything through the proxy of the environment, loopback too. */
function withoutProxy(): NonNullable<ApifyClientOptions['requestInterceptors']>[number] {
  const httpAgent = new Agent();
  return (config) => ({ ...config, httpAgent });
}

async function startOnce(
  starter: ApifyClient,
  reader: ApifyClient,
  call: ActorCall,
  isUnknown: (error: unknown) => boolean,
): Promise<Run> {
  const { actor, input, maxItems, maxTotalChargeUsd } = call;
  try {
    const options = { maxItems, maxTotalChargeUsd, timeout: runTimeoutSeconds };
    return runSchema.parse(await starter.actor(actor).start(input, options));
  } catch (error) {
    // A look-up that fails tells nothing about the start, so the first error stands.
    const run = isUnknown(error) ? await findRun(reader, call).catch(() => null) : null;
    if (run) return run;
    throw error;
  }
}

/** Reads what became of a start whose answer was lost: a run that goes on with exactly this input. */
async function findRun(reader: ApifyClient, { actor, input }: ActorCall): Promise<Run | null> {
  const { items } = await reader.actor(actor).runs().list({ desc: true, limit: 10 });
  for (const item of items) {
    const { data: run } = runSchema.safeParse(item);
    if (!run || overStatuses.has(run.status)) continue;
    const record = await reader.keyValueStore(run.defaultKeyValueStoreId).getRecord('INPUT');
    const given = z.record(z.string(), z.unknown()).safeParse(record?.value).data ?? {};
    // Apify may have filled in defaults for fields that we do not send.
    if (Object.keys(input).every((key) => isDeepStrictEqual(given[key], input[key]))) return run;
  }
  return null;
}

async function collect(
  reader: ApifyClient,
  started: Run,
  search: TrendSearch,
  signal: AbortSignal,
): Promise<TrendHarvest> {
  const run = await waitUntilOver(reader, started, signal);
  if (run.status !== 'SUCCEEDED') {
    throw faultForFailure(new Error(`Apify run ${run.id} ended as ${run.status}`));
  }
  const items = await fetchItems(reader, run.defaultDatasetId, signal);
  // Apify's own time: relative dates are measured from when the actor looked.
  const seenAt = run.finishedAt ?? run.startedAt;
  const since = seenAt.getTime() - search.days * dayMs;
  return {
    readings: readItems(items, seenAt).map((reading) => leaveOutOlder(reading, since)),
    runId: run.id,
    costUsd: run.usageTotalUsd ?? null,
  };
}

async function waitUntilOver(reader: ApifyClient, started: Run, signal: AbortSignal): Promise<Run> {
  for (let polls = 0; polls < maxPolls; polls += 1) {
    const request = reader.run(started.id).get({ waitForFinish: pollSeconds });
    const run = runSchema.parse(await orAbort(request, signal));
    if (overStatuses.has(run.status)) return run;
    await orAbort(pause(pollPauseMs), signal);
  }
  throw faultForFailure(new Error(`Apify run ${started.id} did not end`));
}

async function fetchItems(
  reader: ApifyClient,
  id: string,
  signal: AbortSignal,
): Promise<unknown[]> {
  const items: unknown[] = [];
  while (items.length < maxDatasetItems) {
    const request = reader.dataset(id).listItems({ offset: items.length, limit: pageSize });
    const page = await orAbort(request, signal);
    items.push(...page.items);
    if (page.items.length === 0 || items.length >= page.total) break;
  }
  return items;
}

function leaveOutOlder(reading: Reading, since: number): Reading {
  if (!('sighting' in reading)) return reading;
  const { publishedAt } = reading.sighting;
  return publishedAt !== null && publishedAt.getTime() < since
    ? { skipped: 'outside_filter' }
    : reading;
}

/** Settles with the work, or at once with the signal's reason. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function abortRun(client: ApifyClient, id: string): Promise<void> {
  // When Apify cannot be told, the run's own time limit and spending cap end it.
  await client
    .run(id)
    .abort()
    .catch(() => null);
}

type ApiErrorClass = (typeof import('apify-client'))['ApifyApiError'];

/** Whether the run may have been started although the request failed. */
function isOutcomeUnknown(error: unknown, ApiError: ApiErrorClass): boolean {
  return error instanceof ApiError ? error.statusCode >= 500 : toFault(error, ApiError) !== null;
}

function toFault(error: unknown, ApiError: ApiErrorClass): Fault | null {
  if (error instanceof ApiError) return faultForRefusal(error);
  if (error instanceof z.ZodError) {
    return faultForFailure(new Error(`Apify answered in another shape: ${z.prettifyError(error)}`));
  }
  if (!(error instanceof Error)) return null;
  const isConnection = 'isAxiosError' in error || error.name === 'InvalidResponseBodyError';
  // The client throws a plain error at an answer without `data`, such as a proxy's page.
  const isOddAnswer = error.message.startsWith('Expected response object');
  return isConnection || isOddAnswer ? faultForConnection(error) : null;
}
