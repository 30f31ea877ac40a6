import { Router } from 'express';
import { z } from 'zod';

import { completeConnection } from '../core/channel/complete.ts';
import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { catalogue } from '../core/messages/catalogue.ts';
import { answerAs } from './errors.ts';
import { html, localeOfRequest, sendPage } from './pages.ts';

const answerSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ state: z.string().min(1).max(500), code: z.string().min(1).max(2000) }),
]);

/** `GET /oauth/google/callback`: the person comes back from Google's consent page. */
export function googleRoutes(services: Services): Router {
  const router = Router();
  const path = '/oauth/google/callback';
  // A look ahead by a browser or a proxy must not use the state up.
  router.head(path, (_request, response) => {
    response.set('Allow', 'GET').sendStatus(405);
  });
  router.get(
    path,
    answerAs({ as: 'page', statuses: { link_not_valid: 400 } }),
    // Express 5 takes the rejection of an async handler to the error handler by itself.
    async (request, response) => {
      const answer = answerSchema.safeParse(request.query);
      if (!answer.success) throw new Fault('link_not_valid', {});
      const locale = localeOfRequest(request);
      const { words } = catalogue(locale);
      if ('error' in answer.data) {
        const status = answer.data.error === 'access_denied' ? 200 : 400;
        const body = html`<p>${words.closePage}</p>`;
        sendPage(response, status, { locale, title: words.notGranted, body });
        return;
      }
      const { title } = await completeConnection(services, answer.data);
      const body = html`<dl>
          <div>
            <dt>${words.channel}</dt>
            <dd dir="auto">${title}</dd>
          </div>
        </dl>
        <p>${words.closePage}</p>`;
      sendPage(response, 200, { locale, title: words.channelConnected, body });
    },
  );
  return router;
}
