import type { JobContext } from '../context.ts';
import { Fault } from '../fault.ts';
import { defineJob } from '../job.ts';
import { isDeleted } from './deleted.ts';
import { countRunning } from './deletion.ts';
import { removeFiles } from './erase-files.ts';
import { disconnectChannels, takeBackAtHost } from './erase-host.ts';
import { rowSteps } from './erase-rows.ts';
import { eraseSteps } from './erase-steps.ts';
import { accountErase } from './queue.ts';

/** After so long it is looked again whether what still ran has ended. */
const lookAgainSeconds = 300;

/**
 * Removes what a deleted account has left: at the host, in the file store, and in our tables. Each part
 * may be done once more, so a process may die anywhere in it; the rows that name a file or a channel go
 * after the file and the channel.
 */
export const eraseAccount = defineJob({
  ...accountErase,
  attempts: 12,
  backoff: { seconds: 30, maxSeconds: 3600 },
  timeoutSeconds: 1800,
  run: ({ accountId }, context) => erase(context, accountId, 'patient'),
  // A host that was away for so long keeps nobody's data here.
  exhausted: ({ accountId }, context) => erase(context, accountId, 'last'),
});

/** `last`: what cannot be told to the host is let go. */
export type Patience = 'patient' | 'last';

async function erase(context: JobContext, accountId: string, patience: Patience): Promise<void> {
  const { db } = context.database;
  if (!(await isDeleted(db, accountId))) throw new Error(`account ${accountId} is not deleted`);
  const running = await countRunning(db, accountId);
  if (running.videos + running.publications > 0 && patience === 'patient')
    throw new Fault('provider_busy', { provider: 'Jilo' }, { retryAfterSeconds: lookAgainSeconds });
  for (const step of eraseSteps) {
    context.signal.throwIfAborted();
    await db.transaction((tx) => step(tx, accountId, context));
  }
  await takeBackAtHost(context, accountId, patience);
  await disconnectChannels(context, accountId, patience);
  await removeFiles(context, accountId);
  for (const step of rowSteps) {
    context.signal.throwIfAborted();
    await db.transaction((tx) => step(tx, accountId, context));
  }
  context.log.info({ accountId }, 'what a deleted account had left is removed');
}
