import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { openDatabase } from '../drizzle/client.ts';
import { channels, oauthStates, publications } from '../drizzle/schema/publishing.ts';
import { answerOfHost } from '../test/kit/host-answer.ts';
import { runScript } from '../test/kit/process.ts';
import { connectChannel, makeReadyVideo } from '../test/kit/trips.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { withAccess } from './channel/access.ts';
import { completeConnection } from './channel/complete.ts';
import type { Config } from './config.ts';
import { createCrypto, type Crypto } from './crypto.ts';
import { createIds, systemIds, type Ids } from './ids.ts';
import { publicationCreate } from './publication/create.ts';
import { sealedColumns } from './reseal.ts';
import { rotateKeys } from './rotate-keys.ts';
import { loadSecrets } from './secret.ts';

const first = 'the first secret of this installation';
const second = 'the second secret of this installation';
let world: World;
let channel: string;
beforeEach(async () => {
  world = await createWorld();
  channel = await connectChannel(world);
  await world.app.database.db.delete(oauthStates);
});
afterEach(() => world.close());

const rotate = ({ config, ids = systemIds }: { config?: Config; ids?: Ids } = {}, inUse = false) =>
  rotateKeys({ ...world.app, config: config ?? world.app.config, ids }, async () => inUse);

const withSecrets = (JILO_SECRET: string, JILO_SECRET_PREVIOUS: string): Config => ({
  ...world.app.config,
  JILO_SECRET,
  JILO_SECRET_PREVIOUS,
});

/** What a process that starts now opens and seals with. */
const freshCrypto = (config = world.app.config): Crypto =>
  createCrypto(() => loadSecrets(config, systemIds), systemIds);

const rowsSchema = z.array(z.object({ row: z.string(), account: z.string(), sealed: z.string() }));

/** Every sealed value by its place, with what it opens to and whether it is under the current key. */
async function values(crypto: Crypto): Promise<Map<string, { plain: string; current: boolean }>> {
  const { sql } = world.app.database;
  const all = new Map<string, { plain: string; current: boolean }>();
  for (const { table, column, key } of sealedColumns) {
    const rows =
      await sql`select ${sql(key)} as row, account_id as account, ${sql(column)} as sealed
      from ${sql(table)} where ${sql(column)} is not null`;
    for (const { row, account, sealed } of rowsSchema.parse(rows)) {
      const plain = crypto.open(sealed, { table, column, row, account });
      all.set(`${table}.${column} ${row}`, { plain, current: crypto.isCurrent(sealed) });
    }
  }
  return all;
}

const plains = async (crypto: Crypto) =>
  new Map([...(await values(crypto))].map(([at, { plain }]) => [at, plain]));
const areCurrent = async (crypto: Crypto) =>
  [...(await values(crypto)).values()].every(({ current }) => current);

/** A value of every kind: two tokens, an open session, and a round trip that is going on. */
async function fill(): Promise<void> {
  const context = await world.context();
  await answerOfHost(world, context);
  const video = await makeReadyVideo(world);
  const wish = { video, channel, title: 'A paper boat', description: '', tags: '' };
  const { publication } = await world.must(publicationCreate, wish, context);
  const row = z.string().parse(publication);
  const account = context.actor.accountId;
  const place = { table: 'publications', column: 'session_sealed', row, account };
  const sessionSealed = world.app.crypto.seal('https://upload.example/?upload_id=1', place);
  const { db } = world.app.database;
  await db.update(publications).set({ sessionSealed }).where(eq(publications.id, row));
}

test('every column that is sealed is known', async () => {
  const found = await world.app.database.sql`select table_name, column_name
    from information_schema.columns where column_name like '%sealed%' order by 1, 2`;
  expect(found.map((row) => `${row['table_name']}.${row['column_name']}`)).toEqual(
    sealedColumns.map(({ table, column }) => `${table}.${column}`).toSorted(),
  );
});

