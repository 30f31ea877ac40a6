import { randomBytes } from 'node:crypto';

import postgres from 'postgres';
import { inject } from 'vitest';

/** A fresh, migrated database of its own, under a new name unless one is given; dropped again by `drop`. */
export async function copyDatabase(
  name = `test_${randomBytes(6).toString('hex')}`,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const template = inject('templateUrl');
  const admin = new URL(template);
  admin.pathname = '/postgres';
  const run = async (statement: string) => {
    const sql = postgres(admin.href, { max: 1, onnotice: () => undefined });
    await sql.unsafe(statement);
    await sql.end();
  };
  await run(`create database ${name} template jilo_template`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) };
}
