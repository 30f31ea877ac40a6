import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  attemptsOf,
  availableOf,
  drainWith,
  eventKinds,
  jobContext,
  live,
  makeReadyVideo,
  moneyOf,
  refused,
  settled,
  shotsOf,
  startOneShot,
  startVideo,
  storedKeys,
  submitsOf,
  videoRow,
  withVideoModels,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context, Ports } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { assembleVideo } from './assemble.ts';
import { videoCancel } from './cancel.ts';
import { collectOutcome } from './collect.ts';
import { videoShow } from './show.ts';
import { submitShot } from './submit.ts';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld({ generationMs: 60_000 });
  context = await world.context();
});
afterEach(() => settled(world));
afterAll(() => world.close());

const cancel = (video: string, by = context) => world.must(videoCancel, { video }, by);
const quotaLine = async (video: string, locale: 'en' | 'zh') => {
  const { lines } = await (videoCancel.preview?.({ video }, { ...context, locale }) ??
    Promise.reject(new Error('no preview')));
  return lines.at(-1)?.join(': ');
};
const firstShot = async (videoId: string) => {
  const [shot] = await shotsOf(world, videoId);
  if (!shot) throw new Error('no shot');
  return shot.id;
};

const givenBack = { moves: ['hold', 'release'], compensation: null };
const charged = { moves: ['hold', 'capture'], compensation: null };

describe('before the provider was asked for anything', () => {
  test('it costs nothing, and nothing is sent afterwards', async () => {
    const before = await availableOf(world);
    const id = await startVideo(world);
    expect(await quotaLine(id, 'en')).toBe(
      'Quota set aside: comes back: the provider has not started',
    );
    expect(await quotaLine(id, 'zh')).toBe('预留的配额: 将退还：服务商尚未开始');
    expect(await cancel(id)).toEqual({ video: id, status: 'cancelled', charged: false });
    expect(await moneyOf(world, id)).toEqual(givenBack);
    expect(await availableOf(world)).toBe(before);
    await live(world, 960, { step: 240 });
    expect(await submitsOf(world, id)).toEqual([]);
    expect(await attemptsOf(world, id)).toEqual([]);
    expect(await eventKinds(world, id)).toEqual(['queued', 'cancelled']);
    expect(await world.must(videoShow, { video: id }, context)).toMatchObject({
      status: 'cancelled',
      step: 'stopped',
      quota: 'returned',
      why: 'It was stopped on request. Nothing was charged.',
    });
    const zh = await world.must(videoShow, { video: id }, { ...context, locale: 'zh' });
    expect(zh['why']).toBe('已按要求停止。没有扣除配额。');
  });

  test('a provider that has only said "not now" has taken nothing', async () => {
    world.emulators.fal.misbehave({ on: 'submit', how: 'http_429', times: 1, delayMs: 40_000 });
    const id = await startOneShot(world);
    await world.drain();
    expect((await attemptsOf(world, id)).map(({ status }) => status)).toEqual(['rejected']);
    expect(await cancel(id)).toMatchObject({ charged: false });
    await live(world, 120, { step: 20 });
    expect(await submitsOf(world, id)).toEqual([]);
    expect(await moneyOf(world, id)).toEqual(givenBack);
  });
});

