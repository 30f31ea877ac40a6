import { fc, test as property } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { openDatabase, type Database } from '../../drizzle/client.ts';
import { accessTokens } from '../../drizzle/schema/access.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context, Services } from '../context.ts';
import { createIds } from '../ids.ts';
import { tokenCreate } from './create.ts';
import { tokenRevoke } from './revoke.ts';
import { createToken, hashOf, isToken } from './text.ts';
import { verifyToken } from './verify.ts';

const day = 24 * 60 * 60;
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
let world: World;
let context: Context;
let people = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  context = await world.context('terminal', `person${(people += 1)}`);
});

const create = async (input: object = {}) =>
  tokenCreate.output.parse(await world.must(tokenCreate, { name: 'Claude', ...input }, context));
const lastUse = async (id: string) => {
  const { db } = world.app.database;
  const [row] = await db.select().from(accessTokens).where(eq(accessTokens.id, id));
  return row?.lastUsedAt ?? null;
};
/** The same services, on a database whose statements are counted. */
function counting(): { services: Services; statements: () => number; close: Database['close'] } {
  const database = openDatabase(world.databaseUrl);
  let statements = 0;
  const db = new Proxy(database.db, {
    get(target, name, receiver) {
      if (name === 'select' || name === 'update') statements += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  const services = { ...world.app, database: { ...database, db } };
  return { services, statements: () => statements, close: () => database.close() };
}

describe('a token', () => {
  test('tells whose it is, what it allows, where and how long', async () => {
    const made = await create({ scopes: 'publish,read', days: 2 });
    expect(await verifyToken(world.app, made.token)).toEqual({
      accountId: context.actor.accountId,
      tokenId: made.id,
      scopes: ['read', 'publish'],
      resource: `${world.publicUrl}/mcp`,
      expiresAt: new Date(made.expires_at),
    });
  });

  test('keeps the address that it was made for when the installation moves', async () => {
    const { token } = await create();
    const moved = { ...world.app, publicUrl: () => 'https://other.example' };
    expect(await verifyToken(moved, token)).toMatchObject({ resource: `${world.publicUrl}/mcp` });
  });

  test('ends at its expiry, to the second', async () => {
    const { token } = await create({ days: 1 });
    await world.advance(day - 1);
    expect(await verifyToken(world.app, token)).not.toBeNull();
    await world.advance(1);
    expect(await verifyToken(world.app, token)).toBeNull();
    await world.advance(1);
    expect(await verifyToken(world.app, token)).toBeNull();
  });

  test('that is revoked stops at once, in every process', async () => {
    const { id, token } = await create();
    const kept = await create();
    const other = counting();
    try {
      expect(await verifyToken(other.services, token)).not.toBeNull();
      await world.must(tokenRevoke, { token: id }, context);
      expect(await verifyToken(other.services, token)).toBeNull();
      expect(await verifyToken(world.app, token)).toBeNull();
      await world.advance(2 * day);
      expect(await verifyToken(other.services, token)).toBeNull();
      expect(await verifyToken(other.services, kept.token)).toMatchObject({ tokenId: kept.id });
    } finally {
      await other.close();
    }
  });

  test('allows nothing of what nobody knows any more', async () => {
    const { id, token } = await create();
    const { db } = world.app.database;
    const stored = { scopes: ['read', 'administer', 'Write'] };
    await db.update(accessTokens).set(stored).where(eq(accessTokens.id, id));
    expect(await verifyToken(world.app, token)).toMatchObject({ scopes: ['read'] });
  });
});

describe('the last use', () => {
  test('is written once a minute at most', async () => {
    const { id, token } = await create();
    expect(await lastUse(id)).toBeNull();
    const first = world.now();
    await Promise.all(Array.from({ length: 10 }, () => verifyToken(world.app, token)));
    expect(await lastUse(id)).toEqual(first);
    await world.advance(59);
    await verifyToken(world.app, token);
    expect(await lastUse(id)).toEqual(first);
    await world.advance(1);
    await verifyToken(world.app, token);
    expect(await lastUse(id)).toEqual(world.now());
    const second = world.now();
    await world.advance(61);
    expect(await lastUse(id)).toEqual(second);
  });

  test('is written once, however many uses there are at once', async () => {
    const { id, token } = await create();
    const { db, sql } = world.app.database;
    await sql.unsafe(`create table writes (id text);
      create function note_write() returns trigger language plpgsql as
        'begin insert into writes values (new.id); return new; end';
      create trigger note_write after update on access_tokens
        for each row execute function note_write()`);
    const waiting = async () => {
      const rows = await sql`select pid from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()`;
      return rows.length;
    };
    let uses: Promise<unknown>[] = [];
    // All of them have read the row before one of them writes.
    await db.transaction(async (tx) => {
      await tx.select().from(accessTokens).where(eq(accessTokens.id, id)).for('update');
      uses = Array.from({ length: 4 }, () => verifyToken(world.app, token));
      await vi.waitFor(async () => expect(await waiting()).toBe(4), { timeout: 10_000 });
    });
    expect(await Promise.all(uses)).not.toContain(null);
    expect(await sql`select id from writes`).toEqual([{ id }]);
    await sql.unsafe('drop trigger note_write on access_tokens');
  });

  test('of a token that is refused is not written', async () => {
    const { id, token } = await create({ days: 1 });
    await world.advance(day);
    await verifyToken(world.app, token);
    expect(await lastUse(id)).toBeNull();
  });

  test('costs one statement more in a minute, and a typo none at all', async () => {
    const { token } = await create();
    const { services, statements, close } = counting();
    try {
      await verifyToken(services, token);
      expect(statements()).toBe(2);
      await verifyToken(services, token);
      expect(statements()).toBe(3);
      await verifyToken(services, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`);
      expect(statements()).toBe(3);
    } finally {
      await close();
    }
  });
});

describe('nothing else is accepted', () => {
  test('no token with another byte anywhere', async () => {
    const { token } = await create();
    const bytes = Buffer.from(token);
    const accepted: string[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      // Each bit, and each other character of the alphabet.
      const others = [
        ...Array.from({ length: 8 }, (_, bit) => (bytes[at] ?? 0) ^ (1 << bit)),
        ...Buffer.from(characters).filter((byte) => byte !== bytes[at]),
      ];
      for (const other of others) {
        const changed = Buffer.from(bytes);
        changed[at] = other;
        if (await verifyToken(world.app, changed.toString('latin1')))
          accepted.push(changed.toString('latin1'));
      }
    }
    expect(accepted).toEqual([]);
    expect(await verifyToken(world.app, token)).not.toBeNull();
  });

  test('no forgery whose checksum is right', async () => {
    const { token } = await create();
    const secret = Buffer.from(token.slice(5, 48), 'base64url');
    for (let at = 0; at < secret.length; at += 1) {
      const near = Buffer.from(secret);
      near[at] = (near[at] ?? 0) ^ 1;
      const forged = createToken(createIds(() => near));
      expect(isToken(forged)).toBe(true);
      expect(await verifyToken(world.app, forged)).toBeNull();
    }
    expect(createToken(createIds(() => secret))).toBe(token);
  });

  test('neither what is stored of it nor what else is near', async () => {
    const { id, token } = await create();
    for (const text of [
      id,
      hashOf(token),
      `jilo_${hashOf(token)}`,
      `Bearer ${token}`,
      `${token} `,
      `${token}\n${token}`,
      token.toLowerCase(),
      encodeURIComponent(`${token}=`),
      Buffer.from(token).toString('base64'),
    ])
      expect(await verifyToken(world.app, text), text).toBeNull();
  });

  const body = fc.array(fc.constantFrom(...characters.split('')), { minLength: 49, maxLength: 49 });
  property.prop([
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      body.map((parts) => `jilo_${parts.join('')}`),
      fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes) => createToken(createIds(() => Buffer.from(bytes)))),
    ),
  ])('no text that somebody makes up', async (text) => {
    expect(await verifyToken(world.app, text)).toBeNull();
  });
});
