import type { PromptTemplate } from '../../../core/prompt/templates.ts';
import { promptWrite } from '../../../core/prompt/write.ts';
import { keyOfPrompt } from '../../../core/prompt/written.ts';
import { videoWords } from '../../../core/messages/cards/video.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, escapeText, row, text, type View } from '../view.ts';
import { small } from './format.ts';

/** What a video prompt must stay within, in characters. */
export const promptBounds = { min: 10, max: 500 } as const;

/** A prompt that was written, to be used, edited or written anew. */
export const presentPrompt: Presenter = (output, { locale, owner }) => {
  const words = videoWords[locale];
  const { prompt, characters, written_by: by } = promptWrite.output.parse(output);
  const key = keyOfPrompt(prompt);
  const count = words.characters({ count: characters, most: promptBounds.max });
  const writer = by === 'model' ? words.writtenByModel() : words.writtenByRules();
  return card(accents.brand, [
    text(`### ${words.promptTitle()}\n> ${escapeText(prompt)}\n${small(count, writer)}`),
    row(
      button(actionId('prompt-use', owner, key), { label: words.use(), emoji: '🎬' }, 'primary'),
      button(actionId('prompt-edit', owner, key), { label: words.edit(), emoji: '✏️' }),
      button(actionId('prompt-again', owner, key), { label: words.another(), emoji: '🔄' }),
    ),
  ]);
};

/** A template, before the part in brackets is filled in. */
export function presentTemplate(template: PromptTemplate, { locale, owner }: Draw): View {
  const words = videoWords[locale];
  const body = `> ${escapeText(template.text[locale])}`;
  const edit = actionId('prompt-template', owner, template.id);
  return card(accents.brand, [
    text(`### ${template.title[locale]}\n${body}\n${small(words.fillIn())}`),
    row(button(edit, { label: words.edit(), emoji: '✏️' }, 'primary')),
  ]);
}
