import { eq } from 'drizzle-orm';
import { expect, vi } from 'vitest';

import { recordEvent } from '../../core/events.ts';
import type { Services } from '../../core/context.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { createHandClock } from '../faults/hand-clock.ts';
import { addLive, type StatsScene } from './stats.ts';

type Row = typeof publications.$inferSelect;

/** A publication that has begun to go up: 0 of 1000 bytes. */
export async function addUpload(scene: StatsScene, changes: Partial<Row> = {}): Promise<string> {
  const uploading = { status: 'uploading', uploadedBytes: 0, totalBytes: 1000 } as const;
  const [id = ''] = await addLive(scene, 1, { ...uploading, hostVideoId: null, ...changes });
  return id;
}

/** Changes it as a worker does: with an event, in one commit. */
export async function changeUpload(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  id: string,
  values: Partial<Row>,
): Promise<void> {
  await database.db.transaction(async (tx) => {
    await tx.update(publications).set(values).where(eq(publications.id, id));
    await recordEvent(tx, { at: clock.now(), subjectId: id, kind: values.status ?? 'progress' });
  });
}

/** Timers moved by hand, one wait after the other. */
export function createHandTimers() {
  const clock = createHandClock(new Date(0));
  return {
    timers: clock,
    /** Ends the next wait, which has to be so long, as soon as it has begun. */
    async pass(ms: number): Promise<void> {
      const dueAt = clock.now().getTime() + ms;
      await vi.waitFor(() => expect(clock.nextAt()).toBe(dueAt), { timeout: 5000, interval: 5 });
      clock.moveTo(dueAt);
      while (clock.runDue());
    },
    /** Waits that are not over. */
    isIdle: (): boolean => clock.nextAt() === null,
  };
}
