import { eq } from 'drizzle-orm';

import { approvals } from '../../drizzle/schema/consent.ts';
import type { Services } from '../context.ts';
import { pause } from '../timers.ts';
import { approvalChannel } from './decide.ts';

/** What was lost on the way is found this often. */
const lookAgainMs = 10_000;

/** What has become of a question; `pending`: nothing yet, or nothing any more as it has expired. */
type Decision = 'approved' | 'declined' | 'pending';

/**
 * Waits until somebody decides, wherever that is, and for `patienceMs` at most. An approval that was
 * used meanwhile was approved: an attempt with it will hear that it comes too late.
 * @throws the reason of `signal` when that ends the waiting.
 */
export async function waitForDecision(
  services: Services,
  id: string,
  how: { readonly signal: AbortSignal; readonly patienceMs: number },
): Promise<Decision> {
  const { signal, patienceMs } = how;
  const { timers, database } = services;
  signal.throwIfAborted();
  const late = new AbortController();
  let news = new AbortController();
  // Heard from here on, so that a decision right after the look is not missed.
  const listening = await database.sql.listen(
    approvalChannel,
    (decided) => {
      if (decided === id) news.abort();
    },
    () => news.abort(),
  );
  const cancel = timers.schedule(patienceMs, () => late.abort());
  try {
    for (;;) {
      news = new AbortController();
      const isLast = late.signal.aborted;
      const found = await look(services, id);
      signal.throwIfAborted();
      if (found !== 'open') return found;
      if (isLast) return 'pending';
      await pause(timers, lookAgainMs, [signal, late.signal, news.signal]);
    }
  } finally {
    cancel();
    await listening.unlisten();
  }
}

async function look(services: Services, id: string): Promise<Decision | 'open'> {
  const [row] = await services.database.db
    .select({ status: approvals.status, expiresAt: approvals.expiresAt })
    .from(approvals)
    .where(eq(approvals.id, id));
  if (row?.status === 'declined') return 'declined';
  if (row?.status === 'approved' || row?.status === 'used') return 'approved';
  return row && row.expiresAt > services.clock.now() ? 'open' : 'pending';
}
