import type { Config } from '../../core/config.ts';
import type { Ids } from '../../core/ids.ts';
import { auditBooks, type Audit } from '../../core/quota/audit.ts';
import { openQueue } from '../../core/queue.ts';
import type { Database } from '../../drizzle/client.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { listForeign, queueVersion } from './catalog.ts';
import { filesFolder, loadFiles, missingFiles } from './files.ts';
import { readManifest, storedFile, tableFile, type Manifest } from './manifest.ts';
import { measureFile, type Measure } from './measured.ts';
import { openPacked } from './pack.ts';
import { loadSequences, loadTables } from './rows.ts';
import { checkMigrations, makeSchema } from './schema-level.ts';
import { unreadableTokens } from './sealed.ts';

/** The lock of `drizzle/migrate.ts`, which the migrations of a starting Jilo wait for. */
const migrationLock = 7_240_019;

export type RestoreOptions = {
  readonly config: Config;
  readonly database: Database;
  readonly ids: Ids;
  /** A backup: a folder or a packed file. */
  readonly source: string;
  readonly now: Date;
};

export type Restored = {
  readonly manifest: Manifest;
  readonly audit: Audit;
  /** Sealed tokens that the secret at hand does not open; null where there is no secret yet. */
  readonly unreadable: number | null;
};

/**
 * Fills an empty database and a file store from a backup, brings the schema to this version, and
 * audits the books. Everything is checked before anything is written, and nothing is overwritten.
 * @throws Error when the backup is damaged or newer than this version, or the target is not empty.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { database } = options;
  await using backup = await openPacked(options.source);
  const { folder } = backup;
  const manifest = readManifest(folder);
  checkMigrations(manifest.migrations, manifest.version);
  await checkParts(folder, manifest);
  await aloneWith(database, async () => {
    await checkEmpty(database);
    await fill(options, folder, manifest);
  });
  await migrateDatabase(database.url);
  const audit = await auditBooks(database.sql, options.now);
  return { manifest, audit, unreadable: await unreadableTokens(options) };
}

/** Whoever else would make tables in this database waits, a Jilo that is just being started too. */
async function aloneWith({ sql }: Database, work: () => Promise<void>): Promise<void> {
  const held = await sql.reserve();
  try {
    await held`select pg_advisory_lock(${migrationLock})`;
    await work();
  } finally {
    await held`select pg_advisory_unlock(${migrationLock})`;
    held.release();
  }
}

async function restoreFiles(
  config: Config,
  folder: string,
  files: Manifest['files'],
): Promise<void> {
  if (files.kind === 'elsewhere') return;
  const root = filesFolder(config);
  if (root === null)
    throw new Error(
      'The backup holds files, and STORAGE_URL is a bucket: restore without STORAGE_URL first, then copy the folder "files" of JILO_DATA_DIR into the bucket.',
    );
  await loadFiles(root, folder, await missingFiles(root, files.list));
}

/** Files first, then schema and rows as one transaction: what breaks off leaves the database empty. */
async function fill(options: RestoreOptions, folder: string, manifest: Manifest): Promise<void> {
  const { sql } = options.database;
  try {
    await makeQueue(options, manifest);
    await restoreFiles(options.config, folder, manifest.files);
    await sql.begin(async (tx) => {
      await makeSchema(tx, manifest.migrations.length);
      await loadTables(tx, folder, manifest.tables);
      await loadSequences(tx, manifest.sequences);
    });
  } catch (error) {
    await sql.unsafe('drop schema if exists pgboss cascade');
    throw error;
  }
}

/** @throws Error naming the first part that is not what was written. */
async function checkParts(folder: string, { tables, files }: Manifest): Promise<void> {
  for (const table of tables) await checkPart(tableFile(folder, table.name), table);
  if (files.kind === 'elsewhere') return;
  for (const file of files.list) await checkPart(storedFile(folder, file.key), file);
}

async function checkPart(path: string, { bytes, sha256 }: Measure): Promise<void> {
  const found = await measureFile(path).catch((error: unknown) => {
    throw new Error(`The backup is damaged: ${path} cannot be read.`, { cause: error });
  });
  if (found.bytes !== bytes || found.sha256 !== sha256)
    throw new Error(`The backup is damaged: ${path} is not what was written.`);
}

async function checkEmpty({ sql }: Database): Promise<void> {
  const found = await listForeign(sql);
  if (found.length > 0)
    throw new Error(
      `The database is not empty: it has ${found[0]}${found.length > 1 ? ` and ${found.length - 1} more` : ''}. Restore into a new database, or a new JILO_DATA_DIR; nothing is ever overwritten.`,
    );
}

/** The tables of the job queue, which its library makes in its own version only. */
async function makeQueue({ database, ids }: RestoreOptions, manifest: Manifest): Promise<void> {
  if (manifest.queue === null) return;
  const { sql, url } = database;
  const fail = (error: unknown) => {
    throw error;
  };
  const queue = await openQueue({ url, jobs: [], ids, worker: false, onError: fail });
  await queue.close();
  const made = await queueVersion(sql);
  if (made === manifest.queue) return;
  throw new Error(
    `The backup has version ${manifest.queue} of the job queue, and this Jilo makes ${made}: restore it with Jilo ${manifest.version}, then upgrade.`,
  );
}
