import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { generateDrizzleJson } from 'drizzle-kit/api';
import { z } from 'zod';

const journal = z.object({ entries: z.array(z.object({ idx: z.int() })) });
const snapshot = z.looseObject({ id: z.string(), prevId: z.string() });

/**
 * Whether the tables in `drizzle/schema` differ from what the newest migration leaves behind, in
 * which case `drizzle-kit generate` has a migration to write.
 */
export async function hasPendingMigration(root: string): Promise<boolean> {
  const meta = join(root, 'drizzle', 'migrations', 'meta');
  const { entries } = journal.parse(readJson(join(meta, '_journal.json')));
  const newest = String(entries.at(-1)?.idx ?? 0).padStart(4, '0');
  const known = snapshot.parse(readJson(join(meta, `${newest}_snapshot.json`)));
  const wanted = snapshot.parse(plain(generateDrizzleJson(await loadTables(root))));
  return !isDeepStrictEqual(content(known), content(wanted));
}

async function loadTables(root: string): Promise<Record<string, unknown>> {
  const folder = join(root, 'drizzle', 'schema');
  const tables: Record<string, unknown> = {};
  for (const file of readdirSync(folder).toSorted()) {
    const module: unknown = await import(pathToFileURL(join(folder, file)).href);
    Object.assign(tables, module);
  }
  return tables;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A snapshot without the two names that every generation draws anew. */
const content = ({ id: _id, prevId: _previous, ...rest }: z.infer<typeof snapshot>): unknown =>
  rest;
