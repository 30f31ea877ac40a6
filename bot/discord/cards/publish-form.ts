import type { APIButtonComponent, APIComponentInContainer } from 'discord-api-types/v10';

import { formatMoment } from '../../../core/local-time.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { categoryName } from '../../../core/publication/categories.ts';
import { splitTags } from '../../../core/publication/limits.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { accents, button, card, row, separator, text, type View } from '../view.ts';
import { quoted, small } from './format.ts';
import {
  channelSelect,
  optionSelect,
  playlistSelect,
  privacySelect,
  thumbnailSelect,
  titleSelect,
} from './publish-form-selects.ts';
import {
  chosenChannel,
  knownPlaylists,
  lacksAccess,
  neededAccess,
  problemsOf,
  thumbnailLabel,
  type PublishForm,
} from './publish-form-state.ts';

/** Everything about a publication that a person decides, on one card. `notice` says what was not taken. */
export function presentPublishForm(
  form: PublishForm,
  draw: Draw,
  notice: string | null = null,
): View {
  const words = publishWords[draw.locale].form;
  const { seconds, shape } = form.video;
  const wrong = [...(notice === null ? [] : [notice]), ...problemsOf(form.fields, draw)];
  const channel = chosenChannel(form);
  const isRight = wrong.length === (notice === null ? 0 : 1);
  const canPublish = isRight && channel?.status === 'connected' && !lacksAccess(form);
  return card(wrong.length > 0 ? accents.waiting : accents.brand, [
    text(`### 📣 ${words.heading}\n${small(words.video({ seconds, shape }))}`),
    text(textsOf(form, draw)),
    text(settingsOf(form, draw)),
    ...(wrong.length === 0
      ? []
      : [text(wrong.map((line) => `⚠️ ${quoted(line, 250)}`).join('\n'))]),
    ...channelNote(form, draw),
    separator(),
    ...rowsOf(form, draw),
    row(...buttonsOf(form, draw, canPublish)),
  ]);
}

function textsOf({ fields }: PublishForm, draw: Draw): string {
  const words = publishWords[draw.locale].form;
  const tags = splitTags(fields.tags).join(', ');
  return [
    `**${quoted(fields.title, 120) || words.title}**`,
    quoted(fields.description, 300) || small(`${words.description}: ${words.noDescription}`),
    small(`🏷️ ${quoted(tags, 160) || words.noTags}`),
  ].join('\n');
}

function settingsOf(form: PublishForm, draw: Draw): string {
  const words = publishWords[draw.locale].form;
  const { privacy, privacyNote } = commonWords[draw.locale];
  const { fields } = form;
  const channel = chosenChannel(form);
  const at = fields.publish_at;
  const seen =
    at === null
      ? `**${words.privacy}** ${privacy[fields.privacy]} (${privacyNote[fields.privacy]})`
      : `**${words.privacy}** ${words.goesPublic({
          moment: formatMoment(new Date(at), draw.timeZone, draw.locale),
        })}`;
  return [
    ...(channel ? [`**${words.channel}** ${quoted(channel.title, 100)}`] : []),
    seen,
    ...(at === null ? [`**${words.schedule}** ${words.atOnce}`] : []),
    ...playlistLine(form, draw),
    small(
      fields.notify ? words.notify : words.notNotify,
      fields.made_for_kids ? words.kids : words.notKids,
      fields.captions && form.video.hasLines ? words.captions : null,
      `${words.thumbnail}: ${thumbnailLabel(fields, draw)}`,
      `${words.category}: ${categoryName(fields.category, draw.locale)}`,
    ),
    ...(fields.by_rules ? [small(words.byRules)] : []),
  ].join('\n');
}

function playlistLine(form: PublishForm, { locale }: Draw): string[] {
  const words = publishWords[locale].form;
  const { playlist } = form.fields;
  if (playlist === null) return [];
  const isKnown = knownPlaylists(form).some(({ title }) => title === playlist);
  const title = quoted(playlist, 100);
  return [`**${words.playlist}** ${isKnown ? title : words.newPlaylist({ title })}`];
}

/** What is missing on the channel for what is chosen, and the way to it. */
function channelNote(form: PublishForm, draw: Draw): APIComponentInContainer[] {
  const words = publishWords[draw.locale].form;
  const note = missingOf(form, draw);
  if (note === null) return [];
  const access = chosenChannel(form)?.access === 'manage' ? 'manage' : neededAccess(form);
  const label = lacksAccess(form) ? words.allow : words.connect;
  const id = (action: string, arg: string) => actionId(action, draw.owner, arg);
  return [
    text(`📺 ${note}`),
    row(
      button(id('channel-connect', access), { label, emoji: '📺' }, 'primary'),
      button(id('publish-check', form.video.id), { label: words.check, emoji: '🔄' }),
    ),
  ];
}

function missingOf(form: PublishForm, { locale }: Draw): string | null {
  const words = publishWords[locale].form;
  const found = chosenChannel(form);
  if (!found) return words.noChannel;
  const channel = quoted(found.title, 100);
  if (found.status !== 'connected') return words.reconnect({ channel });
  return lacksAccess(form) ? words.needsAccess({ channel }) : null;
}

const rowsOf = (form: PublishForm, draw: Draw): APIComponentInContainer[] => [
  ...(form.fields.titles.length > 0 ? [row(titleSelect(form, draw))] : []),
  ...(form.channels.length > 1 ? [row(channelSelect(form, draw))] : []),
  row(privacySelect(form, draw)),
  row(optionSelect(form, draw)),
  ...(form.channels.length > 0 ? [row(playlistSelect(form, draw))] : []),
  row(thumbnailSelect(form, draw)),
];

function buttonsOf(form: PublishForm, draw: Draw, canPublish: boolean): APIButtonComponent[] {
  const words = publishWords[draw.locale].form;
  const id = (action: string) => actionId(action, draw.owner, form.video.id);
  return [
    button(
      id('publish-send'),
      { label: words.publish, emoji: '📣', disabled: !canPublish },
      'success',
    ),
    button(id('publish-edit'), { label: words.edit, emoji: '✏️' }),
    button(id('publish-time'), { label: words.time, emoji: '🕗' }),
    button(id('publish-fresh'), { label: words.fresh, emoji: '💡' }),
    button(id('publish-cancel'), { label: words.cancel }),
  ];
}

/** The form that was put away, or is no longer kept. */
export function presentFormClosed(how: 'closed' | 'gone', videoId: string, draw: Draw): View {
  const words = publishWords[draw.locale].form;
  const note = how === 'closed' ? words.closedNote : words.goneNote;
  const open = actionId('publish-open', draw.owner, videoId);
  return card(accents.quiet, [
    text(`### ${words[how]}\n${small(note)}`),
    row(button(open, { label: words.open, emoji: '📣' })),
  ]);
}
