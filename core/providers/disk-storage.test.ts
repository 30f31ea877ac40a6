import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { fc, test as property } from '@fast-check/vitest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { isFault } from '../fault.ts';
import { systemIds } from '../ids.ts';
import type { Storage } from '../ports/storage.ts';
import { createDiskStorage } from './disk-storage.ts';

let root: string;
let folder: string;
let storage: Storage;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jilo-storage-'));
  folder = join(root, 'files');
  storage = createDiskStorage(folder, systemIds);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const key = 'videos/vid_0a1.mp4';
const bytesOf = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));
const all = () =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted() : [];

/** Content that breaks in the middle. */
async function* breaking(error: Error): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half of it');
  throw error;
}

const coded = (code: string) => Object.assign(new Error(code), { code });

describe('a write', () => {
  test('stores the bytes, says how many and their hash, and lets nobody else read them', async () => {
    const stored = await storage.write(key, bytesOf('a paper ', '', 'boat'), 1000);
    const sha256 = createHash('sha256').update('a paper boat').digest('hex');
    expect(stored).toEqual({ bytes: 12, sha256 });
    expect(readFileSync(storage.path(key), 'utf8')).toBe('a paper boat');
    expect(statSync(storage.path(key)).mode & 0o777).toBe(0o600);
    expect(all()).toEqual(['videos', key]);
    expect(await storage.has(key)).toBe(true);
  });

  test('replaces a file only when it is whole', async () => {
    await storage.write(key, bytesOf('the old one'), 1000);
    let seen = '';
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('the new');
      seen = readFileSync(storage.path(key), 'utf8');
      yield Buffer.from(' one');
    }
    await storage.write(key, slow(), 1000);
    expect(seen).toBe('the old one');
    expect(readFileSync(storage.path(key), 'utf8')).toBe('the new one');
  });

  test('that breaks leaves the old file and nothing beside it', async () => {
    await storage.write(key, bytesOf('the old one'), 1000);
    await expect(storage.write(key, breaking(new Error('cut')), 1000)).rejects.toThrow('cut');
    expect(readFileSync(storage.path(key), 'utf8')).toBe('the old one');
    expect(all()).toEqual(['videos', key]);
  });

  test('of two at once stores one of them whole', async () => {
    const long = (letter: string) => Array.from({ length: 50 }, () => letter.repeat(1000));
    await Promise.all([
      storage.write(key, bytesOf(...long('a')), 1e6),
      storage.write(key, bytesOf(...long('b')), 1e6),
    ]);
    const kept = readFileSync(storage.path(key), 'utf8');
    expect([long('a').join(''), long('b').join('')]).toContain(kept);
    expect(all()).toEqual(['videos', key]);
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
    expect(await storage.has(key)).toBe(fits);
    expect(all()).toEqual(fits ? ['videos', key] : ['videos']);
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
    await expect(storage.write(key, endless(), 1000)).rejects.toThrow('Storage could not do this');
    expect(isStopped).toBe(true);
  });

  test.each(['ENOSPC', 'EDQUOT'])('on a full disk (%s) says so, and cleans up', async (code) => {
    const work = storage.write(key, breaking(coded(code)), 1000);
    await expect(work).rejects.toSatisfy((error) => isFault(error, 'storage_full'));
    expect(all()).toEqual(['videos']);
  });

  test('that fails for another reason is not called a full disk', async () => {
    const work = storage.write(key, breaking(coded('EIO')), 1000);
    await expect(work).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('a key', () => {
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
  ])('that is none of ours is refused: %j', async (bad) => {
    expect(() => storage.path(bad)).toThrow('not a storage key');
    await expect(storage.write(bad, bytesOf('a'), 10)).rejects.toThrow('not a storage key');
    await expect(storage.draftPath(bad)).rejects.toThrow('not a storage key');
    expect(() => storage.read(bad, 0, 1)).toThrow('not a storage key');
    await expect(async () => storage.has(bad)).rejects.toThrow('not a storage key');
    await expect(async () => storage.remove(bad)).rejects.toThrow('not a storage key');
    expect(all()).toEqual([]);
  });

  property.prop([
    fc.string({
      unit: fc.constantFrom('a', 'b', '/', '.', '_', '-', '\\', '\0', '\n', '%', 'é', '纸', '.mp4'),
    }),
  ])('leads below the folder or nowhere', (text) => {
    let path: string;
    try {
      path = storage.path(text);
    } catch {
      return;
    }
    expect(path.startsWith(`${folder}/`)).toBe(true);
    expect(path).toBe(join(folder, text));
    expect(text).not.toContain('..');
  });
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

  test('a file that is not there fails; removing it does not', async () => {
    await expect(buffer(storage.read(key, 0, 1))).rejects.toMatchObject({ code: 'ENOENT' });
    await storage.remove(key);
    expect(await storage.has(key)).toBe(false);
    await storage.write(key, bytesOf('a'), 10);
    await storage.remove(key);
    expect(await storage.has(key)).toBe(false);
    expect(all()).toEqual(['videos']);
  });
});
