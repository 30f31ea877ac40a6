import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import { lacksOf, maxPasswordLength, minPasswordLength } from '../../core/account/password.ts';
import { purposes } from '../../core/account/purposes.ts';
import type { Services } from '../../core/context.ts';
import { countForm } from '../../core/limits/sign-in.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import { drawNotice, html, localeOfRequest, nothing, sendPage, type Html } from '../pages.ts';
import { noteRefusal } from '../refusals.ts';
import { findSignedIn } from '../signed-in.ts';
import { headersOf } from '../web-request.ts';
import { drawField, emailRule } from './fields.ts';
import { home, safeNext } from './next.ts';
import { sendOnward } from './onward.ts';
import { drawProviders } from './sign-in.ts';

const maxNameLength = 60;

/** Names stand in a line of pages and mails; the database takes no NUL. */
function plainLine(text: string): string {
  return text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
}

const typed = z.object({
  email: z.string().trim().catch(''),
  password: z.string().catch(''),
  repeat: z.string().catch(''),
  name: z.string().transform(plainLine).catch(''),
  purpose: z.enum(purposes).optional().catch(undefined),
  next: z.string().optional().catch(undefined),
});
type Typed = z.infer<typeof typed>;
type Errors = Partial<Record<'email' | 'password' | 'repeat' | 'name', string>>;

const token = z.object({ token: z.string().min(1).max(2000).catch('') });

/** `GET` and `POST /sign-up`; `GET /verify?token`, `POST /verify`: an account with an address and a password. */
export function signUpRoutes(services: Services): Router {
  const router = Router();
  router.get('/sign-up', async (request, response) => {
    if (await findSignedIn(services, request)) return response.redirect(303, home);
    sendForm(services, request, response, typed.parse(request.query), {});
  });
  router.post('/sign-up', async (request, response) => {
    const form = typed.parse(request.body);
    const locale = localeOfRequest(request);
    const errors = errorsIn(form, locale);
    if (Object.keys(errors).length > 0) return sendForm(services, request, response, form, errors);
    await countForm(services, request.ip ?? '');
    await register(services, form, locale);
    sendMailSent(response, locale, form.email);
  });
  router.get('/verify', (request, response) => {
    sendVerify(response, localeOfRequest(request), token.parse(request.query).token);
  });
  router.post('/verify', async (request, response) => {
    const { token: given } = token.parse(request.body);
    const locale = localeOfRequest(request);
    const { problem, cookies } = await services.signIn.verifyEmail(given, headersOf(request));
    // An address that was confirmed before leads to the form: the link lets in once.
    if (!problem && cookies.length === 0) return response.redirect(303, '/sign-in');
    if (!problem) return sendOnward(response, locale, { next: home, cookies });
    noteRefusal(services, request, { response, status: 400, code: problem });
    const words = signInWords[locale];
    const body = html`${drawNotice('bad', words.problems[problem])}
      <p><a class="button" href="/sign-in">${words.signIn}</a></p>`;
    sendPage(response, 400, { locale, title: words.verify, body });
  });
  return router;
}

/** Whether or not the address is taken, the page says the same; only the mail differs. */
async function register(services: Services, form: Typed, locale: Locale): Promise<void> {
  const { email, password, purpose = null } = form;
  const name = form.name || email.slice(0, email.lastIndexOf('@')).slice(0, maxNameLength);
  await services.signIn.signUp({ name, email, password, locale, purpose });
}

function errorsIn({ email, password, repeat, name }: Typed, locale: Locale): Errors {
  const words = signInWords[locale];
  const lacks = lacksOf(password, email).map((lack) => words.lacks[lack]);
  return {
    ...(z.email().max(254).safeParse(email).success ? {} : { email: words.emailNotValid }),
    ...(lacks.length > 0 ? { password: lacks.join(' ') } : {}),
    ...(repeat === password ? {} : { repeat: words.notSame }),
    ...(Array.from(name).length <= maxNameLength ? {} : { name: words.nameTooLong }),
  };
}

/** The rules that a page can hold a password against while it is typed. */
const passwordRules = (locale: Locale): Html => {
  const { lacks } = signInWords[locale];
  const said = [lacks.too_short, lacks.too_long, lacks.no_letter, lacks.no_digit];
  // No `maxlength`: what a browser cuts off in silence is missed at the next sign-in.
  return html`minlength="${minPasswordLength}" data-least="${minPasswordLength}"
  data-most="${maxPasswordLength}" data-password="${said.join('|')}"`;
};

function sendForm(
  services: Services,
  request: Request,
  response: Response,
  form: Typed,
  errors: Errors,
): void {
  const locale = localeOfRequest(request);
  const words = signInWords[locale];
  const next = safeNext(services, form.next);
  const options = purposes.map(
    (purpose) =>
      html`<option value="${purpose}" ${form.purpose === purpose ? html`selected` : nothing}>
        ${words.purposes[purpose]}
      </option>`,
  );
  const body = html`${drawProviders(services, locale, next)}
    <form method="post" action="/sign-up">
      ${drawField({
        name: 'email',
        label: words.email,
        type: 'email',
        autocomplete: 'username',
        value: form.email,
        error: errors.email,
        rules: emailRule(locale),
      })}
      ${drawPasswords(locale, errors)}
      ${drawField({
        name: 'name',
        label: words.name,
        type: 'text',
        autocomplete: 'nickname',
        value: form.name,
        hint: words.nameHint,
        error: errors.name,
        isOptional: true,
        rules: html`maxlength="${maxNameLength}"`,
      })}
      <label class="field"
        ><span>${words.purpose}</span
        ><select name="purpose">
          <option value="">${words.noPurpose}</option>
          ${options}
        </select></label
      >
      <button class="main">${words.signUp}</button>
    </form>
    <p class="small">${words.hasAccount} <a href="/sign-in">${words.signIn}</a></p>`;
  const status = Object.keys(errors).length > 0 ? 400 : 200;
  sendPage(response, status, { locale, title: words.signUp, body, script: 'forms' });
}

/** A new password, twice. */
export function drawPasswords(locale: Locale, errors: Errors): Html {
  const words = signInWords[locale];
  return html`${drawField({
    name: 'password',
    label: words.password,
    type: 'password',
    autocomplete: 'new-password',
    hint: words.passwordHint,
    error: errors.password,
    rules: passwordRules(locale),
  })}
  ${drawField({
    name: 'repeat',
    label: words.repeat,
    type: 'password',
    autocomplete: 'new-password',
    error: errors.repeat,
    rules: html`data-same="${words.notSame}"`,
  })}`;
}

/** Says that a mail is on its way, whether or not there is somebody to write to. */
export function sendMailSent(response: Response, locale: Locale, email: string): void {
  const words = signInWords[locale];
  const body = html`<p>${words.mailSentBody({ email })}</p>`;
  sendPage(response, 200, { locale, title: words.mailSent, body });
}

/** Looking at it confirms nothing, so a program that reads mails is harmless. */
function sendVerify(response: Response, locale: Locale, given: string): void {
  const words = signInWords[locale];
  const body = html`<p>${words.verifyBody}</p>
    <form method="post" action="/verify">
      <input type="hidden" name="token" value="${given}" />
      <button class="main">${words.verifyButton}</button>
    </form>`;
  sendPage(response, 200, { locale, title: words.verify, body, script: 'forms' });
}
