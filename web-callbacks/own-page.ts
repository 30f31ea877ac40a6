import type { Request } from 'express';

import type { Services } from '../core/context.ts';

/** Browsers name the origin of every POST: another site's page must not press our buttons. */
export function isOwnPage(services: Services, request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = request.get('origin');
  if (origin === undefined) return true;
  const own = services.config.PUBLIC_URL ?? services.publicUrl();
  return own !== null && origin === new URL(own).origin;
}
