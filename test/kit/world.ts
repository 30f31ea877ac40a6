import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TestClock } from 'pg-boss';

import { openAccount } from '../../core/account/open.ts';
import { openApp, type App } from '../../core/app.ts';
import { loadSurroundings, parseConfig } from '../../core/config.ts';
import { decideApproval } from '../../core/consent/decide.ts';
import type { Context, Surface } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import type { Ids } from '../../core/ids.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { perform, type AnyOperation, type Outcome } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { startApify, type ApifyEmulator } from '../../sandbox/apify/apify.ts';
import { createManualClock, wallClock } from '../../sandbox/clock.ts';
import { startFal, type FalEmulator } from '../../sandbox/fal/fal.ts';
import { startGemini, type GeminiEmulator } from '../../sandbox/gemini/gemini.ts';
import { startGoogle, type GoogleEmulator } from '../../sandbox/google/google.ts';
import { startMail, type MailEmulator } from '../../sandbox/mail/mail.ts';
import { startRunway, type RunwayEmulator } from '../../sandbox/runway/runway.ts';
import { priceIds } from '../../sandbox/stripe/catalogue.ts';
import { startStripe, type StripeEmulator } from '../../sandbox/stripe/stripe.ts';
import { createWebApp } from '../../web-callbacks/app.ts';
import { serveWeb } from '../../web-callbacks/serve.ts';
import { copyDatabase } from './database.ts';

/** The whole product in one process, on a database of its own, on a clock moved by hand. */
export type World = {
  readonly app: App;
  readonly services: App;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly emulators: {
    readonly fal: FalEmulator;
    readonly runway: RunwayEmulator;
    readonly apify: ApifyEmulator;
    readonly gemini: GeminiEmulator;
    readonly google: GoogleEmulator;
    readonly mail: MailEmulator;
    readonly stripe: StripeEmulator;
  };
  /** Log lines so far. */
  readonly logs: string[];
  now(): Date;
  context(surface?: Surface, accountName?: string, locale?: Locale): Promise<Context>;
  /** Performs as a person who approves whatever is asked. */
  perform(operation: AnyOperation, input: unknown, context: Context): Promise<Outcome>;
  /** The same, for what must succeed. */
  must(operation: AnyOperation, input: unknown, context: Context): Promise<Record<string, unknown>>;
  /** Moves every clock. */
  advance(seconds: number): Promise<void>;
  /** Runs queued work and lets the emulators finish, until nothing is left to do now. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

export type WorldOptions = {
  /** Settings on top of those that lead to the emulators. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly generationMs?: number;
  readonly projectLocked?: boolean;
  /** What the local YouTube allows the project in a day. */
  readonly insertsPerDay?: number;
  readonly unitsPerDay?: number;
  readonly ids?: Ids;
};

const start = new Date('2026-11-22T08:00:00.000Z');
const stripeKeys = { secretKey: 'sk_test_world', webhookSecret: 'whsec_world' };

