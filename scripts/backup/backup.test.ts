import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';

import { TestClock } from 'pg-boss';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';

import { openAccount } from '../../core/account/open.ts';
import { openApp } from '../../core/app.ts';
import type { Config } from '../../core/config.ts';
import { systemIds } from '../../core/ids.ts';
import { perform } from '../../core/operation.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { auditBooks } from '../../core/quota/audit.ts';
import { postTransfer } from '../../core/quota/ledger.ts';
import { loadSecrets } from '../../core/secret.ts';
import { videoQuote } from '../../core/video/quote.ts';
import { checkKey } from '../../core/providers/storage-key.ts';
import { openDatabase, type Database } from '../../drizzle/client.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import { connectChannel, makeReadyVideo, startVideo, videoRow } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { dumpSchema } from '../generate/schema-dump.ts';
import { hasTable, listForeign, listSequences, listTables, quoted } from './catalog.ts';
import { createBackup } from './create.ts';
import { saveFiles } from './files.ts';
import { isStoredKey, readManifest, writeManifest, type Manifest } from './manifest.ts';
import { writeMeasured } from './measured.ts';
import { restoreBackup } from './restore.ts';
import { copyOut } from './rows.ts';
import { makeSchema } from './schema-level.ts';

const ids = systemIds;
let world: World;
let video: string;
let waiting: string;
let root: string;
let source: Target;
let manifest: Manifest;
const ends: (() => Promise<void>)[] = [];

type Target = { readonly config: Config; readonly database: Database };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'jilo-backup-'));
  world = await createWorld();
  source = { config: world.app.config, database: world.app.database };
  video = await makeReadyVideo(world);
  const channel = await connectChannel(world);
  const context = await world.context();
  const wish = {
    video,
    channel,
    title: '纸船 "下雨"\\N\t\nsecond line',
    description: '',
    tags: '',
  };
  await world.must(publicationCreate, wish, context);
  await world.drain();
  await world.context('terminal', 'somebody-else', 'zh');
  // Quota is held, and a job waits in the queue.
  waiting = await startVideo(world);
  manifest = await backUp(source, join(root, 'backup'));
});
afterAll(async () => {
  await world.close();
  rmSync(root, { recursive: true, force: true });
});
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const backUp = ({ config, database }: Target, target: string): Promise<Manifest> =>
  createBackup({ config, database, ids, target, version: '0.1.0', now: world.now() });

const restore = ({ config, database }: Target, from: string) =>
  restoreBackup({ config, database, ids, source: from, now: world.now() });

const place = (name: string): string => join(root, `${name}-${ids.next('place')}`);

/** A database with nothing in it, and a data folder of its own. */
async function emptyTarget(changes: Partial<Config> = {}): Promise<Target> {
  const name = `restore_${randomBytes(6).toString('hex')}`;
  const url = new URL(inject('templateUrl'));
  url.pathname = '/postgres';
  const admin = openDatabase(url.href, 1);
  await admin.sql.unsafe(`create database ${name}`);
  url.pathname = `/${name}`;
  const database = openDatabase(url.href);
  const dataDir = place('data');
  mkdirSync(dataDir);
  ends.push(async () => {
    await database.close();
    await admin.sql.unsafe(`drop database ${name} with (force)`);
    await admin.close();
  });
  const config = { ...world.app.config, DATABASE_URL: url.href, JILO_DATA_DIR: dataDir };
  return { config: { ...config, ...changes }, database };
}

/** Every row of every table as text, the sequences, and what the migrator has written down. */
async function contentOf({ sql }: Database): Promise<Record<string, readonly string[]>> {
  const content: Record<string, readonly string[]> = {};
  const names = [
    ...(await listTables(sql)).map(({ name }) => name),
    'drizzle.__drizzle_migrations',
  ];
  for (const name of names) {
    const rows = await sql.unsafe(
      `select to_jsonb(t)::text as row from ${quoted(name)} t order by 1`,
    );
    content[name] = rows.map((row) => String(row['row']));
  }
  for (const name of await listSequences(sql)) {
    const [row] = await sql.unsafe(`select last_value, is_called from ${quoted(name)}`);
    content[name] = [JSON.stringify(row)];
  }
  return content;
}

const hashOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

/** The files below a folder by their path, as hashes. */
function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.scratch'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length), hashOf(path)]),
  );
}

const keepSecret = ({ config }: Target): void =>
  copyFileSync(join(world.dataDir, 'secret'), join(config.JILO_DATA_DIR, 'secret'));

