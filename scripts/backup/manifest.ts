import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { canonicalJson, sha256Hex } from '../../core/crypto.ts';

const part = { bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) };
const name = z.string().regex(/^(?:public|pgboss)\.[a-z_][a-z0-9_]*$/);
const column = z.string().min(1);

/** The shape of keys in core/providers/storage-key.ts: nothing that could climb out of a folder. */
const keySchema = z.string().regex(/^[a-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*\.[a-z0-9]{2,4}$/);

/** Whether storage keeps a file under this name. */
export const isStoredKey = (text: string): boolean => keySchema.safeParse(text).success;

const tableSchema = z.object({
  name,
  columns: z.array(column).min(1),
  rows: z.int().min(0),
  ...part,
});

const filesSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('included'),
    list: z.array(z.object({ key: keySchema, ...part })),
    /** Files that were removed by a person or by retention while the backup was made. */
    gone: z.array(z.string()),
  }),
  z.object({ kind: z.literal('elsewhere'), place: z.string(), how: z.string() }),
]);

const manifestSchema = z.object({
  format: z.literal(1),
  /** Version of the Jilo that wrote the backup. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  /** Hashes of the migrations that the database has seen, in their order. */
  migrations: z.array(z.string()).min(1),
  /** Schema version of the job queue; null where no queue was made yet. */
  queue: z.int().nullable(),
  tables: z.array(tableSchema),
  sequences: z.array(z.object({ name, last: z.string().regex(/^-?\d+$/), called: z.boolean() })),
  files: filesSchema,
  /** What the backup leaves out on purpose, for whoever reads it. */
  secret: z.string(),
});

/** What a backup holds, with the size and hash of every part. */
export type Manifest = z.infer<typeof manifestSchema>;
export type TablePart = Manifest['tables'][number];
export type SequencePart = Manifest['sequences'][number];
export type FilesPart = Manifest['files'];

const fileOf = (folder: string): string => join(folder, 'manifest.json');

/** Where the rows of a table lie in a backup: what COPY writes, packed with gzip. */
export const tableFile = (folder: string, table: string): string =>
  join(folder, 'tables', `${table}.copy.gz`);

/** Where a stored file lies in a backup. */
export const storedFile = (folder: string, key: string): string => join(folder, 'files', key);

/** Writes the manifest with a hash of itself. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const sealed = { ...manifest, sha256: sha256Hex(canonicalJson(manifest)) };
  writeFileSync(fileOf(folder), `${JSON.stringify(sealed, null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
}

/** @throws Error when there is none, it was altered, or another version of the format wrote it. */
export function readManifest(folder: string): Manifest {
  const { sha256, ...rest } = parseSealed(readText(folder));
  if (sha256 !== sha256Hex(canonicalJson(rest)))
    throw new Error('The backup is damaged: its manifest was altered.');
  const parsed = manifestSchema.safeParse(rest);
  if (parsed.success) return parsed.data;
  throw new Error('The backup is of another format: restore it with the Jilo that wrote it.');
}

function readText(folder: string): string {
  try {
    return readFileSync(fileOf(folder), 'utf8');
  } catch (error) {
    throw new Error(`There is no backup of Jilo in ${folder}: no manifest.json.`, { cause: error });
  }
}

function parseSealed(text: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (error) {
    throw new Error('The backup is damaged: its manifest cannot be read.', { cause: error });
  }
}
