import { z } from 'zod';

import type { JobKind } from '../job.ts';

/** Removes what a deleted account has left: connections, files, texts. */
export const accountErase: JobKind<{ accountId: string }> = {
  name: 'account.erase',
  payload: z.object({ accountId: z.string() }),
};