/** What is stored in the two is the same, row by row and byte by byte. */
async function expectSame(target: Target): Promise<void> {
  const [before, after] = [await contentOf(source.database), await contentOf(target.database)];
  expect(after).toEqual(before);
  for (const name of ['accounts', 'quota_transfers', 'quota_holds', 'publications', 'channels'])
    expect(after[`public.${name}`]?.length, name).toBeGreaterThan(0);
  expect(after['pgboss.job']?.some((row) => row.includes('"created"'))).toBe(true);
  expect(await dumpSchema(target.database.sql)).toBe(await dumpSchema(source.database.sql));
  const files = filesIn(join(world.dataDir, 'files'));
  expect(Object.keys(files).length).toBeGreaterThan(1);
  expect(filesIn(join(target.config.JILO_DATA_DIR, 'files'))).toEqual(files);
}

/** A Jilo on what was restored, at the world's time, and a request of its owner. */
async function openRestored({ config }: Target) {
  const app = await openApp({
    config,
    path: '',
    write: () => undefined,
    worker: false,
    publicUrl: () => world.publicUrl,
    clock: { now: () => world.now() },
    queueClock: new TestClock(world.now()),
  });
  ends.push(() => app.close());
  const identity = { provider: 'local', subject: 'owner' };
  const account = await openAccount(app, identity, { displayName: 'owner', locale: 'en' });
  const actor = { accountId: account.id, surface: 'terminal' } as const;
  const { signal } = new AbortController();
  return { app, context: { ...app, actor, locale: 'en', timeZone: 'UTC', signal } as const };
}

/** The rows of a query that has one column, `n`. */
async function numberOf({ sql }: Database, query: string): Promise<number> {
  const [row] = await sql.unsafe(query);
  return z.coerce.number().parse(row?.['n']);
}

describe('a restored world', () => {
  test('has every row and every file, and goes on', async () => {
    const target = await emptyTarget();
    keepSecret(target);
    const { audit, unreadable } = await restore(target, join(root, 'backup'));
    await expectSame(target);
    expect(audit.breaches).toEqual([]);
    expect(audit.transfers).toBeGreaterThan(0);
    expect(unreadable).toBe(0);

    const { database } = target;
    const lastId = 'select max(id) as n from quota_transfers';
    const before = await numberOf(database, lastId);
    const { app, context } = await openRestored(target);
    const wish = { prompt: 'a tin robot waters a flower', model: 'minimax', seconds: 15 };
    expect(await perform(videoQuote, wish, context)).toMatchObject({ ok: true });
    const grant = {
      verb: 'grant',
      walletId: context.actor.accountId,
      amount: 5,
      reference: 'after the restore',
      key: 'after the restore',
      at: world.now(),
    } as const;
    const post = (key: string) =>
      app.database.db.transaction((tx) => postTransfer(tx, { ...grant, key }));
    expect((await post('after the restore')).outcome).toBe('applied');
    expect((await post('after the restore')).outcome).toBe('replay');
    expect(await numberOf(database, lastId)).toBeGreaterThan(before);
    const { sql } = database;
    await expect(sql`update quota_transfers set amount = 1`).rejects.toThrow('append-only');
    await expect(sql`delete from audit_log`).rejects.toThrow('append-only');
    await expect(sql`truncate quota_transfers`).rejects.toThrow('append-only');
    // The video that waited when the backup was made is asked for now.
    const attempts = `select count(*) as n from shot_attempts a
      join shots s on s.id = a.shot_id where s.video_id = '${waiting}'`;
    expect(await numberOf(database, attempts)).toBe(0);
    expect(await app.queue.drain(app)).toBeGreaterThan(0);
    expect(await numberOf(database, attempts)).toBeGreaterThan(0);
    expect((await auditBooks(sql, world.now())).breaches).toEqual([]);
  });

  test('comes from one file as well, and leaves the place of the secret free', async () => {
    const from = place('whole').concat('.tar');
    await backUp(source, from);
    expect(statSync(from).mode & 0o077).toBe(0);
    expect(readdirSync(root).filter((name) => name.includes('part_'))).toEqual([]);
    const target = await emptyTarget();
    expect((await restore(target, from)).unreadable).toBe(null);
    expect(existsSync(join(target.config.JILO_DATA_DIR, 'secret'))).toBe(false);
    await expectSame(target);
  });

  test('of a bucket has the rows, and counts the tokens that another secret does not open', async () => {
    const STORAGE_URL = 's3://films/jilo';
    const from = place('bucket');
    const saved = await backUp({ ...source, config: { ...source.config, STORAGE_URL } }, from);
    expect(saved.files).toMatchObject({ kind: 'elsewhere', place: STORAGE_URL });
    expect(existsSync(join(from, 'files'))).toBe(false);
    const JILO_SECRET = 'a secret that has sealed nothing of it';
    const target = await emptyTarget({ STORAGE_URL, JILO_SECRET });
    const { audit, unreadable } = await restore(target, from);
    expect(audit.breaches).toEqual([]);
    const tokens = await numberOf(target.database, 'select 2 * count(*) as n from channels');
    expect(unreadable).toBeGreaterThanOrEqual(tokens);
    expect(tokens).toBeGreaterThan(0);
    expect(readdirSync(target.config.JILO_DATA_DIR)).toEqual([]);
  });
});

