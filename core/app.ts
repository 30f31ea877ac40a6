import { setTimeout } from 'node:timers/promises';

import type { TestClock } from 'pg-boss';

import { openDatabase } from '../drizzle/client.ts';
import { openEmbedded } from '../drizzle/embedded.ts';
import { migrateDatabase } from '../drizzle/migrate.ts';
import { createSpend, meterHost } from './channel/allowance.ts';
import { systemClock, type Clock } from './clock.ts';
import { smtpSecrets } from './config-accounts.ts';
import { secretsIn, type Config } from './config.ts';
import type { Ports, Services } from './context.ts';
import { createCrypto } from './crypto.ts';
import { systemIds, type Ids } from './ids.ts';
import { jobs } from './jobs.ts';
import { createLog } from './log.ts';
import type { Storage } from './ports/storage.ts';
import { createApify } from './providers/apify.ts';
import { createFal } from './providers/fal.ts';
import { createGemini } from './providers/gemini.ts';
import { createGeminiChat } from './providers/gemini-chat.ts';
import { createMediaTools } from './providers/media.ts';
import { createCharts } from './providers/media-chart.ts';
import { openStorage } from './providers/open-storage.ts';
import { sweepScratch } from './providers/storage-scratch.ts';
import { createPictures, createThumbnails } from './providers/media-pictures.ts';
import { createRunway } from './providers/runway.ts';
import { createSignIn } from './providers/sign-in.ts';
import { createSmtp } from './providers/smtp.ts';
import { createStripePayments } from './providers/stripe.ts';
import { createVideoModels } from './providers/video-models.ts';
import { createYouTube } from './providers/youtube.ts';
import { observeProviderCalls } from './provider-calls.ts';
import { openQueue, type JobQueue } from './queue.ts';
import { loadSecrets } from './secret.ts';
import { wallTimers, type Timers } from './timers.ts';

/** A running product, to be closed. */
export type App = Services & {
  readonly queue: JobQueue;
  /** Starts doing queued work in this process. */
  work(): Promise<void>;
  /** Finishes or hands back running work; names what was handed back without having stopped. */
  stopWork(): Promise<readonly string[]>;
  /** The same, and frees everything. */
  close(): Promise<void>;
};

export type AppOptions = {
  readonly config: Config;
  /** `PATH`, where system binaries of Postgres are looked for. */
  readonly path: string;
  /** Receives finished log lines. */
  readonly write: (line: string) => void;
  /** Whether this process will do queued work. */
  readonly worker: boolean;
  readonly publicUrl: () => string | null;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly ids?: Ids;
  /** Moves the queue's time by hand; for tests. */
  readonly queueClock?: TestClock;
};

const databaseGraceMs = 1000;

/**
 * Puts the product together: database, queue, and one provider behind each port. This is the only
 * place that knows the providers.
 * @throws ConfigError, or Error when no database can be opened.
 */
export async function openApp(options: AppOptions): Promise<App> {
  const { config, clock = systemClock, ids = systemIds } = options;
  const { current, previous } = loadSecrets(config, ids);
  const secrets = [current, ...previous, ...secretsOf(config)];
  const log = createLog({ level: config.LOG_LEVEL, secrets, write: options.write });
  // Whatever fails on the way, what is already open is closed again, last first.
  await using opened = new AsyncDisposableStack();
  const url = config.DATABASE_URL ?? (await startDatabase(options, opened));
  await migrateDatabase(url);
  const queue = await openQueue({
    url,
    jobs,
    ids,
    worker: options.worker,
    onError: (error) => log.warn({ err: error }, 'the job queue reports a problem'),
    ...(options.queueClock ? { clock: options.queueClock } : {}),
  });
  const database = openDatabase(url);
  // Whatever still waits for an answer has had its time.
  opened.defer(() =>
    Promise.race([database.close(), setTimeout(databaseGraceMs, undefined, { ref: false })]),
  );
  opened.defer(() => queue.close());
  const { storage, scratchFolder } = openStorage(config, ids);
  await sweepScratch(scratchFolder, clock.now());
  const ports = createPorts(config, storage, clock);
  const { videoHost } = ports;
  const calls = observeProviderCalls(config, clock);
  opened.defer(() => calls.stop());
  const spend = createSpend({ config, clock, database });
  const services: Services = {
    config,
    clock,
    timers: options.timers ?? wallTimers,
    ids,
    log,
    database,
    queue,
    crypto: createCrypto(() => loadSecrets(config, ids), ids),
    ports: videoHost ? { ...ports, videoHost: meterHost(videoHost, spend) } : ports,
    signIn: createSignIn(() => services),
    health: {
      readQueue: () => queue.readState(),
      readProvider: (provider) => calls.read(provider),
    },
    publicUrl: options.publicUrl,
  };
  const everything = opened.move();
  return {
    ...services,
    queue,
    work: () => queue.work(services),
    stopWork: () => queue.stop(),
    close: () => everything.disposeAsync(),
  };
}

