import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { copyDatabase } from '../test/kit/database.ts';
import { migrateDatabase } from './migrate.ts';

let copy: Awaited<ReturnType<typeof copyDatabase>>;
let sql: postgres.Sql;
beforeEach(async () => {
  copy = await copyDatabase();
  sql = postgres(copy.url, { max: 1 });
});
afterEach(async () => {
  await sql.end();
  await copy.drop();
});

test('a database of this version is left as it is, however often', async () => {
  const before = await sql`select * from drizzle.__drizzle_migrations order by id`;
  await migrateDatabase(copy.url);
  await migrateDatabase(copy.url);
  expect([...(await sql`select * from drizzle.__drizzle_migrations order by id`)]).toEqual([
    ...before,
  ]);
});

test('one of a newer version is refused with the next step', async () => {
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('to come', 9999999999999)`;
  await expect(migrateDatabase(copy.url)).rejects.toThrow(/newer schema .*start the newer version/);
});

test('one of a version that never was is refused before anything is changed', async () => {
  await sql`update drizzle.__drizzle_migrations set hash = 'other' where id = (
    select max(id) from drizzle.__drizzle_migrations)`;
  await expect(migrateDatabase(copy.url)).rejects.toThrow(/never had \(migration \d+ differs\)/);
});
