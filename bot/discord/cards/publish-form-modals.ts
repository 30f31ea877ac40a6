import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';

import { formatMoment } from '../../../core/local-time.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { categories } from '../../../core/publication/categories.ts';
import { youtubeLimits } from '../../../core/publication/limits.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { cut } from '../view.ts';
import { fileField, radioField, selectField, textField } from './form-parts.ts';
import type { PublishFields } from './publish-form-state.ts';
import { atEight } from './publish-form-time.ts';

/** The form for title, description, tags and category. */
export function textsModal(
  videoId: string,
  fields: PublishFields,
  draw: Draw,
): APIModalInteractionResponseCallbackData {
  const words = publishWords[draw.locale].form;
  return {
    custom_id: actionId('publish-texts', draw.owner, videoId),
    title: cut(words.textsTitle, 45),
    components: [
      textField({
        id: 'title',
        label: words.title,
        note: words.titleNote,
        value: fields.title,
        most: 100,
        isRequired: true,
      }),
      textField({
        id: 'description',
        label: words.description,
        note: words.descriptionNote,
        value: fields.description,
        // Discord takes no longer one than this.
        most: 4000,
        isRequired: false,
        isLong: true,
      }),
      textField({
        id: 'tags',
        label: words.tags,
        note: words.tagsNote,
        value: fields.tags,
        most: 500,
        isRequired: false,
        isLong: true,
      }),
      selectField(
        'category',
        words.category,
        categories.map(({ id, name }) => ({
          value: id,
          label: name[draw.locale],
          default: id === fields.category,
        })),
      ),
    ],
  };
}

/** The form for when it goes public, in the person's time zone. */
export function timeModal(
  videoId: string,
  fields: PublishFields,
  draw: Draw,
): APIModalInteractionResponseCallbackData {
  const { timeZone, locale, now } = draw;
  const words = publishWords[locale].form;
  const told = (moment: Date) => formatMoment(moment, timeZone, locale);
  const tonight = atEight(now, timeZone, 0);
  const planned = fields.publish_at === null ? '' : told(new Date(fields.publish_at));
  return {
    custom_id: actionId('publish-time-save', draw.owner, videoId),
    title: cut(words.timeTitle, 45),
    components: [
      radioField('when', words.timeChoice, [
        // Typing a time is enough.
        { value: 'other', label: words.other, default: true },
        ...(tonight > now
          ? [{ value: 'tonight', label: words.tonight({ moment: told(tonight) }) }]
          : []),
        {
          value: 'tomorrow',
          label: words.tomorrow({ moment: told(atEight(now, timeZone, 1)) }),
        },
        { value: 'now', label: words.now },
      ]),
      textField({
        id: 'time',
        label: words.timeText,
        note: words.timeNote({ timeZone }),
        // Without the name of the zone: what is typed is in it anyway.
        value: planned.slice(0, 16),
        most: 40,
        isRequired: false,
      }),
    ],
  };
}

/** The form for a picture of the person's own. */
export function pictureModal(
  videoId: string,
  _fields: PublishFields,
  draw: Draw,
): APIModalInteractionResponseCallbackData {
  const words = publishWords[draw.locale].form;
  return {
    custom_id: actionId('publish-picture', draw.owner, videoId),
    title: cut(words.pictureTitle, 45),
    components: [fileField('file', words.pictureFile, words.pictureNote)],
  };
}

/** The form for a playlist by its title. */
export function playlistModal(
  videoId: string,
  { playlist }: PublishFields,
  draw: Draw,
): APIModalInteractionResponseCallbackData {
  const words = publishWords[draw.locale].form;
  return {
    custom_id: actionId('publish-playlist-save', draw.owner, videoId),
    title: cut(words.playlistTitle, 45),
    components: [
      textField({
        id: 'title',
        label: words.playlistName,
        note: words.playlistNote,
        value: playlist ?? '',
        most: youtubeLimits.playlistCharacters,
        isRequired: false,
      }),
    ],
  };
}
