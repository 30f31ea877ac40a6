import { createSpend, meterHost } from '../core/channel/allowance.ts';
import { systemClock } from '../core/clock.ts';
import { loadConfig } from '../core/config.ts';
import type { Services } from '../core/context.ts';
import { createCrypto } from '../core/crypto.ts';
import { systemIds } from '../core/ids.ts';
import { createLog } from '../core/log.ts';
import { createDiskStorage } from '../core/providers/disk-storage.ts';
import { createSignIn } from '../core/providers/sign-in.ts';
import { createYouTube } from '../core/providers/youtube.ts';
import { confirmPublication } from '../core/publication/confirm.ts';
import { uploadPublication } from '../core/publication/upload.ts';
import { openQueue, type JobQueue } from '../core/queue.ts';
import { loadSecrets } from '../core/secret.ts';
import { wallTimers } from '../core/timers.ts';
import { openDatabase } from '../drizzle/client.ts';

const unused = (): never => {
  throw new Error('what only publishes does not need this');
};
const pictures = { fetch: unused };
const mediaTools = {
  poster: unused,
  probe: unused,
  assemble: unused,
  drawThumbnail: unused,
  probeSound: unused,
};

/** What publishing needs of an installation, by the settings of the environment; `worker`: for doing queued work. */
export async function openPublishing(worker: boolean) {
  const config = loadConfig();
  const { GOOGLE_CLIENT_ID: clientId = '', GOOGLE_CLIENT_SECRET: clientSecret = '' } = config;
  const ids = systemIds;
  const clock = systemClock;
  const database = openDatabase(config.DATABASE_URL ?? '');
  const queue = await openQueue({
    url: database.url,
    jobs: [uploadPublication, confirmPublication],
    ids,
    worker,
    onError: (error) => void process.stderr.write(`${String(error)}\n`),
  });
  const oauthUrl = config.GOOGLE_OAUTH_URL ?? null;
  const apiUrl = config.YOUTUBE_API_URL;
  const host = createYouTube({ clientId, clientSecret, oauthUrl, apiUrl }, () => clock.now());
  const services: Services & { readonly queue: JobQueue } = {
    config,
    clock,
    timers: wallTimers,
    ids,
    log: createLog({
      level: 'warn',
      secrets: [],
      write: (line) => void process.stderr.write(line),
    }),
    crypto: createCrypto(() => loadSecrets(config, ids), ids),
    database,
    queue,
    ports: {
      storage: createDiskStorage(`${config.JILO_DATA_DIR}/files`, ids),
      mediaTools,
      pictures,
      thumbnails: pictures,
      charts: { draw: unused },
      videoHost: meterHost(host, createSpend({ config, clock, database })),
    },
    signIn: createSignIn(() => services),
    health: { readQueue: () => queue.readState(), readProvider: unused },
    publicUrl: () => null,
  };
  return services;
}
