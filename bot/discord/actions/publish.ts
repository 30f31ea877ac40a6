import { publishWords } from '../../../core/messages/cards/publish.ts';
import { formatMoment } from '../../../core/local-time.ts';
import { privacies } from '../../../core/ports/video-host.ts';
import { categories } from '../../../core/publication/categories.ts';
import { thumbnails } from '../../../core/publication/thumbnails.ts';
import {
  pictureModal,
  playlistModal,
  textsModal,
  timeModal,
} from '../cards/publish-form-modals.ts';
import {
  knownPlaylists,
  type PublishFields,
  type PublishForm,
} from '../cards/publish-form-state.ts';
import { atEight, parseLocal } from '../cards/publish-form-time.ts';
import { presentFormClosed } from '../cards/publish-form.ts';
import type { Draw } from '../draw.ts';
import { defineAction, type Action, type Filled } from '../exchange.ts';
import { suggestFields } from './publish-draft.ts';
import {
  changeForm,
  keepPicture,
  openPart,
  openPublishForm,
  refreshForm,
  sendForm,
} from './publish-form.ts';

/** An action on the form of one video that changes what is filled in. */
const changing = (
  name: string,
  change: (form: PublishForm, filled: Filled, draw: Draw) => Partial<PublishFields> | string,
): Action =>
  defineAction(name, (exchange, [video = ''], filled) =>
    changeForm(exchange, video, (form) => change(form, filled, exchange.draw)),
  );

const open = defineAction('publish-open', async (exchange, [video = ''], { picked }) => {
  await exchange.defer('person');
  const [title] = picked ?? [];
  await openPublishForm(exchange, video, title === undefined ? null : Number(title));
});

const fresh = defineAction('publish-fresh', (exchange, [video = '']) =>
  changeForm(exchange, video, () => suggestFields(exchange, video)),
);

const check = defineAction('publish-check', (exchange, [video = '']) =>
  refreshForm(exchange, video),
);

const edit = defineAction('publish-edit', (exchange, [video = '']) =>
  openPart(exchange, video, textsModal),
);

const time = defineAction('publish-time', (exchange, [video = '']) =>
  openPart(exchange, video, timeModal),
);

const send = defineAction('publish-send', (exchange, [video = '']) => sendForm(exchange, video));

const cancel = defineAction('publish-cancel', async (exchange, [video = '']) => {
  await exchange.deferUpdate();
  await exchange.update(presentFormClosed('closed', video, exchange.draw));
});

/** What is typed is kept even where YouTube would refuse it: the form says what and why. */
const writeTexts = ({ fields }: PublishForm, { title, description, tags, category }: Filled) => ({
  category: categories.find(({ id }) => id === category?.[0])?.id ?? fields.category,
  title: title?.[0]?.trim() ?? '',
  description: description?.[0]?.trim() ?? '',
  tags: tags?.[0]?.trim() ?? '',
  is_edited: true,
});

function planTime(
  _: PublishForm,
  { when, time: typed }: Filled,
  { now, timeZone, locale }: Draw,
): Partial<PublishFields> | string {
  const words = publishWords[locale].form;
  const [choice = 'other'] = when ?? [];
  const text = typed?.[0]?.trim() ?? '';
  if (choice === 'now') return { publish_at: null };
  if (choice === 'other' && text === '') return {};
  const moment =
    choice === 'other'
      ? parseLocal(text, timeZone)
      : atEight(now, timeZone, choice === 'tomorrow' ? 1 : 0);
  if (!moment) return words.timeUnreadable({ typed: text });
  if (moment <= now) return words.timePast({ moment: formatMoment(moment, timeZone, locale) });
  return { publish_at: moment.toISOString() };
}

/** An own picture is asked for in a form, which has to be the first answer. */
const thumbnail = defineAction('publish-thumbnail', async (exchange, [video = ''], { picked }) => {
  const [choice] = picked ?? [];
  if (choice === 'own') return openPart(exchange, video, pictureModal);
  await changeForm(exchange, video, ({ fields }) => ({
    thumbnail: thumbnails.find((one) => one === choice) ?? fields.thumbnail,
  }));
});

const picture = defineAction('publish-picture', (exchange, [video = ''], { file }) =>
  changeForm(exchange, video, (form) => keepPicture(exchange, form, file?.[0] ?? '')),
);

/** The title of another playlist is asked for in a form, which has to be the first answer. */
const playlist = defineAction('publish-playlist', async (exchange, [video = ''], { picked }) => {
  const [choice] = picked ?? [];
  if (choice === 'other') return openPart(exchange, video, playlistModal);
  await changeForm(exchange, video, (form) => ({
    playlist: choice === 'none' ? null : (titleOf(form, choice) ?? form.fields.playlist),
  }));
});

/** The title of the playlist that was picked; undefined for one that is not there any more. */
const titleOf = (form: PublishForm, choice: string | undefined): string | undefined =>
  knownPlaylists(form).find(({ id }) => `id.${id}` === choice)?.title;

/** What the buttons, lists and forms of the publish form do. */
export const publishActions: readonly Action[] = [
  open,
  fresh,
  check,
  edit,
  time,
  send,
  cancel,
  thumbnail,
  picture,
  playlist,
  changing('publish-texts', writeTexts),
  changing('publish-time-save', planTime),
  changing('publish-playlist-save', (_, { title }) => ({
    playlist: title?.[0]?.trim() || null,
  })),
  changing('publish-title', ({ fields }, { picked }) => ({
    title: fields.titles[Number(picked?.[0])] ?? fields.title,
  })),
  changing('publish-channel', (_, { picked }) => ({ channel: picked?.[0] ?? null })),
  changing('publish-privacy', ({ fields }, { picked }) => ({
    privacy: privacies.find((one) => one === picked?.[0]) ?? fields.privacy,
  })),
  changing('publish-options', (_, { picked }) => ({
    notify: picked?.includes('notify') ?? false,
    made_for_kids: picked?.includes('made_for_kids') ?? false,
    captions: picked?.includes('captions') ?? false,
  })),
];
