import { z } from 'zod';

import type { quotaTransfers } from '../../drizzle/schema/quota.ts';

/** One movement of quota as every surface shows it. */
export const ledgerEntrySchema = z.object({
  at: z.iso.datetime(),
  verb: z.enum(['grant', 'hold', 'capture', 'release', 'refund', 'expire']),
  from: z.string(),
  to: z.string(),
  amount: z.int(),
  reference: z.string().describe('The video, sign-up or period it is about'),
});

type Transfer = typeof quotaTransfers.$inferSelect;

export const viewTransfer = ({
  at,
  verb,
  debit,
  credit,
  amount,
  reference,
}: Transfer): z.infer<typeof ledgerEntrySchema> => ({
  at: at.toISOString(),
  verb,
  from: debit,
  to: credit,
  amount,
  reference,
});