/** The embedded database of the data folder; released when everything is closed. */
async function startDatabase(options: AppOptions, opened: AsyncDisposableStack): Promise<string> {
  const { config, path } = options;
  const embedded = await openEmbedded({ dataDir: config.JILO_DATA_DIR, path });
  opened.defer(() => embedded.release());
  return embedded.url;
}

function secretsOf(config: Config): string[] {
  const { FAL_KEY, RUNWAYML_API_SECRET, APIFY_TOKEN, GOOGLE_CLIENT_SECRET } = config;
  const { GOOGLE_GENERATIVE_AI_API_KEY, DISCORD_TOKEN, DISCORD_CLIENT_SECRET } = config;
  const { S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = config;
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, METRICS_TOKEN } = config;
  return [
    FAL_KEY,
    RUNWAYML_API_SECRET,
    APIFY_TOKEN,
    GOOGLE_CLIENT_SECRET,
    GOOGLE_GENERATIVE_AI_API_KEY,
    DISCORD_TOKEN,
    DISCORD_CLIENT_SECRET,
    S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY,
    STRIPE_SECRET_KEY,
    METRICS_TOKEN,
    ...secretsIn(STRIPE_WEBHOOK_SECRET ?? ''),
    ...smtpSecrets(config.SMTP_URL),
  ].filter((value) => value !== undefined);
}

const isLoopback = (url: string): boolean => new URL(url).hostname === '127.0.0.1';

/** A service without its key has no port; SDKs are loaded when a port is first used. */
function createPorts(config: Config, storage: Storage, clock: Clock): Ports {
  const { APIFY_TOKEN, GOOGLE_GENERATIVE_AI_API_KEY } = config;
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = config;
  return {
    storage,
    mediaTools: createMediaTools(),
    charts: createCharts(),
    pictures: createPictures(isLoopback(config.DISCORD_API_URL) ? 'loopback' : 'discord'),
    thumbnails: createThumbnails(isLoopback(config.APIFY_API_URL) ? 'loopback' : 'platforms'),
    ...createClipProviders(config),
    ...createPayments(config),
    ...createMailer(config),
    ...(APIFY_TOKEN
      ? { trendSource: createApify({ token: APIFY_TOKEN, url: config.APIFY_API_URL }) }
      : {}),
    ...(GOOGLE_GENERATIVE_AI_API_KEY
      ? createModels(config, GOOGLE_GENERATIVE_AI_API_KEY, clock)
      : {}),
    ...(GOOGLE_CLIENT_ID && GOOGLE_CLIENT_SECRET
      ? {
          videoHost: createYouTube(
            {
              clientId: GOOGLE_CLIENT_ID,
              clientSecret: GOOGLE_CLIENT_SECRET,
              oauthUrl: config.GOOGLE_OAUTH_URL ?? null,
              apiUrl: config.YOUTUBE_API_URL,
            },
            () => clock.now(),
          ),
        }
      : {}),
  };
}

/** One port over the providers of clips that have a key. */
function createClipProviders(config: Config): Pick<Ports, 'videoModels'> {
  const { FAL_KEY, RUNWAYML_API_SECRET } = config;
  if (!FAL_KEY && !RUNWAYML_API_SECRET) return {};
  const fal =
    FAL_KEY &&
    createFal({
      key: FAL_KEY,
      queueUrl: config.FAL_QUEUE_URL,
      restUrl: config.FAL_REST_URL,
      downloadHosts: isLoopback(config.FAL_QUEUE_URL) ? 'loopback' : 'fal',
    });
  const runway =
    RUNWAYML_API_SECRET &&
    createRunway({
      secret: RUNWAYML_API_SECRET,
      url: config.RUNWAY_API_URL,
      downloadHosts: isLoopback(config.RUNWAY_API_URL) ? 'loopback' : 'runway',
    });
  const videoModels = createVideoModels({ ...(fal ? { fal } : {}), ...(runway ? { runway } : {}) });
  return { videoModels };
}

/** Without what signs its messages, nothing that Stripe says could be believed. */
function createPayments(config: Config): Pick<Ports, 'payments'> {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET, STRIPE_API_URL: url } = config;
  if (!secretKey || !STRIPE_WEBHOOK_SECRET) return {};
  const webhookSecrets = secretsIn(STRIPE_WEBHOOK_SECRET);
  return { payments: createStripePayments({ secretKey, webhookSecrets, url }) };
}

/** Without an address to write from, no server takes a mail. */
function createMailer({ SMTP_URL: url, MAIL_FROM: from }: Config): Pick<Ports, 'mailer'> {
  return url && from ? { mailer: createSmtp({ url, from }) } : {};
}

/** The model that writes and explains, and the one that talks. */
function createModels(
  config: Config,
  key: string,
  clock: Clock,
): Pick<Ports, 'languageModel' | 'chatModel'> {
  const settings = { key, url: config.GEMINI_API_URL, model: config.GEMINI_MODEL };
  const now = () => clock.now();
  return {
    languageModel: createGemini(settings, now),
    chatModel: createGeminiChat(settings, now),
  };
}
