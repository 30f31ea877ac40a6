import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startS3, type S3Server } from '../../test/kit/s3.ts';
import { isFault } from '../fault.ts';
import { systemIds } from '../ids.ts';
import type { Storage } from '../ports/storage.ts';
import { createDiskStorage, diskScratch } from './disk-storage.ts';
import { createS3Storage } from './s3-storage.ts';
import { sweepScratch } from './storage-scratch.ts';

let s3: S3Server;
let root: string;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jilo-storage-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Kind = {
  readonly name: string;
  readonly open: () => { readonly storage: Storage; readonly scratchFolder: string };
  /** What is stored, as keys. */
  readonly keys: () => string[];
};

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .toSorted()
    : [];

let prefix = 0;
const kinds: readonly Kind[] = [
  {
    name: 'on disk',
    open() {
      const folder = join(root, 'files');
      return {
        storage: createDiskStorage(folder, systemIds),
        scratchFolder: diskScratch(folder),
      };
    },
    keys: () => filesIn(join(root, 'files')),
  },
  {
    name: 'in S3',
    open() {
      prefix += 1;
      const scratchFolder = join(root, 'scratch');
      const { url: endpoint, bucket, accessKeyId, secretAccessKey } = s3;
      const settings = {
        endpoint,
        bucket,
        accessKeyId,
        secretAccessKey,
        scratchFolder,
        prefix: `of/test-${prefix}`,
        region: 'us-east-1',
        forcePathStyle: true,
      };
      return { storage: createS3Storage(settings, systemIds), scratchFolder };
    },
    keys: () => [
      ...s3
        .keys()
        .filter((key) => key.startsWith(`of/test-${prefix}/`))
        .map((key) => key.slice(`of/test-${prefix}/`.length)),
      ...filesIn(join(root, 'scratch')).map((name) => `scratch ${name}`),
    ],
  },
];

const key = 'videos/vid_0a1.mp4';
const bytesOf = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));

/** Content that breaks in the middle. */
async function* breaking(error: Error): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half of it');
  throw error;
}

const coded = (code: string) => Object.assign(new Error(code), { code });

