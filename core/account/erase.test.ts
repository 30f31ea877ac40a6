import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accounts } from '../../drizzle/schema/people.ts';
import { channels } from '../../drizzle/schema/publishing.ts';
import { connectChannel, jobContext, storedKeys, withVideoHost } from '../../test/kit/trips.ts';
import { columnsWith, furnishAccount, type WholeAccount } from '../../test/kit/whole-account.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { JobContext } from '../context.ts';
import { Fault } from '../fault.ts';
import { auditBooks } from '../quota/audit.ts';
import { accountDelete } from './delete.ts';
import { eraseAccount } from './erase.ts';

const plain = 'zqkanarie';
const broken = 'zqfinch';
const stays = 'zqsparrow';

let world: World;
let uncut: WholeAccount;
let cut: WholeAccount;
let neighbour: WholeAccount;
beforeAll(async () => {
  world = await createWorld();
  uncut = await furnishAccount(world, plain);
  cut = await furnishAccount(world, broken);
  neighbour = await furnishAccount(world, stays);
}, 120_000);
afterAll(() => world.close());

const idOf = ({ person }: WholeAccount) => person.actor.accountId;
const breaches = async () => (await auditBooks(world.app.database.sql, world.now())).breaches;
const hosted = (title: string) =>
  world.emulators.google.videos.find((video) => video.title === title);

/** How many rows each table has of an account. */
async function rowsOf(accountId: string): Promise<Record<string, number>> {
  const { sql: query } = world.app.database;
  const tables = await query`select table_name as name from information_schema.columns
    where column_name = 'account_id' and table_schema = 'public' order by table_name`;
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await query`select count(*)::int as rows from ${query(String(name))}
      where account_id = ${accountId}`;
    if (Number(row?.['rows']) > 0) counts[String(name)] = Number(row?.['rows']);
  }
  return counts;
}

/** A worker that dies as it passes the given point: within a transaction, after one, after a removal. */
function dyingAt(point: number): JobContext {
  let passed = 0;
  const tick = () => {
    passed += 1;
    if (passed === point) throw new Error('the process died');
  };
  const { db } = world.app.database;
  const dying = new Proxy(db, {
    get(target, name, receiver) {
      if (name !== 'transaction') return Reflect.get(target, name, receiver);
      const transaction: typeof db.transaction = async (run, options) => {
        const done = await db.transaction(async (tx) => {
          const result = await run(tx);
          tick();
          return result;
        }, options);
        tick();
        return done;
      };
      return transaction;
    },
  });
  const { storage } = world.app.ports;
  const remove = async (key: string) => {
    await storage.remove(key);
    tick();
  };
  return {
    ...jobContext(world, { ...world.app.ports, storage: { ...storage, remove } }),
    database: { ...world.app.database, db: dying },
  };
}

describe('an account that was deleted', () => {
  test('leaves no word of its person in any column of any table, and no file', async () => {
    const before = await columnsWith(world, plain);
    expect(before.size).toBeGreaterThan(38);
    expect(storedKeys(world)).toEqual(expect.arrayContaining([...uncut.files]));
    expect(uncut.files).toHaveLength(3);
    await world.must(accountDelete, {}, uncut.person);
    expect(storedKeys(world)).toEqual(expect.arrayContaining([...uncut.files]));
    await world.drain();
    expect(await columnsWith(world, plain)).toEqual(new Map());
    expect(storedKeys(world).filter((key) => uncut.files.includes(key))).toEqual([]);
    expect(await breaches()).toEqual([]);
  });

  test('keeps the rows that the books name, and nothing else', async () => {
    expect(Object.keys(await rowsOf(idOf(uncut)))).toEqual([
      'approvals',
      'audit_log',
      'checkouts',
      'customers',
      'purchases',
      'quota_holds',
      'quotes',
      'subscriptions',
      'videos',
      'wallets',
    ]);
    const [row] = await world.app.database.db
      .select()
      .from(accounts)
      .where(eq(accounts.id, idOf(uncut)));
    expect(row).toMatchObject({ displayName: '', purpose: null, timeZone: 'UTC' });
    expect(row?.deletedAt).toEqual(world.now());
  });

  test('stays on YouTube with what was public, and nothing of it goes public later', async () => {
    expect(hosted(`Live ${plain}`)).toMatchObject({ privacy: 'public' });
    expect(hosted(`Later ${plain}`)).toMatchObject({ privacy: 'private', publishAt: null });
    expect(hosted(`Later ${stays}`)?.publishAt).not.toBeNull();
  });

  test('changes no row of anybody else', async () => {
    expect((await columnsWith(world, stays)).size).toBeGreaterThan(38);
    expect(storedKeys(world)).toEqual(expect.arrayContaining([...neighbour.files]));
  });
});

describe('a worker that erases an account', () => {
  test('may die at every point, and is at the same end when it comes again', async () => {
    await world.must(accountDelete, {}, cut.person);
    const grants = world.emulators.google.grants;
    const accountId = idOf(cut);
    const endings: string[] = [];
    for (let point = 1; endings.at(-1) !== 'done'; point += 1) {
      const ended = eraseAccount.run({ accountId }, dyingAt(point)).then(
        () => 'done',
        (error: unknown) => String(error),
      );
      endings.push(await ended);
    }
    const deaths = endings.slice(0, -1);
    expect(new Set(deaths)).toEqual(new Set(['Error: the process died']));
    expect(deaths.length).toBeGreaterThan(35);
    expect(await columnsWith(world, broken)).toEqual(new Map());
    expect(storedKeys(world).filter((key) => cut.files.includes(key))).toEqual([]);
    expect(await rowsOf(accountId)).toEqual(await rowsOf(idOf(uncut)));
    expect(world.emulators.google.grants).toBe(grants - 1);
    expect(hosted(`Later ${broken}`)).toMatchObject({ privacy: 'private', publishAt: null });
    expect(await breaches()).toEqual([]);
  }, 240_000);

  test('refuses an account that nobody has deleted', async () => {
    const accountId = idOf(neighbour);
    const before = await rowsOf(accountId);
    await expect(eraseAccount.run({ accountId }, jobContext(world))).rejects.toThrow(
      'is not deleted',
    );
    expect(await rowsOf(accountId)).toEqual(before);
  });

  test('waits for what another request had begun before, and for Google, but not for ever', async () => {
    const person = await world.context('terminal', 'late');
    const { accountId } = person.actor;
    await connectChannel(world, 'late');
    const { db } = world.app.database;
    await world.must(accountDelete, {}, person);
    await db.execute(sql`update videos set status = 'generating', account_id = ${accountId}
      where id = ${neighbour.video}`);
    const busy = { code: 'provider_busy' };
    await expect(eraseAccount.run({ accountId }, jobContext(world))).rejects.toMatchObject(busy);
    await db.execute(sql`update videos set status = 'ready', account_id = ${idOf(neighbour)}
      where id = ${neighbour.video}`);
    const ports = withVideoHost(world, {
      revoke: async () => {
        throw new Fault('provider_busy', { provider: 'YouTube' });
      },
    });
    const away = jobContext(world, ports);
    const keys = async () =>
      db
        .select({ sealed: channels.refreshTokenSealed })
        .from(channels)
        .where(eq(channels.accountId, accountId));
    await expect(eraseAccount.run({ accountId }, away)).rejects.toMatchObject(busy);
    expect(await keys()).toEqual([{ sealed: expect.any(String) }]);
    await eraseAccount.exhausted?.({ accountId }, away);
    expect(await keys()).toEqual([]);
  });
});
