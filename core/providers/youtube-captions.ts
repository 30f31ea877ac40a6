import { z } from 'zod';

import { manageScope, type CaptionTrack } from '../ports/video-host.ts';
import { callYouTube, type YouTubeAccess } from './youtube-api.ts';
import { unless } from './youtube-errors.ts';

const tracksSchema = z.object({
  items: z
    .array(
      z.object({
        snippet: z.object({
          language: z.string(),
          name: z.string().nullish(),
          trackKind: z.string().nullish(),
        }),
      }),
    )
    .optional(),
});
type Track = NonNullable<z.infer<typeof tracksSchema>['items']>[number];

/** Whether a track is the one that is to be added; those that YouTube hears by itself do not count. */
const isSame = ({ snippet }: Track, { language, name }: CaptionTrack): boolean =>
  snippet.language.toLowerCase() === language.toLowerCase() &&
  (snippet.name ?? '') === name &&
  snippet.trackKind?.toLowerCase() !== 'asr';

/** Adds a caption track unless there is one like it; see the port. */
export const addCaptions = (
  access: YouTubeAccess,
  accessToken: string,
  videoId: string,
  track: CaptionTrack,
): Promise<void> =>
  callYouTube(
    access,
    accessToken,
    async ({ api, place }) => {
      const { data } = await api.captions.list({ part: ['snippet'], videoId }, place);
      if (tracksSchema.parse(data).items?.some((known) => isSame(known, track))) return;
      const { language, name, srt } = track;
      const inserted = api.captions.insert(
        {
          part: ['snippet'],
          requestBody: { snippet: { videoId, language, name, isDraft: false } },
          media: { mimeType: 'application/octet-stream', body: srt },
        },
        place,
      );
      await inserted.catch(unless('captionExists'));
    },
    { scopes: [manageScope] },
  );
