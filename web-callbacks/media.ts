import { basename, dirname, extname } from 'node:path';

import { Router, type Response } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { isMediaLink } from '../core/media-link.ts';
import { answerAs } from './errors.ts';

/** Folders of letters and digits and one file name: no dots that could climb. */
const keySchema = z.string().regex(/^[\w-]+(?:\/[\w-]+)*\.[a-z0-9]{2,4}$/);

const addressSchema = z.object({
  exp: z.string().regex(/^\d{1,12}$/),
  sig: z.string().min(1).max(200),
  download: z.string().optional(),
});

const types: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
};

/** `GET /media/<key>?exp&sig`: a stored file, whole or by Range, for whoever holds its signed address. */
export function mediaRoutes(services: Services): Router {
  const router = Router();
  // Express 5 takes the rejection of an async handler to the error handler by itself.
  router.get('/media/*key', answerAs({ as: 'page' }), async (request, response) => {
    const key = keySchema.safeParse([request.params['key']].flat().join('/'));
    const address = addressSchema.safeParse(request.query);
    if (!key.success || !address.success) throw new Fault('link_not_valid', {});
    const { exp, sig, download } = address.data;
    if (!isMediaLink(services, key.data, exp, sig)) throw new Fault('link_not_valid', {});
    const { storage } = services.ports;
    if (!(await storage.has(key.data)))
      throw new Fault('not_found', { what: 'file', id: basename(key.data) });
    await sendStored(response, storage.path(key.data), download === '1');
  });
  return router;
}

function sendStored(response: Response, path: string, download: boolean): Promise<void> {
  const name = basename(path);
  const type = types[extname(name)];
  response.set({
    'Content-Type': type ?? 'application/octet-stream',
    'Content-Disposition': `${download || !type ? 'attachment' : 'inline'}; filename="${name}"`,
    'Cache-Control': 'private, max-age=3600',
    // The address is the permission, so another site's player may load it.
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy':
      "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'",
  });
  return new Promise((resolve, reject) => {
    const options = { root: dirname(path), cacheControl: false, dotfiles: 'deny' as const };
    response.sendFile(name, options, (error) => {
      // Once bytes are out, an error means that the reader went away.
      if (!error || response.headersSent) resolve();
      else reject(forgetFile(response, error));
    });
  });
}

/** The page that tells about an error is not the file. */
function forgetFile(response: Response, error: Error): Error {
  for (const header of ['Content-Disposition', 'ETag', 'Last-Modified', 'Accept-Ranges'])
    response.removeHeader(header);
  return error;
}
