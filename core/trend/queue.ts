import { z } from 'zod';

import type { JobKind } from '../job.ts';

/** Goes on with a harvest that nobody works on any more. */
export const trendHarvest: JobKind<{ harvestId: string }> = {
  name: 'trend.harvest',
  payload: z.object({ harvestId: z.string() }),
};
