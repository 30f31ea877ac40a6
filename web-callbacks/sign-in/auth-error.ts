import { Router } from 'express';
import { z } from 'zod';

import { authErrorWords } from '../../core/messages/auth-error.ts';
import { html, localeOfRequest, sendPage } from '../pages.ts';
import { home } from './next.ts';

/** Which of our words fit; whoever wrote the address chooses among them, and adds none. */
const asked = z.object({
  error: z.enum(['invalid_client', 'invalid_redirect', 'other']).catch('other'),
});

/** `GET /auth-error?error`: where people end whom a program or a provider has sent with what cannot be answered. */
export function authErrorRoutes(): Router {
  const router = Router();
  router.get('/auth-error', (request, response) => {
    const { error } = asked.parse(request.query);
    const locale = localeOfRequest(request);
    const words = authErrorWords[locale];
    const body = html`<p>${words.reasons[error]}</p>
      <p>${words.nothing}</p>
      <p><a class="button" href="${home}">${words.goOn}</a></p>`;
    sendPage(response, 400, { locale, title: words.title, body });
  });
  return router;
}
