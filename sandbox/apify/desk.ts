import { z } from 'zod';

import type { EmulatorAnswer, EmulatorRequest } from '../http.ts';
import { findActor, findInputProblem, type Actor, type ActorInput } from './actors.ts';
import type { Mischief } from './mischief.ts';
import { actorOf, type RunBook } from './run-book.ts';
import { describeRun, isOver, type Run } from './runs.ts';

const inputSchema = z.record(z.string(), z.unknown());

/** What the handlers work with. */
export type Desk = {
  readonly book: RunBook;
  readonly mischief: Mischief;
  readonly maxConcurrentRuns: number;
};

/** An error in the shape of the real API. */
export function fail(status: number, type: string, message: string): EmulatorAnswer {
  return { status, body: { error: { type, message } } };
}

/** `POST /v2/actors/{actor}/runs`. */
export function startRun(desk: Desk, request: EmulatorRequest): Promise<EmulatorAnswer> {
  return desk.mischief.around('start', async () => {
    const actor = findActor(request.params['actor'] ?? '');
    if (!actor) return fail(404, 'record-not-found', 'Actor was not found');
    const input = parseInput(request.body);
    if (!input) return fail(400, 'invalid-input', 'Input is not valid: it must be a JSON object.');
    const problem = findInputProblem(actor, input);
    if (problem !== null) return fail(400, 'invalid-input', problem);
    const maxItems = numberOf(request, 'maxItems');
    const maxTotalChargeUsd = numberOf(request, 'maxTotalChargeUsd');
    const refusal = refuseCaps(actor, maxItems, maxTotalChargeUsd) ?? refuseLoad(desk);
    if (refusal) return refusal;
    const ending = desk.mischief.takeEnding(actor.platform);
    const run = desk.book.add({
      actorName: actor.name,
      input,
      maxItems,
      maxTotalChargeUsd,
      ending,
    });
    await waitForFinish(desk, request, run);
    return { status: 201, body: { data: describeRun(run, actor) } };
  });
}

function refuseCaps(
  actor: Actor,
  maxItems: number | null,
  maxTotalChargeUsd: number | null,
): EmulatorAnswer | null {
  if (maxItems !== null && !(maxItems > 0)) {
    return fail(400, 'max-items-must-be-greater-than-zero', 'Maximum items must be > 0');
  }
  if (maxTotalChargeUsd === null) return null;
  if (!(maxTotalChargeUsd > 0)) {
    return fail(
      400,
      'max-total-charge-usd-must-be-greater-than-zero',
      'Maximum charge must be > 0',
    );
  }
  if (maxTotalChargeUsd >= (actor.floorUsd ?? 0)) return null;
  return fail(
    400,
    'max-total-charge-usd-below-minimum',
    `The maximum cost per run of this Actor must be at least $${actor.floorUsd}`,
  );
}

function refuseLoad(desk: Desk): EmulatorAnswer | null {
  if (desk.book.countActive() < desk.maxConcurrentRuns) return null;
  return fail(
    400,
    'concurrent-runs-limit-exceeded',
    `By launching this job you will exceed the limit of ${desk.maxConcurrentRuns} concurrent Actor runs.`,
  );
}

/** `GET /v2/actors/{actor}/runs`. */
export function listRuns(desk: Desk, request: EmulatorRequest): EmulatorAnswer {
  const actor = findActor(request.params['actor'] ?? '');
  if (!actor) return fail(404, 'record-not-found', 'Actor was not found');
  const all = desk.book.list().filter((run) => run.actorName === actor.name);
  const ordered = isSet(request, 'desc') ? all : all.toReversed();
  const offset = numberOf(request, 'offset') ?? 0;
  const limit = numberOf(request, 'limit') ?? 1000;
  const items = ordered.slice(offset, offset + limit).map((run) => describeRun(run, actor));
  return {
    status: 200,
    body: { data: { total: all.length, offset, limit, count: items.length, desc: false, items } },
  };
}

/** `GET /v2/actor-runs/{id}`, held open for `waitForFinish` seconds, at most 60. */
export function getRun(desk: Desk, request: EmulatorRequest): Promise<EmulatorAnswer> {
  return desk.mischief.around('run', async () => {
    const run = desk.book.get(request.params['id'] ?? '');
    if (!run) return fail(404, 'record-not-found', 'Actor run was not found');
    desk.book.notePoll();
    await waitForFinish(desk, request, run);
    return { status: 200, body: { data: describeRun(run, actorOf(run)) } };
  });
}

/** `POST /v2/actor-runs/{id}/abort`. */
export function abortRun(desk: Desk, request: EmulatorRequest): EmulatorAnswer {
  const run = desk.book.get(request.params['id'] ?? '');
  if (!run) return fail(404, 'record-not-found', 'Actor run was not found');
  desk.book.abort(run);
  return { status: 200, body: { data: describeRun(run, actorOf(run)) } };
}

/** `GET /v2/datasets/{id}/items`: a bare array, the totals in headers. */
export function getItems(desk: Desk, request: EmulatorRequest): Promise<EmulatorAnswer> {
  return desk.mischief.around('items', () => {
    const run = desk.book.get(request.params['id'] ?? '');
    if (!run) return fail(404, 'record-not-found', 'Dataset was not found');
    const isDescending = isSet(request, 'desc');
    const ordered = isDescending ? run.items.toReversed() : run.items;
    const offset = numberOf(request, 'offset') ?? 0;
    const limit = numberOf(request, 'limit') ?? 250_000;
    const items = ordered.slice(offset, limit === 0 ? undefined : offset + limit);
    return {
      status: 200,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-apify-pagination-total': `${run.items.length}`,
        'x-apify-pagination-offset': `${offset}`,
        'x-apify-pagination-limit': `${limit}`,
        'x-apify-pagination-count': `${items.length}`,
        'x-apify-pagination-desc': `${isDescending}`,
      },
      body: JSON.stringify(items),
    };
  });
}

/** `GET /v2/key-value-stores/{id}/records/INPUT`: what the run was started with. */
export function getInput(desk: Desk, request: EmulatorRequest): EmulatorAnswer {
  const run = desk.book.get(request.params['id'] ?? '');
  if (!run) return fail(404, 'record-not-found', 'Record was not found');
  return { status: 200, body: run.input };
}

async function waitForFinish(desk: Desk, request: EmulatorRequest, run: Run): Promise<void> {
  const seconds = Math.min(60, numberOf(request, 'waitForFinish') ?? 0);
  if (seconds > 0) await desk.book.waitUntil(() => isOver(run), seconds * 1000);
}

function numberOf(request: EmulatorRequest, name: string): number | null {
  const text = request.url.searchParams.get(name);
  return text === null || text === '' ? null : Number(text);
}

/** The client writes booleans as 1 and 0. */
function isSet(request: EmulatorRequest, name: string): boolean {
  return ['1', 'true'].includes(request.url.searchParams.get(name) ?? '');
}

function parseInput(body: Buffer): ActorInput | null {
  try {
    return inputSchema.parse(body.length === 0 ? {} : JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}
