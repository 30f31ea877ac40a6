import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';

import { formatMoment } from '../../../core/local-time.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { cut } from '../view.ts';
import { textField } from './form-parts.ts';
import type { Publication } from './publication.ts';

/** Discord takes no longer text in a field of a form. */
const longestField = 4000;

/** What stands in the fields of the form at first; null: it cannot be changed there. */
export function changeable(
  { status, title, description, tags, publish_at }: Publication,
  { locale, timeZone }: Draw,
) {
  const planned = status === 'scheduled' && publish_at !== null ? new Date(publish_at) : null;
  return {
    title,
    // What does not fit into the field would be lost with the rest.
    description: description.length > longestField ? null : description,
    tags: tags.join(', '),
    // Without the name of the zone: what is typed is in it anyway.
    time: planned && formatMoment(planned, timeZone, locale).slice(0, 16),
  };
}

/** The form for the texts of a video that is on YouTube, and for its time while it is planned. */
export function changeModal(
  publication: Publication,
  draw: Draw,
): APIModalInteractionResponseCallbackData {
  const { form, publication: words } = publishWords[draw.locale];
  const { title, description, tags, time } = changeable(publication, draw);
  const text = { most: longestField, isRequired: false, isLong: true };
  return {
    custom_id: actionId('publication-change-save', draw.owner, publication.publication),
    title: cut(words.changeTitle, 45),
    components: [
      textField({
        id: 'title',
        label: form.title,
        note: form.titleNote,
        value: title,
        // What is checked is characters; here pairs of them count twice.
        most: 200,
        isRequired: true,
      }),
      ...(description === null
        ? []
        : [
            textField({
              ...text,
              id: 'description',
              label: form.description,
              note: form.descriptionNote,
              value: description,
            }),
          ]),
      textField({
        ...text,
        id: 'tags',
        label: form.tags,
        note: form.tagsNote,
        value: tags,
        most: 2000,
      }),
      ...(time === null
        ? []
        : [
            textField({
              id: 'time',
              label: words.changeTime,
              note: form.timeNote({ timeZone: draw.timeZone }),
              value: time,
              most: 40,
              isRequired: true,
            }),
          ]),
    ],
  };
}