describe('a backup', () => {
  test('is one moment, while writes go on', async () => {
    const { database } = source;
    const wallet = (await world.context()).actor.accountId;
    const stop = new AbortController();
    let written = 0;
    const write = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        written += 1;
        await database.sql`select * from quota_post('grant', ${wallet}, 1,
          ${`write ${written}`}, ${`write ${written}`}, ${world.now().toISOString()}, false)`;
      }
    };
    const writing = write();
    const from = place('busy');
    const { tables } = await backUp(source, from);
    stop.abort();
    await writing;
    const saved = tables.find(({ name }) => name === 'public.quota_transfers')?.rows ?? 0;
    // Some were written after the moment that was saved.
    const now = await numberOf(database, 'select count(*) as n from quota_transfers');
    expect(now).toBeGreaterThan(saved);
    const target = await emptyTarget();
    const { audit } = await restore(target, from);
    expect(audit).toMatchObject({ transfers: saved, breaches: [] });
    // Ids that were given after the snapshot are not given again.
    const last = await numberOf(target.database, 'select max(id) as n from quota_transfers');
    const next = `select nextval('quota_transfers_id_seq') as n`;
    expect(await numberOf(target.database, next)).toBeGreaterThan(last);
  });

  test('goes to no place that is taken, and leaves nothing when it fails', async () => {
    await expect(backUp(source, join(root, 'backup'))).rejects.toThrow('is there already');
    const file = place('taken').concat('.tar');
    writeFileSync(file, 'mine');
    await expect(backUp(source, file)).rejects.toThrow('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const target = await emptyTarget();
    const nowhere = place('nothing');
    await expect(backUp(target, nowhere)).rejects.toThrow('nothing to back up');
    expect(readdirSync(root).filter((name) => name.startsWith('nothing'))).toEqual([]);
  });

  test('of a long table leaves its connection as it was, however slowly it is written', async () => {
    const { sql } = source.database;
    await sql.begin(async (tx) => {
      await tx`create temp table long_rows as
        select i, repeat('x', 100) as text from generate_series(1, 4000) i`;
      for (let time = 0; time < 40; time += 1) {
        const file = join(place('long'), `${time}.gz`);
        const open = () => copyOut(tx, { name: 'long_rows', columns: ['i', 'text'] });
        await writeMeasured(file, open, createGzip());
        expect(await tx`select 1 as one`).toHaveLength(1);
      }
    });
  });

  test('into an empty folder is taken', async () => {
    const folder = place('empty');
    mkdirSync(folder);
    await backUp(source, folder);
    expect(readManifest(folder).migrations).toEqual(manifest.migrations);
  });

  test('names what was removed while it was made', async () => {
    const dataDir = place('removed');
    const files = join(dataDir, 'files');
    mkdirSync(join(files, 'videos'), { recursive: true });
    mkdirSync(join(files, '.scratch'));
    writeFileSync(join(files, '.scratch/scratch_1.part'), 'half');
    writeFileSync(join(files, 'videos/notes about it.txt'), 'not ours');
    writeFileSync(join(files, 'videos/a.mp4'), Buffer.alloc(32 * 1024 * 1024));
    writeFileSync(join(files, 'videos/b.mp4'), 'short');
    const to = place('removed-backup');
    const saving = saveFiles({ ...source.config, JILO_DATA_DIR: dataDir }, to);
    while (!existsSync(join(to, 'files/videos/a.mp4')))
      await new Promise((settle) => setImmediate(settle));
    rmSync(join(files, 'videos/b.mp4'));
    expect(await saving).toMatchObject({
      list: [{ key: 'videos/a.mp4', bytes: 32 * 1024 * 1024 }],
      gone: ['videos/b.mp4'],
    });
  });

  test.each([
    'videos/vid_0a1.mp4',
    'Videos/a.mp4',
    'videos/../a.mp4',
    '../a.mp4',
    '/etc/passwd.txt',
    'videos/.hidden.mp4',
    'videos/a.mp4\n',
    'a.mp4',
    'videos/a',
    '',
  ])('takes the keys of storage and nothing else: %j', (key) => {
    const isKey = (): boolean => {
      try {
        return checkKey(key) === key;
      } catch {
        return false;
      }
    };
    expect(isStoredKey(key)).toBe(isKey());
  });
});

