import { z } from 'zod';

import { requirePort } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { videoProviders } from '../ports/video-models.ts';
import { modelIds, shapes, videoModels, type ModelId } from '../video/models.ts';
import { clipUsd } from '../video/prices.ts';

export const modelList = defineOperation({
  name: 'model_list',
  summary: {
    en: 'List the video models with speed, quality and cost.',
    zh: '列出视频模型及其速度、质量和成本。',
  },
  guidance: 'Pass the id as model to video_quote. Other shapes are cropped or padded.',
  effect: 'read',
  audience: 'everyone',
  needs: ['videoModels'],
  input: z.object({}),
  output: z.object({
    models: z.array(
      z.object({
        id: z.enum(modelIds),
        label: z.string(),
        provider: z.enum(videoProviders),
        clip_seconds: z.array(z.int()).describe('Lengths that one shot can have'),
        shapes: z.array(z.enum(shapes)).describe('What it makes without cropping or padding'),
        audio: z.boolean(),
        speed: z.string().describe('⚡ to ⚡⚡⚡'),
        quality: z.string().describe('⭐ to ⭐⭐⭐⭐⭐'),
        cost: z.string().describe('💰 to 💰💰💰'),
        usd_per_second: z.number().nullable().describe('Null when it is priced by the clip'),
        usd_per_clip: z
          .array(z.object({ seconds: z.int(), usd: z.number() }))
          .nullable()
          .describe('Null when it is priced by the second'),
      }),
    ),
  }),
  async run(_input, { ports }) {
    const { providers } = requirePort(ports, 'videoModels');
    return {
      models: modelIds
        .filter((id) => providers.includes(videoModels[id].provider))
        .map((id) => describe(id)),
    };
  },
  say: ({ models }, locale) => catalogue(locale).say.model_list({ count: models.length }),
});

function describe(id: ModelId) {
  const model = videoModels[id];
  const { label, provider, clipSeconds, shapes: made, audio, price, grades } = model;
  const isPerSecond = price !== null && 'perSecond' in price;
  return {
    id,
    label,
    provider,
    clip_seconds: [...clipSeconds],
    shapes: [...made],
    audio,
    speed: '⚡'.repeat(grades.speed),
    quality: '⭐'.repeat(grades.quality),
    cost: '💰'.repeat(grades.cost),
    usd_per_second: isPerSecond ? price.perSecond : null,
    usd_per_clip:
      price === null || isPerSecond
        ? null
        : clipSeconds.flatMap((seconds) => {
            const usd = clipUsd(model, seconds);
            return usd === null ? [] : [{ seconds, usd }];
          }),
  };
}
