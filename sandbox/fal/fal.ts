import { z } from 'zod';

import type { SandboxClock } from '../clock.ts';
import {
  serveRoutes,
  type Emulator,
  type EmulatorAnswer,
  type EmulatorRequest,
  type Route,
} from '../http.ts';
import { createClipRenderer } from './clips.ts';
import { endpoints } from './endpoints.ts';
import { createMisbehaviours, type Misbehaviour, type Misbehaviours } from './misbehaviour.ts';
import { createQueue, type Queue } from './queue.ts';
import { openState, type FalState, type Job } from './state.ts';
import { createWebhooks, type Delivery, type Webhooks } from './webhooks.ts';

export type FalOptions = {
  /** 0 or absent: a free port. */
  readonly port?: number;
  readonly clock: SandboxClock;
  /** What must follow `Key ` in the Authorization header. */
  readonly key: string;
  /** How long a job takes on the clock, at least; drawing the clip may take longer. */
  readonly generationMs: number | ((endpoint: string) => number);
  /** Jobs IN_PROGRESS at once; a new fal account has 2. */
  readonly concurrency?: number;
  /** JSON file that survives restarts (jobs, signing keys); clips lie beside it in `<stateFile>-media`. */
  readonly stateFile?: string;
  /** Makes request ids and clips repeatable. */
  readonly seed?: number;
  /** Shrinks the clips' pictures, for tests that do not look at them: 0.1 is a tenth of each side. */
  readonly scale?: number;
};

/** A request that the queue took. */
type FalSubmit = {
  readonly requestId: string;
  readonly endpoint: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly webhookUrl: string | null;
};

export type FalEmulator = Emulator & {
  /** Base addresses for the provider's settings. */
  readonly queueUrl: string;
  readonly restUrl: string;
  /** What was accepted, in order, since this process started. */
  readonly submits: readonly FalSubmit[];
  /** Every attempt to call back, in order. */
  readonly deliveries: readonly Delivery[];
  misbehave(misbehaviour: Misbehaviour): void;
  /** Resolves when nothing is being drawn or delivered; what waits for the clock does not count. */
  idle(): Promise<void>;
};

type House = {
  readonly key: string;
  readonly state: FalState;
  readonly queue: Queue;
  readonly webhooks: Webhooks;
  readonly misbehaviours: Misbehaviours;
  readonly submits: FalSubmit[];
  /** This server's own address, known once it listens. */
  base: string;
};

/**
 * Starts a stand-in for fal on loopback: queue host under `/queue.fal.run`, REST host under `/rest.fal.ai`,
 * clips under `/media`. Wire formats are those of @fal-ai/client 1.10.1 and docs.fal.ai.
 */
export async function startFal(options: FalOptions): Promise<FalEmulator> {
  const { clock, generationMs } = options;
  const running = new Set<Promise<void>>();
  const track = (work: Promise<void>) => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const state = openState(options.stateFile);
  const misbehaviours = createMisbehaviours(clock);
  const renderer = createClipRenderer(options.scale);
  const bodyOf = (job: Job) => JSON.stringify(callbackBody(house, job));
  const webhooks = createWebhooks({ clock, state, misbehaviours, bodyOf, track });
  const queue = createQueue({
    clock,
    state,
    misbehaviours,
    renderer,
    concurrency: options.concurrency ?? 2,
    generationMs: typeof generationMs === 'function' ? generationMs : () => generationMs,
    seed: options.seed,
    deliver: (job) => webhooks.deliver(job),
    track,
  });
  const house: House = {
    key: options.key,
    state,
    queue,
    webhooks,
    misbehaviours,
    submits: [],
    base: '',
  };
  const missing = { status: 404, body: { detail: 'Not Found' } };
  const server = await serveRoutes(routes(house), missing, options.port);
  house.base = server.url;
  queue.resume();
  return {
    url: server.url,
    queueUrl: `${server.url}/queue.fal.run`,
    restUrl: `${server.url}/rest.fal.ai`,
    submits: house.submits,
    deliveries: webhooks.deliveries,
    misbehave: (misbehaviour) => misbehaviours.arm(misbehaviour),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    async close() {
      queue.close();
      webhooks.close();
      await Promise.all([server.close(), renderer.close()]);
    },
  };
}

