import { z } from 'zod';

import type { JobKind } from '../job.ts';

const kind = <P extends object>(name: string, payload: z.ZodType<P>): JobKind<P> => ({
  name,
  payload,
});

/** Sends one planned shot to the provider. */
export const shotSubmit = kind('shot.submit', z.object({ shotId: z.string() }));
/** Asks the provider how an accepted attempt stands; the second path beside the callback. */
export const shotPoll = kind(
  'shot.poll',
  z.object({ attemptId: z.string(), round: z.number().int() }),
);
/** Works on a stored callback. */
export const shotCollect = kind('shot.collect', z.object({ eventId: z.string() }));
/** Stops what nobody waits for any more at the provider. */
export const shotCancel = kind('shot.cancel', z.object({ attemptId: z.string() }));
/** Joins the delivered shots into the video. */
export const videoAssemble = kind('video.assemble', z.object({ videoId: z.string() }));
/** Removes the files of a deleted video. */
export const videoRemove = kind('video.remove', z.object({ videoId: z.string() }));
/** Ends the wait, 15 minutes after the start. */
export const videoDeadline = kind('video.deadline', z.object({ videoId: z.string() }));
