import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { systemClock } from '../../core/clock.ts';
import { loadSurroundings, parseConfig } from '../../core/config.ts';
import { openDatabase } from '../../drizzle/client.ts';
import { openEmbedded, removeEmbedded } from '../../drizzle/embedded.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import { runScript } from '../../test/kit/process.ts';
import { isolated } from '../isolated.ts';
import { openSurroundings } from './surroundings.ts';
import { doctorWords } from './words/words.ts';

const { path } = loadSurroundings();
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jilo-doctor-'));
  // The server of an embedded database runs as another user.
  chmodSync(dataDir, 0o755);
});
afterEach(() => {
  removeEmbedded(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

const isNewer = `insert into drizzle.__drizzle_migrations (hash, created_at)
  values ('to come', 9999999999999)`;
const isForeign = `update drizzle.__drizzle_migrations set hash = 'other'
  where id = (select max(id) from drizzle.__drizzle_migrations)`;

async function change(url: string, statement: string): Promise<void> {
  const database = openDatabase(url, 1);
  await database.sql.unsafe(statement);
  await database.close();
}

const openWith = (settings: Readonly<Record<string, string>>) =>
  openSurroundings(parseConfig({ NODE_ENV: 'test', JILO_DATA_DIR: dataDir, ...settings }), {
    path,
    clock: systemClock,
  });

/** What the doctor sees, and whether it lets anything look further. */
async function look(settings: Readonly<Record<string, string>> = {}) {
  await using seen = await openWith(settings);
  const { schema, applied, wanted, inCommon } = await seen.database();
  const further = [await seen.ports(), await seen.history()];
  return { schema, more: applied - wanted, others: applied - inCommon, further };
}

describe('a schema that this Jilo does not start on', () => {
  const words = doctorWords('en');

  test.each([
    ['newer', isNewer, { schema: 'ahead', more: 1, others: 1 }, words.updateJilo()],
    ['another', isForeign, { schema: 'foreign', more: 0, others: 1 }, words.useOtherDatabase()],
  ])('%s is told apart, fails, and is not opened', async (_, statement, found, toDo) => {
    const copy = await copyDatabase();
    await change(copy.url, statement);
    const settings = { DATABASE_URL: copy.url };
    await expect(migrateDatabase(copy.url)).rejects.toThrow(/schema/);
    expect(await look(settings)).toEqual({ ...found, further: [null, null] });
    const program = { ...isolated, JILO_DATA_DIR: dataDir, ...settings };
    const { code, stdout, stderr } = await runScript('scripts/doctor.ts', [], program);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^FAILED {3}Database: The database has a .*schema/m);
    expect(stdout).toContain(`${words.switchesOff}${words.databaseOff()}`);
    expect(stdout).toContain(toDo);
    await copy.drop();
  });

  test('is left as it is where the database is the embedded one', async () => {
    const first = await openWith({});
    expect(await first.database()).toMatchObject({ schema: 'current' });
    await first[Symbol.asyncDispose]();
    const embedded = await openEmbedded({ dataDir, path });
    await change(embedded.url, isNewer);
    await embedded.release();
    expect(await look()).toEqual({ schema: 'ahead', more: 1, others: 1, further: [null, null] });
  });
});
