import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault, isFault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { settlePublication } from './confirm.ts';
import { publicationConfirm } from './queue.ts';
import { lockPublication } from './row.ts';
import { publicationStatuses } from './statuses.ts';
import { canCancel } from './undo.ts';

export const publicationCancel = defineOperation({
  name: 'publication_cancel',
  summary: {
    en: 'Stop a publication, or take it back to private within ten minutes.',
    zh: '停止发布，或在十分钟内撤回为私享。',
  },
  guidance: 'The video stays on YouTube, private. Later: publication_update.',
  effect: 'write',
  audience: 'everyone',
  needs: ['videoHost'],
  input: z.object({ publication: z.string().min(1).describe('Id from publication_create') }),
  output: z.object({
    publication: z.string(),
    status: z.enum(publicationStatuses),
    outcome: z
      .enum(['stopped', 'private', 'private_soon'])
      .describe(
        'stopped: nothing was published; private: YouTube shows it to nobody else; private_soon: YouTube is being told',
      ),
  }),
  async run({ publication: id }, context) {
    const isStopped = await takeBack(context, id);
    if (isStopped)
      return { publication: id, status: 'cancelled' as const, outcome: 'stopped' as const };
    await tellNow(context, id);
    const { db } = context.database;
    const [row] = await db.select().from(publications).where(eq(publications.id, id));
    if (!row) throw new Error(`publication ${id} vanished`);
    // One that has not been told yet is private since its upload.
    const isPrivate =
      row.toldAt !== null || row.status === 'processing' || row.status === 'uploading';
    const outcome = isPrivate ? ('private' as const) : ('private_soon' as const);
    return { publication: id, status: row.status, outcome };
  },
  say: ({ outcome }, locale) => catalogue(locale).say.publication_cancel({ outcome }),
});

/**
 * Settles that nobody else is to see it, before the host is told. Whether that ended it: nothing of it
 * is on the host. @throws Fault `already_over` when it is too late for that.
 */
async function takeBack(context: Context, id: string): Promise<boolean> {
  return context.database.db.transaction(async (tx) => {
    const row = await lockPublication(tx, context, id);
    const at = context.clock.now();
    if (!canCancel(row, at))
      throw new Fault(
        'already_over',
        { what: 'publication', status: row.status },
        { field: 'publication' },
      );
    // Once the last byte may be on its way, there may be a video.
    const isStopped = row.status === 'uploading' && !row.lastChunkSent;
    const ended = { status: 'cancelled', sessionSealed: null, waitingFor: null } as const;
    await tx
      .update(publications)
      .set({ privacy: 'private', publishAt: null, toldAt: null, ...(isStopped ? ended : {}) })
      .where(eq(publications.id, id));
    await recordEvent(tx, { at, subjectId: id, kind: isStopped ? 'cancelled' : 'taken_back' });
    if (isStopped || row.status === 'uploading') return isStopped;
    const payload = { publicationId: id, round: 0, told: 0 };
    const key = `${id}:back:${at.getTime()}`;
    await context.queue.enqueue(tx, publicationConfirm, payload, { key });
    return false;
  });
}

/** The queue tells the host anyway; the person should not have to wait for it. */
async function tellNow(context: Context, id: string): Promise<void> {
  try {
    await settlePublication(context, id, { round: 0, told: 0 });
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.info(
      { err: error, publicationId: id },
      'taken back as soon as the host can be told',
    );
  }
}