describe('a secret in the data folder', () => {
  const previousFile = () => join(world.dataDir, 'secret.previous');

  test('is replaced, and every value is sealed anew beside the running Jilo', async () => {
    await fill();
    const before = await plains(world.app.crypto);
    const old = loadSecrets(world.app.config, systemIds).current;
    expect(before.size).toBe(4);
    expect(await rotate()).toEqual({
      resealed: 4,
      current: 0,
      unreadable: [],
      previous: 'removed',
    });
    expect(loadSecrets(world.app.config, systemIds)).toEqual({
      current: expect.not.stringContaining(old),
      previous: [],
    });
    expect(await plains(freshCrypto())).toEqual(before);
    expect(await areCurrent(freshCrypto())).toBe(true);
    // The running one has not been told.
    expect(await withAccess(world.app, channel, async (token) => token)).toMatch(/^ya29\./);
  });

  test('is kept while something runs that knows no other, and removed after that', async () => {
    expect(await rotate({}, true)).toMatchObject({ resealed: 2, previous: 'kept' });
    const { current, previous } = loadSecrets(world.app.config, systemIds);
    expect(previous).toHaveLength(1);
    expect(await rotate({})).toMatchObject({ resealed: 0, current: 2, previous: 'removed' });
    expect(loadSecrets(world.app.config, systemIds)).toEqual({ current, previous: [] });
    expect(existsSync(previousFile())).toBe(false);
  });

  test('may die at every step: nothing is lost, and the next run ends it', async () => {
    await fill();
    const before = await plains(world.app.crypto);
    let died = 0;
    for (let ended = false; !ended; died += 1) {
      let left = died;
      const dying = createIds((count) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return systemIds.random(count);
      });
      ended = await rotate({ ids: dying }).then(
        () => true,
        (error: unknown) => {
          expect(String(error)).toContain('killed');
          return false;
        },
      );
      expect(await plains(freshCrypto())).toEqual(before);
    }
    // Two files and a secret, and four values that each die once: what is done is not done again.
    expect(died).toBeGreaterThan(3);
    expect(await areCurrent(freshCrypto())).toBe(true);
    expect(existsSync(previousFile())).toBe(false);
  });

  test('goes on beside refreshes of the same tokens', async () => {
    const before = loadSecrets(world.app.config, systemIds).current;
    const other = openDatabase(world.databaseUrl, 5);
    const running = { ...world.app, database: other };
    const use = () => withAccess(running, channel, async (token) => token);
    for (let round = 0; round < 5; round += 1) {
      await world.advance(3600);
      const [, token] = await Promise.all([rotate({}, true), use(), use()]);
      expect(await use()).toBe(token);
      await rotate();
    }
    await other.close();
    expect(loadSecrets(world.app.config, systemIds).current).not.toBe(before);
    expect((await plains(freshCrypto())).size).toBe(2);
  });

  test('is replaced by one process at a time', async () => {
    const ends = await Promise.allSettled(Array.from({ length: 4 }, () => rotate()));
    const failed = ends.filter(({ status }) => status === 'rejected');
    for (const end of failed)
      expect(String('reason' in end && end.reason)).toContain('another process');
    expect((await plains(freshCrypto())).size).toBe(2);
    expect(await areCurrent(freshCrypto())).toBe(true);
  });
});

describe('a secret that is set', () => {
  test('opens what older ones sealed, and after the rotation nothing needs them', async () => {
    const { current } = loadSecrets(world.app.config, systemIds);
    const config = withSecrets(first, current);
    const before = await plains(freshCrypto(config));
    expect(await rotate({ config })).toEqual({
      resealed: 2,
      current: 0,
      unreadable: [],
      previous: 'set',
    });
    const alone = freshCrypto({ ...config, JILO_SECRET_PREVIOUS: undefined });
    expect(await plains(alone)).toEqual(before);
    const next = withSecrets(second, `${current}, ${first}`);
    expect(await rotate({ config: next })).toMatchObject({ resealed: 2 });
    expect(await plains(freshCrypto(next))).toEqual(before);
    expect(await rotate({ config: next })).toMatchObject({ resealed: 0, current: 2 });
  });

  test('names what it cannot open, and leaves that as it was', async () => {
    const other = await connectChannel(world, 'owner', { channel: '城市慢镜头' });
    const { current } = loadSecrets(world.app.config, systemIds);
    await rotate({ config: withSecrets(first, current) });
    const { db } = world.app.database;
    const lost = { refreshTokenSealed: world.app.crypto.seal('lost', placeOf(other)) };
    await db.update(channels).set(lost).where(eq(channels.id, other));
    const end = await rotate({ config: withSecrets(second, first) });
    expect(end).toMatchObject({
      resealed: 3,
      unreadable: [`channels.refresh_token_sealed of ${other}`],
    });
    const [row] = await db.select().from(channels).where(eq(channels.id, other));
    expect(row?.refreshTokenSealed).toBe(lost.refreshTokenSealed);
  });

  const placeOf = (row: string) => ({
    table: 'channels',
    column: 'refresh_token_sealed',
    row,
    account: 'somebody',
  });
});

describe('a round trip', () => {
  test('that goes on is sealed anew and ends well', async () => {
    const answer = await answerOfHost(world, await world.context());
    expect(await rotate()).toMatchObject({ resealed: 3 });
    expect(await completeConnection(world.app, answer)).toMatchObject({ access: 'manage' });
  });

  test('that is over is removed', async () => {
    await connectChannel(world, 'owner', { channel: '城市慢镜头' });
    await answerOfHost(world, await world.context());
    const states = () => world.app.database.db.select().from(oauthStates);
    expect(await states()).toHaveLength(2);
    await rotate();
    expect(await states()).toMatchObject([{ usedAt: null }]);
    await world.advance(600);
    await rotate();
    expect(await states()).toEqual([]);
  });
});

test('the script says what it did, and fails where something cannot be opened', async () => {
  const { current } = loadSecrets(world.app.config, systemIds);
  const run = (JILO_SECRET: string, JILO_SECRET_PREVIOUS: string) =>
    runScript('scripts/rotate-keys.ts', [], {
      DATABASE_URL: world.databaseUrl,
      JILO_DATA_DIR: world.dataDir,
      JILO_SECRET,
      JILO_SECRET_PREVIOUS,
    });
  const lost = await run(first, '');
  expect(lost.code).toBe(1);
  expect(lost.stdout).toContain(`channels.access_token_sealed of ${channel}`);
  const done = await run(first, current);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toContain('2 values sealed anew, 0 were under the current key already.');
  expect(done.stdout).toContain('JILO_SECRET_PREVIOUS can be removed');
  const all = lost.stdout + done.stdout;
  expect([first, current].some((secret) => all.includes(secret))).toBe(false);
  const inFolder = await run('', first);
  expect(inFolder.stdout).toContain('The older secret is removed');
});
