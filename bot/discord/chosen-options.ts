import { z } from 'zod';

import { optionsOf, optionsSchema, type VideoOptions } from '../../core/video/options.ts';

const usual = optionsOf({});

const packed = z
  .tuple([
    optionsSchema.shape.style,
    optionsSchema.shape.tone,
    optionsSchema.shape.pace,
    optionsSchema.shape.fit,
    z.stringbool().pipe(optionsSchema.shape.captions),
    optionsSchema.shape.voice,
  ])
  .transform(([style, tone, pace, fit, captions, voice]) => ({
    style,
    tone,
    pace,
    fit,
    captions,
    voice,
  }));

const join = ({ style, tone, pace, fit, captions, voice }: VideoOptions): string =>
  [style, tone, pace, fit, captions, voice].join('.');

/** Options as an argument of an action's id; empty for the usual ones. */
export const packOptions = (options: VideoOptions): string =>
  join(options) === join(usual) ? '' : join(options);

/** The options of such an argument; the usual ones for anything else. */
export function unpackOptions(code = ''): VideoOptions {
  const read = packed.safeParse(code.split('.'));
  return read.success ? read.data : usual;
}

/** Of a command's, a draft's or a quote's values those that are options; what fits none is passed over. */
export const optionsIn = (values: Readonly<Record<string, unknown>>): VideoOptions =>
  lenient.parse(values);

const { style, tone, pace, fit, captions, voice } = optionsSchema.shape;
const lenient = z.object({
  style: style.catch(usual.style),
  tone: tone.catch(usual.tone),
  pace: pace.catch(usual.pace),
  fit: fit.catch(usual.fit),
  captions: captions.catch(usual.captions),
  voice: voice.catch(usual.voice),
});
