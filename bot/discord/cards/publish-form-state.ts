import { z } from 'zod';

import type { channelList } from '../../../core/channel/list.ts';
import { fieldFault, type Problem } from '../../../core/input-fault.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { choiceLabel } from '../../../core/messages/fields.ts';
import { privacies, type ChannelAccess } from '../../../core/ports/video-host.ts';
import { defaultCategory } from '../../../core/publication/categories.ts';
import {
  descriptionProblem,
  playlistProblem,
  splitTags,
  tagsProblem,
  titleProblem,
} from '../../../core/publication/limits.ts';
import { thumbnails } from '../../../core/publication/thumbnails.ts';
import type { Draw } from '../draw.ts';

/** Of a channel so many playlists are offered to pick from; others are named by their title. */
const mostPlaylists = 22;

const playlistsSchema = z.array(z.object({ id: z.string(), title: z.string() }));

/** What a publish form is filled with; names are those of `publication_create`. */
export const publishFieldsSchema = z.object({
  /** Suggestions to pick the title from. */
  titles: z.array(z.string()).max(3).default([]),
  title: z.string().default(''),
  description: z.string().default(''),
  tags: z.string().default(''),
  channel: z.string().nullable().default(null),
  privacy: z.enum(privacies).default('private'),
  publish_at: z.iso.datetime().nullable().default(null),
  notify: z.boolean().default(false),
  made_for_kids: z.boolean().default(false),
  captions: z.boolean().default(false),
  category: z.string().default(defaultCategory),
  /** Title of the playlist that it joins. */
  playlist: z.string().nullable().default(null),
  /** The playlists of each channel, as they were when the form was opened. */
  playlists: z.record(z.string(), playlistsSchema).default({}),
  thumbnail: z.enum(thumbnails).default('automatic'),
  /** The kept picture that goes with the thumbnail `own`. */
  picture: z.object({ id: z.string(), width: z.int(), height: z.int() }).nullable().default(null),
  /** Whether the person has written the texts: then new suggestions leave them alone. */
  is_edited: z.boolean().default(false),
  /** Whether the suggestions come from rules, without a model. */
  by_rules: z.boolean().default(false),
});
export type PublishFields = z.output<typeof publishFieldsSchema>;

export type PublishForm = {
  readonly video: {
    readonly id: string;
    readonly seconds: number;
    readonly shape: string;
    /** Whether there are lines that can go along as captions. */
    readonly hasLines: boolean;
  };
  readonly channels: z.output<typeof channelList.output>['channels'];
  readonly fields: PublishFields;
};

/** The channel that was picked; before that, one that can be published to. */
export const chosenChannel = ({ channels, fields }: PublishForm) =>
  channels.find(({ channel }) => channel === fields.channel) ??
  channels.find(({ status }) => status === 'connected') ??
  channels[0];

/** What the person has to have allowed for what is chosen. */
export function neededAccess({ video, fields }: PublishForm): ChannelAccess {
  const { privacy, publish_at, playlist, captions } = fields;
  const isChanged = privacy !== 'private' || publish_at !== null || playlist !== null;
  return isChanged || (captions && video.hasLines) ? 'manage' : 'upload';
}

/** Whether the channel is there, but more has to be allowed on it first. */
export function lacksAccess(form: PublishForm): boolean {
  const channel = chosenChannel(form);
  if (channel?.status !== 'connected') return false;
  return channel.access === 'upload' && neededAccess(form) === 'manage';
}

/** The playlists of the chosen channel that can be picked; empty where they are not known. */
export function knownPlaylists(form: PublishForm): readonly { id: string; title: string }[] {
  const channel = chosenChannel(form)?.channel;
  return (channel === undefined ? undefined : form.fields.playlists[channel]) ?? [];
}

/** The playlists of channels as they are kept with a form: the first of each title. */
export function playlistsOf(channels: PublishForm['channels']): PublishFields['playlists'] {
  return Object.fromEntries(
    channels.flatMap(({ channel, playlists }) => {
      if (playlists === null) return [];
      const byTitle = new Map(playlists.toReversed().map((one) => [one.title, one]));
      return [[channel, [...byTitle.values()].toReversed().slice(0, mostPlaylists)]];
    }),
  );
}

/** What is chosen to be seen before it is played; of an own picture its pixels. */
export function thumbnailLabel({ thumbnail, picture }: PublishFields, { locale }: Draw): string {
  if (thumbnail === 'own' && picture) return publishWords[locale].form.ownPicture(picture);
  return choiceLabel({ operation: 'publication_create', field: 'thumbnail' }, thumbnail, locale);
}

/** What YouTube would refuse, each beginning with the name of its field. */
export function problemsOf(fields: PublishFields, draw: Draw): string[] {
  const words = publishWords[draw.locale].form;
  const told = (label: string, found: Problem | null) =>
    found ? [fieldFault(label, found).params.problems[draw.locale]] : [];
  const { playlist } = fields;
  const isPast = fields.publish_at !== null && new Date(fields.publish_at) <= draw.now;
  return [
    ...told(words.title, titleProblem(fields.title)),
    ...told(words.description, descriptionProblem(fields.description)),
    ...told(words.tags, tagsProblem(splitTags(fields.tags))),
    ...(playlist === null ? [] : told(words.playlist, playlistProblem(playlist))),
    ...(isPast ? [words.passed] : []),
  ];
}
