import { createReadStream } from 'node:fs';
import { PassThrough, pipeline, Readable } from 'node:stream';

import type { GetObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

import type { Ids } from '../ids.ts';
import type { LocalFile, Storage } from '../ports/storage.ts';
import { explainS3, isMissing } from './storage-faults.ts';
import { checkKey } from './storage-key.ts';
import { openScratch } from './storage-scratch.ts';
import { spool } from './storage-spool.ts';

export type S3Settings = {
  readonly bucket: string;
  /** Folder inside the bucket, without slashes at its ends; empty: the bucket itself. */
  readonly prefix: string;
  /** null: Amazon's own. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether the bucket is named in the path instead of in the host. */
  readonly forcePathStyle: boolean;
  /** Where unfinished writes and files for tools lie on the local disk. */
  readonly scratchFolder: string;
  /** How long the server may be silent. */
  readonly silenceMs?: number;
};

type Sdk = typeof import('@aws-sdk/client-s3');
type Connection = { readonly sdk: Sdk; readonly client: S3Client };

/**
 * Files in a bucket of S3 or of what speaks like it. A write is spooled to the local disk first: its length
 * and hash are known then, and one request puts it in place whole. The SDK is loaded on first use.
 */
export function createS3Storage(settings: S3Settings, ids: Ids): Storage {
  const connect = once(() => openClient(settings));
  const placeOf = (key: string) => ({
    Bucket: settings.bucket,
    Key: settings.prefix ? `${settings.prefix}/${checkKey(key)}` : checkKey(key),
  });
  const scratch = (extension: string) => openScratch(settings.scratchFolder, ids, extension);
  return {
    async write(key, content, maxBytes) {
      const place = placeOf(key);
      await using draft = await scratch('part');
      const stored = await spool(draft.path, content, maxBytes);
      await asked(connect, ({ sdk, client }) =>
        client.send(
          new sdk.PutObjectCommand({
            ...place,
            Body: createReadStream(draft.path),
            ContentLength: stored.bytes,
            ChecksumSHA256: Buffer.from(stored.sha256, 'hex').toString('base64'),
          }),
        ),
      );
      return stored;
    },
    read: (key, start, end) => download(connect, placeOf(key), { start, end }),
    async stat(key) {
      const place = placeOf(key);
      try {
        const { ContentLength, ETag } = await asked(connect, ({ sdk, client }) =>
          client.send(new sdk.HeadObjectCommand(place)),
        );
        if (ContentLength === undefined || !ETag) throw new Error('S3 told no length or no ETag');
        return { bytes: ContentLength, version: ETag.replace(/[^A-Za-z0-9-]/g, '') };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async remove(key) {
      const place = placeOf(key);
      await asked(connect, ({ sdk, client }) => client.send(new sdk.DeleteObjectCommand(place)));
    },
    async local(key) {
      const place = placeOf(key);
      return fetched(await scratch(key.slice(key.lastIndexOf('.') + 1)), download(connect, place));
    },
    scratch,
  };
}

/** Fills a scratch file, or leaves none. */
async function fetched(file: LocalFile, content: Readable): Promise<LocalFile> {
  await using failing = new AsyncDisposableStack();
  failing.use(file);
  await spool(file.path, content, Infinity);
  failing.move();
  return file;
}

type Range = { readonly start: number; readonly end: number };

/** An object's bytes; whoever destroys the stream ends the request. */
function download(
  connect: () => Promise<Connection>,
  place: GetObjectCommandInput,
  range: Range | null = null,
): Readable {
  const leaving = new AbortController();
  const whole = fetchBytes(connect, place, range, leaving.signal);
  const content = range ? cutAfter(whole, range.end - range.start + 1) : whole;
  const stream = new PassThrough();
  stream.once('close', () => leaving.abort());
  // What goes wrong reaches the reader through the stream.
  pipeline(content, stream, () => {});
  return stream;
}

async function* fetchBytes(
  connect: () => Promise<Connection>,
  place: GetObjectCommandInput,
  range: Range | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  try {
    const { sdk, client } = await connect();
    const Range = range ? `bytes=${range.start}-${range.end}` : undefined;
    const command = new sdk.GetObjectCommand({ ...place, Range });
    const { Body, ContentRange } = await client.send(command, { abortSignal: signal });
    if (!(Body instanceof Readable)) throw new Error('S3 sent no body');
    // A server that does not know ranges would send the file from its beginning.
    if (range && range.start > 0 && !ContentRange?.startsWith(`bytes ${range.start}-`))
      throw new Error(`S3 was asked for ${Range} and sent ${ContentRange}`);
    for await (const part of Body) yield Buffer.from(part);
  } catch (error) {
    throw explainS3(error);
  }
}

/** At most the first `count` bytes: some servers send more than they were asked for. */
async function* cutAfter(
  content: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array, void> {
  let left = count;
  for await (const part of content) {
    yield part.subarray(0, left);
    left -= part.length;
    if (left <= 0) return;
  }
}

/** The answer to a call, or what went wrong in our words. */
async function asked<T>(
  connect: () => Promise<Connection>,
  call: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect();
  return call(connection).catch((error: unknown) => {
    throw explainS3(error);
  });
}

async function openClient(settings: S3Settings): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-s3');
  const { endpoint, region, accessKeyId, secretAccessKey, forcePathStyle } = settings;
  const silenceMs = settings.silenceMs ?? 30_000;
  const client = new sdk.S3Client({
    ...(endpoint === null ? {} : { endpoint }),
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle,
    // Amazon's newer default is a trailing checksum, which many compatible servers do not read.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5000, socketTimeout: silenceMs },
    // It would write to the console; what goes wrong is thrown.
    logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  return { sdk, client };
}

const ignore = (): void => {};

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
