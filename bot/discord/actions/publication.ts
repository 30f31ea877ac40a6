import { publishWords } from '../../../core/messages/cards/publish.ts';
import { Fault, isFault } from '../../../core/fault.ts';
import { publicationShow } from '../../../core/publication/show.ts';
import { presentTakenBack } from '../cards/publication-answers.ts';
import { presentPublications } from '../cards/publication-list.ts';
import { changeable, changeModal } from '../cards/publication-modals.ts';
import { presentPublication, type Publication } from '../cards/publication.ts';
import { parseLocal } from '../cards/publish-form-time.ts';
import type { Draw } from '../draw.ts';
import { defineAction, type Action, type Exchange, type Filled } from '../exchange.ts';

/** A publication as it is now, or null when it has been said why it cannot be shown. */
async function read(exchange: Exchange, id: string | undefined): Promise<Publication | null> {
  const output = await exchange.perform('publication_show', { publication: id });
  return output && publicationShow.output.parse(output);
}

/** Draws the publication as it is now in the place of the message that was pressed. */
async function redraw(exchange: Exchange, id: string | undefined): Promise<void> {
  const publication = await read(exchange, id);
  if (publication) await exchange.update(presentPublication(publication, exchange.draw, {}));
}

const show = defineAction('publication-show', async (exchange, [id], { picked }) => {
  await exchange.deferUpdate();
  await redraw(exchange, id ?? picked?.[0]);
});

const list = defineAction('publications-show', async (exchange) => {
  await exchange.defer('person');
  const output = await exchange.perform('publication_list', {});
  if (output) await exchange.answer(presentPublications(output, exchange.draw, {}), 'person');
});

/** The card is drawn anew also when it is too late: then nothing on it offers that any more. */
const stop = defineAction('publication-stop', async (exchange, [id = '']) => {
  await exchange.deferUpdate();
  const output = await exchange.perform('publication_cancel', { publication: id });
  await redraw(exchange, id);
  if (output) await exchange.answer(presentTakenBack(output, exchange.draw, {}), 'person');
});

const privacy = defineAction('publication-privacy', async (exchange, [id = ''], { picked }) => {
  await exchange.deferUpdate();
  await exchange.show('publication_update', { publication: id, privacy: picked?.[0] });
});

const change = defineAction('publication-change', async (exchange, [id = '']) => {
  const publication = await read(exchange, id);
  if (publication) await exchange.openModal(changeModal(publication, exchange.draw));
});

/** A form that was sent as it was opened changes nothing. */
const save = defineAction('publication-change-save', async (exchange, [id = ''], filled) => {
  await exchange.deferUpdate();
  const publication = await read(exchange, id);
  if (!publication) return;
  const changes = changesOf(publication, filled, exchange.draw);
  if (isFault(changes)) await exchange.fail(changes);
  else await exchange.show('publication_update', { publication: id, ...changes });
});

/** What differs from what is there, or why it cannot be read. */
function changesOf(
  publication: Publication,
  filled: Filled,
  draw: Draw,
): Record<string, string> | Fault {
  const before = changeable(publication, draw);
  const typed = (field: string) => filled[field]?.[0]?.trim() ?? '';
  const texts = (['title', 'description', 'tags'] as const).flatMap((field) => {
    const known = before[field];
    return known === null || typed(field) === known.trim() ? [] : [[field, typed(field)]];
  });
  const changes: Record<string, string> = Object.fromEntries(texts);
  if (before.time === null || typed('time') === before.time) return changes;
  const at = parseLocal(typed('time'), draw.timeZone);
  if (!at) return unreadable(typed('time'));
  return { ...changes, publish_at: at.toISOString() };
}

function unreadable(typed: string): Fault {
  const { en, zh } = publishWords;
  const problems = { en: en.form.timeUnreadable({ typed }), zh: zh.form.timeUnreadable({ typed }) };
  return new Fault('invalid_input', { problems }, { field: 'publish_at' });
}

/** What the buttons, lists and forms around publications do. */
export const publicationActions: readonly Action[] = [show, list, stop, privacy, change, save];
