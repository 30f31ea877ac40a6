import { z } from 'zod';

import { Fault } from '../fault.ts';
import {
  OutcomeUnknown,
  type ShotOutcome,
  type ShotRequest,
  type SubmittedShot,
} from '../ports/video-models.ts';
import type { DownloadHosts } from './download-addresses.ts';
import { createDownload, isMp4, type DownloadKind } from './download.ts';
import { isJobError, isRefusal, readFailure, readPayload } from './fal-outcome.ts';
import { createCallbackReader } from './fal-webhook.ts';
import { NotAgain, openClient, type FalHosts, type FalRefusal } from './fal-wire.ts';
import { pauseSeconds, readRetryAfter, unreachablePauseSeconds } from './retry-after.ts';
import { isUnsent } from './unsent.ts';
import type { CallingProvider } from './video-models.ts';

export type FalSettings = FalHosts & {
  /** `keyid:secret`, without the word `Key`. */
  readonly key: string;
  /** Where clips may be fetched from: fal's own media hosts, or loopback only. */
  readonly downloadHosts: DownloadHosts;
};

const provider = 'fal';

/** A clip, or a spoken line as MP3: an ID3 tag or a frame of MPEG audio, layer III. */
const clipOrSpeech: DownloadKind = {
  provider,
  accept: 'video/mp4, audio/mpeg',
  beginsRight: (head) =>
    isMp4(head) ||
    head.toString('latin1', 0, 3) === 'ID3' ||
    (head.readUInt8(0) === 0xff && (head.readUInt8(1) & 0xe6) === 0xe2),
};

/** The client wants an endpoint id even where the address is one that fal gave us. */
const anyEndpoint = 'fal-ai/any';

const submitReply = z.object({
  request_id: z.string().min(1),
  status_url: z.string(),
  response_url: z.string(),
  cancel_url: z.string(),
});
const statusReply = z.object({ status: z.string() });

/**
 * Clips and spoken lines from fal over its queue API; live and sandbox differ only in the settings.
 * Source: @fal-ai/client 1.10.1 and docs.fal.ai/model-endpoints/queue.
 */
export function createFal(settings: FalSettings): CallingProvider {
  return {
    submit: (request, signal) => submit(settings, request, signal),
    fetchOutcome: (shot, signal) => fetchOutcome(settings, shot, signal),
    cancel: (shot, signal) => cancel(settings, shot, signal),
    readCallback: createCallbackReader(settings.restUrl),
    download: createDownload(settings.downloadHosts, { kind: clipOrSpeech }),
  };
}

async function submit(
  settings: FalSettings,
  { endpoint, input, webhookUrl }: ShotRequest,
  signal: AbortSignal,
): Promise<SubmittedShot> {
  signal.throwIfAborted();
  let sent = false;
  const onSend = () => {
    sent = true;
  };
  const client = await openClient({ ...settings, onSend });
  try {
    const reply = submitReply.parse(
      await client.queue.submit(endpoint, { input, webhookUrl, abortSignal: signal }),
    );
    return {
      provider,
      requestId: reply.request_id,
      statusUrl: reply.status_url,
      responseUrl: reply.response_url,
      cancelUrl: reply.cancel_url,
    };
  } catch (error) {
    if (!sent) throw error;
    const refusal = error instanceof NotAgain ? error.refusal : null;
    if (refusal === null && isUnsent(error)) throw unreachable(error);
    if (refusal === null || refusal.status >= 500) {
      throw new OutcomeUnknown('fal may or may not have taken the request', { cause: error });
    }
    if (isRefusal(refusal.body)) throw new Fault('content_refused', {}, { cause: error });
    throw refusalFault(refusal, error);
  }
}

async function fetchOutcome(
  settings: FalSettings,
  shot: SubmittedShot,
  signal: AbortSignal,
): Promise<ShotOutcome | null> {
  signal.throwIfAborted();
  const call = { requestId: shot.requestId, abortSignal: signal };
  const asking = await openClient({ ...settings, address: shot.statusUrl });
  const status = await asking.queue
    .status(anyEndpoint, call)
    .catch((error: unknown) => fail(error, signal));
  // A failed job is COMPLETED too: its error shows when the result is fetched.
  if (statusReply.parse(status).status !== 'COMPLETED') return null;
  const fetching = await openClient({ ...settings, address: shot.responseUrl });
  try {
    const result = await fetching.queue.result(anyEndpoint, call);
    return readPayload(result.data);
  } catch (error) {
    const refusal = error instanceof NotAgain ? error.refusal : null;
    if (refusal && isJobError(refusal.status, refusal.body, refusal.headers)) {
      const retryable = refusal.headers.get('x-fal-retryable');
      return readFailure(refusal.status, refusal.body, retryable);
    }
    return fail(error, signal);
  }
}

async function cancel(
  settings: FalSettings,
  shot: SubmittedShot,
  signal: AbortSignal,
): Promise<'requested' | 'too_late' | 'unknown'> {
  signal.throwIfAborted();
  let said: unknown;
  const client = await openClient({
    ...settings,
    address: shot.cancelUrl,
    // The client drops the body, and with it what became of the request.
    read: async (response) => {
      said = await response.json();
    },
  });
  const call = { requestId: shot.requestId, abortSignal: signal };
  try {
    await client.queue.cancel(anyEndpoint, call);
  } catch (error) {
    const refusal = error instanceof NotAgain ? error.refusal : null;
    const word = statusReply.safeParse(refusal?.body).data?.status;
    if (refusal?.status === 404 || word === 'NOT_FOUND') return 'unknown';
    if (word === 'ALREADY_COMPLETED') return 'too_late';
    return fail(error, signal);
  }
  const word = statusReply.safeParse(said).data?.status;
  if (word === 'ALREADY_COMPLETED') return 'too_late';
  return word === 'NOT_FOUND' ? 'unknown' : 'requested';
}

/** Turns what went wrong with a read into something a person or the job's schedule can act on. */
function fail(error: unknown, signal: AbortSignal): never {
  signal.throwIfAborted();
  if (!(error instanceof NotAgain)) throw error;
  if (error.refusal) throw refusalFault(error.refusal, error);
  throw new Fault('provider_busy', { provider }, { retryAfterSeconds: pauseSeconds, cause: error });
}

/** fal has certainly not taken it. */
const unreachable = (cause: unknown): Fault =>
  new Fault('provider_busy', { provider }, { retryAfterSeconds: unreachablePauseSeconds, cause });

function refusalFault({ status, headers }: FalRefusal, cause: unknown): Fault {
  if (status === 429 || status >= 500) {
    const retryAfterSeconds = readRetryAfter(headers.get('retry-after'));
    return new Fault('provider_busy', { provider }, { retryAfterSeconds, cause });
  }
  if (status === 401 || status === 403) {
    return new Fault('provider_locked', { provider }, { cause });
  }
  return new Fault('provider_failed', { provider }, { cause });
}