function routes(house: House): Route[] {
  const request = '/queue\\.fal\\.run/(?<app>[^/]+/[^/]+)/requests/(?<id>[^/]+)';
  const { misbehaviours } = house;
  const guarded =
    (handle: (incoming: EmulatorRequest) => EmulatorAnswer, on?: Misbehaviour['on']) =>
    (incoming: EmulatorRequest): Promise<EmulatorAnswer> | EmulatorAnswer => {
      const answer = () => locked(house, incoming) ?? handle(incoming);
      return on ? misbehaviours.answer(on, answer, incoming.url.href) : answer();
    };
  const withJob =
    (handle: (job: Job) => EmulatorAnswer) =>
    ({ params }: EmulatorRequest): EmulatorAnswer => {
      const job = house.queue.find(params['id'] ?? '');
      // Only the first two segments of the endpoint are in these addresses.
      if (!job || appOf(job.endpoint) !== params['app']) {
        return { status: 404, body: { detail: 'Request not found', status: 'NOT_FOUND' } };
      }
      const answer = handle(job);
      return { ...answer, headers: { ...answer.headers, 'x-fal-request-id': job.requestId } };
    };
  return [
    {
      method: 'GET',
      path: new RegExp(`^${request}/status$`),
      handle: guarded(
        withJob((job) => status(house, job)),
        'status',
      ),
    },
    {
      method: 'GET',
      path: new RegExp(`^${request}$`),
      handle: guarded(
        withJob((job) => result(house, job)),
        'result',
      ),
    },
    {
      method: 'PUT',
      path: new RegExp(`^${request}/cancel$`),
      handle: guarded(withJob((job) => cancel(house, job))),
    },
    {
      method: 'POST',
      path: /^\/queue\.fal\.run\/(?<endpoint>[^?]+)$/,
      handle: guarded((incoming) => submit(house, incoming), 'submit'),
    },
    {
      method: 'GET',
      path: /^\/rest\.fal\.ai\/\.well-known\/jwks\.json$/,
      handle: () => ({ status: 200, body: house.webhooks.jwks }),
    },
    {
      method: 'GET',
      path: /^\/media\/(?<name>[\w.-]+)$/,
      handle: ({ params, url }) =>
        misbehaviours.answer('download', () => media(house, params['name'] ?? ''), url.href),
    },
  ];
}

function locked(house: House, { header }: EmulatorRequest): EmulatorAnswer | null {
  if (header('authorization') === `Key ${house.key}`) return null;
  const detail = 'No user found for Key ID and Secret';
  return { status: 401, body: { detail } };
}

function submit(house: House, { params, url, body }: EmulatorRequest): EmulatorAnswer {
  const name = params['endpoint'] ?? '';
  const endpoint = endpoints.get(name);
  if (!endpoint) return { status: 404, body: { detail: `Application '${name}' not found` } };
  const json = parseJson(body);
  if (json === undefined) {
    const detail = [{ type: 'json_invalid', loc: ['body'], msg: 'JSON decode error', input: {} }];
    return { status: 422, body: { detail } };
  }
  const read = endpoint.read(json);
  if (!read.ok) {
    const headers = { 'x-fal-retryable': 'false' };
    return { status: 422, headers, body: { detail: read.detail } };
  }
  const input = z.record(z.string(), z.unknown()).parse(json);
  const job = house.queue.accept(name, input, url.searchParams.get('fal_webhook'));
  const { requestId, webhookUrl } = job;
  house.submits.push({ requestId, endpoint: name, input, webhookUrl });
  return {
    status: 200,
    headers: { 'x-fal-request-id': requestId },
    body: { status: 'IN_QUEUE', ...addresses(job), queue_position: house.queue.positionOf(job) },
  };
}

function status(house: House, job: Job): EmulatorAnswer {
  const done = job.status === 'COMPLETED';
  return {
    status: done ? 200 : 202,
    body: {
      status: job.status,
      ...addresses(job),
      ...(job.status === 'IN_QUEUE' ? { queue_position: house.queue.positionOf(job) } : {}),
      logs: null,
      ...(done
        ? { metrics: { inference_time: ((job.endsAt ?? 0) - job.submittedAt) / 1000 } }
        : {}),
    },
  };
}

function result(house: House, job: Job): EmulatorAnswer {
  const { outcome } = job;
  if (!outcome) return { status: 400, body: { detail: 'Request is still in progress' } };
  return outcome.kind === 'error'
    ? { status: outcome.status, headers: outcome.headers, body: outcome.body }
    : { status: 200, body: payloadOf(house, outcome) };
}

function cancel(house: House, job: Job): EmulatorAnswer {
  const answer = house.queue.cancel(job);
  return { status: answer === 'ALREADY_COMPLETED' ? 400 : 202, body: { status: answer } };
}

function media(house: House, name: string): EmulatorAnswer {
  const clip = house.state.readMedia(name);
  if (!clip) return { status: 404, body: { detail: 'Not Found' } };
  const headers = { 'content-type': 'video/mp4', 'content-length': String(clip.length) };
  return { status: 200, headers, body: clip };
}

function payloadOf(house: House, outcome: Extract<Job['outcome'], { kind: 'ok' }>): object {
  return {
    video: {
      url: `${house.base}/media/${outcome.media}`,
      content_type: 'video/mp4',
      file_name: 'output.mp4',
      file_size: outcome.bytes,
    },
    ...outcome.extra,
  };
}

/** What fal posts to the webhook (docs.fal.ai/model-endpoints/webhooks). */
function callbackBody(house: House, job: Job): object {
  const ids = { request_id: job.requestId, gateway_request_id: job.requestId };
  if (!job.outcome) throw new Error('only a finished job calls back');
  if (job.outcome.kind === 'ok') {
    return { ...ids, status: 'OK', payload: payloadOf(house, job.outcome) };
  }
  const error = `Invalid status code: ${job.outcome.status}`;
  return { ...ids, status: 'ERROR', error, payload: job.outcome.body };
}

function addresses(job: Job): object {
  const base = `https://queue.fal.run/${appOf(job.endpoint)}/requests/${job.requestId}`;
  return {
    request_id: job.requestId,
    response_url: base,
    status_url: `${base}/status`,
    cancel_url: `${base}/cancel`,
  };
}

const appOf = (endpoint: string): string => endpoint.split('/').slice(0, 2).join('/');

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Undefined is no JSON value, so it can stand for "not JSON".
    return undefined;
  }
}
