import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

import { z } from 'zod';

import { openApp } from '../../core/app.ts';
import type { Clock } from '../../core/clock.ts';
import type { Config } from '../../core/config.ts';
import { openDatabase, type Database } from '../../drizzle/client.ts';
import { openEmbedded } from '../../drizzle/embedded.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { appliedMigrations, judgeSchema, type SchemaState } from '../../drizzle/migration-list.ts';
import type { Tools } from './check.ts';
import { NoDatabase, type DatabaseState, type History } from './state.ts';

export type Surroundings = Pick<Tools, 'database' | 'history' | 'ports' | 'freeBytes'> &
  AsyncDisposable;

/**
 * Opens what the checks of this machine look at. Nothing is dialled yet but for the embedded database,
 * which is brought up to date as every start does; another one is only looked at.
 */
export async function openSurroundings(
  config: Config,
  { path, clock }: { readonly path: string; readonly clock: Clock },
): Promise<Surroundings> {
  mkdirSync(config.JILO_DATA_DIR, { recursive: true });
  await using opened = new AsyncDisposableStack();
  const found = await findDatabase(config, path, opened);
  const database = once(async () => {
    if (found instanceof NoDatabase) throw found;
    return readState(found, clock);
  });
  const isReady = () =>
    database().then(
      ({ schema }) => schema === 'current',
      () => false,
    );
  const ports: Tools['ports'] = once(async () => {
    // Opening the product migrates, which is not for a doctor to do.
    if (found instanceof NoDatabase || !(await isReady())) return null;
    const app = await openApp({
      config: { ...config, DATABASE_URL: found.url },
      path,
      write: () => undefined,
      worker: false,
      publicUrl: () => null,
      clock,
    });
    everything.defer(() => app.close());
    return app.ports;
  });
  const everything = opened.move();
  return {
    database,
    ports,
    history: async () =>
      found instanceof NoDatabase || !(await isReady()) ? null : readHistory(found),
    freeBytes: async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function findDatabase(
  config: Config,
  path: string,
  opened: AsyncDisposableStack,
): Promise<Database | NoDatabase> {
  const open = (url: string): Database => {
    const database = openDatabase(url, 2);
    opened.defer(() => database.close());
    return database;
  };
  if (config.DATABASE_URL !== undefined) return open(config.DATABASE_URL);
  try {
    const embedded = await openEmbedded({ dataDir: config.JILO_DATA_DIR, path });
    opened.defer(() => embedded.release());
    const database = open(embedded.url);
    // What a start would refuse is for the check to tell.
    if ((await readSchema(database)).schema === 'behind') await migrateDatabase(embedded.url);
    return database;
  } catch (error) {
    return new NoDatabase(error instanceof Error ? error.message : String(error));
  }
}

const readSchema = async ({ sql }: Database): Promise<SchemaState> =>
  judgeSchema(await appliedMigrations(sql));

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => (begun ??= work());
}

const stateSchema = z.tuple([
  z.object({
    number: z.coerce.number(),
    text: z.string(),
    now: z.coerce.number(),
  }),
]);

async function readState(database: Database, clock: Clock): Promise<DatabaseState> {
  const { sql } = database;
  await sql`select 1`; // The connection is made before the time is compared.
  const askedAt = clock.now().getTime();
  const rows = await sql`
    select current_setting('server_version_num') as number,
           current_setting('server_version') as text,
           extract(epoch from clock_timestamp()) * 1000 as now`;
  const middle = (askedAt + clock.now().getTime()) / 2;
  const [{ number, text, now }] = stateSchema.parse([...rows]);
  return {
    ...(await readSchema(database)),
    version: text.split(' ')[0] ?? text,
    major: Math.floor(number / 10_000),
    skewSeconds: (middle - now) / 1000,
  };
}

const historySchema = z.tuple([
  z.object({ locked: z.boolean().nullable(), refused: z.boolean().nullable() }),
]);

/**
 * A video that others were to see and that stayed private was locked by YouTube; a scheduled one counts
 * once it is live.
 */
async function readHistory({ sql }: Database): Promise<History> {
  const rows = await sql`
    select
      (select host_privacy = 'private' from publications
       where status = 'live' and told_at is not null and host_privacy is not null
         and (privacy <> 'private' or publish_at is not null)
       order by created_at desc limit 1) as locked,
      (select thumbnail_status = 'refused' and thumbnail_failure = 'thumbnail_not_allowed'
       from publications where thumbnail_status in ('set', 'refused')
       order by created_at desc limit 1) as refused`;
  const [{ locked, refused }] = historySchema.parse([...rows]);
  return { lockedPrivate: locked, thumbnailRefused: refused };
}
