import { Router, type Response } from 'express';
import { z } from 'zod';

import { completeConnection, type Connection } from '../core/channel/complete.ts';
import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { catalogue, type Locale } from '../core/messages/catalogue.ts';
import { connectPageWords } from '../core/messages/connect-page.ts';
import { browserCookie, browserCookieOptions, readCookie } from './browser-cookie.ts';
import { answerAs } from './errors.ts';
import { drawLine, html, localeOfRequest, nothing, sendPage } from './pages.ts';

const answerSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ state: z.string().min(1).max(500), code: z.string().min(1).max(2000) }),
]);

/** `GET /oauth/google/callback`: the person comes back from Google's consent page. */
export function googleRoutes(services: Services): Router {
  const router = Router();
  const path = '/oauth/google/callback';
  const next = { link_not_valid: (locale: Locale) => connectPageWords[locale].openAgain };
  // A look ahead by a browser or a proxy must not use the state up.
  router.head(path, (_request, response) => {
    response.set('Allow', 'GET').sendStatus(405);
  });
  router.get(
    path,
    answerAs({ as: 'page', statuses: { link_not_valid: 400 }, next }),
    // Express 5 takes the rejection of an async handler to the error handler by itself.
    async (request, response) => {
      const answer = answerSchema.safeParse(request.query);
      if (!answer.success) throw new Fault('link_not_valid', {});
      const locale = localeOfRequest(request);
      if ('error' in answer.data) {
        const { words } = catalogue(locale);
        const status = answer.data.error === 'access_denied' ? 200 : 400;
        const body = html`<p>${words.closePage}</p>`;
        sendPage(response, status, { locale, title: words.notGranted, body });
        return;
      }
      const cookie = browserCookie(services, answer.data.state);
      const browser = readCookie(request, cookie);
      const connection = await completeConnection(services, { ...answer.data, browser });
      response.clearCookie(cookie, browserCookieOptions(services));
      sendConnected(response, connection, locale);
    },
  );
  return router;
}

function sendConnected(response: Response, connection: Connection, locale: Locale): void {
  const { words } = catalogue(locale);
  const { title, asked, access } = connection;
  const isLess = asked === 'manage' && access === 'upload';
  const body = html`<dl>${drawLine(words.channel, html`${title}`)}</dl>
    ${isLess ? html`<p>${connectPageWords[locale].onlyUpload}</p>` : nothing}
    <p>${words.closePage}</p>`;
  sendPage(response, 200, { locale, title: words.channelConnected, body });
}
