import { z } from 'zod';

import { modelIds, shapes } from './models.ts';

/** What a video shows; the bounds are those of every surface. */
export const promptField = z
  .string()
  .trim()
  .min(10)
  .max(500)
  .describe('What the video shows, in 10 to 500 characters');

export const modelField = z
  .enum(modelIds)
  .default('kling')
  .describe('Video model; model_list compares them');

export const secondsField = z.literal([15, 30, 60]).default(30).describe('Length in seconds');

export const shapeField = z
  .enum(shapes)
  .optional()
  .describe(
    'Picture shape; without it upright 9:16, as Shorts and Reels show, where the model can',
  );
