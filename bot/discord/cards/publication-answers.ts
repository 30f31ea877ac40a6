import { publishWords } from '../../../core/messages/cards/publish.ts';
import { publicationCancel } from '../../../core/publication/cancel.ts';
import { publicationCreate } from '../../../core/publication/create.ts';
import { publicationUpdate } from '../../../core/publication/update.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, text } from '../view.ts';
import { quoted, small } from './format.ts';

/** The way to the publication as it is by then. */
const showButton = (publication: string, label: string, draw: Draw) =>
  button(actionId('publication-show', draw.owner, publication), { label, emoji: '🔄' });

/** The answer to a publication that has just been started; its progress has a message of its own. */
export const presentStarted: Presenter = (output, draw) => {
  const { publication, channel } = publicationCreate.output.parse(output);
  const words = publishWords[draw.locale].started;
  return card(accents.good, [
    text(`### 🚀 ${words.heading}\n${words.note({ channel: quoted(channel, 100) })}`),
    row(showButton(publication, words.show, draw)),
  ]);
};

/** The answer to one that was stopped or taken back. */
export const presentTakenBack: Presenter = (output, draw) => {
  const answer = publicationCancel.output.parse(output);
  const { takenBack, changed } = publishWords[draw.locale];
  return card(answer.outcome === 'private_soon' ? accents.waiting : accents.good, [
    text(`### ↩️ ${takenBack[answer.outcome]}\n${publicationCancel.say(answer, draw.locale)}`),
    row(showButton(answer.publication, changed.show, draw)),
  ]);
};

/** The answer to one that was changed on YouTube: what was changed. */
export const presentChanged: Presenter = (output, draw) => {
  const { publication, changed } = publicationUpdate.output.parse(output);
  const words = publishWords[draw.locale].changed;
  const labels = new Map<string, string>(Object.entries(words.fields));
  return card(accents.good, [
    text(`### ✅ ${words.heading}\n${small(...changed.map((name) => labels.get(name) ?? name))}`),
    row(showButton(publication, words.show, draw)),
  ]);
};
