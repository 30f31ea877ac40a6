import { z } from 'zod';

import {
  hostChannelSchema,
  privacies,
  type HostChannel,
  type HostCounts,
  type HostVideo,
} from '../ports/video-host.ts';

const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item).optional() });

/** The parts of a video that a `HostVideo` is made of. */
export const videoParts = ['snippet', 'status'];

const videoSchema = z.object({
  id: z.string(),
  snippet: z.object({
    title: z.string(),
    description: z.string().nullish(),
    publishedAt: z.iso.datetime({ offset: true }),
  }),
  status: z.object({
    uploadStatus: z.enum(['uploaded', 'processed', 'failed', 'rejected', 'deleted']),
    privacyStatus: z.enum(privacies),
    failureReason: z.string().nullish(),
    rejectionReason: z.string().nullish(),
    publishAt: z.iso.datetime({ offset: true }).nullish(),
  }),
});
const videoListSchema = listOf(videoSchema);

/** The videos of a videos.list answer, in its order. */
export const readVideos = (data: unknown): HostVideo[] =>
  (videoListSchema.parse(data).items ?? []).map(toHostVideo);

function toHostVideo({ id, snippet, status }: z.infer<typeof videoSchema>): HostVideo {
  const { publishAt } = status;
  return {
    id,
    privacy: status.privacyStatus,
    uploadStatus: status.uploadStatus,
    reason: status.failureReason ?? status.rejectionReason ?? null,
    publishAt: publishAt ? new Date(publishAt) : null,
    title: snippet.title,
    description: snippet.description ?? '',
    uploadedAt: new Date(snippet.publishedAt),
  };
}

const channelListSchema = listOf(
  z.object({
    id: z.string(),
    snippet: z.object({ title: z.string(), customUrl: z.string().nullish() }),
  }),
);

/** The channels of a channels.list answer. */
export const readChannels = (data: unknown): HostChannel[] =>
  (channelListSchema.parse(data).items ?? []).map(({ id, snippet }) =>
    hostChannelSchema.parse({ id, title: snippet.title, handle: snippet.customUrl ?? null }),
  );

/** A string of digits; absent where the owner hides it, and never guessed. */
const countSchema = z
  .string()
  .regex(/^\d{1,15}$/u)
  .transform(Number)
  .nullish()
  .catch(null);
const countsListSchema = listOf(
  z.object({
    id: z.string(),
    statistics: z
      .object({ viewCount: countSchema, likeCount: countSchema, commentCount: countSchema })
      .nullish(),
  }),
);

/** The counts of a videos.list answer, by id. */
export const readCounts = (data: unknown): ReadonlyMap<string, HostCounts> =>
  new Map(
    (countsListSchema.parse(data).items ?? []).map(({ id, statistics }) => [
      id,
      {
        views: statistics?.viewCount ?? null,
        likes: statistics?.likeCount ?? null,
        comments: statistics?.commentCount ?? null,
      },
    ]),
  );
