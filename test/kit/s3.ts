import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import S3rver from '@20minutes/s3rver';
import { z } from 'zod';

/** How the server fails the requests of one method. */
export type S3Trouble = {
  readonly on: string;
  /** A status with an S3 error code, an answer that is cut off or never ends, or none at all. */
  readonly how: { readonly status: number; readonly code: string } | 'cut' | 'stall' | 'silence';
  readonly times: number;
};

/** A running S3 server that checks signatures. */
export type S3Server = {
  readonly url: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Method and path of every request so far. */
  readonly requests: string[];
  /** The keys in the bucket, with their prefix. */
  keys(): string[];
  /** Requests that are not answered yet. */
  openRequests(): number;
  misbehave(trouble: S3Trouble): void;
  /** Ends all misbehaviour. */
  forgive(): void;
  close(): Promise<void>;
};

const suffix = '._S3rver_object';
const bucket = 'jilo-test';

/** An S3 server on loopback with one bucket, behind a door that can fail requests. */
export async function startS3(): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), 'jilo-s3-'));
  const s3 = new S3rver({ directory, silent: true, configureBuckets: [{ name: bucket }] });
  await s3.configureBuckets();
  const answer = s3.callback();
  const requests: string[] = [];
  let open = 0;
  let troubles: S3Trouble[] = [];
  const troubleOf = (method: string) => {
    const trouble = troubles.find(({ on }) => on === method);
    if (!trouble) return null;
    troubles = troubles.flatMap((each) => {
      if (each !== trouble) return [each];
      return each.times > 1 ? [{ ...each, times: each.times - 1 }] : [];
    });
    return trouble.how;
  };
  // The server writes in place; a real one replaces a file whole.
  let written: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    const { method = '' } = request;
    requests.push(`${method} ${request.url}`);
    open += 1;
    response.once('close', () => (open -= 1));
    const how = troubleOf(method);
    if (how !== null) return fail(request, response, how);
    if (method !== 'PUT') return answer(request, response);
    written = written.then(() => {
      answer(request, response);
      return once(response, 'close');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    bucket,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    requests,
    keys: () => keysIn(join(directory, bucket)),
    openRequests: () => open,
    misbehave: (trouble) => void troubles.push(trouble),
    forgive: () => void (troubles = []),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function fail(request: IncomingMessage, response: ServerResponse, how: S3Trouble['how']): void {
  request.resume();
  if (how === 'silence') return;
  if (how === 'cut' || how === 'stall') {
    response.writeHead(206, { 'content-length': 1000, 'content-range': 'bytes 0-999/1000' });
    response.write('half of it', () => {
      if (how === 'cut') response.destroy();
    });
    return;
  }
  response.writeHead(how.status, { 'content-type': 'application/xml' });
  response.end(request.method === 'HEAD' ? '' : `<Error><Code>${how.code}</Code></Error>`);
}

const keysIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length))
        .toSorted()
    : [];
