import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { PgBoss, TestClock } from 'pg-boss';

import { openApp, type App } from '../../../core/app.ts';
import { loadSurroundings, parseConfig } from '../../../core/config.ts';
import { operations } from '../../../core/operations.ts';
import { startGoogle, type GoogleEmulator } from '../../../sandbox/google/google.ts';
import { createWebApp } from '../../../web-callbacks/app.ts';
import { serveWeb } from '../../../web-callbacks/serve.ts';
import { createHandClock, type HandClock } from '../hand-clock.ts';

/** The product with YouTube beside it, on a clock moved by hand. */
export type PublishingWorld = {
  readonly clock: HandClock;
  readonly google: GoogleEmulator;
  /** The process that people come to; it never dies. */
  readonly web: App;
  /** Another process on the same database. */
  openProcess(): Promise<App>;
  /** Brings the queue's clock to the time of the hand-moved one, and lets it find dead workers. */
  tellTime(): Promise<void>;
  /** Nothing is left of the run before. */
  begin(at: Date): Promise<void>;
  close(): Promise<void>;
};

const start = new Date('2026-01-01T00:00:00.000Z');
const client = { id: 'test.apps.googleusercontent.com', secret: 'test-google' };

/** Opens the world on a migrated database and a folder of its own. */
export async function openPublishingWorld(options: {
  readonly databaseUrl: string;
  readonly dataDir: string;
}): Promise<PublishingWorld> {
  const clock = createHandClock(start);
  const queueClock = new TestClock(start);
  const uploadFolder = join(options.dataDir, 'youtube');
  const google = await startGoogle({
    clock,
    clientId: client.id,
    clientSecret: client.secret,
    uploadFolder,
    processingMs: 20_000,
    insertsPerDay: Number.MAX_SAFE_INTEGER,
    unitsPerDay: Number.MAX_SAFE_INTEGER,
  });
  const config = parseConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    // Rates count by the wall clock, which hardly moves in a run.
    RATE_ACCOUNT_PER_MINUTE: '1000000',
    RATE_SERVER_PER_MINUTE: '1000000',
    RATE_ADDRESS_PER_MINUTE: '1000000',
    JILO_DATA_DIR: options.dataDir,
    DATABASE_URL: options.databaseUrl,
    GOOGLE_CLIENT_ID: client.id,
    GOOGLE_CLIENT_SECRET: client.secret,
    GOOGLE_OAUTH_URL: google.url,
    YOUTUBE_API_URL: google.url,
    YOUTUBE_DAILY_UPLOADS: '1000000',
    YOUTUBE_DAILY_UNITS: '1000000',
  });
  const address: { url: string | null } = { url: null };
  const openProcess = () =>
    openApp({
      config,
      path: loadSurroundings().path,
      write: () => undefined,
      worker: false,
      publicUrl: () => address.url,
      clock: { now: () => clock.now() },
      queueClock,
    });
  const web = await openProcess();
  const served = await serveWeb(createWebApp(web, { operations, instanceId: 'run_p' }), 0);
  address.url = served.url;
  const boss = new PgBoss({
    connectionString: options.databaseUrl,
    max: 1,
    supervise: false,
    schedule: false,
    registerInstance: false,
    monitorIntervalSeconds: 1,
    clock: queueClock,
  });
  await boss.start();
  return {
    clock,
    google,
    web,
    openProcess,
    async tellTime() {
      await queueClock.setTime(clock.now());
      await boss.supervise();
    },
    async begin(at) {
      clock.begin(at);
      await queueClock.setTime(at);
      google.behave();
      for (const table of ['pgboss.job', 'notices', 'events', 'publication_counts'])
        await web.database.sql.unsafe(`delete from ${table}`);
      await web.database.sql`update pgboss.queue
        set monitor_claim_on = null, monitor_on = null, maintain_on = null`;
      rmSync(uploadFolder, { recursive: true, force: true });
    },
    async close() {
      await served.close();
      await boss.stop({ graceful: false });
      await web.close();
      await google.close();
    },
  };
}
