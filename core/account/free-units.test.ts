import { asc, count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accounts, identities } from '../../drizzle/schema/people.ts';
import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { createIds } from '../../sandbox/discord/ids.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { postTransfer } from '../quota/ledger.ts';
import { isDisposableEmail } from './disposable-email.ts';
import { freeUnitsFor, freeUnitsOf } from './free-units.ts';
import { openAccount, type Account, type FirstContact, type Identity } from './open.ts';

const dayMs = 86_400_000;
const now = new Date('2026-11-22T08:00:00.000Z');

/** The id that Discord gave to an account of that age. */
const discordId = (ageMs: number): string =>
  (BigInt(now.getTime() - ageMs - 1_420_070_400_000) << 22n).toString();
const discord = (ageMs: number): Identity => ({ provider: 'discord', subject: discordId(ageMs) });

describe('a disposable e-mail address', () => {
  test.each([
    'ann@mailinator.com',
    'ann@MAILINATOR.com',
    'ann@mailinator.com.',
    ' ann@mailinator.com ',
    'ann@inbox.mailinator.com',
    'ann@a.b.Mailinator.COM.',
    '"odd@gmail.com"@mailinator.com',
    'ann@yopmail.com',
    'mailinator.com',
    'ann@',
    'ann@localhost',
    'ann@mailinator..com',
    'ann',
    '',
  ])('is %j', (email) => {
    expect(isDisposableEmail(email)).toBe(true);
  });

  test.each([
    'ann@gmail.com',
    'ann@qq.com',
    'ann@mailinator.com.example.org',
    'ann@zzmailinator.com',
    'mailinator.com@gmail.com',
    'ann@münchen.de',
    'ann@例子.中国',
  ])('is not %j', (email) => {
    expect(isDisposableEmail(email)).toBe(false);
  });
});

describe('free units', () => {
  const local: Identity = { provider: 'local', subject: 'ann' };
  const from = (identity: Identity, email?: string, minAccountDays = 7) =>
    freeUnitsFor({ identity, email, now, minAccountDays }).from?.toISOString() ?? null;

  test.each<[string, number, string]>([
    ['a millisecond too young', 7 * dayMs - 1, '2026-11-22T08:00:00.001Z'],
    ['just old enough', 7 * dayMs, now.toISOString()],
    ['a millisecond older', 7 * dayMs + 1, now.toISOString()],
    ['opened a moment ago', 0, '2026-11-29T08:00:00.000Z'],
    ['of a clock that is ahead', -dayMs, '2026-11-30T08:00:00.000Z'],
  ])('come to a Discord account that is %s when it is old enough', (_, age, moment) => {
    expect(from(discord(age))).toBe(moment);
  });

  test('come at once where no age is asked for', () => {
    expect(from(discord(0), undefined, 0)).toBe(now.toISOString());
  });

  test('come at once to who is known here, and to a lasting address', () => {
    expect(from(local)).toBe(now.toISOString());
    expect(from({ provider: 'google', subject: '7' }, 'ann@gmail.com')).toBe(now.toISOString());
  });

  test('never come to a disposable address', () => {
    expect(from({ provider: 'google', subject: '7' }, 'ann@x.mailinator.com')).toBeNull();
    expect(from(discord(900 * dayMs), 'ann@mailinator.com')).toBeNull();
  });

  test('come at once to everybody of the local Discord', () => {
    const ids = createIds(createManualClock(now), 1);
    for (let person = 0; person < 50; person += 1)
      expect(from({ provider: 'discord', subject: ids.elder() }, undefined, 365)).toBe(
        now.toISOString(),
      );
  });
});

describe('an account that is opened', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const first: FirstContact = { displayName: 'Ann', locale: 'en' };
  const open = (identity: Identity, more: Partial<FirstContact> = {}): Promise<Account> =>
    openAccount(world.app, identity, { ...first, ...more });
  const walletOf = async ({ id }: Account) => {
    const { db } = world.app.database;
    const [wallet] = await db.select().from(wallets).where(eq(wallets.id, id));
    return wallet;
  };
  const movesOf = ({ id }: Account) =>
    world.app.database.db
      .select({ verb: quotaTransfers.verb, amount: quotaTransfers.amount })
      .from(quotaTransfers)
      .where(eq(quotaTransfers.walletId, id))
      .orderBy(asc(quotaTransfers.id));

  test('has its first month from now on', async () => {
    const ann = await open(discord(7 * dayMs));
    expect(await walletOf(ann)).toMatchObject({
      available: 100,
      granted: 100,
      lasting: 0,
      periodStart: now,
      periodEnd: new Date('2026-12-22T08:00:00.000Z'),
    });
    expect(await movesOf(ann)).toEqual([{ verb: 'grant', amount: 100 }]);
    expect(await freeUnitsOf(world.app, ann.id)).toEqual({ from: now });
  });

  test('waits for it with an empty wallet while its Discord account is too young', async () => {
    const ben = await open(discord(2 * dayMs));
    const due = new Date('2026-11-27T08:00:00.000Z');
    expect(await walletOf(ben)).toMatchObject({
      available: 0,
      granted: 0,
      periodStart: now,
      periodEnd: due,
    });
    expect(await movesOf(ben)).toEqual([]);
    expect(await freeUnitsOf(world.app, ben.id)).toEqual({ from: due });
  });

  test('never has it with a disposable address, which is not kept', async () => {
    const { db } = world.app.database;
    const cem = await open({ provider: 'google', subject: 'cem' }, { email: 'cem@yopmail.com' });
    expect(await walletOf(cem)).toMatchObject({ granted: 0, periodStart: now, periodEnd: null });
    expect(await freeUnitsOf(world.app, cem.id)).toEqual({ from: null });
    expect(JSON.stringify([await db.select().from(accounts), cem])).not.toContain('yopmail');
  });

  test('still waits for its month when it has bought a pack meanwhile', async () => {
    const { db } = world.app.database;
    const dan = await open(discord(dayMs));
    const grant = (key: string, lasting: boolean) =>
      postTransfer(db, {
        verb: 'grant',
        walletId: dan.id,
        amount: 50,
        reference: key,
        key,
        at: now,
        lasting,
      });
    await grant('pack:dan', true);
    expect(await freeUnitsOf(world.app, dan.id)).toEqual({
      from: new Date('2026-11-28T08:00:00.000Z'),
    });
    await grant('month:dan', false);
    expect(await freeUnitsOf(world.app, dan.id)).toEqual({ from: now });
  });

  test('is given its units once, whichever surface somebody comes by and however often', async () => {
    const { db } = world.app.database;
    const eve = await open(discord(30 * dayMs));
    await db
      .insert(identities)
      .values({ provider: 'google', subject: 'eve', accountId: eve.id, createdAt: now });
    const again = await Promise.all([
      open(discord(30 * dayMs)),
      open({ provider: 'google', subject: 'eve' }, { email: 'eve@gmail.com' }),
      open({ provider: 'google', subject: 'eve' }),
    ]);
    expect(again.map(({ id }) => id)).toEqual([eve.id, eve.id, eve.id]);
    expect(await movesOf(eve)).toEqual([{ verb: 'grant', amount: 100 }]);
    const [all] = await db
      .select({ wallets: count() })
      .from(wallets)
      .where(eq(wallets.accountId, eve.id));
    expect(all?.wallets).toBe(1);
  });

  test('without a wallet is a defect', async () => {
    await expect(freeUnitsOf(world.app, 'acc_gone')).rejects.toThrow('has no wallet');
  });
});
