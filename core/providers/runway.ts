import { z } from 'zod';

import { Fault } from '../fault.ts';
import {
  OutcomeUnknown,
  type ShotOutcome,
  type ShotRequest,
  type SubmittedShot,
} from '../ports/video-models.ts';
import type { DownloadHosts } from './download-addresses.ts';
import { createDownload, isMp4 } from './download.ts';
import { pauseSeconds, readRetryAfter, unreachablePauseSeconds } from './retry-after.ts';
import { isModeration, isOver, lacksCredits, readTask } from './runway-outcome.ts';
import { openRunway, refusalOf, type RunwayAccess, type RunwayRefusal } from './runway-wire.ts';
import { isUnsent } from './unsent.ts';
import type { ShotProvider } from './video-models.ts';

export type RunwaySettings = RunwayAccess & {
  /** Where clips may be fetched from: Runway's own media hosts, or loopback only. */
  readonly downloadHosts: DownloadHosts;
};

const provider = 'Runway';

const submitReply = z.object({ id: z.string().min(1).max(200) });

/**
 * Clips from Runway's own API; live and sandbox differ only in the settings. The endpoint of a request is
 * the model's name. There is no callback and no key against repetition, so an answer that is lost stays lost.
 * Source: @runwayml/sdk 4.20.1 and docs.dev.runwayml.com/errors.
 */
export function createRunway(settings: RunwaySettings): ShotProvider {
  return {
    submit: (request, signal) => submit(settings, request, signal),
    fetchOutcome: (shot, signal) => fetchOutcome(settings, shot, signal),
    cancel: (shot, signal) => cancel(settings, shot, signal),
    download: createDownload(settings.downloadHosts, {
      kind: { provider, accept: 'video/mp4', beginsRight: isMp4 },
    }),
  };
}

async function submit(
  settings: RunwaySettings,
  { endpoint, input }: ShotRequest,
  signal: AbortSignal,
): Promise<SubmittedShot> {
  signal.throwIfAborted();
  let sent = false;
  const client = await openRunway(settings, () => {
    sent = true;
  });
  try {
    const body = { ...input, model: endpoint };
    const { id } = submitReply.parse(await client.post('/v1/text_to_video', { body, signal }));
    const task = `${settings.url}/v1/tasks/${id}`;
    return {
      provider: 'runway',
      requestId: id,
      statusUrl: task,
      responseUrl: task,
      cancelUrl: task,
    };
  } catch (error) {
    if (!sent) throw error;
    const refusal = await refusalOf(error);
    if (refusal === null && isUnsent(error)) throw unreachable(error);
    // A gateway's 408 comes from before or after the API: nobody can tell.
    if (refusal === null || refusal.status === 408 || refusal.status >= 500) {
      throw new OutcomeUnknown('Runway may or may not have taken the request', { cause: error });
    }
    throw refusalFault(refusal, error);
  }
}

async function fetchOutcome(
  settings: RunwaySettings,
  shot: SubmittedShot,
  signal: AbortSignal,
): Promise<ShotOutcome | null> {
  const task = await retrieve(settings, shot, signal);
  // What was cancelled or deleted is not found any more.
  return task === null ? { kind: 'cancelled' } : readTask(task);
}

async function cancel(
  settings: RunwaySettings,
  shot: SubmittedShot,
  signal: AbortSignal,
): Promise<'requested' | 'too_late' | 'unknown'> {
  const task = await retrieve(settings, shot, signal);
  if (task === null) return 'unknown';
  if (isOver(task)) return 'too_late';
  const client = await openRunway(settings);
  try {
    await client.tasks.delete(shot.requestId, { signal });
    return 'requested';
  } catch (error) {
    if ((await refusalOf(error))?.status === 404) return 'unknown';
    return fail(error, signal);
  }
}

/** The task as Runway tells of it; null when it does not know it. */
async function retrieve(
  settings: RunwaySettings,
  shot: SubmittedShot,
  signal: AbortSignal,
): Promise<unknown> {
  signal.throwIfAborted();
  const client = await openRunway(settings);
  try {
    return await client.tasks.retrieve(shot.requestId, { signal });
  } catch (error) {
    if ((await refusalOf(error))?.status === 404) return null;
    return fail(error, signal);
  }
}

/** Turns what went wrong with a read into something a person or the job's schedule can act on. */
async function fail(error: unknown, signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  const refusal = await refusalOf(error);
  if (refusal) throw refusalFault(refusal, error);
  throw new Fault('provider_busy', { provider }, { retryAfterSeconds: pauseSeconds, cause: error });
}

/** Runway has certainly not taken it. */
const unreachable = (cause: unknown): Fault =>
  new Fault('provider_busy', { provider }, { retryAfterSeconds: unreachablePauseSeconds, cause });

function refusalFault({ status, headers, body }: RunwayRefusal, cause: unknown): Fault {
  if (status === 429 || status >= 500) {
    const retryAfterSeconds = readRetryAfter(headers.get('retry-after'));
    return new Fault('provider_busy', { provider }, { retryAfterSeconds, cause });
  }
  if (status === 401 || status === 403 || status === 402 || lacksCredits(body)) {
    return new Fault('provider_locked', { provider }, { cause });
  }
  if (status === 400 && isModeration(body)) return new Fault('content_refused', {}, { cause });
  return new Fault('provider_failed', { provider }, { cause });
}
