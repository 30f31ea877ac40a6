import { z } from 'zod';

/** Sends the file of a publication to the host. */
export const publicationUpload = {
  name: 'publication.upload',
  payload: z.object({ publicationId: z.string() }),
};

/** Looks for an upload whose answer was lost. */
export const publicationFind = {
  name: 'publication.find',
  payload: z.object({ publicationId: z.string(), round: z.number().int() }),
};

/** Starts again what should have gone on by itself. */
export const publicationSweep = { name: 'publication.sweep', payload: z.object({}) };

/** Puts a video on the host into its playlist. */
export const publicationPlaylist = {
  name: 'publication.playlist',
  payload: z.object({ publicationId: z.string() }),
};

/** Gives a video on the host its caption track. */
export const publicationCaptions = {
  name: 'publication.captions',
  payload: z.object({ publicationId: z.string() }),
};

/** Reads how often published videos are played. */
export const publicationCount = { name: 'publication.count', payload: z.object({}) };

/** Gives a video on the host its preview picture. */
export const publicationThumbnail = {
  name: 'publication.thumbnail',
  payload: z.object({ publicationId: z.string() }),
};

/** Reads back what the host made of an upload. */
export const publicationConfirm = {
  name: 'publication.confirm',
  payload: z.object({
    publicationId: z.string(),
    round: z.number().int(),
    told: z.number().int().default(0),
  }),
};
