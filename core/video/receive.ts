import { eq } from 'drizzle-orm';

import { inbox, shotAttempts } from '../../drizzle/schema/videos.ts';
import { requirePort, type Services } from '../context.ts';
import { canonicalJson, sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';
import { isAttemptLink } from './attempt-link.ts';
import { shotCollect } from './queue.ts';

/** A callback exactly as it arrived. */
export type RawCallback = {
  readonly body: Buffer;
  readonly header: (name: string) => string | undefined;
  readonly attemptId: string;
  readonly signature: string;
};

/**
 * Takes a provider's callback in: verified, stored once, and queued in the same commit. Nothing is
 * acted on here; the worker does that.
 * @returns whether it is new. @throws Fault `link_not_valid` for a forgery, a stale or a foreign one.
 */
export async function receiveShotCallback(
  services: Services,
  callback: RawCallback,
): Promise<'stored' | 'duplicate'> {
  if (!isAttemptLink(services, callback.attemptId, callback.signature))
    throw new Fault('link_not_valid', {});
  const now = services.clock.now();
  const said = await requirePort(services.ports, 'videoModels').readCallback(
    callback.body,
    callback.header,
    now,
  );
  if (!said) throw new Fault('link_not_valid', {});
  return services.database.db.transaction(async (tx) => {
    const [attempt] = await tx
      .select({ requestId: shotAttempts.requestId })
      .from(shotAttempts)
      .where(eq(shotAttempts.id, callback.attemptId));
    const foreign = attempt?.requestId && attempt.requestId !== said.requestId;
    if (!attempt || foreign) throw new Fault('link_not_valid', {});
    const { attemptId } = callback;
    // The provider repeats a delivery with another timestamp: what it says makes the event.
    const eventId = `${attemptId}:${sha256Hex(canonicalJson(said)).slice(0, 32)}`;
    const added = await tx
      .insert(inbox)
      .values({ source: 'fal', eventId, receivedAt: now, attemptId, payload: said })
      .onConflictDoNothing()
      .returning({ eventId: inbox.eventId });
    if (added.length === 0) return 'duplicate';
    await services.queue.enqueue(tx, shotCollect, { eventId }, { key: eventId });
    return 'stored';
  });
}
