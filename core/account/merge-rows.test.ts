import { and, asc, eq, ne } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { waitingActions } from '../../drizzle/schema/billing.ts';
import { agentUsage, conversations, drafts } from '../../drizzle/schema/chat.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { savedTrends, watches } from '../../drizzle/schema/trends.ts';
import { addTrend, keepTrend } from '../../test/kit/belongings.ts';
import { fillTables } from '../../test/kit/filled-tables.ts';
import { acceptedLink, endOf, everything, link } from '../../test/kit/linked-accounts.ts';
import { connectChannel, makeReadyVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { withAccess } from '../channel/access.ts';
import type { Context } from '../context.ts';
import { perform } from '../operation.ts';
import { publicationCreate } from '../publication/create.ts';
import { sealedColumns } from '../reseal.ts';
import { tokenCreate } from '../token/create.ts';
import { watchCreate } from '../watch/create.ts';
import { readAnswered } from './link-row.ts';
import { movedColumns, stayingColumns } from './merge-rows.ts';
import { mergeAccounts } from './merge-run.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let pairs = 0;
let from: Context;
let to: Context;
beforeEach(async () => {
  pairs += 1;
  from = await world.context('terminal', `from ${pairs}`);
  await world.advance(1);
  to = await world.context('terminal', `to ${pairs}`);
});

const idOf = ({ actor }: Context) => actor.accountId;
const db = () => world.app.database.db;
const namesSchema = z.array(z.object({ name: z.string() }));
const namesOf = (rows: Iterable<unknown>) => namesSchema.parse([...rows]).map(({ name }) => name);
const moved = movedColumns.map(([table, column]) => `${table}.${column}`);

describe('every column that names an account', () => {
  test('is moved, or stays for a reason', async () => {
    const rows = await world.app.database.sql`
      select c.relname || '.' || a.attname as name
      from pg_constraint k join pg_class c on c.oid = k.conrelid
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
      where k.contype = 'f' and k.confrelid = 'accounts'::regclass
      union select table_name || '.' || column_name from information_schema.columns
      where table_schema = 'public' and column_name ~ '(^|_)account(_id)?$' order by 1`;
    const known = [...moved, ...Object.keys(stayingColumns)];
    expect(namesOf(rows)).toEqual(known.toSorted());
    expect(new Set(known).size).toBe(known.length);
  });

  test('takes no new row for an account that is part of another one', async () => {
    const rows = await world.app.database.sql`
      select c.relname || '.account_id' as name from pg_trigger t
      join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
      where p.proname = 'refuse_merged_account' order by 1`;
    const others = ['approvals.approver_id', 'quota_holds.account_id', 'servers.changed_by'];
    expect(namesOf(rows)).toEqual(moved.filter((name) => !others.includes(name)).toSorted());
  });
});

test('a merge leaves no row of the account that went, and opens every sealed value', async () => {
  await fillTables(world, idOf(to), 'a secret of it');
  expect(endOf(await link(world, from, to))).toBe('ok');
  const { sql } = world.app.database;
  for (const [table, column] of movedColumns) {
    const counts = z.array(z.object({ own: z.number(), left: z.number() })).parse([
      ...(await sql`select count(*) filter (where ${sql(column)} = ${idOf(from)})::int as own,
          count(*) filter (where ${sql(column)} = ${idOf(to)})::int as left from ${sql(table)}`),
    ]);
    expect({ table, ...counts[0] }).toMatchObject({ table, own: expect.any(Number), left: 0 });
    expect(counts[0]?.own).toBeGreaterThan(0);
  }
  for (const { table, column, key } of sealedColumns) {
    const rows = z.array(z.object({ row: z.string(), sealed: z.string() })).parse([
      ...(await sql`select ${sql(key)} as row, ${sql(column)} as sealed from ${sql(table)}
          where account_id = ${idOf(from)} and ${sql(column)} is not null`),
    ]);
    const place = { table, column, account: idOf(from) };
    const opened = rows.map(({ row, sealed }) => world.app.crypto.open(sealed, { ...place, row }));
    expect(opened).toEqual(['a secret of it']);
  }
});

class Killed extends Error {}

/** The same transaction, which dies at its statement of that number. */
function dying(tx: Tx, at: number): Tx {
  let statements = 0;
  const verbs = new Set<string | symbol>(['select', 'insert', 'update', 'delete', 'execute']);
  return new Proxy(tx, {
    get(target, name) {
      if (verbs.has(name) && (statements += 1) === at) throw new Killed(String(at));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('a death between any two statements leaves everything as it was', async () => {
  await fillTables(world, idOf(to), 'a secret of it');
  const id = await acceptedLink(world, from, to);
  const answered = await readAnswered(db(), id, { by: idOf(from), now: world.now() });
  const before = await everything(world);
  const attempt = async (at: number): Promise<boolean> => {
    try {
      await db().transaction((tx) => mergeAccounts(dying(tx, at), world.app, answered));
      return true;
    } catch (error) {
      if (error instanceof Killed) return false;
      throw error;
    }
  };
  let at = 1;
  for (; !(await attempt(at)); at += 1) expect(await everything(world)).toBe(before);
  expect(at).toBeGreaterThan(60);
  expect(await everything(world)).not.toBe(before);
}, 120_000);

describe('what both have', () => {
  test('is kept once: saved trends, watches, drafts, use of the agent, what waits', async () => {
    const trend = await addTrend(world, from, { title: 'Boats', keyword: 'boats' });
    const only = await addTrend(world, to, { title: 'Kites', keyword: 'kites' });
    await keepTrend(world, from, trend);
    await keepTrend(world, to, trend);
    await keepTrend(world, to, only);
    const boats = { keyword: 'Paper  Boats', platforms: 'youtube' };
    await world.must(watchCreate, boats, from);
    await world.must(watchCreate, { ...boats, keyword: 'paper boats' }, to);
    await world.must(watchCreate, { ...boats, keyword: 'kites' }, to);
    const changedAt = world.now();
    for (const context of [from, to]) {
      const accountId = idOf(context);
      const what = { topic: 'prompt', serverId: null, fields: { of: accountId }, changedAt };
      await db()
        .insert(drafts)
        .values({ id: world.app.ids.next('dra'), accountId, ...what });
      const used = { day: '2026-11-22', steps: 2, inputTokens: 30, outputTokens: 4 };
      await db()
        .insert(agentUsage)
        .values({ accountId, ...used });
      const wish = { operation: 'video_generate', input: {}, surface: 'agent', needed: 1 };
      await db()
        .insert(waitingActions)
        .values({ accountId, id: world.app.ids.next('wai'), ...wish, createdAt: changedAt });
      const talk = { surface: 'discord', place: 'c1', summary: accountId, summarisedThrough: 0 };
      await db()
        .insert(conversations)
        .values({ accountId, id: world.app.ids.next('con'), ...talk, createdAt: changedAt });
    }
    expect(endOf(await link(world, from, to))).toBe('ok');
    const own = idOf(from);
    const saved = await db().select().from(savedTrends).where(eq(savedTrends.accountId, own));
    expect(saved.map(({ trendId }) => trendId).toSorted()).toEqual([trend, only].toSorted());
    const watching = await db()
      .select()
      .from(watches)
      .where(and(eq(watches.accountId, own), ne(watches.status, 'deleted')))
      .orderBy(asc(watches.createdAt), asc(watches.id));
    expect(watching.map(({ keyword }) => keyword).toSorted()).toEqual(['Paper  Boats', 'kites']);
    expect(await db().select().from(drafts).where(eq(drafts.accountId, own))).toMatchObject([
      { fields: { of: own } },
    ]);
    expect(await db().select().from(agentUsage).where(eq(agentUsage.accountId, own))).toMatchObject(
      [{ steps: 4, inputTokens: 60, outputTokens: 8 }],
    );
    expect(
      await db().select().from(waitingActions).where(eq(waitingActions.accountId, own)),
    ).toHaveLength(1);
    const talks = await db().select().from(conversations).where(eq(conversations.accountId, own));
    expect(talks.find(({ place }) => place === 'c1')?.summary).toBe(own);
    expect(talks.map(({ summary }) => summary).toSorted()).toEqual([own, idOf(to)].toSorted());
  });

  test.each([
    ['that stays, while it lets us in', 'connected', 'connected'],
    ['that went, where only that one lets us in', 'reconnect', 'connected'],
    ['that stays, where neither does', 'reconnect', 'reconnect'],
  ] as const)(
    'is one channel, with the connection %s',
    async (_, ofFrom, ofTo) => {
      const [first, second] = [`from ${pairs}`, `to ${pairs}`];
      const kept = await connectChannel(world, first);
      const doubled = await connectChannel(world, second);
      const video = await makeReadyVideo(world, second);
      const wish = { video, channel: doubled, title: 'Regatta' };
      const created = await world.must(publicationCreate, wish, to);
      await world.drain();
      await db().update(channels).set({ status: ofFrom }).where(eq(channels.id, kept));
      await db().update(channels).set({ status: ofTo }).where(eq(channels.id, doubled));
      expect(endOf(await link(world, from, to))).toBe('ok');
      const rows = await db()
        .select()
        .from(channels)
        .where(eq(channels.accountId, idOf(from)));
      const isIn = ofFrom === 'connected' || ofTo === 'connected';
      expect(rows).toMatchObject([{ id: kept, status: isIn ? 'connected' : 'reconnect' }]);
      const id = z.string().parse(created['publication']);
      const [published] = await db().select().from(publications).where(eq(publications.id, id));
      expect(published).toMatchObject({ accountId: idOf(from), channelId: kept, status: 'live' });
      // Whichever it is, its keys open for the account that has them now.
      await db().update(channels).set({ status: 'connected' }).where(eq(channels.id, kept));
      expect(await withAccess(world.app, kept, async (token) => token.length > 0)).toBe(true);
    },
    60_000,
  );
});

test('who is still at it for the account that went is told, and nothing is written for it', async () => {
  await link(world, from, to);
  const outcome = await perform(tokenCreate, { name: 'a program' }, to);
  expect(outcome).toMatchObject({ ok: false, fault: { code: 'account_merged' }, reference: null });
  const [row] = await db()
    .select()
    .from(accounts)
    .where(eq(accounts.id, idOf(to)));
  expect(row?.mergedInto).toBe(idOf(from));
});
