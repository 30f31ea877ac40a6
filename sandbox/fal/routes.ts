import { z } from 'zod';

import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import type { Spoil } from '../spoil.ts';
import { endpoints } from './endpoints.ts';
import type { Misbehaviour, Misbehaviours } from './misbehaviour.ts';
import type { Planner, Plans, RequestPlan } from './plan.ts';
import type { Queue } from './queue.ts';
import type { FalState, Job } from './state.ts';
import type { Webhooks } from './webhooks.ts';

/** A request that the queue took. */
export type FalSubmit = {
  readonly requestId: string;
  readonly endpoint: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly webhookUrl: string | null;
  /** When it was taken, on the emulator's clock. */
  readonly at: Date;
};

/** What the routes work on. */
export type FalHouse = {
  readonly key: string;
  readonly state: FalState;
  readonly queue: Queue;
  readonly webhooks: Webhooks;
  readonly misbehaviours: Misbehaviours;
  readonly plans: Plans;
  readonly planner: Planner | undefined;
  readonly now: () => Date;
  readonly submits: FalSubmit[];
  /** This server's own address, known once it listens. */
  base: string;
};

/** Everything that is served: the queue host, the REST host, the clips. */
export function falRoutes(house: FalHouse): Route[] {
  const request = '/queue\\.fal\\.run/(?<app>[^/]+/[^/]+)/requests/(?<id>[^/]+)';
  const { misbehaviours, plans } = house;
  const guarded =
    (
      handle: (incoming: EmulatorRequest) => EmulatorAnswer,
      on?: Misbehaviour['on'],
      planned?: (incoming: EmulatorRequest) => Spoil | null,
    ) =>
    (incoming: EmulatorRequest): Promise<EmulatorAnswer> | EmulatorAnswer => {
      const answer = () => locked(house, incoming) ?? handle(incoming);
      if (!on) return answer();
      return misbehaviours.answer(on, answer, incoming.url.href, planned?.(incoming));
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
        ({ params }) => plans.take(params['id'] ?? '', 'looks'),
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
      async handle(incoming) {
        const plan = await planFor(house, incoming);
        const answer = () => locked(house, incoming) ?? submit(house, incoming, plan);
        return misbehaviours.answer('submit', answer, incoming.url.href, plan.submit);
      },
    },
    {
      method: 'GET',
      path: /^\/rest\.fal\.ai\/\.well-known\/jwks\.json$/,
      handle: () => ({ status: 200, body: house.webhooks.jwks }),
    },
    {
      method: 'GET',
      path: /^\/media\/(?<name>[\w.-]+)$/,
      handle: ({ params, url }) => media(house, params['name'] ?? '', url.href),
    },
  ];
}

function locked(house: FalHouse, { header }: EmulatorRequest): EmulatorAnswer | null {
  if (header('authorization') === `Key ${house.key}`) return null;
  const detail = 'No user found for Key ID and Secret';
  return { status: 401, body: { detail } };
}

async function planFor(
  { planner }: FalHouse,
  { params, url }: EmulatorRequest,
): Promise<RequestPlan> {
  if (!planner) return {};
  return planner({
    endpoint: params['endpoint'] ?? '',
    webhookUrl: url.searchParams.get('fal_webhook'),
  });
}

function submit(
  house: FalHouse,
  { params, url, body }: EmulatorRequest,
  plan: RequestPlan,
): EmulatorAnswer {
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
  const webhookUrl = url.searchParams.get('fal_webhook');
  const job = house.queue.accept({ endpoint: name, input, webhookUrl, plan });
  const { requestId } = job;
  house.submits.push({ requestId, endpoint: name, input, webhookUrl, at: house.now() });
  return {
    status: 200,
    headers: { 'x-fal-request-id': requestId },
    body: { status: 'IN_QUEUE', ...addresses(job), queue_position: house.queue.positionOf(job) },
  };
}

function status(house: FalHouse, job: Job): EmulatorAnswer {
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

function result(house: FalHouse, job: Job): EmulatorAnswer {
  const { outcome } = job;
  if (!outcome) return { status: 400, body: { detail: 'Request is still in progress' } };
  return outcome.kind === 'error'
    ? { status: outcome.status, headers: outcome.headers, body: outcome.body }
    : { status: 200, body: payloadOf(house, outcome) };
}

function cancel(house: FalHouse, job: Job): EmulatorAnswer {
  const answer = house.queue.cancel(job);
  return { status: answer === 'ALREADY_COMPLETED' ? 400 : 202, body: { status: answer } };
}

function media(house: FalHouse, name: string, self: string): Promise<EmulatorAnswer> {
  const answer = (): EmulatorAnswer => {
    const clip = house.state.readMedia(name);
    if (!clip) return { status: 404, body: { detail: 'Not Found' } };
    const headers = { 'content-type': typeOf(name), 'content-length': String(clip.length) };
    return { status: 200, headers, body: clip };
  };
  const planned = house.plans.take(name.replace(/\.mp[34]$/, ''), 'downloads');
  return house.misbehaviours.answer('download', answer, self, planned);
}

function payloadOf(house: FalHouse, outcome: Extract<Job['outcome'], { kind: 'ok' }>): object {
  const { form, media: name, bytes, extra } = outcome;
  const file = {
    url: `${house.base}/media/${name}`,
    content_type: typeOf(name),
    file_name: name.endsWith('.mp3') ? 'speech.mp3' : 'output.mp4',
    file_size: bytes,
  };
  // What hex looks like is not documented; a client that wants a file has to ask for its address.
  if (form === 'hex') return { audio: house.state.readMedia(name)?.toString('hex'), ...extra };
  return { [form]: file, ...extra };
}

const typeOf = (name: string): string => (name.endsWith('.mp3') ? 'audio/mpeg' : 'video/mp4');

/** What fal posts to the webhook (docs.fal.ai/model-endpoints/webhooks). */
export function callbackBody(house: FalHouse, job: Job): object {
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
