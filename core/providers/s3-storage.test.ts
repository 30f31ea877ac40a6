import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startS3, type S3Server } from '../../test/kit/s3.ts';
import { isFault } from '../fault.ts';
import { systemIds } from '../ids.ts';
import type { Storage } from '../ports/storage.ts';
import { createS3Storage, type S3Settings } from './s3-storage.ts';

let s3: S3Server;
let scratchFolder: string;
let storage: Storage;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(async () => {
  scratchFolder = mkdtempSync(join(tmpdir(), 'jilo-s3-scratch-'));
  storage = open();
  await storage.write(key, bytesOf('a paper boat'), 1000);
  s3.requests.length = 0;
});
afterEach(() => rmSync(scratchFolder, { recursive: true, force: true }));

const silenceMs = 300;
const key = 'videos/vid_0a1.mp4';
const bytesOf = (text: string) => Readable.from([Buffer.from(text)]);

function open(settings: Partial<S3Settings> = {}): Storage {
  const { url: endpoint, bucket, accessKeyId, secretAccessKey } = s3;
  return createS3Storage(
    {
      endpoint,
      bucket,
      accessKeyId,
      secretAccessKey,
      scratchFolder,
      prefix: '',
      region: 'us-east-1',
      forcePathStyle: true,
      ...settings,
    },
    systemIds,
  );
}

/** Everything that a storage is asked for, by the method that it is asked with. */
const calls: Readonly<Record<string, (from: Storage) => Promise<unknown>>> = {
  PUT: (from) => from.write(key, bytesOf('the new one'), 1000),
  HEAD: (from) => from.stat(key),
  GET: (from) => buffer(from.read(key, 0, 11)),
  'GET for a local file': (from) => from.local(key),
  DELETE: (from) => from.remove(key),
};
const each = Object.entries(calls).map(([name, call]) => ({
  name,
  method: name.slice(0, name.search(/ |$/)),
  call,
}));

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (isFault(error) ? error.code : error),
  );

test('the folder of the bucket is part of every address', async () => {
  await open({ prefix: 'jilo/live' }).write(key, bytesOf('a'), 10);
  expect(s3.requests).toEqual([`PUT /${s3.bucket}/jilo/live/${key}?x-id=PutObject`]);
  expect(s3.keys()).toContain(`jilo/live/${key}`);
});

describe.each(each)('a server at $name', ({ method, call }) => {
  // The SDK itself tries three times; a body that is streamed is sent once.
  test('that is away for a while is asked to be waited for', async () => {
    s3.misbehave({ on: method, how: { status: 503, code: 'SlowDown' }, times: 3 });
    const fault = await call(storage).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'provider_busy', params: { provider: 'Storage' } });
    expect(isFault(fault) && fault.retryAfterSeconds).toBe(60);
    s3.forgive();
    expect(await codeOf(call(storage))).toBe('done');
  });

  test('that says nothing is not waited for for ever', async () => {
    s3.misbehave({ on: method, how: 'silence', times: 3 });
    expect(await codeOf(call(open({ silenceMs })))).toBe('provider_busy');
    s3.forgive();
  });

  test('that is not there is a busy one', async () => {
    const away = open({ endpoint: 'http://127.0.0.1:1' });
    expect(await codeOf(call(away))).toBe('provider_busy');
  });

  test.each([
    [{ secretAccessKey: 'wrong' }, 'provider_locked'],
    [{ accessKeyId: 'nobody' }, 'provider_locked'],
  ])('that does not accept %j needs the operator', async (settings, code) => {
    expect(await codeOf(call(open(settings)))).toBe(code);
  });

  test.each([
    [507, 'XMinioStorageFull', 'storage_full'],
    [400, 'XMinioAdminBucketQuotaExceeded', method === 'HEAD' ? 'provider_locked' : 'storage_full'],
    [301, 'PermanentRedirect', 'provider_locked'],
    [400, 'AuthorizationHeaderMalformed', 'provider_locked'],
  ])('that answers %i %s', async (status, name, code) => {
    s3.misbehave({ on: method, how: { status, code: name }, times: 1 });
    expect(await codeOf(call(storage))).toBe(code);
    s3.forgive();
  });

  test('leaves no scratch file behind', async () => {
    s3.misbehave({ on: method, how: { status: 403, code: 'AccessDenied' }, times: 1 });
    expect(await codeOf(call(storage))).toBe('provider_locked');
    s3.forgive();
    expect(readdirSync(scratchFolder)).toEqual([]);
  });
});

test('the operator is told what to look at', async () => {
  const fault = await open({ secretAccessKey: 'wrong' })
    .write(key, bytesOf('a'), 10)
    .catch((error: unknown) => error);
  expect(fault).toMatchObject({
    message: 'Storage does not accept our account at the moment.',
    cause: {
      message:
        'the bucket answered 403 SignatureDoesNotMatch: check its name in STORAGE_URL, and S3_ENDPOINT, S3_REGION and the two keys',
    },
  });
});

test('a bucket that is not there needs the operator, where the answer can say so', async () => {
  const nowhere = open({ bucket: 'jilo-nowhere' });
  expect(await codeOf(nowhere.write(key, bytesOf('a'), 10))).toBe('provider_locked');
  expect(await codeOf(buffer(nowhere.read(key, 0, 1)))).toBe('provider_locked');
});

test.each(['cut', 'stall'] as const)('an answer that ends in a %s is no file', async (how) => {
  const patient = open({ silenceMs });
  s3.misbehave({ on: 'GET', how, times: 2 });
  expect(await codeOf(buffer(patient.read(key, 0, 999)))).toBe('provider_busy');
  expect(await codeOf(patient.local(key))).toBe('provider_busy');
  expect(readdirSync(scratchFolder)).toEqual([]);
});

test.each(['silence', 'stall'] as const)('a reader who leaves a %s ends it', async (how) => {
  s3.misbehave({ on: 'GET', how, times: 1 });
  const reading = open({ silenceMs: 600_000 }).read(key, 0, 11);
  const ended = codeOf(buffer(reading));
  await expect.poll(() => s3.requests).toHaveLength(1);
  expect(s3.openRequests()).toBe(1);
  reading.destroy();
  expect(await ended).toBeInstanceOf(Error);
  await expect.poll(() => s3.openRequests()).toBe(0);
});
