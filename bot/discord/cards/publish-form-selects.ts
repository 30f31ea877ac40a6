import type { APIStringSelectComponent } from 'discord-api-types/v10';

import { commonWords } from '../../../core/messages/cards/common.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { choiceLabel } from '../../../core/messages/fields.ts';
import { thumbnails } from '../../../core/publication/thumbnails.ts';
import { privacies } from '../../../core/ports/video-host.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { select } from '../view.ts';
import {
  chosenChannel,
  knownPlaylists,
  thumbnailLabel,
  type PublishForm,
} from './publish-form-state.ts';

const idOf = (action: string, form: PublishForm, draw: Draw): string =>
  actionId(action, draw.owner, form.video.id);

/** The suggested titles. */
export function titleSelect(form: PublishForm, draw: Draw): APIStringSelectComponent {
  const words = publishWords[draw.locale].form;
  const { titles, title, is_edited: isEdited } = form.fields;
  const chosen = titles.indexOf(title);
  return select(
    idOf('publish-title', form, draw),
    isEdited ? words.ownTitle : words.pickTitle,
    titles.map((suggested, index) => ({
      value: String(index),
      label: suggested || '–',
      default: index === chosen,
    })),
  );
}

/** The channels that it can go to. */
export function channelSelect(form: PublishForm, draw: Draw): APIStringSelectComponent {
  const words = publishWords[draw.locale].form;
  const chosen = chosenChannel(form)?.channel;
  return select(
    idOf('publish-channel', form, draw),
    words.pickChannel,
    form.channels.map(({ channel, title, handle }) => ({
      value: channel,
      label: title || channel,
      default: channel === chosen,
      ...(handle ? { description: handle } : {}),
    })),
  );
}

/** Who can see it; its time decides that of a planned one. */
export function privacySelect(form: PublishForm, draw: Draw): APIStringSelectComponent {
  const words = publishWords[draw.locale].form;
  const { privacy, privacyNote } = commonWords[draw.locale];
  const isPlanned = form.fields.publish_at !== null;
  const list = select(
    idOf('publish-privacy', form, draw),
    isPlanned ? words.scheduledPrivacy : words.pickPrivacy,
    privacies.map((value) => ({
      value,
      label: `${words.privacy}: ${privacy[value]}`,
      description: privacyNote[value],
      default: !isPlanned && value === form.fields.privacy,
    })),
  );
  return isPlanned ? { ...list, disabled: true } : list;
}

/** What is either so or not so. */
export function optionSelect(form: PublishForm, draw: Draw): APIStringSelectComponent {
  const words = publishWords[draw.locale].form;
  const { notify, made_for_kids, captions } = form.fields;
  const withCaptions = {
    value: 'captions',
    label: words.captions,
    description: words.captionsNote,
    default: captions,
  };
  return select(
    idOf('publish-options', form, draw),
    words.pickOptions,
    [
      { value: 'notify', label: words.notify, default: notify },
      { value: 'made_for_kids', label: words.kids, default: made_for_kids },
      ...(form.video.hasLines ? [withCaptions] : []),
    ],
    { min: 0, max: form.video.hasLines ? 3 : 2 },
  );
}

/** The playlists of the channel; one of another title is named in a form. */
export function playlistSelect(form: PublishForm, draw: Draw): APIStringSelectComponent {
  const words = publishWords[draw.locale].form;
  const chosen = form.fields.playlist;
  const known = knownPlaylists(form);
  const isNew = chosen !== null && known.every(({ title }) => title !== chosen);
  const option = (value: string, title: string, isChosen: boolean) => ({
    value,
    label: `${words.playlist}: ${title || '–'}`,
    default: isChosen,
  });
  return select(idOf('publish-playlist', form, draw), words.playlist, [
    option('none', words.noPlaylist, chosen === null),
    ...(isNew ? [option('chosen', words.newPlaylist({ title: chosen }), true)] : []),
    ...known.map(({ id, title }) => option(`id.${id}`, title, title === chosen)),
    { value: 'other', label: words.otherPlaylist, description: words.otherPlaylistNote },
  ]);
}

/** What is seen before it is played; its own picture comes with a form. */
export function thumbnailSelect(form: PublishForm, draw: Draw): APIStringSelectComponent {
  const words = publishWords[draw.locale].form;
  const { thumbnail } = form.fields;
  const place = { operation: 'publication_create', field: 'thumbnail' };
  return select(
    idOf('publish-thumbnail', form, draw),
    `${words.thumbnail}: ${thumbnailLabel(form.fields, draw)}`,
    thumbnails.map((value) => ({
      value,
      label: `${words.thumbnail}: ${choiceLabel(place, value, draw.locale)}`,
      ...(value === 'own' ? { description: words.pictureNote } : {}),
      ...(value === 'generated' ? { description: words.generatedNote } : {}),
      // Picking what stands there already tells nobody, and another own picture has to be possible.
      default: value !== 'own' && value === thumbnail,
    })),
  );
}
