import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { followSubject, markOf } from '../core/progress/follow.ts';
import { isProgressLink } from '../core/progress/link.ts';
import { hasEnded, readSubjectState, type SubjectState } from '../core/progress/state.ts';
import { answerAs } from './errors.ts';
import { closingOf } from './serve.ts';

const addressSchema = z.object({
  subject: z.string().regex(/^\w{1,64}$/),
  exp: z.string().regex(/^\d{1,12}$/),
  sig: z.string().min(1).max(200),
});

/** Each stream holds a connection of its reader for as long as the work lasts. */
const mostStreams = 500;
/** After so long one that was turned away may ask again. */
const fullSeconds = 10;
/** Proxies cut a connection on which nothing moves. */
const heartbeatMs = 15_000;
/** After so long a reader that has lost its connection comes back. */
const comeBackMs = 2000;

/**
 * `GET /progress/<subject>?exp&sig`: how far a video or a publication is, as server-sent events, for whoever
 * holds its signed address. Each state is one event, the final one is named `end`.
 */
export function progressRoutes(services: Services, limit: number = mostStreams): Router {
  const router = Router();
  let streams = 0;
  router.get('/progress/:subject', answerAs({ as: 'page' }), async (request, response) => {
    const address = addressSchema.safeParse({ ...request.query, ...request.params });
    if (!address.success) throw new Fault('link_not_valid', {});
    const { subject, exp, sig } = address.data;
    if (!isProgressLink(services, subject, { exp, sig })) throw new Fault('link_not_valid', {});
    const state = await readSubjectState(services, subject);
    if (!state) throw new Fault('not_found', { what: whatOf(subject), id: subject });
    const seen = request.get('last-event-id');
    if (hasEnded(state) && seen === markOf(state)) {
      // The one answer after which a reader does not come back by itself.
      response.status(204).set('Access-Control-Allow-Origin', '*').end();
      return;
    }
    if (request.method === 'HEAD') {
      setHeaders(response);
      response.end();
      return;
    }
    if (streams >= limit)
      throw new Fault('provider_busy', { provider: 'Jilo' }, { retryAfterSeconds: fullSeconds });
    streams += 1;
    const patienceMs = Number(exp) * 1000 - services.clock.now().getTime();
    await stream(services, { request, response }, { subject, seen, patienceMs }).finally(() => {
      streams -= 1;
    });
  });
  return router;
}

const whatOf = (subject: string): string => (subject.startsWith('pub_') ? 'publication' : 'video');

function setHeaders(response: Response): void {
  response.set({
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
    // A connection that was read from to the end of a stream is not used again.
    Connection: 'close',
    // The address is the permission, so a page of another site may read it.
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
}

type Following = {
  readonly subject: string;
  /** The id of the event that the reader had last. */
  readonly seen: string | undefined;
  readonly patienceMs: number;
};

/** Sends every state until the last one, or until the reader leaves, the address expires or the server closes. */
async function stream(
  services: Services,
  { request, response }: { readonly request: Request; readonly response: Response },
  { subject, ...how }: Following,
): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const closing = closingOf(request);
  closing.addEventListener('abort', end);
  response.once('close', end);
  if (closing.aborted || response.destroyed) end();
  setHeaders(response);
  response.write(`retry: ${comeBackMs}\n\n`);
  const stopHeart = startHeart(services, response);
  try {
    const states = followSubject(services, subject, { ...how, signal: ending.signal });
    for await (const state of states) response.write(eventOf(state));
    response.end();
  } finally {
    stopHeart();
    closing.removeEventListener('abort', end);
  }
}

/** Field by field: what is added to a state is not told to everybody with an address. */
function eventOf(state: SubjectState): string {
  const { subject, kind, status, percent, done, total, waitingFor: waiting_for } = state;
  const data = JSON.stringify({ subject, kind, status, percent, done, total, waiting_for });
  return `${hasEnded(state) ? 'event: end\n' : ''}id: ${markOf(state)}\ndata: ${data}\n\n`;
}

/** A comment now and then; a reader that has not taken the last one is let go. */
function startHeart({ timers }: Services, response: Response): () => void {
  const beat = (): void => {
    cancel = timers.schedule(heartbeatMs, beat);
    if (response.writableNeedDrain) response.destroy();
    else response.write(':\n\n');
  };
  let cancel = timers.schedule(heartbeatMs, beat);
  return () => cancel();
}
