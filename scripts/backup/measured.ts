import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

/** Size and SHA-256 of a file. */
export type Measure = { readonly bytes: number; readonly sha256: string };

/**
 * Writes a new file that only its owner may read, synced, and measures what is written. `open` is
 * asked for the source when everything is ready to listen to it.
 */
export async function writeMeasured(
  path: string,
  open: () => Readable | Promise<Readable>,
  ...transforms: readonly Transform[]
): Promise<Measure> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  const source = await open();
  const sink = createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true });
  await pipeline([source, ...transforms, meter, sink]);
  return { bytes, sha256: hash.digest('hex') };
}

/** Measures a file that is there. */
export async function measureFile(path: string): Promise<Measure> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    const part = z.instanceof(Buffer).parse(piece);
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
