import { z } from 'zod';

import { modelIds, shapes } from './models.ts';
import { optionsSchema, usualOptions } from './options.ts';

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
  .default('9:16')
  .describe('Picture shape; every model makes each, cropped or padded where it must be');

const { style, tone, pace, fit, captions, voice } = optionsSchema.shape;

/** The choices beside prompt, model, length and shape, each with its usual value. */
export const optionFields = {
  style: style
    .default(usualOptions.style)
    .describe('Look of the picture; auto: as the prompt says'),
  tone: tone.default(usualOptions.tone).describe('Colours; auto: as the prompt says'),
  pace: pace.default(usualOptions.pace).describe('How fast camera and action move'),
  fit: fit.default(usualOptions.fit).describe('Crop or pad, where the model makes another shape'),
  captions: captions.default(usualOptions.captions).describe('Show a line with each shot'),
  voice: voice.default(usualOptions.voice).describe('Have a line spoken over each shot'),
};

const wished = 'Only without a quote: ';

/** Every field of a wish, for an operation that takes a quote or a wish. */
export const optionalWishFields = {
  prompt: promptField.optional(),
  model: modelField.unwrap().optional().describe(`${wished}the video model`),
  seconds: secondsField.unwrap().optional().describe(`${wished}length in seconds`),
  shape: shapeField.unwrap().optional().describe(`${wished}picture shape, usually 9:16`),
  style: style.optional().describe(`${wished}look of the picture`),
  tone: tone.optional().describe(`${wished}colours`),
  pace: pace.optional().describe(`${wished}how fast camera and action move`),
  fit: fit.optional().describe(`${wished}crop or pad, where the model makes another shape`),
  captions: captions.optional().describe(`${wished}show a line with each shot`),
  voice: voice.optional().describe(`${wished}have a line spoken over each shot`),
};