/** The backup with something done to it. */
function altered(change: (folder: string, old: Manifest) => Manifest | void): string {
  const folder = place('altered');
  cpSync(join(root, 'backup'), folder, { recursive: true });
  const next = change(folder, manifest);
  if (!next) return folder;
  rmSync(join(folder, 'manifest.json'));
  writeManifest(folder, next);
  return folder;
}

const table = (name: string): string => `tables/public.${name}.copy.gz`;
const storedFileOf = (folder: string): string => {
  if (manifest.files.kind !== 'included') throw new Error('no files');
  return join(folder, 'files', manifest.files.list[0]?.key ?? '');
};

describe('a restore refuses', () => {
  let target: Target;
  beforeAll(async () => {
    // The ends of this one are its own: what is refused leaves it empty for the next.
    target = await emptyTarget();
    const own = ends.splice(0);
    closings.push(async () => {
      for (const end of own.toReversed()) await end();
    });
  });
  afterAll(async () => {
    for (const close of closings) await close();
  });
  const closings: (() => Promise<void>)[] = [];

  /** Why a backup is refused; nothing was made in the database, and no file. */
  async function refusal(from: string): Promise<string> {
    const why = await restore(target, from).then(
      () => 'it was taken',
      (error: unknown) => String(error),
    );
    expect(await listForeign(target.database.sql)).toEqual([]);
    expect(readdirSync(target.config.JILO_DATA_DIR)).toEqual([]);
    return why;
  }

  test('rows that were altered', async () => {
    const from = altered((folder) => {
      const bytes = readFileSync(join(folder, table('wallets')));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(join(folder, table('wallets')), bytes);
    });
    expect(await refusal(from)).toMatch(/damaged: .*wallets.* is not what was written/);
  });

  test('a file that is longer, shorter or missing', async () => {
    const longer = altered((folder) => appendFileSync(storedFileOf(folder), 'x'));
    expect(await refusal(longer)).toMatch(/damaged: .* is not what was written/);
    const shorter = altered((folder) => truncateSync(storedFileOf(folder), 10));
    expect(await refusal(shorter)).toMatch(/damaged: .* is not what was written/);
    const missing = altered((folder) => rmSync(storedFileOf(folder)));
    expect(await refusal(missing)).toMatch(/damaged: .* cannot be read/);
  });

  test('a manifest that was altered, cut off, or is not there', async () => {
    const edit = (folder: string, change: (text: string) => string) => {
      const file = join(folder, 'manifest.json');
      writeFileSync(file, change(readFileSync(file, 'utf8')));
    };
    const other = altered((folder) =>
      edit(folder, (text) => text.replace('"rows": 1', '"rows": 2')),
    );
    expect(await refusal(other)).toContain('its manifest was altered');
    const cut = altered((folder) => edit(folder, (text) => text.slice(0, -20)));
    expect(await refusal(cut)).toContain('its manifest cannot be read');
    expect(await refusal(root)).toContain('no manifest.json');
    expect(await refusal(place('nowhere'))).toContain('There is no backup at');
  });

  test('a manifest whose keys climb out of the folder', async () => {
    const list = [{ key: '../../out.txt', bytes: 0, sha256: '0'.repeat(64) }];
    const from = altered((_, old) => ({ ...old, files: { kind: 'included', list, gone: [] } }));
    expect(await refusal(from)).toContain('of another format');
  });

  test('a packed file that is cut off', async () => {
    const file = place('cut').concat('.tar');
    await backUp(source, file);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    expect(await refusal(file)).toMatch(/cannot be unpacked|damaged/);
  });

  test('a newer schema, one that this version never had, and another job queue', async () => {
    const version = '9.0.0';
    const newer = altered((_, old) => ({
      ...old,
      version,
      migrations: [...old.migrations, 'next'],
    }));
    expect(await refusal(newer)).toContain('restore it with Jilo 9.0.0 or newer');
    const other = altered((_, old) => ({
      ...old,
      migrations: ['other', ...old.migrations.slice(1)],
    }));
    expect(await refusal(other)).toContain('never had');
    const queue = altered((_, old) => ({ ...old, version, queue: (old.queue ?? 0) + 1 }));
    expect(await refusal(queue)).toMatch(/job queue.* restore it with Jilo 9\.0\.0/);
  });

  test('a database that is not empty, and changes nothing of it', async () => {
    const before = await contentOf(source.database);
    await expect(restore(source, join(root, 'backup'))).rejects.toThrow('not empty');
    expect(await contentOf(source.database)).toEqual(before);
    await target.database.sql.unsafe('create table notes (id int)');
    await expect(restore(target, join(root, 'backup'))).rejects.toThrow(
      'The database is not empty: it has public.notes.',
    );
    await target.database.sql.unsafe('drop table notes');
    const copy = await copyDatabase();
    const migrated = openDatabase(copy.url);
    ends.push(copy.drop, () => migrated.close());
    await expect(restore({ ...target, database: migrated }, join(root, 'backup'))).rejects.toThrow(
      'not empty',
    );
    expect(readdirSync(target.config.JILO_DATA_DIR)).toEqual([]);
  });

  test('a file store that has another file', async () => {
    const files = join(target.config.JILO_DATA_DIR, 'files');
    cpSync(join(root, 'backup/files'), files, { recursive: true });
    const [first = ''] = Object.keys(filesIn(files));
    appendFileSync(join(files, first), 'x');
    const there = filesIn(files);
    await expect(restore(target, join(root, 'backup'))).rejects.toThrow('is another file');
    expect(filesIn(files)).toEqual(there);
    expect(await listForeign(target.database.sql)).toEqual([]);
    rmSync(files, { recursive: true });
  });

  test('a bucket for a backup that holds files', async () => {
    const config = { ...target.config, STORAGE_URL: 's3://films/jilo' };
    await expect(restore({ ...target, config }, join(root, 'backup'))).rejects.toThrow(
      'STORAGE_URL is a bucket',
    );
    expect(await listForeign(target.database.sql)).toEqual([]);
  });

  test('rows that do not fit together: the database stays empty, and takes a whole backup then', async () => {
    const from = altered((folder, old) => {
      const empty = gzipSync('');
      writeFileSync(join(folder, table('accounts')), empty);
      const part = {
        rows: 0,
        bytes: empty.length,
        sha256: createHash('sha256').update(empty).digest('hex'),
      };
      const tables = old.tables.map((one) =>
        one.name === 'public.accounts' ? { ...one, ...part } : one,
      );
      return { ...old, tables };
    });
    await expect(restore(target, from)).rejects.toThrow('foreign key');
    expect(await listForeign(target.database.sql)).toEqual([]);
    expect((await restore(target, join(root, 'backup'))).audit.breaches).toEqual([]);
  });
});

