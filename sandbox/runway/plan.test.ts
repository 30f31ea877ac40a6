import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import type { RequestPlan } from '../plan.ts';
import { startRunway, type RunwayEmulator } from './runway.ts';

const body = { model: 'gen4.5', promptText: 'a paper boat', ratio: '720:1280', duration: 2 };
const headers = { authorization: 'Bearer key_test', 'x-runway-version': '2024-11-06' };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(plan: RequestPlan) {
  const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
  const asked: unknown[] = [];
  const waits: Promise<void>[] = [];
  const runway = await startRunway({
    clock,
    secret: 'key_test',
    generationMs: 20_000,
    scale: 0.1,
    sameClips: true,
    plan(request) {
      asked.push(request.body);
      return plan;
    },
    onWait: (until) => void waits.push(until),
  });
  cleanups.push(() => runway.close());
  return { runway, clock, asked, waits };
}

const call = (runway: RunwayEmulator, method: string, path: string, sent?: object) =>
  fetch(runway.url + path, {
    method,
    headers,
    redirect: 'manual',
    ...(sent ? { body: JSON.stringify(sent) } : {}),
  });

const send = (runway: RunwayEmulator, sent: object = body) =>
  call(runway, 'POST', '/v1/text_to_video', sent);

const idOf = async (taken: Response): Promise<string> =>
  z.object({ id: z.string() }).parse(await taken.json()).id;

const look = async (runway: RunwayEmulator, id: string) =>
  z
    .looseObject({ status: z.string(), output: z.array(z.string()).default([]) })
    .parse(await (await call(runway, 'GET', `/v1/tasks/${id}`)).json());

describe('a submit that is planned to go wrong', () => {
  test.each([
    ['reset_before', 0, 0],
    ['reset_after', 0, 1],
    ['http_429', 429, 0],
    ['http_503', 503, 0],
    ['http_503_after', 503, 1],
    ['http_404', 404, 0],
    ['error', 500, 0],
    ['garbled', 200, 1],
  ] as const)('%s', async (how, status, paid) => {
    const { runway, asked } = await start({ submit: { how } });
    const answered = await send(runway).then(
      (response) => response.status,
      () => 0,
    );
    expect(answered).toBe(status);
    expect(asked).toEqual([body]);
    expect(runway.records()).toHaveLength(paid);
    expect(runway.submits).toHaveLength(paid);
  });

  test('late: it is paid for at once, and the answer waits for the clock', async () => {
    const { runway, clock, waits } = await start({ submit: { how: 'late', delayMs: 5000 } });
    const answer = send(runway);
    await expect.poll(() => waits.length).toBe(1);
    expect(runway.records()).toHaveLength(1);
    clock.advance(5000);
    expect((await answer).status).toBe(200);
  });
});

describe('a task that is planned', () => {
  test('takes as long as planned, and is kept on record', async () => {
    const { runway, clock } = await start({ generationMs: 60_000 });
    const takenAt = clock.now().getTime();
    const id = await idOf(await send(runway, { ...body, seed: 7 }));
    await runway.idle();
    clock.advance(59_999);
    expect((await look(runway, id)).status).toBe('RUNNING');
    clock.advance(1);
    expect((await look(runway, id)).status).toBe('SUCCEEDED');
    const record = { taskId: id, body: { ...body, seed: 7 }, takenAt };
    expect(runway.records()).toEqual([
      { ...record, endedAt: takenAt + 60_000, stopAskedAt: null, isStopped: false },
    ]);
    runway.clear();
    expect(runway.records()).toEqual([]);
    expect((await call(runway, 'GET', `/v1/tasks/${id}`)).status).toBe(404);
  });

  test.each([
    ['refused', 'SAFETY.INPUT.TEXT'],
    ['runner_error', 'INTERNAL'],
    ['final_error', 'ASSET.INVALID'],
  ] as const)('to be %s says %s', async (outcome, failureCode) => {
    const { runway, clock } = await start({ outcome });
    const id = await idOf(await send(runway));
    clock.advance(20_000);
    await runway.idle();
    expect(await look(runway, id)).toMatchObject({ status: 'FAILED', failureCode });
  });

  test('goes wrong look by look and fetch by fetch', async () => {
    const { runway, clock } = await start({
      looks: [{ how: 'http_503' }, null, { how: 'error' }],
      downloads: [{ how: 'redirect_out' }, { how: 'no_video' }],
    });
    const id = await idOf(await send(runway));
    clock.advance(20_000);
    await runway.idle();
    const status = async () => (await call(runway, 'GET', `/v1/tasks/${id}`)).status;
    expect([await status(), await status(), await status()]).toEqual([503, 200, 500]);
    const [output = ''] = (await look(runway, id)).output;
    const fetched = [];
    for (let times = 0; times < 3; times += 1) {
      const response = await fetch(output, { redirect: 'manual' });
      fetched.push([response.status, response.headers.get('content-type')]);
      await response.arrayBuffer();
    }
    expect(fetched).toEqual([
      [302, null],
      [200, 'text/html'],
      [200, 'video/mp4'],
    ]);
  });
});

test('what was deleted gives its id to no other task', async () => {
  const { runway } = await start({});
  const first = await idOf(await send(runway));
  expect((await call(runway, 'DELETE', `/v1/tasks/${first}`)).status).toBe(204);
  expect(await idOf(await send(runway))).not.toBe(first);
});

describe('a stop', () => {
  const stopped = async (plan: RequestPlan) => {
    const { runway, clock } = await start(plan);
    const id = await idOf(await send(runway));
    clock.advance(1000);
    expect((await call(runway, 'DELETE', `/v1/tasks/${id}`)).status).toBe(204);
    await runway.idle();
    clock.advance(19_000);
    const { status } = await call(runway, 'GET', `/v1/tasks/${id}`);
    const [record] = runway.records();
    if (!record) throw new Error('nothing is on record');
    const since = (at: number | null) => (at === null ? null : at - record.takenAt);
    const { isStopped, stopAskedAt, endedAt } = record;
    return { status, isStopped, stopAskedAt: since(stopAskedAt), endedAt: since(endedAt) };
  };

  test('ends the task, and stays on record', async () => {
    expect(await stopped({})).toEqual({
      status: 404,
      isStopped: true,
      stopAskedAt: 1000,
      endedAt: 1000,
    });
  });

  test('that is planned to be ignored ends nothing', async () => {
    expect(await stopped({ ignoresCancel: true })).toEqual({
      status: 200,
      isStopped: false,
      stopAskedAt: 1000,
      endedAt: 20_000,
    });
  });
});
