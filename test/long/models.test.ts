import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { madeShape, modelIds, shapes, sizeOf, videoModels } from '../../core/video/models.ts';
import type { VideoOptions } from '../../core/video/options.ts';
import { planVideo } from '../../core/video/plan.ts';
import { videoShow } from '../../core/video/show.ts';
import { look } from '../kit/media-clips.ts';
import { live, settled, shotsOf, startVideo, videoRow } from '../kit/trips.ts';
import { createWorld, type World } from '../kit/world.ts';

/** A frame, or a packet of sound. */
const toleranceSeconds = 0.2;
const minute = 60;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => settled(world));
afterAll(() => world.close());

type Chosen = Partial<VideoOptions> & { readonly shape: (typeof shapes)[number] };

/** A finished minute, with the path of its file. */
async function make(model: (typeof modelIds)[number], chosen: Chosen) {
  const prompt = '一只纸船在雨后的街道上漂流，霓虹灯倒映在水面';
  const id = await startVideo(world, 'owner', { prompt, model, seconds: minute, ...chosen });
  await world.drain();
  // Runway is asked now and then: it has no callback.
  await live(world, 120, { step: 10 });
  const row = await videoRow(world, id);
  expect(row).toMatchObject({ status: 'ready' });
  return { id, row, path: join(world.dataDir, 'files', row.fileKey ?? '') };
}

const whole = { length: 'right', picture: 'continuous', sound: 'whole' };

/** What a decoder that takes the file to its end makes of it. */
async function wholeness(path: string) {
  const seen = await look(path);
  const isMinute = (seconds: number) => Math.abs(seconds - minute) <= toleranceSeconds;
  const isContinuous = seen.smallestStep > 0 && seen.largestStep < 0.11;
  const isHeard = isMinute(seen.soundSeconds) && seen.largestGapInSound < 0.05;
  return {
    length: isMinute(seen.seconds) ? 'right' : seen.seconds,
    picture: isContinuous ? 'continuous' : [seen.smallestStep, seen.largestStep],
    sound: seen.soundSeconds === 0 ? 'none' : isHeard ? 'whole' : seen.soundSeconds,
  };
}

describe('a minute', { timeout: 300_000 }, () => {
  test.each(modelIds)('by %s is whole, upright and heard where promised', async (model) => {
    const { id, row, path } = await make(model, { shape: '9:16' });
    const { audio, clipSeconds } = videoModels[model];
    expect(await shotsOf(world, id)).toHaveLength(planVideo(minute, clipSeconds).length);
    // What the model makes upright by itself keeps its size, here a tenth; the rest is cropped to the full one.
    const isNative = madeShape(videoModels[model], '9:16') === '9:16';
    const { width, height } = sizeOf('9:16');
    const scale = isNative ? (row.width ?? 0) / width : 1;
    expect([row.width, row.height]).toEqual([width * scale, height * scale]);
    expect(await wholeness(path)).toEqual(audio ? whole : { ...whole, sound: 'none' });
    const shown = await world.must(videoShow, { video: id }, await world.context());
    expect(shown['duration_seconds']).toBeCloseTo(minute, 0);
  });

  test('with lines shown and spoken over clips without sound, padded to a square', async () => {
    const extras = { captions: true, voice: 'female', fit: 'pad', shape: '1:1' } as const;
    const { id, row, path } = await make('minimax', extras);
    const kinds = (await shotsOf(world, id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'voice')).toHaveLength(kinds.length / 2);
    expect(row).toMatchObject(sizeOf('1:1'));
    expect(await wholeness(path)).toEqual(whole);
  });
});
