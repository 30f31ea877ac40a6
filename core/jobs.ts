import { eraseAccount } from './account/erase.ts';
import { forgetFormer } from './account/former.ts';
import { sweepSignIn } from './account/sign-in-sweep.ts';
import { followNotice } from './billing/notice.ts';
import { reconcilePayments } from './billing/reconcile.ts';
import { askWaiting } from './billing/waiting-job.ts';
import type { AnyJob } from './job.ts';
import { sweepRates } from './limits/sweep.ts';
import { deliverMail } from './mail/deliver.ts';
import { expirePictures } from './picture/expire.ts';
import { captionsPublication } from './publication/captions.ts';
import { countPublications } from './publication/count.ts';
import { confirmPublication } from './publication/confirm.ts';
import { findPublication } from './publication/find.ts';
import { playlistPublication } from './publication/playlist.ts';
import { sweepPublications } from './publication/sweep.ts';
import { thumbnailPublication } from './publication/thumbnail.ts';
import { uploadPublication } from './publication/upload.ts';
import { readForecastViews } from './trend/forecast-job.ts';
import { renewMonths } from './quota/renew.ts';
import { auditQuota } from './quota/audit-job.ts';
import { goOnHarvesting } from './trend/harvest-job.ts';
import { sampleTrends } from './trend/sample.ts';
import { copyThumbnail } from './trend/thumbnail-copy.ts';
import { expireThumbnails } from './trend/thumbnail-expire.ts';
import { assembleVideo } from './video/assemble.ts';
import { collectShot } from './video/collect.ts';
import { endWait } from './video/deadline.ts';
import { dispatchShots } from './video/dispatch.ts';
import { expireVideos } from './video/expire.ts';
import { cancelShot, pollShot } from './video/poll.ts';
import { removeVideoFiles } from './video/remove.ts';
import { submitShot } from './video/submit.ts';
import { lookForWatch } from './watch/look.ts';
import { runWatches } from './watch/run.ts';

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
  expirePictures,
  uploadPublication,
  confirmPublication,
  countPublications,
  thumbnailPublication,
  playlistPublication,
  captionsPublication,
  findPublication,
  sweepPublications,
  renewMonths,
  followNotice,
  reconcilePayments,
  askWaiting,
  goOnHarvesting,
  runWatches,
  lookForWatch,
  readForecastViews,
  sampleTrends,
  copyThumbnail,
  expireThumbnails,
  sweepRates,
  deliverMail,
  auditQuota,
  eraseAccount,
  forgetFormer,
  sweepSignIn,
];
