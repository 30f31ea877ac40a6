import { and, eq, isNotNull, isNull, ne, or } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import type { JobContext, Services } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault, isFault } from '../fault.ts';
import { recordNotice } from '../notice/record.ts';
import { publicationConfirm, publicationFind, publicationUpload } from './queue.ts';

type Row = typeof publications.$inferSelect;
type Wait = Pick<Row, 'waitingFor' | 'waitingUntil'>;

/** A provider that asks for less patience than this is only busy; nobody has to be sent word. */
const longWaitSeconds = 15 * 60;

/**
 * Does a step of a publication. When the host is away or the day's allowance is used up, the wait is written
 * down and the step comes again by itself; when the channel has to be connected again, it comes again after that.
 */
export async function withWait(
  context: JobContext,
  publicationId: string,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (isFault(error, 'channel_reconnect') || isFault(error, 'channel_missing'))
      return waitForChannel(context, publicationId, error);
    if (isFault(error, 'provider_busy'))
      await writeWait(context, publicationId, waitOf(error, context.clock.now()));
    throw error;
  }
  await writeWait(context, publicationId, { waitingFor: null, waitingUntil: null });
}

/** A long wait is that for the next day's allowance; any other is for whoever is away. */
function waitOf({ params, retryAfterSeconds = 0 }: Fault<'provider_busy'>, now: Date): Wait {
  return retryAfterSeconds >= longWaitSeconds
    ? { waitingFor: 'allowance', waitingUntil: secondsAfter(now, retryAfterSeconds) }
    : { waitingFor: params.provider, waitingUntil: null };
}

/** @throws Fault `provider_busy` when the channel was connected again meanwhile: then it goes on at once. */
async function waitForChannel(context: JobContext, id: string, cause: Fault): Promise<void> {
  const [row] = await context.database.db
    .select({ status: channels.status })
    .from(publications)
    .innerJoin(channels, eq(channels.id, publications.channelId))
    .where(eq(publications.id, id));
  if (row?.status === 'connected')
    throw new Fault('provider_busy', { provider: 'YouTube' }, { retryAfterSeconds: 1, cause });
  await writeWait(context, id, { waitingFor: 'channel', waitingUntil: null });
}

/** Writes down what changed; the person is told of a wait for the allowance once. */
async function writeWait(context: Services, id: string, wait: Wait): Promise<void> {
  const { waitingFor } = wait;
  const isOther =
    waitingFor === null
      ? isNotNull(publications.waitingFor)
      : or(isNull(publications.waitingFor), ne(publications.waitingFor, waitingFor));
  await context.database.db.transaction(async (tx) => {
    const [row] = await tx
      .update(publications)
      .set(wait)
      .where(and(eq(publications.id, id), isOther))
      .returning({ accountId: publications.accountId });
    if (!row) return;
    const at = context.clock.now();
    const kind = waitingFor === null ? 'goes_on' : 'waits';
    await recordEvent(tx, { at, subjectId: id, kind, data: { waitingFor } });
    if (waitingFor === 'allowance')
      await recordNotice(tx, { ...row, kind: 'publication_waiting', subjectId: id, at });
  });
}

/** Lets go on what has waited for a channel, with the change that connects it again. */
export async function resumePublications(
  tx: Tx,
  { queue, clock }: Pick<Services, 'queue' | 'clock'>,
  channelId: string,
): Promise<void> {
  const waiting = await tx
    .select({ id: publications.id, status: publications.status })
    .from(publications)
    .where(and(eq(publications.channelId, channelId), eq(publications.waitingFor, 'channel')));
  // The try that found the channel gone may still be ending under its own key.
  const turn = clock.now().getTime();
  for (const { id, status } of waiting) {
    const key = `${id}:${turn}`;
    if (status === 'uploading')
      await queue.enqueue(tx, publicationUpload, { publicationId: id }, { key });
    else if (status === 'unconfirmed')
      await queue.enqueue(tx, publicationFind, { publicationId: id, round: 1 }, { key });
    else
      await queue.enqueue(
        tx,
        publicationConfirm,
        { publicationId: id, round: 1, told: 0 },
        { key },
      );
  }
}
