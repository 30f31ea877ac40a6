import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';
import type { z } from 'zod';

import { quoteWords } from '../../../core/messages/cards/quote.ts';
import { choiceLabel } from '../../../core/messages/fields.ts';
import { optionsOf, optionsSchema, type VideoOptions } from '../../../core/video/options.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import type { Filled } from '../exchange.ts';
import { checkboxField, radioField, selectField } from './form-parts.ts';

type Field = 'style' | 'tone' | 'pace' | 'fit' | 'voice';

const labelOf = (field: Field, value: string, { locale }: Pick<Draw, 'locale'>): string =>
  choiceLabel({ operation: 'video_quote', field }, value, locale);

const listOf = (field: Exclude<Field, 'fit'>, options: VideoOptions, draw: Draw) =>
  optionsSchema.shape[field].options.map((value) => ({
    value,
    label: labelOf(field, value, draw),
    default: value === options[field],
  }));

/** The form of everything that is chosen beside prompt, model, length and shape. */
export function buildOptions(
  quote: string,
  options: VideoOptions,
  draw: Draw,
): APIModalInteractionResponseCallbackData {
  const words = quoteWords[draw.locale];
  return {
    custom_id: actionId('quote-options-save', draw.owner, quote),
    title: words.optionsTitle(),
    components: [
      selectField('style', words.styleLabel(), listOf('style', options, draw)),
      selectField('tone', words.toneLabel(), listOf('tone', options, draw)),
      radioField('pace', words.paceLabel(), listOf('pace', options, draw)),
      radioField('voice', words.voiceLabel(), listOf('voice', options, draw), words.voiceNote()),
      checkboxField('extras', words.extrasLabel(), [
        {
          value: 'captions',
          label: words.captions(),
          description: words.captionsNote(),
          default: options.captions,
        },
        {
          value: 'pad',
          label: words.pad(),
          description: words.padNote(),
          default: options.fit === 'pad',
        },
      ]),
    ],
  };
}

/** What was filled in; a field that is missing or unknown counts as the usual choice. */
export function optionsFilledIn(filled: Filled): VideoOptions {
  const extras = filled['extras'] ?? [];
  return {
    style: pickedOf(optionsSchema.shape.style, filled['style'], usual.style),
    tone: pickedOf(optionsSchema.shape.tone, filled['tone'], usual.tone),
    pace: pickedOf(optionsSchema.shape.pace, filled['pace'], usual.pace),
    voice: pickedOf(optionsSchema.shape.voice, filled['voice'], usual.voice),
    fit: extras.includes('pad') ? 'pad' : 'crop',
    captions: extras.includes('captions'),
  };
}

const usual = optionsOf({});

const pickedOf = <T>(schema: z.ZodType<T>, picked: Filled[string] | undefined, otherwise: T): T =>
  schema.safeParse(picked?.[0]).data ?? otherwise;
