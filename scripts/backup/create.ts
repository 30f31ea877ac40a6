import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { Config } from '../../core/config.ts';
import type { Ids } from '../../core/ids.ts';
import type { Database } from '../../drizzle/client.ts';
import { appliedMigrations } from '../../drizzle/migration-list.ts';
import { queueVersion } from './catalog.ts';
import { saveFiles } from './files.ts';
import { writeManifest, type Manifest } from './manifest.ts';
import { isPacked, pack } from './pack.ts';
import { saveSequences, saveTables } from './rows.ts';

const secretNote =
  'JILO_SECRET is not in this backup. Keep it elsewhere: without it the tokens of channels cannot be opened, and those channels have to be connected again.';

export type BackupOptions = {
  readonly config: Config;
  readonly database: Database;
  readonly ids: Ids;
  /** A folder that is not there yet or empty, or a file that ends in `.tar`. */
  readonly target: string;
  readonly version: string;
  readonly now: Date;
};

/**
 * Writes a backup beside a running Jilo: the database as of one moment, then the files, which were
 * stored before any row named them. It is in its place whole or not at all.
 * @throws Error when something is there already, or the database is not one of Jilo.
 */
export async function createBackup(options: BackupOptions): Promise<Manifest> {
  const target = resolve(options.target);
  if (isTaken(target)) throw new Error(`${target} is there already: name a new place.`);
  const draft = `${target}.${options.ids.next('part')}`;
  mkdirSync(dirname(target), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  try {
    const manifest = await fill(draft, options);
    if (isPacked(target)) await packInto(draft, target);
    else renameSync(draft, target);
    return manifest;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const isTaken = (target: string): boolean =>
  existsSync(target) && (isPacked(target) || readdirSync(target).length > 0);

async function packInto(draft: string, target: string): Promise<void> {
  const packed = `${draft}.tar`;
  try {
    await pack(draft, packed);
    chmodSync(packed, 0o600);
    renameSync(packed, target);
  } finally {
    rmSync(packed, { force: true });
  }
}

async function fill(folder: string, options: BackupOptions): Promise<Manifest> {
  const { config, database, version, now } = options;
  const rows = await database.sql.begin('isolation level repeatable read read only', async (tx) => {
    const migrations = await appliedMigrations(tx);
    if (migrations.length === 0)
      throw new Error('This database has no tables of Jilo: there is nothing to back up.');
    const queue = await queueVersion(tx);
    const tables = await saveTables(tx, folder);
    return { migrations, queue, tables, sequences: await saveSequences(tx) };
  });
  const manifest: Manifest = {
    format: 1,
    version,
    createdAt: now.toISOString(),
    ...rows,
    files: await saveFiles(config, folder),
    secret: secretNote,
  };
  writeManifest(folder, manifest);
  return manifest;
}
