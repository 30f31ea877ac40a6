import { z } from 'zod';

import { plannedFault } from './upload-faults-plan.ts';

/** What the process that plays YouTube is told. */
export const toGoogle = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('faults'), faults: z.array(plannedFault) }),
  /** Which process uploads, for killing it. */
  z.object({ kind: z.literal('worker'), pid: z.number() }),
  z.object({ kind: z.literal('report') }),
]);
export type ToGoogle = z.infer<typeof toGoogle>;

const report = z.object({
  kind: z.literal('report'),
  /** Everything that came in over the network, heads included. */
  receivedBytes: z.number(),
  /** Faults that have struck, in their order. */
  struck: z.array(z.string()),
  /** The most memory that a killed process held, in kilobytes. */
  peakKilobytes: z.number(),
  videos: z.array(
    z.object({ id: z.string(), sha256: z.string(), bytes: z.number(), file: z.string() }),
  ),
});
export type GoogleReport = z.infer<typeof report>;

/** What it says. */
export const fromGoogle = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), url: z.string() }),
  report,
]);
