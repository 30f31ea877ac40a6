import { z } from 'zod';

import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { modelIds, shapes, videoModels } from '../video/models.ts';

export const modelList = defineOperation({
  name: 'model_list',
  summary: {
    en: 'List the video models with speed, quality and cost.',
    zh: '列出视频模型及其速度、质量和成本。',
  },
  guidance: 'Pass the id as `model` to video_quote. Only models with 9:16 make an upright short.',
  effect: 'read',
  audience: 'everyone',
  needs: ['videoModels'],
  input: z.object({}),
  output: z.object({
    models: z.array(
      z.object({
        id: z.enum(modelIds),
        label: z.string(),
        clip_seconds: z.array(z.int()).describe('Lengths that one shot can have'),
        shapes: z.array(z.enum(shapes)),
        audio: z.boolean(),
        speed: z.string().describe('⚡ to ⚡⚡⚡'),
        quality: z.string().describe('⭐ to ⭐⭐⭐⭐⭐'),
        cost: z.string().describe('💰 to 💰💰💰'),
      }),
    ),
  }),
  run: async () => ({
    models: modelIds.map((id) => {
      const { label, clipSeconds, shapes: made, audio, grades } = videoModels[id];
      return {
        id,
        label,
        clip_seconds: [...clipSeconds],
        shapes: [...made],
        audio,
        speed: '⚡'.repeat(grades.speed),
        quality: '⭐'.repeat(grades.quality),
        cost: '💰'.repeat(grades.cost),
      };
    }),
  }),
  say: ({ models }, locale) => catalogue(locale).say.model_list({ count: models.length }),
});
