import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { chooseChannel, type ChannelRow } from '../channel/row.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault } from '../fault.ts';
import { fieldFault } from '../input-fault.ts';
import { formatMoment } from '../local-time.ts';
import { catalogue } from '../messages/catalogue.ts';
import { choiceLabel } from '../messages/fields.ts';
import { defineOperation } from '../operation.ts';
import { holdPicture, readPicture } from '../picture/keep.ts';
import { canManage, privacies } from '../ports/video-host.ts';
import { readLines } from '../video/lines.ts';
import { serverOf } from '../scope.ts';
import { readVideo } from '../video/show.ts';
import { categoryName, defaultCategory } from './categories.ts';
import { publicationFields } from './fields.ts';
import { splitTags } from './limits.ts';
import { publicationUpload } from './queue.ts';
import { thumbnails, type Thumbnail } from './thumbnails.ts';

export const publicationCreate = defineOperation({
  name: 'publication_create',
  summary: {
    en: 'Publish a finished video to a YouTube channel.',
    zh: '把完成的视频发布到 YouTube 频道。',
  },
  guidance: 'A person approves and decides the visibility. Next: publication_show.',
  effect: 'publish',
  audience: 'everyone',
  needs: ['videoHost'],
  decidedByPerson: ['privacy', 'notify', 'made_for_kids'],
  input: z.object({
    video: z.string().min(1).describe('Id of a ready video'),
    channel: z
      .string()
      .optional()
      .describe('Id from channel_list; not needed when there is one only'),
    title: publicationFields.title,
    description: publicationFields.description.default(''),
    tags: publicationFields.tags.default(''),
    category: publicationFields.category.default(defaultCategory),
    publish_at: publicationFields.publish_at,
    thumbnail: z
      .enum(thumbnails)
      .default('automatic')
      .describe(
        'What people see before they play it; a picture of their own is uploaded in the chat',
      ),
    picture: z.string().min(1).optional().describe('Id from picture_keep, for the thumbnail own'),
    playlist: publicationFields.playlist,
    captions: z
      .boolean()
      .default(false)
      .describe('Whether its own lines go along as captions that viewers turn on and off'),
    privacy: z.enum(privacies).default('private').describe('Who can see it'),
    notify: z.boolean().default(false).describe('Whether subscribers are notified'),
    made_for_kids: z.boolean().default(false).describe('Whether it is made for children'),
  }),
  output: z.object({
    publication: z.string().describe('Pass this to publication_show'),
    status: z.literal('uploading'),
    channel: z.string(),
  }),
  async preview(input, context) {
    const { channel, publishAt, picture } = await check(context, input);
    const { locale, timeZone } = context;
    const { words, preview } = catalogue(locale);
    const place = { operation: 'publication_create', field: 'privacy' };
    const privacy = choiceLabel(place, input.privacy, locale);
    const thumbnail = choiceLabel({ ...place, field: 'thumbnail' }, input.thumbnail, locale);
    const pixels = picture ? ` (${picture.width}×${picture.height})` : '';
    const yesNo = (value: boolean) => (value ? words.yes : words.no);
    const at = publishAt && formatMoment(publishAt, timeZone, locale);
    return {
      title: preview.publication_create({ channel: channel.title, privacy, at }),
      lines: [
        [words.channel, channel.title],
        [words.title, input.title],
        [words.description, input.description],
        [words.tags, splitTags(input.tags).join(', ')],
        [words.privacy, privacy],
        ...(at === null ? [] : ([[words.schedule, at]] as const)),
        [words.thumbnail, `${thumbnail}${pixels}`],
        ...(input.category === defaultCategory
          ? []
          : ([[words.category, categoryName(input.category, locale)]] as const)),
        ...(input.playlist ? ([[words.playlist, input.playlist]] as const) : []),
        ...(input.captions ? ([[words.captions, words.yes]] as const) : []),
        [words.notify, yesNo(input.notify)],
        [words.madeForKids, yesNo(input.made_for_kids)],
      ],
      cost: 0,
    };
  },
  async run(input, context) {
    const { channel, video, publishAt, picture } = await check(context, input);
    const id = context.ids.next('pub');
    const at = context.clock.now();
    await context.database.db.transaction(async (tx) => {
      await keepVideo(tx, video.id);
      if (picture) await holdPicture(tx, picture.id);
      await tx.insert(publications).values({
        id,
        accountId: context.actor.accountId,
        videoId: video.id,
        channelId: channel.id,
        title: input.title,
        description: input.description,
        tags: splitTags(input.tags),
        categoryId: input.category,
        privacy: input.privacy,
        publishAt,
        madeForKids: input.made_for_kids,
        notifySubscribers: input.notify,
        thumbnail: input.thumbnail,
        pictureId: picture?.id ?? null,
        thumbnailStatus: waitingIf(input.thumbnail !== 'automatic'),
        playlist: input.playlist || null,
        playlistStatus: waitingIf(Boolean(input.playlist)),
        captionsStatus: waitingIf(input.captions),
        status: 'uploading' as const,
        lastChunkSent: false,
        uploadedBytes: 0,
        totalBytes: video.bytes,
        serverId: serverOf(context.actor),
        approvalId: context.approvalId ?? null,
        createdAt: at,
      });
      await recordEvent(tx, { at, subjectId: id, kind: 'uploading' });
      await context.queue.enqueue(tx, publicationUpload, { publicationId: id }, { key: id });
    });
    return { publication: id, status: 'uploading' as const, channel: channel.title };
  },
  say: ({ publication, channel }, locale) =>
    catalogue(locale).say.publication_create({ publication, channel }),
});