describe('once the provider has started', () => {
  test('it is paid, stopped upstream, and no retry is owed', async () => {
    const id = await startVideo(world);
    await world.drain();
    expect(await quotaLine(id, 'en')).toBe(
      'Quota set aside: stays charged: the provider has already started',
    );
    const stopped: string[] = [];
    const ports = withVideoModels(world, {
      async cancel(shot) {
        stopped.push(shot.requestId);
        return 'requested';
      },
    });
    const outcome = await world.perform(videoCancel, { video: id }, context);
    expect(outcome).toMatchObject({
      ok: true,
      value: { charged: true },
      text: `${id} is stopped. The provider had already started, so its quota is spent.`,
    });
    expect(await moneyOf(world, id)).toEqual(charged);
    await drainWith(world, ports);
    const sent = (await submitsOf(world, id)).map(({ requestId }) => requestId);
    expect(stopped.toSorted()).toEqual(sent.toSorted());
    // Deaf to the stop, fal delivers all the same: late, unwanted, and not paid a second time.
    await live(world, 960, { step: 60, ports });
    expect(await videoRow(world, id)).toMatchObject({ status: 'cancelled', fileKey: null });
    expect(await moneyOf(world, id)).toEqual(charged);
    expect(await eventKinds(world, id)).toEqual(['queued', 'generating', 'cancelled']);
    expect(await world.must(videoShow, { video: id }, context)).toMatchObject({
      quota: 'charged',
      why: 'It was stopped on request. Its quota was charged.',
    });
  });

  test('a success that is told again and again after the stop is ignored', async () => {
    const id = await startOneShot(world);
    await world.drain();
    const [attempt] = await attemptsOf(world, id);
    await cancel(id);
    for (let told = 0; told < 3; told += 1) {
      const url = 'https://v3.fal.media/files/never-fetched.mp4';
      await collectOutcome(jobContext(world), attempt?.id ?? '', { kind: 'delivered', url });
    }
    expect(await videoRow(world, id)).toMatchObject({ status: 'cancelled' });
    expect(await moneyOf(world, id)).toEqual(charged);
    expect(storedKeys(world).filter((key) => key.includes(attempt?.id ?? id))).toEqual([]);
  });

  test('a call that is out at that moment counts as started, and is stopped when it is taken', async () => {
    const id = await startOneShot(world);
    const stopped: string[] = [];
    const ports: Ports = withVideoModels(world, {
      async submit(request, signal) {
        expect(await cancel(id)).toMatchObject({ charged: true });
        return (world.app.ports.videoModels ?? fail()).submit(request, signal);
      },
      async cancel(shot) {
        stopped.push(shot.requestId);
        return 'requested';
      },
    });
    await drainWith(world, ports);
    const [sent, ...more] = await submitsOf(world, id);
    expect(stopped).toContain(sent?.requestId);
    expect(more).toEqual([]);
    expect(await moneyOf(world, id)).toEqual(charged);
  });
});

const fail = (): never => {
  throw new Error('this world has no fal');
};

describe('what is over', () => {
  test('cannot be stopped, in words of both languages', async () => {
    const quick = await createWorld();
    const ready = await makeReadyVideo(quick);
    const own = await quick.context();
    const outcome = await quick.perform(videoCancel, { video: ready }, own);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'already_over', field: 'video' } });
    if (outcome.ok) throw new Error('it was stopped');
    expect(outcome.fault.message).toBe('This video is already over: it is ready.');
    expect(await moneyOf(quick, ready)).toEqual(charged);
    await settled(quick);
    await quick.close();
    const cancelled = await startVideo(world);
    await cancel(cancelled);
    expect(await refused(world, videoCancel, { video: cancelled }, context)).toMatchObject({
      code: 'already_over',
      message: 'This video is already over: it is cancelled.',
    });
    const failed = await startOneShot(world, { prompt: 'a boat, forbidden-by-provider, in rain' });
    await live(world, 120, { step: 60 });
    expect(await videoRow(world, failed)).toMatchObject({ status: 'failed' });
    expect(await refused(world, videoCancel, { video: failed }, context)).toMatchObject({
      code: 'already_over',
    });
  });

  test('as little as the video of somebody else', async () => {
    const id = await startVideo(world);
    const other = await world.context('terminal', 'other');
    expect(await refused(world, videoCancel, { video: id }, other)).toMatchObject({
      code: 'not_found',
      field: 'video',
    });
    expect(await videoRow(world, id)).toMatchObject({ status: 'queued' });
    await cancel(id);
  });
});