async function startEmulators(folder: string, options: WorldOptions) {
  const clock = createManualClock(start);
  const [fal, runway, apify, gemini, google, stripe, mail] = await Promise.all([
    startFal({
      clock,
      key: 'test:fal',
      generationMs: options.generationMs ?? 0,
      scale: 0.1,
      seed: 1,
    }),
    startRunway({
      clock,
      secret: 'test-runway',
      generationMs: options.generationMs ?? 0,
      scale: 0.1,
      seed: 1,
    }),
    // A run is awaited while it goes on, so it must not wait for a hand on the clock.
    startApify({
      clock: {
        now: () => clock.now(),
        schedule: (delayMs, task) => wallClock.schedule(delayMs, task),
      },
      token: 'test-apify',
      runMs: 0,
      seed: 1,
    }),
    startGemini({ clock, key: 'test-gemini', latencyMs: 0 }),
    startGoogle({
      clock,
      clientId: 'test.apps.googleusercontent.com',
      clientSecret: 'test-google',
      uploadFolder: join(folder, 'youtube'),
      processingMs: 0,
      projectLocked: options.projectLocked ?? false,
      insertsPerDay: options.insertsPerDay ?? 100_000,
      unitsPerDay: options.unitsPerDay ?? 1_000_000,
    }),
    startStripe({ clock, ...stripeKeys, seed: 1 }),
    startMail({ clock }),
  ]);
  const settings = {
    FAL_KEY: 'test:fal',
    // What one test leaves unfinished takes no place from the next.
    FAL_CONCURRENCY: '40',
    RUNWAY_CONCURRENCY: '40',
    FAL_QUEUE_URL: fal.queueUrl,
    FAL_REST_URL: fal.restUrl,
    RUNWAYML_API_SECRET: 'test-runway',
    RUNWAY_API_URL: runway.url,
    APIFY_TOKEN: 'test-apify',
    APIFY_API_URL: apify.url,
    // Tests ask more often than people, and mean each request and each search.
    RATE_ACCOUNT_PER_MINUTE: '1000000',
    RATE_SERVER_PER_MINUTE: '1000000',
    RATE_ADDRESS_PER_MINUTE: '1000000',
    TREND_DAILY_SEARCHES: '1000',
    TREND_FRESH_MINUTES: '0',
    GOOGLE_GENERATIVE_AI_API_KEY: 'test-gemini',
    GEMINI_API_URL: gemini.url,
    GOOGLE_CLIENT_ID: 'test.apps.googleusercontent.com',
    GOOGLE_CLIENT_SECRET: 'test-google',
    GOOGLE_OAUTH_URL: google.url,
    YOUTUBE_API_URL: google.url,
    // A day of a test is not a day of people.
    YOUTUBE_DAILY_UPLOADS: '100000',
    YOUTUBE_DAILY_UNITS: '1000000',
    STRIPE_SECRET_KEY: stripeKeys.secretKey,
    STRIPE_WEBHOOK_SECRET: stripeKeys.webhookSecret,
    STRIPE_API_URL: stripe.url,
    ...priceIds,
    SMTP_URL: mail.smtpUrl,
    MAIL_FROM: 'Jilo <no-reply@jilo.test>',
  };
  return { clock, settings, emulators: { fal, runway, apify, gemini, google, stripe, mail } };
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jilo-world-'));
  const database = await copyDatabase();
  const { clock, settings, emulators } = await startEmulators(dataDir, options);
  const queueClock = new TestClock(start);
  const logs: string[] = [];
  const address: { url: string | null } = { url: null };
  const app = await openApp({
    config: parseConfig({
      NODE_ENV: 'test',
      JILO_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      ...settings,
      ...options.settings,
    }),
    path: loadSurroundings().path,
    write: (line) => void logs.push(line),
    worker: false,
    publicUrl: () => address.url,
    clock: { now: () => clock.now() },
    timers: clock,
    queueClock,
    ...(options.ids ? { ids: options.ids } : {}),
  });
  const web = await serveWeb(createWebApp(app, { operations, instanceId: 'run_test' }), 0);
  address.url = web.url;
  emulators.stripe.webhook.setUrl(`${web.url}/webhooks/stripe`);
  const performApproved = async (operation: AnyOperation, input: unknown, context: Context) => {
    const first = await perform(operation, input, context);
    if (first.ok || !isFault(first.fault, 'approval_required')) return first;
    const { id } = first.fault.params;
    await decideApproval(app, {
      id,
      approved: true,
      by: context.actor.accountId,
      surface: 'terminal',
    });
    return perform(operation, input, context, { approvalId: id });
  };
  return {
    app,
    services: app,
    dataDir,
    publicUrl: web.url,
    databaseUrl: database.url,
    emulators,
    logs,
    now: () => clock.now(),
    async context(surface = 'terminal', accountName = 'owner', locale = 'en') {
      const identity = { provider: 'local', subject: accountName };
      const account = await openAccount(app, identity, { displayName: accountName, locale });
      const actor = { accountId: account.id, surface };
      return { ...app, actor, locale, timeZone: 'UTC', signal: new AbortController().signal };
    },
    perform: performApproved,
    async must(operation, input, context) {
      const outcome = await performApproved(operation, input, context);
      if (!outcome.ok) throw outcome.fault;
      return outcome.value;
    },
    async advance(seconds) {
      clock.advance(seconds * 1000);
      await queueClock.setTime(clock.now());
    },
    async drain() {
      for (let ran = -1; ran !== 0;) {
        ran = await app.queue.drain(app);
        await Promise.all([
          emulators.fal.idle(),
          emulators.runway.idle(),
          emulators.stripe.webhook.flush(),
        ]);
        ran += await app.queue.drain(app);
      }
    },
    async close() {
      await web.close();
      await app.close();
      await Promise.all(Object.values(emulators).map((emulator) => emulator.close()));
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
