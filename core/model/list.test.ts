import { afterAll, beforeAll, expect, test } from 'vitest';

import { withVideoModels } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { perform } from '../operation.ts';
import type { VideoProvider } from '../ports/video-models.ts';
import { modelIds, videoModels } from '../video/models.ts';
import { modelList } from './list.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The list where just these providers are set up. */
async function listWith(...providers: VideoProvider[]) {
  const context = await world.context();
  const ports = withVideoModels(world, { providers });
  return modelList.output.parse(await modelList.run({}, { ...context, ports })).models;
}

test('lists every model whose provider is set up, in the order of the catalogue', async () => {
  const of = (provider: VideoProvider) =>
    modelIds.filter((id) => videoModels[id].provider === provider);
  expect((await listWith('fal', 'runway')).map(({ id }) => id)).toEqual(modelIds);
  expect((await listWith('fal')).map(({ id }) => id)).toEqual(of('fal'));
  expect((await listWith('runway')).map(({ id }) => id)).toEqual(['runway']);
  expect(await listWith()).toEqual([]);
});

test('prices a model by the second or by the clip', async () => {
  const models = await listWith('fal', 'runway');
  const pricesOf = (id: string) => {
    const found = models.find((model) => model.id === id);
    return [found?.usd_per_second, found?.usd_per_clip];
  };
  expect(pricesOf('veo')).toEqual([0.4, null]);
  expect(pricesOf('minimax')).toEqual([
    null,
    [
      { seconds: 6, usd: 0.28 },
      { seconds: 10, usd: 0.56 },
    ],
  ]);
});

test('tells what each makes by itself', async () => {
  const [kling] = await listWith('fal');
  expect(kling).toMatchObject({
    id: 'kling',
    label: 'Kling 3 Standard',
    provider: 'fal',
    shapes: ['9:16', '16:9', '1:1'],
    audio: true,
    speed: '⚡⚡',
    quality: '⭐⭐⭐⭐',
    cost: '💰💰',
  });
});

test('is not offered where no provider is set up', async () => {
  const context = await world.context();
  const { videoModels: _, ...ports } = context.ports;
  expect(await perform(modelList, {}, { ...context, ports })).toMatchObject({
    ok: false,
    fault: { code: 'service_missing' },
  });
});
