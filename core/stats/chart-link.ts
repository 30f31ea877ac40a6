import { z } from 'zod';

import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { canonicalJson } from '../crypto.ts';
import { locales } from '../messages/catalogue.ts';

const linkSeconds = 24 * 60 * 60;

const forWhom = { accountId: z.string(), locale: z.enum(locales), timeZone: z.string() };

/** Whose numbers a chart shows, and for whom; nothing else is needed to draw it again. */
const chartRequestSchema = z.union([
  z.object({ ...forWhom, of: z.literal('quota') }),
  z.object({
    ...forWhom,
    /** Absent: everything of the account; see `Actor`. */
    serverId: z.string().nullable().optional(),
    publication: z.string().nullable(),
    days: z.int(),
  }),
]);
export type ChartRequest = z.output<typeof chartRequestSchema>;

/**
 * A signed address at which the chart is drawn whenever it is opened, for a day; nothing is stored for it.
 * null while no web app runs.
 */
export function chartLink(services: Services, request: ChartRequest): string | null {
  const base = services.publicUrl();
  if (!base) return null;
  const content = Buffer.from(canonicalJson(request)).toString('base64url');
  const expires = String(
    Math.floor(secondsAfter(services.clock.now(), linkSeconds).getTime() / 1000),
  );
  const signature = services.crypto.sign('chart', content, expires);
  return `${base}/charts/${content}.png?exp=${expires}&sig=${signature}`;
}

/** What such an address asks for; null when it was not made by us or has expired. */
export function openChartLink(
  { crypto, clock }: Services,
  content: string,
  { exp, sig }: { readonly exp: string; readonly sig: string },
): ChartRequest | null {
  const isOurs =
    crypto.verify(sig, 'chart', content, exp) && Number(exp) > clock.now().getTime() / 1000;
  if (!isOurs) return null;
  return chartRequestSchema.parse(JSON.parse(Buffer.from(content, 'base64url').toString()));
}