describe.each(kinds)('files $name', ({ open, keys }) => {
  let storage: Storage;
  let scratchFolder: string;
  beforeEach(() => ({ storage, scratchFolder } = open()));

  const textOf = async (name = key) => (await buffer(storage.read(name, 0, 1e6))).toString();

  describe('a write', () => {
    test('stores the bytes, and says how many and their hash', async () => {
      const stored = await storage.write(key, bytesOf('a paper ', '', 'boat'), 1000);
      const sha256 = createHash('sha256').update('a paper boat').digest('hex');
      expect(stored).toEqual({ bytes: 12, sha256 });
      expect(await textOf()).toBe('a paper boat');
      expect(keys()).toEqual([key]);
      expect(await storage.stat(key)).toMatchObject({ bytes: 12 });
    });

    test('replaces a file only when it is whole', async () => {
      await storage.write(key, bytesOf('the old one'), 1000);
      let seen = '';
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('the new');
        seen = await textOf();
        yield Buffer.from(' one');
      }
      await storage.write(key, slow(), 1000);
      expect(seen).toBe('the old one');
      expect(await textOf()).toBe('the new one');
    });

    test('that breaks leaves the old file and nothing beside it', async () => {
      await storage.write(key, bytesOf('the old one'), 1000);
      await expect(storage.write(key, breaking(new Error('cut')), 1000)).rejects.toThrow('cut');
      expect(await textOf()).toBe('the old one');
      expect(keys()).toEqual([key]);
    });

    test('of two at once stores one of them whole', async () => {
      const long = (letter: string) => Array.from({ length: 50 }, () => letter.repeat(10_000));
      await Promise.all([
        storage.write(key, bytesOf(...long('a')), 1e6),
        storage.write(key, bytesOf(...long('b')), 1e6),
      ]);
      expect([long('a').join(''), long('b').join('')]).toContain(await textOf());
      expect(keys()).toEqual([key]);
    });

    test.each([
      [9, true],
      [10, true],
      [11, false],
    ])('of %i bytes at a limit of 10', async (bytes, fits) => {
      const work = storage.write(key, bytesOf('b'.repeat(5), 'b'.repeat(bytes - 5)), 10);
      const end = await work.then(
        (stored) => stored.bytes,
        (error: unknown) => isFault(error, 'provider_failed') && error.code,
      );
      expect(end).toBe(fits ? bytes : 'provider_failed');
      expect((await storage.stat(key)) !== null).toBe(fits);
      expect(keys()).toEqual(fits ? [key] : []);
    });

    test('that is too long stops its source', async () => {
      let isStopped = false;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield Buffer.alloc(100);
        } finally {
          isStopped = true;
        }
      }
      const work = storage.write(key, endless(), 1000);
      await expect(work).rejects.toThrow('Storage could not do this');
      expect(isStopped).toBe(true);
    });

    test.each(['ENOSPC', 'EDQUOT'])('on a full disk (%s) says so, and cleans up', async (code) => {
      const work = storage.write(key, breaking(coded(code)), 1000);
      await expect(work).rejects.toSatisfy((error) => isFault(error, 'storage_full'));
      expect(keys()).toEqual([]);
    });

    test('that fails for another reason is not called a full disk', async () => {
      const work = storage.write(key, breaking(coded('EIO')), 1000);
      await expect(work).rejects.toMatchObject({ code: 'EIO' });
    });
  });

  test.each([
    '../secret.txt',
    'videos/../../secret.txt',
    '/etc/passwd.txt',
    'videos//a.mp4',
    'videos/.hidden.mp4',
    './a.mp4',
    'videos\\..\\a.mp4',
    'videos/a',
    'videos/a.mp4/',
    'videos/a.mp4\n',
    'videos/a\0.mp4',
    'videos/a%2e%2e.mp4',
    'Videos/a.mp4',
    '',
  ])('a key that is none of ours is refused: %j', async (bad) => {
    await expect(storage.write(bad, bytesOf('a'), 10)).rejects.toThrow('not a storage key');
    expect(() => storage.read(bad, 0, 1)).toThrow('not a storage key');
    await expect(storage.stat(bad)).rejects.toThrow('not a storage key');
    await expect(storage.local(bad)).rejects.toThrow('not a storage key');
    await expect(storage.remove(bad)).rejects.toThrow('not a storage key');
    expect(keys()).toEqual([]);
  });

  describe('reading', () => {
    test.each([
      [0, 11, 'a paper boat'],
      [0, 0, 'a'],
      [2, 6, 'paper'],
      [11, 11, 't'],
      [8, 100, 'boat'],
    ])('bytes %i to %i, both included', async (start, end, text) => {
      await storage.write(key, bytesOf('a paper boat'), 1000);
      expect((await buffer(storage.read(key, start, end))).toString()).toBe(text);
    });

    test('of a large file may end early', async () => {
      await storage.write(
        key,
        bytesOf(...Array.from({ length: 64 }, () => 'x'.repeat(65_536))),
        1e7,
      );
      for await (const part of storage.read(key, 0, 1e7)) {
        expect(part).toContain(120);
        break;
      }
      expect(await storage.stat(key)).toMatchObject({ bytes: 64 * 65_536 });
    });

    test('a file that is not there fails; removing it does not', async () => {
      await expect(buffer(storage.read(key, 0, 1))).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(storage.local(key)).rejects.toMatchObject({ code: 'ENOENT' });
      expect(await storage.stat(key)).toBeNull();
      await storage.remove(key);
      await storage.write(key, bytesOf('a'), 10);
      await storage.remove(key);
      expect(await storage.stat(key)).toBeNull();
      expect(keys()).toEqual([]);
    });
  });

  test('its version changes with the content, and names nothing', async () => {
    await storage.write(key, bytesOf('one'), 10);
    const first = await storage.stat(key);
    expect(await storage.stat(key)).toEqual(first);
    await storage.write(key, bytesOf('two'), 10);
    const second = await storage.stat(key);
    expect(second?.version).not.toBe(first?.version);
    expect(second?.version).toMatch(/^[A-Za-z0-9-]+$/);
  });

  test('is on the local disk for as long as it is needed', async () => {
    await storage.write(key, bytesOf('a paper boat'), 1000);
    let path: string;
    {
      await using file = await storage.local(key);
      ({ path } = file);
      expect(readFileSync(path, 'utf8')).toBe('a paper boat');
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(path).toMatch(/\.mp4$/);
    }
    expect(existsSync(path)).toBe(path.endsWith(key));
    expect(keys()).toEqual([key]);
    expect(await textOf()).toBe('a paper boat');
  });

  describe('a scratch place', () => {
    test('is empty, has its extension, is no other one, and goes with its disposal', async () => {
      let path: string;
      {
        await using one = await storage.scratch('jpg');
        await using other = await storage.scratch('jpg');
        ({ path } = one);
        expect(path).toMatch(/\.jpg$/);
        expect(other.path).not.toBe(path);
        expect(existsSync(path)).toBe(false);
        await writeFile(path, 'drawn');
      }
      expect(existsSync(path)).toBe(false);
      expect(keys()).toEqual([]);
    });

    test.each(['', 'a/b', '../x', 'JPG', 'x', 'longer'])('is refused for %j', async (extension) => {
      await expect(storage.scratch(extension)).rejects.toThrow('not an extension');
    });

    test.each([
      [-1, true],
      [0, true],
      [1, false],
    ])('of a dead process, a day and %i s old, is left: %s', async (over, isLeft) => {
      const { path } = await storage.scratch('mp4');
      const madeAt = new Date('2026-11-22T08:00:00Z');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, 'half');
      await utimes(path, madeAt, madeAt);
      await sweepScratch(scratchFolder, new Date(madeAt.getTime() + (86_400 + over) * 1000));
      expect(existsSync(path)).toBe(isLeft);
    });
  });
});

test('sweeping where nothing was ever written does nothing', async () => {
  await sweepScratch(join(root, 'none'), new Date());
  expect(existsSync(join(root, 'none'))).toBe(false);
});
