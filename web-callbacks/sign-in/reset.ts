import { Router, type Response } from 'express';
import { z } from 'zod';

import { lacksOf } from '../../core/account/password.ts';
import type { Services } from '../../core/context.ts';
import { countForm } from '../../core/limits/sign-in.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import { drawNotice, html, localeOfRequest, sendPage } from '../pages.ts';
import { noteRefusal } from '../refusals.ts';
import { drawField, emailRule } from './fields.ts';
import { drawPasswords, sendMailSent } from './sign-up.ts';

const asked = z.object({ email: z.string().trim().catch('') });
const token = z.object({ token: z.string().min(1).max(200).catch('') });
const chosen = token.extend({ password: z.string().catch(''), repeat: z.string().catch('') });

/** `GET` and `POST /reset`: asks for a link; `GET /reset/new?token`, `POST /reset/new`: takes a new password. */
export function resetRoutes(services: Services): Router {
  const router = Router();
  router.get('/reset', (request, response) => {
    sendAsk(response, localeOfRequest(request), {});
  });
  router.post('/reset', async (request, response) => {
    const { email } = asked.parse(request.body);
    const locale = localeOfRequest(request);
    if (!z.email().max(254).safeParse(email).success) return sendAsk(response, locale, { email });
    await countForm(services, request.ip ?? '');
    await services.signIn.askForReset(email);
    sendMailSent(response, locale, email);
  });
  router.get('/reset/new', (request, response) => {
    const { token: given } = token.parse(request.query);
    sendChoose(response, localeOfRequest(request), { token: given, errors: {} });
  });
  router.post('/reset/new', async (request, response) => {
    const { token: given, password, repeat } = chosen.parse(request.body);
    const locale = localeOfRequest(request);
    const words = signInWords[locale];
    const lacks = lacksOf(password).map((lack) => words.lacks[lack]);
    const errors = {
      ...(lacks.length > 0 ? { password: lacks.join(' ') } : {}),
      ...(repeat === password ? {} : { repeat: words.notSame }),
    };
    if (Object.keys(errors).length > 0)
      return sendChoose(response, locale, { token: given, errors });
    const { problem } = await services.signIn.reset(given, password);
    if (problem) noteRefusal(services, request, { response, status: 400, code: problem });
    const text = problem
      ? drawNotice('bad', words.problems[problem])
      : html`<p>${words.resetDoneBody}</p>`;
    const on = problem ? ['/reset', words.resetButton] : ['/sign-in', words.signIn];
    const body = html`${text}
      <p><a class="button" href="${on[0] ?? ''}">${on[1] ?? ''}</a></p>`;
    const title = problem ? words.reset : words.resetDone;
    sendPage(response, problem ? 400 : 200, { locale, title, body });
  });
  return router;
}

function sendAsk(response: Response, locale: Locale, { email }: { readonly email?: string }): void {
  const words = signInWords[locale];
  const body = html`<p>${words.resetBody}</p>
    <form method="post" action="/reset">
      ${drawField({
        name: 'email',
        label: words.email,
        type: 'email',
        autocomplete: 'username',
        value: email ?? '',
        error: email === undefined ? undefined : words.emailNotValid,
        rules: emailRule(locale),
      })}
      <button class="main">${words.resetButton}</button>
    </form>`;
  const status = email === undefined ? 200 : 400;
  sendPage(response, status, { locale, title: words.reset, body, script: 'forms' });
}

function sendChoose(
  response: Response,
  locale: Locale,
  given: {
    readonly token: string;
    readonly errors: { readonly password?: string; readonly repeat?: string };
  },
): void {
  const words = signInWords[locale];
  const body = html`<form method="post" action="/reset/new">
    <input type="hidden" name="token" value="${given.token}" />
    ${drawPasswords(locale, given.errors)}
    <button class="main">${words.reset}</button>
  </form>`;
  const status = Object.keys(given.errors).length > 0 ? 400 : 200;
  sendPage(response, status, { locale, title: words.reset, body, script: 'forms' });
}
