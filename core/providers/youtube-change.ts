import { z } from 'zod';

import type { VideoChanges, Visibility } from '../ports/video-host.ts';

/**
 * What may be written of a video, as it is now. Only what is named here is sent back: everything else
 * is YouTube's own. Who may see it is left out, since it is always said anew.
 * Source: https://developers.google.com/youtube/v3/docs/videos/update.
 */
const writableVideoSchema = z.object({
  id: z.string(),
  snippet: z.object({
    title: z.string(),
    categoryId: z.string(),
    description: z.string().nullable().exactOptional(),
    tags: z.array(z.string()).nullable().exactOptional(),
    defaultLanguage: z.string().nullable().exactOptional(),
    defaultAudioLanguage: z.string().nullable().exactOptional(),
  }),
  status: z.object({
    embeddable: z.boolean().nullable().exactOptional(),
    license: z.string().nullable().exactOptional(),
    publicStatsViewable: z.boolean().nullable().exactOptional(),
    selfDeclaredMadeForKids: z.boolean().nullable().exactOptional(),
  }),
});
type WritableVideo = z.infer<typeof writableVideoSchema>;

export const writableVideosSchema = z.object({ items: z.array(writableVideoSchema).optional() });

type Body = Pick<WritableVideo, 'id'> &
  Partial<Pick<WritableVideo, 'snippet'>> & {
    readonly status?: WritableVideo['status'] & {
      readonly privacyStatus: string;
      readonly publishAt?: string;
      readonly containsSyntheticMedia: true;
    };
  };

/**
 * The request that changes a video to this: the parts that change, each of them whole, because YouTube
 * wipes what is missing from a part that is sent.
 */
export function buildVideoUpdate(
  { id, snippet, status }: WritableVideo,
  { visibility, tags, ...texts }: VideoChanges,
): { readonly part: string[]; readonly requestBody: Body } {
  const hasTexts = tags !== undefined || Object.keys(texts).length > 0;
  return {
    part: [...(hasTexts ? ['snippet'] : []), ...(visibility ? ['status'] : [])],
    requestBody: {
      id,
      ...(hasTexts
        ? { snippet: { ...snippet, ...texts, ...(tags ? { tags: [...tags] } : {}) } }
        : {}),
      ...(visibility ? { status: { ...status, ...toStatus(visibility) } } : {}),
    },
  };
}

/** A schedule is only accepted for a private video, which turns public when the time comes. */
const toStatus = ({ privacy, publishAt }: Visibility) => ({
  ...(publishAt === null
    ? { privacyStatus: privacy }
    : { privacyStatus: 'private', publishAt: publishAt.toISOString() }),
  containsSyntheticMedia: true as const,
});
