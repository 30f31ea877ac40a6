import {
  ComponentType,
  TextInputStyle,
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';

import { videoWords } from '../../../core/messages/cards/video.ts';
import { promptTemplates } from '../../../core/prompt/templates.ts';
import { modelIds, shapes, videoModels, type ModelId } from '../../../core/video/models.ts';
import type { VideoOptions } from '../../../core/video/options.ts';
import { actionId } from '../action-id.ts';
import { packOptions } from '../chosen-options.ts';
import type { Draw } from '../draw.ts';
import { cut } from '../view.ts';
import { radioField } from './form-parts.ts';
import { describeModel } from './models.ts';
import { promptBounds } from './prompt.ts';

/** What the editor opens with; what is absent takes the usual choice. */
export type Prefill = {
  readonly prompt?: string | undefined;
  readonly model?: string | undefined;
  readonly seconds?: number | undefined;
  readonly shape?: string | undefined;
  /** Not among its fields: they stay as they are. */
  readonly options?: VideoOptions | undefined;
};

const lengths = [15, 30, 60] as const;
const usual = { model: 'kling', seconds: 30, shape: '9:16' } as const;

/** The form in which a person writes a prompt and chooses how it is made; `models`: those on offer. */
export function buildEditor(
  prefill: Prefill,
  draw: Draw,
  models: readonly ModelId[] = modelIds,
): APIModalInteractionResponseCallbackData {
  const words = videoWords[draw.locale];
  const kept = prefill.options ? packOptions(prefill.options) : '';
  return {
    custom_id: actionId('prompt-submit', draw.owner, ...(kept ? [kept] : [])),
    title: words.editorTitle(),
    components: [
      label(words.promptLabel(), words.promptBounds(promptBounds), promptField(prefill, draw)),
      label(words.templateLabel(), words.templateHelp(), templateField(draw)),
      label(words.modelLabel(), words.modelHelp(), modelField(prefill, models)),
      lengthField(prefill, draw),
      shapeField(prefill, draw),
    ],
  };
}

const label = (
  words: string,
  description: string,
  component: APIComponentInLabel,
): APILabelComponent => ({
  type: ComponentType.Label,
  label: cut(words, 45),
  description: cut(description, 100),
  component,
});

/** It may stay empty, since a template can take its place. */
function promptField({ prompt = '' }: Prefill, { locale }: Draw): APIComponentInLabel {
  const value = cut(prompt.trim(), promptBounds.max);
  return {
    type: ComponentType.TextInput,
    custom_id: 'prompt',
    style: TextInputStyle.Paragraph,
    // What stands in a field has to fit its bounds, also what was refused as too short.
    min_length: value === '' ? promptBounds.min : Math.min(promptBounds.min, value.length),
    max_length: promptBounds.max,
    required: false,
    placeholder: cut(videoWords[locale].promptPlaceholder(), 100),
    ...(value === '' ? {} : { value }),
  };
}

function templateField({ locale }: Draw): APIComponentInLabel {
  return {
    type: ComponentType.StringSelect,
    custom_id: 'template',
    placeholder: cut(videoWords[locale].templatePlaceholder(), 150),
    required: false,
    min_values: 0,
    max_values: 1,
    options: promptTemplates.map(({ id, title, text }) => ({
      value: id,
      label: cut(title[locale], 100),
      description: cut(text[locale], 100),
    })),
  };
}

function modelField({ model }: Prefill, models: readonly ModelId[]): APIComponentInLabel {
  const chosen = models.find((id) => id === model) ?? usual.model;
  return {
    type: ComponentType.StringSelect,
    custom_id: 'model',
    options: models.map((id) => ({
      value: id,
      label: cut(videoModels[id].label, 100),
      description: cut(describeModel(id), 100),
      default: id === chosen,
    })),
  };
}

function lengthField({ seconds }: Prefill, { locale }: Draw): APILabelComponent {
  const words = videoWords[locale];
  const chosen = lengths.find((length) => length === seconds) ?? usual.seconds;
  return radioField(
    'seconds',
    words.lengthLabel(),
    lengths.map((length) => {
      const { label: name, note } = words.lengths[length];
      return { value: String(length), label: name, description: note, default: length === chosen };
    }),
  );
}

function shapeField({ shape }: Prefill, { locale }: Draw): APILabelComponent {
  const words = videoWords[locale];
  const chosen = shapes.find((choice) => choice === shape) ?? usual.shape;
  return radioField(
    'shape',
    words.shapeLabel(),
    shapes.map((choice) => {
      const { label: name, note } = words.shapes[choice];
      return { value: choice, label: name, description: note, default: choice === chosen };
    }),
  );
}
