import { publishWords } from '../../../core/messages/cards/publish.ts';
import { publicationSuggest } from '../../../core/publication/suggest.ts';
import { actionId } from '../action-id.ts';
import type { Presenter } from '../draw.ts';
import { accents, button, card, row, select, separator, text } from '../view.ts';
import { quoted, small } from './format.ts';

/** Suggested texts for a video, to publish it with one of the titles. */
export const presentSuggestion: Presenter = (output, draw, input) => {
  const { titles, description, tags, written_by } = publicationSuggest.output.parse(output);
  const { suggestion: words, form } = publishWords[draw.locale];
  const { video } = publicationSuggest.input.parse(input);
  const numbered = titles.map((title, index) => `**${index + 1}** ${quoted(title, 120)}`);
  return card(accents.brand, [
    text(`### 💡 ${words.heading}`),
    text(numbered.join('\n')),
    text(quoted(description, 700) || small(form.noDescription)),
    text(small(`🏷️ ${quoted(tags, 300) || form.noTags}`)),
    ...(written_by === 'rules' ? [text(small(form.byRules))] : []),
    separator(),
    row(
      select(
        actionId('publish-open', draw.owner, video, 'title'),
        words.pick,
        titles.map((title, index) => ({ value: String(index), label: title || '–' })),
      ),
    ),
    row(
      button(
        actionId('publish-open', draw.owner, video),
        { label: words.publish, emoji: '📣' },
        'primary',
      ),
    ),
  ]);
};
