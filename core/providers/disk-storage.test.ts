import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { fc, test as property } from '@fast-check/vitest';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { systemIds } from '../ids.ts';
import type { Storage } from '../ports/storage.ts';
import { createDiskStorage } from './disk-storage.ts';

let folder: string;
let storage: Storage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jilo-storage-'));
  storage = createDiskStorage(folder, systemIds);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a stored file is the local one, and nobody else may read it', async () => {
  await storage.write('videos/a.mp4', Readable.from([Buffer.from('a paper boat')]), 1000);
  await using file = await storage.local('videos/a.mp4');
  expect(file.path).toBe(join(folder, 'videos/a.mp4'));
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
});

test('a folder is no file', async () => {
  await storage.write('videos/a.mp4', Readable.from([Buffer.from('a')]), 1000);
  await expect(storage.stat('videos')).rejects.toThrow('not a storage key');
});

property.prop([
  fc.string({
    unit: fc.constantFrom('a', 'b', '/', '.', '_', '-', '\\', '\0', '\n', '%', 'é', '纸', '.mp4'),
  }),
])('a key leads below the folder or nowhere', async (text) => {
  const path = await storage.write(text, Readable.from([Buffer.from('a')]), 1).then(
    async () => (await storage.local(text)).path,
    (error: unknown) => String(error),
  );
  if (path.startsWith('Error: not a storage key')) return;
  expect(path.startsWith(`${folder}/`)).toBe(true);
  expect(path).toBe(join(folder, text));
  expect(text).not.toContain('..');
});
