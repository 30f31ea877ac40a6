import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  oauthAccessTokens,
  oauthClients,
  oauthConsents,
  oauthRefreshTokens,
} from '../../drizzle/schema/oauth.ts';
import { logins, loginProofs, loginSessions } from '../../drizzle/schema/sign-in.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import { sweepSignIn } from './sign-in-sweep.ts';

let world: World;
let at: Date;
beforeAll(async () => {
  world = await createWorld();
  at = world.now();
});
afterAll(() => world.close());

const day = 86_400;
const ago = (seconds: number): Date => secondsAfter(at, -seconds);
const before = { createdAt: new Date(0), updatedAt: new Date(0) };
const { signal } = new AbortController();
/** A second more, exactly, and a second less than a time. */
const around = (seconds: number) =>
  ({ over: ago(seconds + 1), at: ago(seconds), under: ago(seconds - 1) }) as const;
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).toSorted();

async function fill(): Promise<void> {
  const { db } = world.app.database;
  const login = (id: string, emailVerified: boolean, createdAt: Date) => ({
    id,
    emailVerified,
    createdAt,
    updatedAt: createdAt,
    name: id,
    email: `${id}@example.org`,
  });
  const week = Object.entries(around(7 * day));
  await db
    .insert(logins)
    .values([
      login('kept', true, new Date(0)),
      ...week.map(([id, moment]) => login(`new-${id}`, false, moment)),
    ]);
  const now = Object.entries(around(0));
  await db
    .insert(loginSessions)
    .values(
      now.map(([id, expiresAt]) => ({ ...before, id, token: id, userId: 'kept', expiresAt })),
    );
  await db
    .insert(loginProofs)
    .values(
      now.map(([id, expiresAt]) => ({ ...before, id, identifier: id, value: id, expiresAt })),
    );
  const client = (id: string, updatedAt: Date, userId: string | null = null) => ({
    id,
    clientId: id,
    redirectUris: [],
    userId,
    createdAt: updatedAt,
    updatedAt,
  });
  const old = ago(8 * day);
  await db
    .insert(oauthClients)
    .values([
      ...week.map(([id, moment]) => client(`unused-${id}`, moment)),
      client('consented', old),
      client('has-token', old),
      client('has-owner', old, 'kept'),
    ]);
  await db
    .insert(oauthConsents)
    .values({ ...before, id: 'consent', clientId: 'consented', userId: 'kept', scopes: ['read'] });
  const token = (id: string, expiresAt: Date) => ({
    id,
    token: id,
    clientId: 'has-token',
    userId: 'kept',
    scopes: ['read'],
    expiresAt,
    createdAt: new Date(0),
  });
  const month = Object.entries(around(30 * day));
  await db
    .insert(oauthRefreshTokens)
    .values([...month.map(([id, moment]) => token(id, moment)), token('good', at)]);
  const aDay = Object.entries(around(day));
  await db.insert(oauthAccessTokens).values(aDay.map(([id, moment]) => token(id, moment)));
}

test('what has run out is forgotten, to the second, and nothing else', async () => {
  await fill();
  await sweepSignIn.run({}, { ...world.services, signal });
  const { db } = world.app.database;
  expect(ids(await db.select().from(logins))).toEqual(['kept', 'new-at', 'new-under']);
  expect(ids(await db.select().from(loginSessions))).toEqual(['at', 'under']);
  expect(ids(await db.select().from(loginProofs))).toEqual(['at', 'under']);
  expect(ids(await db.select().from(oauthRefreshTokens))).toEqual(['at', 'good', 'under']);
  expect(ids(await db.select().from(oauthAccessTokens))).toEqual(['at', 'under']);
  expect(ids(await db.select().from(oauthClients))).toEqual([
    'consented',
    'has-owner',
    'has-token',
    'unused-at',
    'unused-under',
  ]);
  // Once more there is nothing left to forget.
  await sweepSignIn.run({}, { ...world.services, signal });
  expect(await db.select().from(logins)).toHaveLength(3);
});
