import { once } from 'node:events';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import { isErasedFile } from '../core/account/erased-file.ts';
import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { isMediaLink } from '../core/media-link.ts';
import { fileNameOf } from '../core/video/file-name.ts';
import { parseRange, type ByteRange } from './byte-range.ts';
import { answerAs } from './errors.ts';

/** Folders of letters and digits and one file name: no dots that could climb. */
const keySchema = z.string().regex(/^[\w-]+(?:\/[\w-]+)*\.[a-z0-9]{2,4}$/);

const addressSchema = z.object({
  exp: z.string().regex(/^\d{1,12}$/),
  sig: z.string().min(1).max(200),
  download: z.string().optional(),
});

const types: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  jpg: 'image/jpeg',
  png: 'image/png',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
};

/**
 * `GET /media/<key>?exp&sig`: a stored file, whole or by Range, for whoever holds its signed address;
 * with `download=1` as a file to be saved. The same from every storage.
 */
export function mediaRoutes(services: Services): Router {
  const router = Router();
  // Express 5 takes the rejection of an async handler to the error handler by itself.
  router.get('/media/*key', answerAs({ as: 'page' }), async (request, response) => {
    const key = keySchema.safeParse([request.params['key']].flat().join('/'));
    const address = addressSchema.safeParse(request.query);
    if (!key.success || !address.success) throw new Fault('link_not_valid', {});
    const { exp, sig, download } = address.data;
    if (!isMediaLink(services, key.data, exp, sig)) throw new Fault('link_not_valid', {});
    if (await isErasedFile(services, key.data)) throw new Fault('link_not_valid', {});
    const isSaved = download === '1' || typeOf(key.data) === undefined;
    const saveAs = isSaved ? await fileNameOf(services, key.data) : null;
    const secondsLeft = Number(exp) - Math.floor(services.clock.now().getTime() / 1000);
    const file = { key: key.data, saveAs, secondsLeft };
    await sendStored(services, { request, response }, file);
  });
  return router;
}

type Exchange = { readonly request: Request; readonly response: Response };

/**
 * Sends a stored file, whole or by Range, to whom the caller has let in.
 * @throws Fault `not_found` when storage has no such file.
 */
export async function sendStored(
  { ports: { storage } }: Services,
  { request, response }: Exchange,
  file: Pick<Sending, 'key' | 'saveAs' | 'secondsLeft'>,
): Promise<void> {
  const { key } = file;
  const facts = await storage.stat(key);
  if (!facts) throw new Fault('not_found', { what: 'file', id: basename(key) });
  const read = (start: number, end: number) => storage.read(key, start, end);
  await send(request, response, { ...facts, ...file, read });
}

const typeOf = (key: string): string | undefined => types[key.slice(key.lastIndexOf('.') + 1)];

type Sending = {
  readonly key: string;
  readonly bytes: number;
  readonly version: string;
  /** The name to save it under; null: it is to be seen. */
  readonly saveAs: string | null;
  /** How long its address works. */
  readonly secondsLeft: number;
  readonly read: (start: number, end: number) => Readable;
};

async function send(request: Request, response: Response, file: Sending): Promise<void> {
  const tag = `"${file.version}"`;
  if (isKnown(request, response, tag)) {
    setHeaders(response, file, tag);
    response.status(304).end();
    return;
  }
  const part = partOf(request, file.bytes, tag);
  if (part === 'none') throw rangeRefusal(response, file.bytes);
  const { start, end } = part ?? { start: 0, end: file.bytes - 1 };
  const isHead = request.method === 'HEAD';
  const content = isHead || file.bytes === 0 ? null : file.read(start, end);
  if (content && !(await hasBegun(content, response, file.key))) return;
  setHeaders(response, file, tag);
  response.set('Content-Length', String(end - start + 1));
  if (part) response.status(206).set('Content-Range', `bytes ${start}-${end}/${file.bytes}`);
  if (content) await pour(content, response);
  else response.end();
}

/** Whether the reader has this version already. */
function isKnown(request: Request, response: Response, tag: string): boolean {
  response.set('ETag', tag);
  const { fresh } = request;
  // The page that may still have to tell about an error is not the file.
  response.removeHeader('ETag');
  return fresh;
}

/** The part that is asked for: `none` when the file has nothing of it, null for all. */
function partOf(request: Request, bytes: number, tag: string): ByteRange | 'none' | null {
  const condition = request.get('if-range') ?? tag;
  if (request.method !== 'GET' || condition !== tag) return null;
  return parseRange(request.get('range') ?? '', bytes);
}

/** For the error handler, which answers with the status of what Express refuses. */
function rangeRefusal(response: Response, bytes: number): Error {
  response.set('Content-Range', `bytes */${bytes}`);
  return Object.assign(new Error('no such range'), { status: 416, expose: true });
}

/**
 * Waits for the first bytes, since an error can be answered only before them; false when the reader has
 * left.
 */
async function hasBegun(content: Readable, response: Response, key: string): Promise<boolean> {
  const leaving = new AbortController();
  response.once('close', () => {
    leaving.abort();
    content.destroy();
  });
  try {
    await once(content, 'readable', { signal: leaving.signal });
    return true;
  } catch (error) {
    if (leaving.signal.aborted) return false;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Fault('not_found', { what: 'file', id: basename(key) }, { cause: error });
    throw error;
  }
}

function setHeaders(response: Response, file: Sending, tag: string): void {
  if (file.saveAs === null)
    response.set('Content-Disposition', `inline; filename="${basename(file.key)}"`);
  else response.attachment(file.saveAs);
  response.set({
    'Content-Type': typeOf(file.key) ?? 'application/octet-stream',
    ETag: tag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': `private, max-age=${file.secondsLeft}`,
    // The address is the permission, so another site's player may load it.
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy':
      "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
}

async function pour(content: Readable, response: Response): Promise<void> {
  let isBroken = false;
  content.once('error', () => (isBroken = true));
  try {
    await pipeline(content, response);
  } catch (error) {
    // Otherwise the reader has left.
    if (isBroken) throw error;
  }
}
