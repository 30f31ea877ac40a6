import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import { maxPasswordUnits } from '../../core/account/password.ts';
import type { Services } from '../../core/context.ts';
import { countSignIn } from '../../core/limits/sign-in.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import {
  providerNames,
  signInProviders,
  type SignInAnswer,
  type SignInProblem,
} from '../../core/ports/sign-in.ts';
import { requireCsrf } from '../csrf.ts';
import { drawNotice, html, localeOfRequest, nothing, sendPage, type Html } from '../pages.ts';
import { noteRefusal } from '../refusals.ts';
import { findSignedIn } from '../signed-in.ts';
import { headersOf, setCookies } from '../web-request.ts';
import { drawField, emailRule } from './fields.ts';
import { home, questionIn, safeNext } from './next.ts';
import { sendOnward } from './onward.ts';

const nextField = z.object({ next: z.string().optional().catch(undefined) });
const credentials = nextField.extend({
  email: z.string().trim().max(254).catch(''),
  password: z.string().max(maxPasswordUnits).catch(''),
});
const providerName = z.enum(signInProviders);
const problemShown = z.object({ problem: z.literal('provider_refused') });

/** `GET /sign-in?next`, `POST /sign-in`, `POST /sign-in/google` and `/discord`, `POST /sign-out`. */
export function signInRoutes(services: Services): Router {
  const router = Router();
  router.get('/sign-in', async (request, response) => {
    const next = nextOf(services, request);
    // A program may want a fresh sign-in of somebody who is signed in.
    if (next === home && (await findSignedIn(services, request)))
      return response.redirect(303, home);
    const { success: wasRefused } = problemShown.safeParse(request.query);
    const problem = wasRefused ? 'provider_refused' : null;
    sendSignIn(services, request, response, { next, problem, email: '' });
  });
  router.post('/sign-in', async (request, response) => {
    const { email, password, next: asked } = credentials.parse(request.body);
    const next = safeNext(services, asked);
    await countSignIn(services, email, request.ip ?? '');
    const { problem, cookies } = await services.signIn.signIn(email, password, headersOf(request));
    if (problem) sendSignIn(services, request, response, { next, problem, email });
    else sendOnward(response, localeOfRequest(request), { next, cookies });
  });
  router.post('/sign-in/:provider', async (request, response, pass) => {
    const { data: provider } = providerName.safeParse(request.params.provider);
    if (!provider) return pass();
    const next = safeNext(services, nextField.parse(request.body).next);
    const answer = await services.signIn.start(provider, next, headersOf(request));
    const { problem, cookies, location } = answer;
    if (problem || location === null)
      return sendSignIn(services, request, response, { next, problem, email: '' });
    sendOnward(response, localeOfRequest(request), { next: location, cookies });
  });
  const leave =
    (end: (headers: Headers) => Promise<SignInAnswer>) =>
    async (request: Request, response: Response) => {
      const person = await findSignedIn(services, request);
      if (person) {
        requireCsrf(services, person.sessionId, request);
        setCookies(response, (await end(headersOf(request))).cookies);
      }
      response.set('Clear-Site-Data', '"storage"').redirect(303, '/sign-in');
    };
  router.post(
    '/sign-out',
    leave((headers) => services.signIn.signOut(headers)),
  );
  router.post(
    '/sign-out/everywhere',
    leave(async (headers) => {
      await services.signIn.signOutEverywhere(headers);
      return services.signIn.signOut(headers);
    }),
  );
  return router;
}

/** Where whoever signs in goes on: the question of a program, a page of ours, or the dashboard. */
function nextOf(services: Services, request: Request): string {
  const { searchParams } = new URL(request.originalUrl, 'http://127.0.0.1');
  return questionIn(searchParams) ?? safeNext(services, searchParams.get('next'));
}

type Shown = {
  readonly next: string;
  readonly problem: SignInProblem | null;
  readonly email: string;
};

function sendSignIn(
  services: Services,
  request: Request,
  response: Response,
  { next, problem, email }: Shown,
): void {
  const locale = localeOfRequest(request);
  const words = signInWords[locale];
  const body = html`${problem ? drawNotice('bad', words.problems[problem]) : nothing}
    ${drawProviders(services, locale, next)}
    <form method="post" action="/sign-in">
      <input type="hidden" name="next" value="${next}" />
      ${drawField({
        name: 'email',
        label: words.email,
        type: 'email',
        autocomplete: 'username',
        value: email,
        rules: emailRule(locale),
      })}
      ${drawField({
        name: 'password',
        label: words.password,
        type: 'password',
        autocomplete: 'current-password',
      })}
      <button class="main">${words.signIn}</button>
    </form>
    <p class="small"><a href="/reset">${words.forgot}</a></p>
    <p class="small">
      ${words.noAccount} <a href="/sign-up?next=${encodeURIComponent(next)}">${words.signUp}</a>
    </p>`;
  const status = problem ? 400 : 200;
  if (problem) noteRefusal(services, request, { response, status, code: problem });
  sendPage(response, status, { locale, title: words.signIn, body, script: 'forms' });
}

/** A button for each provider that is set up. */
export function drawProviders(services: Services, locale: Locale, next: string): Html {
  const words = signInWords[locale];
  const providers = services.signIn.providers();
  if (providers.length === 0) return nothing;
  const forms = providers.map(
    (provider) =>
      html`<form method="post" action="/sign-in/${provider}">
        <input type="hidden" name="next" value="${next}" />
        <button>${words.with({ provider: providerNames[provider] })}</button>
      </form>`,
  );
  return html`<div class="buttons">${forms}</div>
    <p class="small dim">${words.or}</p>`;
}
