import { Agent } from 'node:http';
import { isDeepStrictEqual } from 'node:util';

import type { ApifyClient, ApifyClientOptions } from 'apify-client';
import { z } from 'zod';

import type { Fault } from '../fault.ts';
import type {
  Reading,
  RunState,
  TrendErrand,
  TrendHarvest,
  TrendSource,
} from '../ports/trend-source.ts';
import { planCall, type ActorCall } from './apify-actors.ts';
import {
  faultForConnection,
  faultForFailure,
  faultForRead,
  faultForRefusal,
} from './apify-faults.ts';
import { readItems } from './apify-items.ts';
import { isUnsent } from './unsent.ts';

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

/** Apify's words for how a run stands; whatever else it says, the run goes on. */
const states: Readonly<Record<string, RunState>> = {
  SUCCEEDED: 'done',
  FAILED: 'failed',
  'TIMED-OUT': 'timed_out',
  ABORTED: 'aborted',
};
const stateOf = ({ status }: Run): RunState => states[status] ?? 'running';
/** A run that nobody waits for any more ends by itself after this. */
const runTimeoutSeconds = 900;
/** The longest that Apify holds one poll open. */
const longestPollSeconds = 60;
const pageSize = 1000;
const maxDatasetItems = 100_000;
const dayMs = 86_400_000;
/** Apify's clock may be so much behind ours. */
const skewMs = 120_000;
const localHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Finds videos through Apify's actors. The request that starts a paid run is sent at most once: the
 * client's own repeats are off for it, and when its answer is lost the run is looked for among those
 * with the same input. Everything else is a read and is repeated by the client.
 */
export function createApify(settings: ApifySettings): TrendSource {
  const using = async <T>(
    signal: AbortSignal,
    act: (connect: Connect, sdk: Sdk) => Promise<T>,
    isRead = true,
  ): Promise<T> => {
    signal.throwIfAborted();
    const sdk = await import('apify-client');
    const connect: Connect = (retries, timeoutSecs) =>
      createClient(sdk.ApifyClient, settings, retries, {
        timeoutSecs,
        requestInterceptors: [(config) => ({ ...config, signal })],
      });
    try {
      return await orAbort(act(connect, sdk), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw toFault(error, sdk.ApifyApiError, isRead) ?? error;
    }
  };
  return {
    read: readItems,
    start: (errand, signal) => {
      signal.throwIfAborted();
      // Not broken off once it is sent: whether it was paid for could not be told any more.
      return using(
        new AbortController().signal,
        (connect, { ApifyApiError }) =>
          startOnce(connect, planCall(errand), (error) => isOutcomeUnknown(error, ApifyApiError)),
        false,
      );
    },
    find: (errand, since, signal) =>
      using(signal, (connect) => findRun(connect(3, 30), planCall(errand), since)),
    look: (runId, waitSeconds, signal) =>
      using(signal, async (connect) => {
        const waitForFinish = Math.min(longestPollSeconds, Math.max(0, Math.floor(waitSeconds)));
        const run = runSchema.parse(
          await connect(4, longestPollSeconds + 30)
            .run(runId)
            .get({ waitForFinish }),
        );
        return { state: stateOf(run), costUsd: run.usageTotalUsd ?? null };
      }),
    collect: (runId, errand, signal) =>
      using(signal, (connect) => collect(connect(4, 90), runId, errand)),
    async abort(runId) {
      const { ApifyClient } = await import('apify-client');
      const client = createClient(ApifyClient, settings, 2, { timeoutSecs: 10 });
      // When Apify cannot be told, the run's own time limit and spending cap end it.
      await client
        .run(runId)
        .abort()
        .catch(() => null);
    },
  };
}

type Sdk = Pick<typeof import('apify-client'), 'ApifyClient' | 'ApifyApiError'>;
type Connect = (retries: number, timeoutSecs: number) => ApifyClient;

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
  connect: Connect,
  call: ActorCall,
  isUnknown: (error: unknown) => boolean,
): Promise<string> {
  const { actor, input, maxItems, maxTotalChargeUsd } = call;
  try {
    const options = { maxItems, maxTotalChargeUsd, timeout: runTimeoutSeconds };
    return runSchema.parse(await connect(0, 60).actor(actor).start(input, options)).id;
  } catch (error) {
    // A look-up that fails tells nothing about the start, so the first error stands.
    const run = isUnknown(error)
      ? await findRun(connect(3, 30), call, null).catch(() => null)
      : null;
    if (run !== null) return run;
    throw error;
  }
}

/** The newest run with exactly this input: of those going on, or of those started since then. */
async function findRun(
  reader: ApifyClient,
  { actor, input }: ActorCall,
  since: Date | null,
): Promise<string | null> {
  const { items } = await reader.actor(actor).runs().list({ desc: true, limit: 10 });
  for (const item of items) {
    const { data: run } = runSchema.safeParse(item);
    if (!run) continue;
    const isNew = since && run.startedAt.getTime() >= since.getTime() - skewMs;
    if (since ? !isNew : stateOf(run) !== 'running') continue;
    const record = await reader.keyValueStore(run.defaultKeyValueStoreId).getRecord('INPUT');
    const given = z.record(z.string(), z.unknown()).safeParse(record?.value).data ?? {};
    // Apify may have filled in defaults for fields that we do not send.
    if (Object.keys(input).every((key) => isDeepStrictEqual(given[key], input[key]))) return run.id;
  }
  return null;
}

async function collect(
  reader: ApifyClient,
  runId: string,
  errand: TrendErrand,
): Promise<TrendHarvest> {
  const run = runSchema.parse(await reader.run(runId).get());
  const items = await fetchItems(reader, run.defaultDatasetId);
  // Apify's own time: relative dates are measured from when the actor looked.
  const seenAt = run.finishedAt ?? run.startedAt;
  const readings = readItems(items, seenAt);
  if (!('days' in errand)) return { readings, seenAt };
  const since = seenAt.getTime() - errand.days * dayMs;
  return { readings: readings.map((reading) => leaveOutOlder(reading, since)), seenAt };
}

async function fetchItems(reader: ApifyClient, id: string): Promise<unknown[]> {
  const items: unknown[] = [];
  while (items.length < maxDatasetItems) {
    const page = await reader.dataset(id).listItems({ offset: items.length, limit: pageSize });
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

type ApiErrorClass = (typeof import('apify-client'))['ApifyApiError'];

/** Whether the run may have been started although the request failed. */
function isOutcomeUnknown(error: unknown, ApiError: ApiErrorClass): boolean {
  if (error instanceof ApiError) return error.statusCode >= 500;
  return !isUnsent(error) && toFault(error, ApiError, false) !== null;
}

function toFault(error: unknown, ApiError: ApiErrorClass, isRead: boolean): Fault | null {
  if (error instanceof ApiError) return isRead ? faultForRead(error) : faultForRefusal(error);
  if (error instanceof z.ZodError) {
    return faultForFailure(new Error(`Apify answered in another shape: ${z.prettifyError(error)}`));
  }
  if (!(error instanceof Error)) return null;
  const isConnection = 'isAxiosError' in error || error.name === 'InvalidResponseBodyError';
  // The client throws a plain error at an answer without `data`, such as a proxy's page.
  const isOddAnswer = error.message.startsWith('Expected response object');
  // What is no connection's fault says nothing about whether Apify is away.
  return isConnection || isOddAnswer ? faultForConnection(error, isRead && isConnection) : null;
}
