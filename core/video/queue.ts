import { z } from 'zod';

import type { JobKind } from '../job.ts';
import { videoProviders } from '../ports/video-models.ts';

const kind = <P extends object>(name: string, payload: z.ZodType<P>): JobKind<P> => ({
  name,
  payload,
});

/** Gives waiting shots their turn at a provider; without one, at every provider. */
export const shotDispatch = kind(
  'shot.dispatch',
  z.object({ provider: z.enum(videoProviders).optional() }),
);
/** Sends one shot, whose turn it is, to the provider. */
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
/** Deletes videos at the end of the time that they are kept for. */
export const videoExpire = kind('video.expire', z.object({}));
/** Ends the wait for one attempt, 15 minutes after it was sent. */
export const shotDeadline = kind('shot.deadline', z.object({ attemptId: z.string() }));
