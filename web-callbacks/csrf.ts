import type { Request } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { isOwnPage } from './own-page.ts';
import { html, type Html } from './pages.ts';

const sentSchema = z.object({ csrf: z.string().min(1).max(200) });

/** The hidden field that every form of a signed-in page carries: only our own pages know its value. */
export const csrfField = (services: Services, sessionId: string): Html =>
  html`<input type="hidden" name="csrf" value="${services.crypto.sign('csrf', sessionId)}" />`;

/**
 * Two guards against a form of another site: where the browser says that the press comes from, and the
 * field that only the page of this session holds. The body has been parsed.
 * @throws Fault `link_not_valid` unless both let it through.
 */
export function requireCsrf(services: Services, sessionId: string, request: Request): void {
  const sent = sentSchema.safeParse(request.body);
  const isOurs =
    isOwnPage(services, request) &&
    sent.success &&
    services.crypto.verify(sent.data.csrf, 'csrf', sessionId);
  if (!isOurs) throw new Fault('link_not_valid', {});
}
