import { z } from 'zod';

/** Removes kept pictures that are over: those of one account, or of all. */
export const pictureExpire = {
  name: 'picture.expire',
  payload: z.object({ accountId: z.string().optional() }),
};
