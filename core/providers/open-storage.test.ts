import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startS3, type S3Server } from '../../test/kit/s3.ts';
import { parseConfig } from '../config.ts';
import { systemIds } from '../ids.ts';
import { openStorage } from './open-storage.ts';

let s3: S3Server;
let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'jilo-open-'));
  s3 = await startS3();
});
afterAll(async () => {
  await s3.close();
  rmSync(root, { recursive: true, force: true });
});

const bytes = () => Readable.from([Buffer.from('a')]);
const open = (settings: Record<string, string>) =>
  openStorage(parseConfig({ JILO_DATA_DIR: join(root, 'data'), ...settings }), systemIds);

test.each(['data/files', 'elsewhere'])('without a bucket files lie in %s', async (folder) => {
  const url = folder === 'elsewhere' ? pathToFileURL(join(root, folder)).href : '';
  const { storage, scratchFolder } = open({ STORAGE_URL: url });
  await storage.write('a/b.mp4', bytes(), 1);
  await using file = await storage.local('a/b.mp4');
  expect(file.path).toBe(join(root, folder, 'a/b.mp4'));
  expect(scratchFolder).toBe(join(root, folder, '.scratch'));
});

test.each([
  ['', 'c/d.mp4'],
  ['/', 'c/d.mp4'],
  ['/one/two', 'one/two/c/d.mp4'],
  ['/one/', 'one/c/d.mp4'],
])('with a bucket and %j files lie there', async (folder, key) => {
  const { storage, scratchFolder } = open({
    STORAGE_URL: `s3://${s3.bucket}${folder}`,
    S3_ENDPOINT: s3.url,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  });
  await storage.write('c/d.mp4', bytes(), 1);
  expect(s3.keys()).toContain(key);
  expect(scratchFolder).toBe(join(root, 'data/scratch'));
  await storage.remove('c/d.mp4');
  expect(s3.keys()).toEqual([]);
});
