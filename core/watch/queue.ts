import { z } from 'zod';

import type { JobKind } from '../job.ts';

/** Finds the watches whose time has come. */
export const watchRun: JobKind<object> = { name: 'watch.run', payload: z.object({}) };

/** Looks once for one watch; `at` is when its time came, and which look it is. */
export const watchLook: JobKind<{ watchId: string; at: string }> = {
  name: 'watch.look',
  payload: z.object({ watchId: z.string(), at: z.iso.datetime() }),
};
