import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { accounts, identities } from '../../drizzle/schema/people.ts';
import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { perform } from '../operation.ts';
import { openAccount, signUpQuota } from './open.ts';
import { accountShow } from './show.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const first = { displayName: 'Ada', locale: 'en' } as const;
const discord = (subject: string) => ({ provider: 'discord', subject });
const countOf = async (table: typeof accounts | typeof wallets | typeof identities) => {
  const [row] = await world.app.database.db.select({ rows: count() }).from(table);
  return row?.rows;
};

it('50 first contacts of one identity at once open one account with one grant', async () => {
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      openAccount(world.app, discord('1'), { ...first, displayName: `Ada ${index}` }),
    ),
  );
  const ids = new Set(all.map(({ id }) => id));
  expect(ids.size).toBe(1);
  expect(new Set(all.map(({ displayName }) => displayName)).size).toBe(1);
  expect(await countOf(accounts)).toBe(1);
  expect(await countOf(identities)).toBe(1);
  const [id = ''] = ids;
  const { db } = world.app.database;
  const grants = await db.select().from(quotaTransfers).where(eq(quotaTransfers.walletId, id));
  expect(grants).toMatchObject([{ verb: 'grant', amount: signUpQuota, reference: 'sign-up' }]);
  expect(await db.select().from(wallets)).toMatchObject([
    { accountId: id, granted: 100, available: 100, held: 0, spent: 0, expired: 0 },
  ]);
});

it('gives the same account for ever, whatever is said later', async () => {
  const opened = await openAccount(world.app, discord('2'), first);
  await world.advance(86_400);
  const later = await openAccount(world.app, discord('2'), { displayName: 'Eve', locale: 'zh' });
  expect(later).toStrictEqual(opened);
});

it('keeps identities apart by provider and by subject', async () => {
  const ids = await Promise.all(
    [discord('3'), { provider: 'google', subject: '3' }, discord('4')].map(
      async (identity) => (await openAccount(world.app, identity, first)).id,
    ),
  );
  expect(new Set(ids).size).toBe(3);
});

it('opens nothing at all when the grant cannot be made', async () => {
  const before = await countOf(accounts);
  const { sql } = world.app.database;
  await sql.unsafe('alter table wallets add constraint broken check (granted < 0) not valid');
  await expect(openAccount(world.app, discord('5'), first)).rejects.toThrow('Failed query');
  await sql.unsafe('alter table wallets drop constraint broken');
  expect(await countOf(accounts)).toBe(before);
  expect((await openAccount(world.app, discord('5'), first)).displayName).toBe('Ada');
});

it('shows whose account it is, in both languages', async () => {
  const context = await world.context('terminal', 'grace');
  const shown = await perform(accountShow, {}, context);
  expect(shown).toStrictEqual({
    ok: true,
    value: {
      account: context.actor.accountId,
      name: 'grace',
      locale: 'en',
      time_zone: 'UTC',
      notices: true,
      purpose: null,
      member_since: world.now().toISOString(),
      quota_available: 100,
      leash: 0,
      leash_used: 0,
      daily_cap: null,
      spent_today: 0,
    },
    text: 'grace: 100 quota left.',
  });
  const zh = await perform(accountShow, {}, { ...context, locale: 'zh' });
  expect(zh).toMatchObject({ text: 'grace：剩余配额 100。' });
});

it('is a defect for an account that does not exist', async () => {
  const context = await world.context();
  const actor = { ...context.actor, accountId: 'acc_gone' };
  const outcome = await perform(accountShow, {}, { ...context, actor });
  expect(outcome).toMatchObject({ ok: false, fault: { code: 'internal' } });
});