const waitingIf = (isWanted: boolean) => (isWanted ? ('waiting' as const) : ('none' as const));

/** Holds off a deletion until the upload stands in the books. @throws Fault `not_found` when it was first. */
async function keepVideo(tx: Tx, id: string): Promise<void> {
  const [kept] = await tx
    .select({ id: videos.id })
    .from(videos)
    .where(and(eq(videos.id, id), isNull(videos.deletedAt)))
    .for('share');
  if (!kept) throw new Fault('not_found', { what: 'video', id }, { field: 'video' });
}

type Wish = {
  video: string;
  channel?: string | undefined;
  publish_at?: string | undefined;
  privacy: string;
  thumbnail: Thumbnail;
  picture?: string | undefined;
  playlist?: string | undefined;
  captions: boolean;
};

/** What must hold both when the person is asked and when it starts. */
async function check(context: Context, input: Wish) {
  const video = await readVideo(context, input.video);
  if (video.status !== 'ready' || video.bytes === null)
    throw new Fault('not_ready', { what: 'video', status: video.status }, { field: 'video' });
  const channel = await chooseChannel(context, input.channel);
  if (channel.status === 'reconnect')
    throw new Fault('channel_reconnect', { channel: channel.title }, { field: 'channel' });
  const publishAt = input.publish_at ? new Date(input.publish_at) : null;
  if (publishAt && publishAt <= context.clock.now())
    throw fieldFault('publish_at', { problem: 'not_in_future', params: null });
  // It is uploaded as private, and YouTube makes it public when the time comes.
  if (publishAt && input.privacy === 'unlisted')
    throw fieldFault('privacy', { problem: 'not_scheduled_unlisted', params: null });
  requireAccess(channel, input);
  const picture = await checkPicture(context, input);
  if (input.captions && (await readLines(context.database.db, video)).length === 0)
    throw fieldFault('captions', { problem: 'no_lines', params: null });
  return { video: { id: video.id, bytes: video.bytes }, channel, publishAt, picture };
}

/** Whatever becomes visible is changed after its upload, which takes more than the right to upload. */
function requireAccess(
  channel: ChannelRow,
  { privacy, publish_at, playlist, captions }: Wish,
): void {
  const isChanged = privacy !== 'private' || publish_at !== undefined || playlist || captions;
  if (isChanged && !canManage(channel.scopes))
    throw new Fault('channel_access_missing', { channel: channel.title }, { field: 'channel' });
}

/** The kept picture that goes with `own`; null for every other thumbnail. */
async function checkPicture(context: Context, { thumbnail, picture }: Wish) {
  if (thumbnail !== 'own') {
    if (picture === undefined) return null;
    throw fieldFault('picture', { problem: 'picture_for_own_only', params: null });
  }
  if (picture === undefined)
    throw fieldFault('picture', { problem: 'own_needs_picture', params: null });
  return readPicture(context, picture);
}
