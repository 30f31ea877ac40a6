import type { AnyJob } from './job.ts';
import { confirmPublication } from './publication/confirm.ts';
import { thumbnailPublication } from './publication/thumbnail.ts';
import { uploadPublication } from './publication/upload.ts';
import { assembleVideo } from './video/assemble.ts';
import { collectShot } from './video/collect.ts';
import { endWait } from './video/deadline.ts';
import { dispatchShots } from './video/dispatch.ts';
import { expireVideos } from './video/expire.ts';
import { cancelShot, pollShot } from './video/poll.ts';
import { removeVideoFiles } from './video/remove.ts';
import { submitShot } from './video/submit.ts';

/** Everything that a worker does. */
export const jobs: readonly AnyJob[] = [
  dispatchShots,
  submitShot,
  pollShot,
  collectShot,
  cancelShot,
  assembleVideo,
  endWait,
  removeVideoFiles,
  expireVideos,
  uploadPublication,
  confirmPublication,
  thumbnailPublication,
];
