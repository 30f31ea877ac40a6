import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadSurroundings } from '../../core/config.ts';
import { openDatabase, type Database } from '../../drizzle/client.ts';
import { dumpFreshSchema } from '../../scripts/generate/fresh-schema.ts';
import { describeSchema, typeOf } from '../../scripts/generate/json-schema.ts';
import { hasPendingMigration } from '../../scripts/generate/pending-migration.ts';
import { dumpSchema } from '../../scripts/generate/schema-dump.ts';
import { copyDatabase } from '../kit/database.ts';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const committed = readFileSync(join(root, 'drizzle/schema.sql'), 'utf8');

describe('the dump of the schema', () => {
  let copy: Awaited<ReturnType<typeof copyDatabase>>;
  let database: Database;
  beforeAll(async () => {
    copy = await copyDatabase();
    database = openDatabase(copy.url, 2);
  });
  afterAll(async () => {
    await database.close();
    await copy.drop();
  });

  test.each(['npm', 'system'] as const)('is the same on the %s Postgres', async (only) => {
    const { path } = loadSurroundings();
    // A machine may lack one of the two; the dump itself was made with the other.
    const dumped = await dumpFreshSchema({ path, only }).catch((error: unknown) => {
      if (/has no Postgres/.test(String(error))) return committed;
      throw error;
    });
    expect(dumped).toBe(committed);
  });

  test('makes the schema again', async () => {
    await database.sql.unsafe('drop schema public cascade; create schema public');
    await database.sql.unsafe(committed);
    expect(await dumpSchema(database.sql)).toBe(committed);
  });

  test('refuses what it has no words for', async () => {
    await database.sql.unsafe('create view odd as select 1 as one');
    await expect(dumpSchema(database.sql)).rejects.toThrow('no words for odd (v)');
    await database.sql.unsafe("drop view odd; create type mood as enum ('good')");
    await expect(dumpSchema(database.sql)).rejects.toThrow('no words for mood (type e)');
  });
});

test('no change of the schema waits for a migration', async () => {
  expect(await hasPendingMigration(root)).toBe(false);
});

test('the type of a field is written for people', () => {
  const shape = z.object({
    word: z.string().max(5),
    id: z.string().min(1),
    count: z.int().min(1).max(50),
    choice: z.literal([15, 30]),
    at: z.iso.datetime().nullable(),
    list: z.array(z.string()).length(3),
  });
  const { properties = {} } = describeSchema(shape, 'input');
  expect(Object.values(properties).map(typeOf)).toEqual([
    'string up to 5 characters',
    'string',
    'integer 1..50',
    'one of 15, 30',
    'date and time or null',
    'list 3 of string',
  ]);
});