describe('a backup of an older version', () => {
  test('is restored in its own schema, and brought to this one', async () => {
    const old = await emptyTarget();
    await old.database.sql.begin(async (tx) => {
      await makeSchema(tx, 9);
      await tx.unsafe(`
        insert into accounts (id, display_name, locale, created_at) values ('acc_old', 'old', 'en', now());
        insert into wallets values ('acc_old', 100, 100, 0, 0, 0)`);
    });
    expect(await hasTable(old.database.sql, 'public.purchases')).toBe(false);
    const from = place('older');
    const saved = await backUp(old, from);
    expect([saved.migrations.length, saved.queue]).toEqual([9, null]);
    const target = await emptyTarget();
    await restore(target, from);
    expect(await dumpSchema(target.database.sql)).toBe(await dumpSchema(source.database.sql));
    expect(await target.database.sql`select id, available from wallets`).toEqual([
      { id: 'acc_old', available: 100 },
    ]);
  });

  test('has the schema that the migrator makes', async () => {
    const [ours, theirs] = [await emptyTarget(), await emptyTarget()];
    await ours.database.sql.begin((tx) => makeSchema(tx, manifest.migrations.length));
    await migrateDatabase(theirs.database.url);
    expect(await dumpSchema(ours.database.sql)).toBe(await dumpSchema(theirs.database.sql));
    expect(await contentOf(ours.database)).toEqual(await contentOf(theirs.database));
    const columns = await ours.database.sql`select column_name, data_type, column_default
      from information_schema.columns where table_schema = 'drizzle' order by 1`;
    expect(columns).toEqual(
      await theirs.database.sql`select column_name, data_type, column_default
      from information_schema.columns where table_schema = 'drizzle' order by 1`,
    );
  });
});

test('the video and the secret of this world are what the tests take them for', async () => {
  expect((await videoRow(world, video)).status).toBe('ready');
  expect((await videoRow(world, waiting)).status).toBe('queued');
  expect(loadSecrets(world.app.config, ids).current.length).toBeGreaterThanOrEqual(32);
});
