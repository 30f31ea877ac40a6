import { listUnannounced } from '../../core/consent/card.ts';
import { eventChannel } from '../../core/events.ts';
import { takeLead, type Lead } from '../../core/progress/lead.ts';
import {
  listOpenProgress,
  openProgress,
  readOpenProgress,
  type ProgressPlace,
} from '../../core/progress/messages.ts';
import { createFollowers } from './progress-followers.ts';
import type { ProgressOptions } from './progress-message.ts';
import { createPace } from './progress-pace.ts';
import type { Timers } from '../../core/timers.ts';

/** What was lost on the way is found this often. */
const sweepMs = 30_000;
const sweepGapMs = 1000;

export type Progress = {
  /**
   * Shows there how a subject is getting on; once per subject, however often it is asked. Resolves
   * when that is stored: the message comes, whatever dies.
   */
  open(place: ProgressPlace): Promise<void>;
  close(): Promise<void>;
};

/**
 * Keeps one message per running video and publication up to date until its end. Of several processes
 * one does it, and another takes over when that dies.
 */
export async function startProgress(
  options: ProgressOptions & { readonly timers: Timers },
): Promise<Progress> {
  const { services, timers } = options;
  const followers = createFollowers(options);
  /** Subjects whose row is being written here: nobody has sent their message yet. */
  const opening = new Map<string, Promise<void>>();
  let lead: Lead | null = null;

  const keepLead = async (): Promise<boolean> => {
    if (lead && !(await lead.isHeld())) {
      lead = null;
      services.log.warn({}, 'the turn at progress messages was lost with its connection');
    }
    lead ??= await takeLead(services, 'discord progress');
    if (!lead) await followers.stop();
    return lead !== null;
  };

  const sweep = createPace({
    timers,
    gapMs: sweepGapMs,
    async run() {
      if (!(await keepLead())) return sweepMs;
      for (const place of await listUnannounced(services)) await openProgress(services, place);
      for (const row of await listOpenProgress(services)) {
        const isNews = followers.statusOf(row.subjectId) !== row.status;
        if (isNews && !opening.has(row.subjectId)) followers.follow(row, false);
      }
      return sweepMs;
    },
    onError: (error) => services.log.warn({ err: error }, 'progress messages were not looked at'),
  });

  const wake = async (subjectId: string): Promise<void> => {
    if (followers.ask(subjectId) || !lead || opening.has(subjectId)) return;
    const row = await readOpenProgress(services, subjectId);
    if (row && lead) followers.follow(row, false);
  };
  const openNow = async (place: ProgressPlace): Promise<void> => {
    const isNew = await openProgress(services, place);
    const row = await readOpenProgress(services, place.subjectId);
    if (row && lead) followers.follow(row, isNew);
  };
  await keepLead();
  const listening = await services.database.sql.listen(
    eventChannel,
    (subjectId) =>
      void wake(subjectId).catch((error: unknown) => {
        services.log.warn({ err: error }, 'a progress event was missed; the next look finds it');
      }),
    () => sweep.ask(),
  );

  return {
    open(place) {
      const { subjectId } = place;
      const known = opening.get(subjectId);
      if (known) return known;
      const work = openNow(place).finally(() => opening.delete(subjectId));
      opening.set(subjectId, work);
      return work;
    },
    async close() {
      await listening.unlisten();
      await sweep.stop();
      const held = lead;
      lead = null;
      await followers.stop();
      await held?.release();
    },
  };
}