describe('at the same moment', () => {
  test('ten cancellations: one stops it, the others are told why they do not', async () => {
    const id = await startVideo(world);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => world.perform(videoCancel, { video: id }, context)),
    );
    const codes = outcomes.map((one) => (one.ok ? 'ok' : one.fault.code));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
    // A call takes whichever approval for the same thing is there: one may be left without.
    for (const code of codes) expect(['ok', 'already_over', 'approval_not_valid']).toContain(code);
    expect(codes).toContain('already_over');
    expect((await eventKinds(world, id)).filter((kind) => kind === 'cancelled')).toHaveLength(1);
    expect(await moneyOf(world, id)).toEqual(givenBack);
  });

  test('one approval, used ten times at once, stops once', async () => {
    const id = await startVideo(world);
    const asked = await perform(videoCancel, { video: id }, context);
    if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody was asked');
    const approvalId = asked.fault.params.id;
    const by = context.actor.accountId;
    await decideApproval(world.app, { id: approvalId, approved: true, by, surface: 'terminal' });
    expect(await videoRow(world, id)).toMatchObject({ status: 'queued' });
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        perform(videoCancel, { video: id }, context, { approvalId }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await moneyOf(world, id)).toEqual(givenBack);
  });

  test.each([1, 2, 3, 4, 5, 6])('a submit and a cancellation (round %i)', async () => {
    const id = await startOneShot(world);
    const shotId = await firstShot(id);
    const [stopped] = await Promise.all([
      cancel(id),
      submitShot.run({ shotId }, jobContext(world)),
    ]);
    const attempts = await attemptsOf(world, id);
    expect(stopped).toMatchObject({ charged: attempts.length === 1 });
    expect(await submitsOf(world, id)).toHaveLength(attempts.length);
    expect(await moneyOf(world, id)).toEqual(attempts.length === 1 ? charged : givenBack);
    await live(world, 120, { step: 60 });
    expect(await videoRow(world, id)).toMatchObject({ status: 'cancelled' });
  });

  const assembling = async (): Promise<string> => {
    const id = await startOneShot(world);
    await world.drain();
    await world.advance(60);
    await world.emulators.fal.idle();
    const [attempt] = await attemptsOf(world, id);
    const handle = attempt && (await outcomeOf(attempt));
    if (!handle) throw new Error('fal is not done');
    await collectOutcome(jobContext(world), attempt.id, handle);
    expect(await videoRow(world, id)).toMatchObject({ status: 'assembling' });
    return id;
  };
  const outcomeOf = async (attempt: Awaited<ReturnType<typeof attemptsOf>>[number]) => {
    const { provider, requestId, statusUrl, responseUrl, cancelUrl } = attempt;
    if (!requestId || !statusUrl || !responseUrl || !cancelUrl) return null;
    const shot = { provider, requestId, statusUrl, responseUrl, cancelUrl };
    return (world.app.ports.videoModels ?? fail()).fetchOutcome(shot, context.signal);
  };

  test('a stop while the clips are being joined: the joined file does not stay', async () => {
    const id = await assembling();
    const { mediaTools } = world.app.ports;
    const ports: Ports = {
      ...world.app.ports,
      mediaTools: {
        ...mediaTools,
        async assemble(...parts) {
          const facts = await mediaTools.assemble(...parts);
          expect(await cancel(id)).toMatchObject({ charged: true });
          return facts;
        },
      },
    };
    await assembleVideo.run({ videoId: id }, jobContext(world, ports));
    expect(await videoRow(world, id)).toMatchObject({ status: 'cancelled', fileKey: null });
    expect(storedKeys(world)).not.toContain(`videos/${id}.mp4`);
    expect(await moneyOf(world, id)).toEqual(charged);
  });

  test('a joined file whose worker died before the commit goes with the next try', async () => {
    const id = await assembling();
    const { database } = world.app;
    const dying = {
      ...jobContext(world),
      database: {
        ...database,
        db: new Proxy(database.db, {
          get: (db, name) =>
            name === 'transaction'
              ? () => Promise.reject(new Error('died'))
              : Reflect.get(db, name),
        }),
      },
    };
    await expect(assembleVideo.run({ videoId: id }, dying)).rejects.toThrow('died');
    expect(storedKeys(world)).toContain(`videos/${id}.mp4`);
    await cancel(id);
    await world.drain();
    expect(storedKeys(world)).not.toContain(`videos/${id}.mp4`);
  });

  test.each([1, 2, 3])('the last commit and a cancellation (round %i)', async () => {
    const id = await assembling();
    const [outcome] = await Promise.all([
      world.perform(videoCancel, { video: id }, context),
      assembleVideo.run({ videoId: id }, jobContext(world)),
    ]);
    const row = await videoRow(world, id);
    const said = outcome.ok ? 'cancelled' : outcome.fault.code;
    expect([said, row.status, row.fileKey === null]).toEqual(
      outcome.ok ? ['cancelled', 'cancelled', true] : ['already_over', 'ready', false],
    );
    expect(await moneyOf(world, id)).toEqual(charged);
  });
});

test('a stop that dies before its commit has stopped nothing', async () => {
  const id = await startVideo(world);
  await world.drain();
  const broken = {
    ...context,
    queue: { enqueue: () => Promise.reject(new Error('died')) },
  };
  const outcome = await world.perform(videoCancel, { video: id }, broken);
  expect(outcome).toMatchObject({ ok: false, fault: { code: 'internal' } });
  expect(await videoRow(world, id)).toMatchObject({ status: 'generating' });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold'], compensation: null });
  await cancel(id);
});
