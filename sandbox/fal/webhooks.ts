import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';

import type { SandboxClock } from '../clock.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import type { PlannedCallback, Plans } from './plan.ts';
import type { FalState, Job, SigningKey } from './state.ts';

const webhookUserId = 'sandbox|fal-user';

/** fal gives up on an answer after this long (fal docs, webhooks). */
const answerLimitMs = 15_000;
/** Ten more attempts over about two hours: 7 s, 14 s, … 3,584 s. */
const retries = 10;
const firstRetryMs = 7000;

/** One attempt to tell the subscriber; `status` is null when nothing answered. */
export type Delivery = {
  readonly requestId: string;
  readonly attempt: number;
  readonly status: number | null;
  /** `well`, or how it went wrong. */
  readonly how: string;
};

export type Webhooks = {
  /** Sends what is owed for this job now, and again on the clock until it is taken or given up. */
  deliver(job: Job): void;
  readonly deliveries: readonly Delivery[];
  readonly jwks: object;
  /** Owes nothing to anybody any more. */
  clear(): void;
  close(): void;
};

type WebhooksOptions = {
  readonly clock: SandboxClock;
  readonly state: FalState;
  readonly misbehaviours: Misbehaviours;
  readonly plans: Plans;
  readonly bodyOf: (job: Job) => string;
  /** Told about work that is under way. */
  readonly track: (work: Promise<void>) => void;
};

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { clock, state, misbehaviours, track } = options;
  const key = createPrivateKey({ key: state.keys.current, format: 'jwk' });
  const deliveries: Delivery[] = [];
  const timers = createTimers(clock);
  const stop = new AbortController();

  const attempt = async (job: Job): Promise<void> => {
    if (!job.webhookUrl || !job.delivery || stop.signal.aborted) return;
    const fault = misbehaviours.take('webhook');
    if (fault?.how === 'late') {
      timers.later(fault.delayMs ?? 1000, () => track(send(job, fault.how)));
      return;
    }
    if (fault?.how === 'lost') {
      job.delivery = null;
      state.save();
      return;
    }
    if (fault?.how === 'duplicate') await send(job, fault.how);
    await send(job, fault?.how ?? 'well');
  };

  const send = async (job: Job, how: string, isPlanned = false): Promise<void> => {
    if (stop.signal.aborted) return;
    const request = requestOf(options, key, job, how);
    if (!request) return;
    const status = await post(request, clock, stop.signal);
    const attempts = (job.delivery?.attempts ?? 0) + 1;
    deliveries.push({ requestId: job.requestId, attempt: attempts, status, how });
    if (isPlanned && how !== 'well') return;
    settle(job, status !== null && status >= 200 && status < 300);
  };

  /** What a plan wants sent; only fal's own delivery is repeated. */
  const follow = (job: Job, planned: readonly PlannedCallback[]) => {
    if (!planned.some(({ how }) => how === 'well')) job.delivery = null;
    for (const { how, delayMs } of planned)
      timers.later(delayMs, () => track(send(job, how, true)));
  };

  const settle = (job: Job, taken: boolean) => {
    if (!job.delivery || stop.signal.aborted) return;
    const attempts = job.delivery.attempts + 1;
    if (taken || attempts > retries) {
      job.delivery = null;
    } else {
      const delayMs = firstRetryMs * 2 ** (attempts - 1);
      job.delivery = { attempts, nextAt: clock.now().getTime() + delayMs };
      timers.later(delayMs, () => track(attempt(job)));
    }
    state.save();
  };

  return {
    deliver(job) {
      const planned = options.plans.of(job.requestId)?.callbacks;
      if (planned) return follow(job, planned);
      const wait = (job.delivery?.nextAt ?? 0) - clock.now().getTime();
      if (wait > 0) timers.later(wait, () => track(attempt(job)));
      else track(attempt(job));
    },
    deliveries,
    clear() {
      timers.cancelAll();
      deliveries.length = 0;
    },
    jwks: { keys: [state.keys.old, state.keys.current].map(publicPart) },
    close() {
      stop.abort();
      timers.cancelAll();
    },
  };
}

/** Timers that can all be cancelled together. */
function createTimers(clock: SandboxClock) {
  const running = new Set<() => void>();
  return {
    later(delayMs: number, task: () => void): void {
      const cancel = clock.schedule(delayMs, () => {
        running.delete(cancel);
        task();
      });
      running.add(cancel);
    },
    cancelAll(): void {
      for (const cancel of running) cancel();
      running.clear();
    },
  };
}

type Request = {
  readonly url: string;
  readonly body: string;
  readonly headers: Record<string, string>;
};

/** One callback as it goes out, well or not; null when there is nowhere to send it. */
function requestOf(
  { clock, state, bodyOf }: WebhooksOptions,
  key: KeyObject,
  job: Job,
  how: string,
): Request | null {
  const url = how === 'elsewhere' ? misdirected(state, job) : job.webhookUrl;
  if (url === null) return null;
  const body = bodyOf(job);
  const at = clock.now().getTime() - (how === 'stale' ? 600_000 : 0);
  const signer = how === 'forged' ? generateKeyPairSync('ed25519').privateKey : key;
  const headers = signedHeaders(job.requestId, body, Math.floor(at / 1000), signer);
  const sent = how === 'altered' ? body.replace('"request_id"', ' "request_id"') : body;
  return { url, body: sent, headers };
}

/** The job's own address with the first parameter of another one's. */
function misdirected(state: FalState, job: Job): string | null {
  if (job.webhookUrl === null) return null;
  const url = new URL(job.webhookUrl);
  const [first] = url.searchParams.keys();
  const other = Array.from(state.jobs.values()).find(
    ({ webhookUrl }) => webhookUrl !== null && webhookUrl !== job.webhookUrl,
  );
  if (first === undefined || !other?.webhookUrl) return null;
  url.searchParams.set(first, new URL(other.webhookUrl).searchParams.get(first) ?? '');
  return url.href;
}

/** The answer's status, or null when nobody answered in time: the same as a failed delivery. */
async function post(
  request: Request,
  clock: SandboxClock,
  stop: AbortSignal,
): Promise<number | null> {
  const { url, body, headers } = request;
  const limit = new AbortController();
  const cancel = clock.schedule(answerLimitMs, () => limit.abort());
  const signal = AbortSignal.any([limit.signal, stop]);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  } finally {
    cancel();
  }
}

/** The four headers of docs.fal.ai/model-endpoints/webhooks: Ed25519 over ids, time and the body's SHA-256. */
function signedHeaders(
  requestId: string,
  body: string,
  timestamp: number,
  key: KeyObject,
): Record<string, string> {
  const digest = createHash('sha256').update(body).digest('hex');
  const message = `${requestId}\n${webhookUserId}\n${timestamp}\n${digest}`;
  return {
    'content-type': 'application/json',
    'user-agent': 'fal-webhooks/1.0',
    'x-fal-webhook-request-id': requestId,
    'x-fal-webhook-user-id': webhookUserId,
    'x-fal-webhook-timestamp': String(timestamp),
    'x-fal-webhook-signature': sign(null, Buffer.from(message), key).toString('hex'),
  };
}

function publicPart({ kty, crv, x }: SigningKey): object {
  return { kty, crv, x, use: 'sig', alg: 'EdDSA' };
}
