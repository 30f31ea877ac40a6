import type { z } from 'zod';

import type { PromptTemplate } from '../../../core/prompt/templates.ts';
import { promptWrite } from '../../../core/prompt/write.ts';
import { keyOfPrompt } from '../../../core/prompt/written.ts';
import { promptWords, type PromptWords } from '../../../core/messages/cards/prompt.ts';
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
  const written = promptWrite.output.parse(output);
  const { prompt, characters, written_by: by } = written;
  const key = keyOfPrompt(prompt);
  const count = words.characters({ count: characters, most: promptBounds.max });
  const told = promptWords[locale];
  const writer = by === 'model' ? told.writtenByModel() : told.writtenByRules();
  const warnings = warningsOf(written, told);
  return card(warnings.length > 0 ? accents.quiet : accents.brand, [
    text(
      [
        `### ${words.promptTitle()}`,
        `> ${escapeText(prompt)}`,
        small(count, writer),
        small(...likenessOf(written, told)),
        ...warnings,
      ].join('\n'),
    ),
    row(
      button(actionId('prompt-use', owner, key), { label: words.use(), emoji: '🎬' }, 'primary'),
      button(actionId('prompt-edit', owner, key), { label: words.edit(), emoji: '✏️' }),
      button(actionId('prompt-again', owner, key), { label: words.another(), emoji: '🔄' }),
    ),
  ]);
};

type Written = z.output<typeof promptWrite.output>;

const percentOf = (share: number) => ({ percent: Math.round(share * 100) });

/** How like other texts it is; only a prompt from a trend has an original. */
const likenessOf = ({ source, copy_risk, sameness }: Written, words: PromptWords): string[] => [
  ...(source === null ? [] : [words.copyRisk(percentOf(copy_risk))]),
  words.sameness(percentOf(sameness)),
];

const warningsOf = ({ too_close_to, most_like }: Written, words: PromptWords): string[] => [
  ...(too_close_to.includes('source') ? [words.closeToSource()] : []),
  ...(too_close_to.includes('own_videos')
    ? [words.closeToOwn({ video: escapeText(most_like ?? '') })]
    : []),
];

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
