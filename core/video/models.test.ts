import { expect, test } from 'vitest';

import { endpoints } from '../../sandbox/fal/endpoints.ts';
import { readBody } from '../../sandbox/runway/models.ts';
import {
  clipInput,
  madeShape,
  modelIds,
  shapes,
  sizeOf,
  videoModels,
  type ModelId,
} from './models.ts';
import { clipUsd, totalUsd } from './prices.ts';

const ratio = { '9:16': 9 / 16, '16:9': 16 / 9, '1:1': 1 };
const clips = modelIds.flatMap((id) =>
  shapes.flatMap((shape) =>
    videoModels[id].clipSeconds.map((seconds) => [id, shape, seconds] as const),
  ),
);

/** Reads a body as the provider of the model does. */
function read(id: ModelId, input: ReturnType<typeof clipInput>) {
  const { provider, endpoint } = videoModels[id];
  if (provider === 'runway') return readBody({ ...input, model: endpoint });
  return endpoints.get(endpoint)?.read(input);
}

test('every model with every shape and length is in the list', () => {
  expect(clips).toHaveLength(3 * (13 + 13 + 2 + 1 + 3 + 3 + 12 + 3 + 9));
});

test.each(clips)('%s makes %s of %i s as its endpoint understands it', (id, shape, seconds) => {
  const model = videoModels[id];
  const body = read(id, clipInput(model, { prompt: 'a paper boat', seconds, shape }));
  if (!body?.ok || !('shape' in body)) throw new Error(`refused: ${JSON.stringify(body)}`);
  expect(body.prompt).toBe('a paper boat');
  expect(body.shape).toMatchObject({ seconds, audio: model.audio });
  const made = body.shape.width / body.shape.height;
  expect(made).toBeCloseTo(ratio[madeShape(model, shape)], 1);
  expect(Math.min(body.shape.width, body.shape.height)).toBe(Number.parseInt(model.resolution, 10));
});

test.each(modelIds)('%s makes its own shapes by itself, and the others from the nearest', (id) => {
  const model = videoModels[id];
  for (const shape of shapes) {
    const made = madeShape(model, shape);
    expect(model.shapes).toContain(made);
    expect(made === shape).toBe(model.shapes.includes(shape));
  }
  const named = model.shapeField ? Object.keys(model.shapeField.values) : ['16:9'];
  expect(named.toSorted()).toEqual(model.shapes.toSorted());
});

test('a square is made from the upright picture, an upright one from what there is', () => {
  expect(madeShape(videoModels.veo, '1:1')).toBe('9:16');
  expect(madeShape({ shapes: ['16:9', '1:1'] }, '9:16')).toBe('1:1');
  expect(madeShape(videoModels.minimax, '9:16')).toBe('16:9');
});

test.each(shapes)('a finished video of %s has its ratio, on even pixels', (shape) => {
  const { width, height } = sizeOf(shape);
  expect(width / height).toBeCloseTo(ratio[shape], 5);
  expect([width % 2, height % 2]).toEqual([0, 0]);
});

test.each([
  ['kling', '8'],
  ['veo', '8s'],
  ['runway', 8],
  ['minimax-video-01', undefined],
] as const)('the length of %s stands as %j', (id, duration) => {
  const input = clipInput(videoModels[id], { prompt: 'p', seconds: 8, shape: '9:16' });
  expect(input['duration']).toBe(duration);
});

test('Runway has names of its own', () => {
  const input = clipInput(videoModels.runway, { prompt: 'a boat', seconds: 5, shape: '1:1' });
  expect(input).toEqual({ promptText: 'a boat', duration: 5, ratio: '720:1280' });
});

test.each(['wan', 'runway'] as const)('%s takes prompts of its limit and no longer', (id) => {
  const { promptMax, clipSeconds } = videoModels[id];
  const isTaken = (length: number) => {
    const clip = {
      prompt: 'p'.repeat(length),
      seconds: clipSeconds[0] ?? 5,
      shape: '9:16',
    } as const;
    return read(id, clipInput(videoModels[id], clip))?.ok;
  };
  expect([promptMax - 1, promptMax, promptMax + 1].map(isTaken)).toEqual([true, true, false]);
});

test('an emulated endpoint refuses a length that the model does not make', () => {
  const clip = { prompt: 'a boat', seconds: 7, shape: '16:9' } as const;
  expect(read('minimax', clipInput(videoModels.minimax, clip))).toMatchObject({ ok: false });
  const long = { ...clip, seconds: 11 };
  expect(read('runway', clipInput(videoModels.runway, long))).toMatchObject({ ok: false });
});

test.each(modelIds)('%s has a price for each of its lengths, and says where it was read', (id) => {
  const model = videoModels[id];
  for (const seconds of model.clipSeconds)
    expect(clipUsd(model, seconds)).toSatisfy(
      (usd: number | null) => model.price === null || (usd !== null && usd > 0),
    );
  expect(model.priceSource).not.toBe('');
});

test('prices are by the second, by the clip, or unknown', () => {
  expect(clipUsd({ price: { perSecond: 0.4 } }, 6)).toBeCloseTo(2.4);
  expect(clipUsd({ price: { perClip: { 6: 0.28 } } }, 6)).toBe(0.28);
  expect(clipUsd({ price: { perClip: { 6: 0.28 } } }, 7)).toBeNull();
  expect(clipUsd({ price: null }, 6)).toBeNull();
});

test('a whole video costs its clips and its spoken lines, in cents', () => {
  const price = { price: { perSecond: 0.1 } };
  expect(totalUsd(price, { clips: [15, 15], lines: [] })).toBe(3);
  expect(totalUsd(price, { clips: [15, 15], lines: ['x'.repeat(500), '字'.repeat(500)] })).toBe(
    3.06,
  );
  expect(totalUsd({ price: null }, { clips: [15], lines: [] })).toBeNull();
});
