import { z } from 'zod';

import type { channelList } from '../../../core/channel/list.ts';
import { fieldFault, type Problem } from '../../../core/input-fault.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { choiceLabel } from '../../../core/messages/fields.ts';
import { privacies } from '../../../core/ports/video-host.ts';
import {
  descriptionProblem,
  splitTags,
  tagsProblem,
  titleProblem,
} from '../../../core/publication/limits.ts';
import { thumbnails } from '../../../core/publication/thumbnails.ts';
import type { Draw } from '../draw.ts';

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
  readonly video: { readonly id: string; readonly seconds: number; readonly shape: string };
  readonly channels: z.output<typeof channelList.output>['channels'];
  readonly fields: PublishFields;
};

/** The channel that was picked; before that, one that can be published to. */
export const chosenChannel = ({ channels, fields }: PublishForm) =>
  channels.find(({ channel }) => channel === fields.channel) ??
  channels.find(({ status }) => status === 'connected') ??
  channels[0];

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
  const isPast = fields.publish_at !== null && new Date(fields.publish_at) <= draw.now;
  return [
    ...told(words.title, titleProblem(fields.title)),
    ...told(words.description, descriptionProblem(fields.description)),
    ...told(words.tags, tagsProblem(splitTags(fields.tags))),
    ...(isPast ? [words.passed] : []),
  ];
}
