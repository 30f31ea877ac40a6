import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { formerIdentities } from '../../drizzle/schema/people.ts';
import { jobContext } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { renewMonths } from '../quota/renew.ts';
import { readBalance } from '../quota/wallet.ts';
import { accountDelete } from './delete.ts';
import { freeUnitsOf } from './free-units.ts';
import { emailIdentity, forgetFormer, rememberFormer } from './former.ts';
import { openAccount } from './open.ts';

const month = 30 * 86_400;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let name = '';
let made = 0;
beforeEach(() => {
  made += 1;
  name = `person ${made}`;
});

const availableOf = async (accountId: string) =>
  (await readBalance(world.app.database.db, accountId)).available;

test('who deletes an account and comes again gets another one, without free units for 30 days', async () => {
  const first = await world.context('terminal', name);
  expect(await availableOf(first.actor.accountId)).toBe(100);
  await world.must(accountDelete, {}, first);
  const due = new Date(world.now().getTime() + month * 1000);
  const second = await world.context('terminal', name);
  const { accountId } = second.actor;
  expect(accountId).not.toBe(first.actor.accountId);
  expect(await availableOf(accountId)).toBe(0);
  expect(await freeUnitsOf(world.app, accountId)).toEqual({ from: due });
  await world.advance(month - 1);
  await renewMonths.run({}, jobContext(world));
  expect(await availableOf(accountId)).toBe(0);
  await world.advance(1);
  await renewMonths.run({}, jobContext(world));
  expect(await availableOf(accountId)).toBe(100);
});

test('deleting once more begins the 30 days anew', async () => {
  await world.must(accountDelete, {}, await world.context('terminal', name));
  await world.advance(month - 1);
  await world.must(accountDelete, {}, await world.context('terminal', name));
  await world.advance(month - 1);
  const { actor } = await world.context('terminal', name);
  expect(await availableOf(actor.accountId)).toBe(0);
});

test('who comes after the 30 days has free units at once', async () => {
  await world.must(accountDelete, {}, await world.context('terminal', name));
  await world.advance(month);
  const { actor } = await world.context('terminal', name);
  expect(await availableOf(actor.accountId)).toBe(100);
});

test('the same address counts as well, however it is written', async () => {
  await rememberFormer(world.app.database.db, world.app, [emailIdentity(' Ann@Example.com ')]);
  const open = (email: string) =>
    openAccount(
      world.app,
      { provider: 'web', subject: email },
      { displayName: name, locale: 'en', email },
    );
  expect(await availableOf((await open('ann@example.COM')).id)).toBe(0);
  expect(await availableOf((await open('ben@example.com')).id)).toBe(100);
});

test('nothing is kept that names the person, and nothing longer than it counts', async () => {
  const { db } = world.app.database;
  await db.delete(formerIdentities);
  await world.must(accountDelete, {}, await world.context('terminal', name));
  const [kept] = await db.select().from(formerIdentities);
  expect(kept).toEqual({
    hash: world.app.crypto.sign('former-identity', 'local', name),
    deletedAt: world.now(),
  });
  expect(JSON.stringify(kept)).not.toContain(name);
  await world.advance(month - 1);
  await forgetFormer.run({}, jobContext(world));
  expect(await db.select().from(formerIdentities)).toHaveLength(1);
  await world.advance(1);
  await forgetFormer.run({}, jobContext(world));
  expect(await db.select().from(formerIdentities)).toEqual([]);
});
