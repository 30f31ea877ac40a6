import { z } from 'zod';

/** Sends the file of a publication to the host. */
export const publicationUpload = {
  name: 'publication.upload',
  payload: z.object({ publicationId: z.string() }),
};

/** Gives a video on the host its preview picture. */
export const publicationThumbnail = {
  name: 'publication.thumbnail',
  payload: z.object({ publicationId: z.string() }),
};

/** Reads back what the host made of an upload. */
export const publicationConfirm = {
  name: 'publication.confirm',
  payload: z.object({ publicationId: z.string(), round: z.number().int() }),
};
