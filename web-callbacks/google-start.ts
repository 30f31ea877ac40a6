import express, { Router } from 'express';
import { z } from 'zod';

import { bindBrowser, findConnection, type PendingConnection } from '../core/channel/start.ts';
import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { catalogue, type Locale } from '../core/messages/catalogue.ts';
import { connectPageWords } from '../core/messages/connect-page.ts';
import { allowForms } from './allow-forms.ts';
import { browserCookie, browserCookieOptions } from './browser-cookie.ts';
import { answerAs } from './errors.ts';
import { isOwnPage } from './own-page.ts';
import { drawLine, drawTime, html, localeOfRequest, sendPage, type Page } from './pages.ts';

const path = '/oauth/google/start';
const maxFormBytes = 4 * 1024;

const askedSchema = z.object({ state: z.string().min(1).max(500) });

/**
 * `/oauth/google/start`: says whose account a channel will be connected to before Google's page comes.
 * Looking at it uses nothing up, so a preview bot is harmless; the button binds the round trip to the
 * browser and goes on to Google.
 */
export function googleStartRoutes(services: Services): Router {
  const router = Router();
  const next = { link_not_valid: (locale: Locale) => connectPageWords[locale].openAgain };
  router.use(path, answerAs({ as: 'page', statuses: { link_not_valid: 400 }, next }));
  // Express 5 takes the rejection of an async handler to the error handler by itself.
  router.get(path, async (request, response) => {
    const state = readState(request.query);
    const connection = await findConnection(services, state);
    allowForms(response, connection.hostUrl);
    sendPage(response, 200, questionPage(connection, state, localeOfRequest(request)));
  });
  const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 10 });
  router.post(path, form, async (request, response) => {
    if (!isOwnPage(services, request)) throw new Fault('link_not_valid', {});
    const state = readState(request.body);
    const { hostUrl, expiresAt } = await findConnection(services, state);
    const browser = await bindBrowser(services, state);
    response.cookie(browserCookie(services, state), browser, {
      ...browserCookieOptions(services),
      maxAge: expiresAt.getTime() - services.clock.now().getTime(),
    });
    response.set('Cache-Control', 'no-store').redirect(303, hostUrl);
  });
  return router;
}

function readState(from: unknown): string {
  const asked = askedSchema.safeParse(from);
  if (!asked.success) throw new Fault('link_not_valid', {});
  return asked.data.state;
}

function questionPage(connection: PendingConnection, state: string, locale: Locale): Page {
  const { accountName, access, expiresAt, hostUrl, backUrl } = connection;
  const words = connectPageWords[locale];
  const body = html`<dl>
      ${drawLine(words.account, html`${accountName}`)}
      ${words.allows[access].map((line) => drawLine(line.label, html`${line.text}`))}
      ${drawLine(words.goesTo, html`${new URL(hostUrl).host}`)}
      ${drawLine(words.comesBackTo, html`${new URL(backUrl).host}`)}
      ${drawLine(catalogue(locale).words.validUntil, drawTime(expiresAt))}
    </dl>
    <p>${words.onlyIfYours}</p>
    <form method="post" action="${path}">
      <input type="hidden" name="state" value="${state}" />
      <div class="buttons"><button class="main">${words.goOn}</button></div>
    </form>`;
  return { locale, title: words.question({ name: accountName }), body };
}
