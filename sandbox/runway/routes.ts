import { createHmac } from 'node:crypto';

import { z } from 'zod';

import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import type { Plans, RequestPlan } from '../plan.ts';
import type { Spoil } from '../spoil.ts';
import type { Misbehaviour, Misbehaviours } from './misbehaviour.ts';
import { modelNames, readBody } from './models.ts';
import type { RunwayState, Task } from './state.ts';
import type { Tasks } from './tasks.ts';

/** A request that was taken and is paid for. */
export type RunwaySubmit = {
  readonly taskId: string;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Decides upon each request when it arrives; `body` is what was sent, or undefined for no JSON. */
export type Planner = (request: { readonly body: unknown }) => Promise<RequestPlan> | RequestPlan;

/** What the routes work on. */
export type House = {
  readonly clock: SandboxClock;
  readonly secret: string;
  readonly concurrency: number;
  readonly dailyLimit: number | null;
  readonly state: RunwayState;
  readonly tasks: Tasks;
  readonly misbehaviours: Misbehaviours;
  readonly plans: Plans<RequestPlan>;
  readonly planner: Planner | undefined;
  readonly submits: RunwaySubmit[];
  readonly polls: { taskId: string; at: number }[];
  /** Signs the addresses of outputs. */
  readonly outputKey: Buffer;
  /** This server's own address, known once it listens. */
  base: string;
};

const apiVersion = '2024-11-06';
const dayMs = 24 * 3600 * 1000;

/** The routes of the API and of its outputs. */
export function routes(house: House): Route[] {
  const { misbehaviours, plans } = house;
  const guarded =
    (
      on: Exclude<Misbehaviour['on'], 'run' | 'submit' | 'download'>,
      handle: (incoming: EmulatorRequest) => EmulatorAnswer,
      planned?: (incoming: EmulatorRequest) => Spoil | null,
    ) =>
    (incoming: EmulatorRequest) => {
      const answer = () => locked(house, incoming) ?? handle(incoming);
      return misbehaviours.answer(on, answer, incoming.url.href, planned?.(incoming));
    };
  const withTask =
    (handle: (task: Task) => EmulatorAnswer) =>
    ({ params }: EmulatorRequest): EmulatorAnswer => {
      const task = house.state.tasks.get(params['id'] ?? '');
      return task ? handle(task) : { status: 404, body: { error: 'Task not found' } };
    };
  const task = /^\/v1\/tasks\/(?<id>[\w-]+)$/;
  return [
    {
      method: 'POST',
      path: /^\/v1\/text_to_video$/,
      async handle(incoming) {
        const raw = parseJson(incoming.body);
        const plan = (await house.planner?.({ body: raw })) ?? {};
        const answer = () => locked(house, incoming) ?? submit(house, raw, plan);
        return misbehaviours.answer('submit', answer, incoming.url.href, plan.submit);
      },
    },
    {
      method: 'GET',
      path: task,
      handle: guarded(
        'task',
        withTask((found) => show(house, found)),
        ({ params }) => plans.take(params['id'] ?? '', 'looks'),
      ),
    },
    {
      method: 'DELETE',
      path: task,
      handle: guarded(
        'cancel',
        withTask((found) => {
          house.tasks.remove(found);
          return { status: 204 };
        }),
      ),
    },
    {
      method: 'GET',
      path: /^\/v1\/organization$/,
      handle: (incoming) => locked(house, incoming) ?? organization(house),
    },
    {
      method: 'GET',
      path: /^\/media\/(?<name>[\w.-]+)$/,
      handle(incoming) {
        const taskId = (incoming.params['name'] ?? '').replace(/\.mp4$/, '');
        const planned = plans.take(taskId, 'downloads');
        const answer = () => media(house, incoming);
        return misbehaviours.answer('download', answer, incoming.url.href, planned);
      },
    },
  ];
}

function locked({ secret }: House, { header }: EmulatorRequest): EmulatorAnswer | null {
  if (header('authorization') !== `Bearer ${secret}`) {
    return { status: 401, body: { error: 'The API key you provided is not valid.' } };
  }
  if (header('x-runway-version') === apiVersion) return null;
  const error = `The X-Runway-Version header must be set to a supported version: ${apiVersion}.`;
  return { status: 400, body: { error } };
}

function submit(house: House, raw: unknown, plan: RequestPlan): EmulatorAnswer {
  const read = readBody(raw);
  if (!read.ok) {
    const docUrl = 'https://docs.dev.runwayml.com/api/';
    const { issues } = read;
    return { status: 400, body: { error: 'Validation of body failed', issues, docUrl } };
  }
  const { model, credits } = read;
  if (createdToday(house, model) >= (house.dailyLimit ?? Infinity)) {
    const error = 'You have reached the daily limit of tasks for this model.';
    return { status: 429, body: { error } };
  }
  if (credits > house.state.credits) {
    return { status: 400, body: { error: 'You do not have enough credits to run this task.' } };
  }
  const body = z.record(z.string(), z.unknown()).parse(raw);
  const task = house.tasks.accept({ body, taken: read, plan });
  house.submits.push({ taskId: task.id, body });
  return { status: 200, body: { id: task.id, estimatedCost: { credits } } };
}

function createdToday({ state, clock }: House, model: string): number {
  const since = clock.now().getTime() - dayMs;
  return Array.from(state.tasks.values()).filter(
    (task) => task.model === model && task.createdAt > since,
  ).length;
}

function show(house: House, task: Task): EmulatorAnswer {
  const now = house.clock.now().getTime();
  house.polls.push({ taskId: task.id, at: now });
  const shared = { id: task.id, createdAt: new Date(task.createdAt).toISOString() };
  const body = { ...shared, ...stateOf(house, task, now) };
  return { status: 200, body };
}

function stateOf(house: House, task: Task, now: number): object {
  const estimatedCost = { credits: task.estimate };
  const cost = { credits: task.cost };
  switch (task.state) {
    case 'waiting':
      return { status: 'THROTTLED', estimatedCost };
    case 'active': {
      const { startsAt, endsAt } = task;
      if (startsAt === null || endsAt === null || now < startsAt)
        return { status: 'PENDING', estimatedCost };
      const share = (now - startsAt) / Math.max(1, endsAt - startsAt);
      return { status: 'RUNNING', estimatedCost, progress: Math.min(0.99, share) };
    }
    case 'succeeded':
      return { status: 'SUCCEEDED', cost, output: [outputUrl(house, task, now)] };
    case 'failed':
      break;
  }
  const { code, text } = task.failure ?? { code: null, text: '' };
  return { status: 'FAILED', cost, failure: text, ...(code ? { failureCode: code } : {}) };
}

/** An address that holds for a day; every look at the task gives a fresh one. */
function outputUrl(house: House, task: Task, now: number): string {
  const name = task.media ?? '';
  const expires = now + dayMs;
  return `${house.base}/media/${name}?_jwt=${expires}.${sign(house, name, expires)}`;
}

const sign = ({ outputKey }: House, name: string, expires: number): string =>
  createHmac('sha256', outputKey).update(`${name}\n${expires}`).digest('base64url');

function media(house: House, { params, url }: EmulatorRequest): EmulatorAnswer {
  const name = params['name'] ?? '';
  const [expires = '', signature = ''] = (url.searchParams.get('_jwt') ?? '').split('.');
  const isSigned = signature === sign(house, name, Number(expires));
  if (!isSigned || house.clock.now().getTime() > Number(expires)) {
    return { status: 403, body: 'Forbidden' };
  }
  const clip = house.state.media.read(name);
  if (!clip) return { status: 404, body: 'Not Found' };
  const headers = { 'content-type': 'video/mp4', 'content-length': String(clip.length) };
  return { status: 200, headers, body: clip };
}

function organization(house: House): EmulatorAnswer {
  const { concurrency, dailyLimit } = house;
  const limits = { maxConcurrentGenerations: concurrency, maxDailyGenerations: dailyLimit };
  const forEach = <T>(value: (model: string) => T) =>
    Object.fromEntries(modelNames.map((model) => [model, value(model)]));
  return {
    status: 200,
    body: {
      creditBalance: house.state.credits,
      tier: { maxMonthlyCreditSpend: 50_000, models: forEach(() => limits) },
      usage: {
        models: forEach((model) => ({ dailyGenerations: createdToday(house, model) })),
      },
    },
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Undefined is no JSON value, so it can stand for "not JSON".
    return undefined;
  }
}
