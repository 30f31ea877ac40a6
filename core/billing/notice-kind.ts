import { z } from 'zod';

import type { JobKind } from '../job.ts';

const payload = z.object({ notice: z.string() });

/** Works on a stored message of the payment service. */
export const paymentNoticeJob: JobKind<z.output<typeof payload>> = {
  name: 'payment.notice',
  payload,
};
