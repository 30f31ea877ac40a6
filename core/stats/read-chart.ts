import { and, eq } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { isDeleted } from '../account/deleted.ts';
import { accountNow } from '../account/merged.ts';
import type { Services } from '../context.ts';
import { drawUsageOf } from '../quota/chart.ts';
import { inScope } from '../scope.ts';
import { drawCurve } from './chart.ts';
import { openChartLink } from './chart-link.ts';
import { readCurve } from './curve.ts';

/** The PNG behind an address of `chartLink` as it is now; null for one that is not ours, and when nothing is left. */
export async function readChart(
  services: Services,
  content: string,
  signed: { readonly exp: string; readonly sig: string },
): Promise<Buffer | null> {
  const asked = openChartLink(services, content, signed);
  if (!asked) return null;
  const { db } = services.database;
  const request = { ...asked, accountId: await accountNow(db, asked.accountId) };
  if (await isDeleted(db, request.accountId)) return null;
  if ('of' in request) return drawUsageOf(services, request);
  const { accountId, serverId, publication, ...reader } = request;
  const actor = {
    accountId,
    surface: 'web',
    ...(serverId === undefined ? {} : { serverId }),
  } as const;
  const scope = and(
    inScope(actor, publications),
    publication === null ? undefined : eq(publications.id, publication),
  );
  return drawCurve(services, await readCurve(services, scope, reader.days), reader);
}
