import { Router } from 'express';
import { z } from 'zod';

import { readResult, type CheckoutResult } from '../core/billing/result.ts';
import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import type { Locale } from '../core/messages/catalogue.ts';
import { billingPageWords } from '../core/messages/billing-pages.ts';
import { productName } from '../core/messages/plan-words.ts';
import { answerAs } from './errors.ts';
import { drawLine, Html, html, localeOfRequest, nothing, sendPage } from './pages.ts';

const addressSchema = z.object({
  checkout: z.string().min(1).max(100),
  sig: z.string().min(1).max(200),
});

/** How long the page waits before it looks again whether the payment has arrived. */
const againSeconds = 3;

/** Where the payment service leads people back to: `GET /billing/done`, `/billing/cancelled`, `/billing/back`. */
export function billingRoutes(services: Services): Router {
  const router = Router();
  router.get('/billing/done', answerAs({ as: 'page' }), async (request, response) => {
    const address = addressSchema.safeParse(request.query);
    if (!address.success) throw new Fault('link_not_valid', {});
    const { checkout, sig } = address.data;
    const result = await readResult(services, checkout, sig);
    const locale = localeOfRequest(request);
    if (result.state === 'confirming') response.set('Refresh', String(againSeconds));
    const title = billingPageWords[locale].titles[result.state];
    sendPage(response, 200, { locale, title, body: drawResult(result, locale) });
  });
  for (const place of ['cancelled', 'back'] as const)
    router.get(`/billing/${place}`, answerAs({ as: 'page' }), (request, response) => {
      const locale = localeOfRequest(request);
      const { title, body } = billingPageWords[locale][place];
      sendPage(response, 200, { locale, title, body: html`<p>${body}</p>` });
    });
  return router;
}

function drawResult(result: CheckoutResult, locale: Locale): Html {
  const words = billingPageWords[locale];
  if (result.state !== 'paid') return html`<p>${words.bodies[result.state]}</p>`;
  const { product, units, waiting } = result;
  return html`<dl>
      ${drawLine(words.bought, html`${productName(product, locale)}`)}
      ${drawLine(words.units, html`${units}`)}
    </dl>
    ${waiting === null ? nothing : drawWaiting(waiting, locale)}
    <p>${words.close}</p>`;
}

function drawWaiting(waiting: NonNullable<CheckoutResult['waiting']>, locale: Locale): Html {
  const words = billingPageWords[locale];
  return html`<p>${words.waiting}</p>
    <p>
      <a class="button" href="${waiting.link}">${waiting.title}</a>
    </p>`;
}
