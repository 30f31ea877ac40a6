import { expect, test } from 'vitest';

import { endpoints } from '../../sandbox/fal/endpoints.ts';
import { clipInput, modelIds, shapes, videoModels } from './models.ts';

const ratio = { '9:16': 9 / 16, '16:9': 16 / 9, '1:1': 1 };
const clips = modelIds.flatMap((id) =>
  videoModels[id].shapes.flatMap((shape) =>
    videoModels[id].clipSeconds.map((seconds) => [id, shape, seconds] as const),
  ),
);

test('every model with every shape and length is in the list', () => {
  expect(clips).toHaveLength(3 * 13 + 3 * 13 + 2 + 1 + 2 * 3 + 3 * 12 + 3 * 3);
});

test.each(clips)('%s makes %s of %i s as its endpoint understands it', (id, shape, seconds) => {
  const model = videoModels[id];
  const input = clipInput(model, { prompt: 'a paper boat', seconds, shape });
  const read = endpoints.get(model.endpoint)?.read(input);
  if (!read?.ok) throw new Error(`refused: ${JSON.stringify(read)}`);
  expect(read.prompt).toBe('a paper boat');
  expect(read.shape).toMatchObject({ seconds, audio: model.audio });
  expect(read.shape.width / read.shape.height).toBeCloseTo(ratio[shape], 1);
});

test.each(modelIds)(
  '%s says which shapes it makes, and sends one only where that is taken',
  (id) => {
    const model = videoModels[id];
    const others = shapes.filter((shape) => !model.shapes.includes(shape));
    for (const shape of others) {
      const input = clipInput(model, { prompt: 'a paper boat', seconds: 6, shape });
      const read = endpoints.get(model.endpoint)?.read(input);
      const made = read?.ok ? read.shape.width / read.shape.height : null;
      expect(made === null || Math.abs(made - ratio[shape]) > 0.1).toBe(true);
    }
    const input = clipInput(model, { prompt: 'p', seconds: 6, shape: '16:9' });
    expect('aspect_ratio' in input).toBe(model.takesShape);
  },
);

test('an emulated endpoint refuses a length that the model does not make', () => {
  const input = clipInput(videoModels.minimax, { prompt: 'a boat', seconds: 7, shape: '16:9' });
  expect(endpoints.get(videoModels.minimax.endpoint)?.read(input)).toMatchObject({ ok: false });
});
