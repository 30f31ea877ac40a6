import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import type { Services } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { pageWords } from '../../core/messages/page.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import type { AskingProgram } from '../../core/ports/sign-in.ts';
import { isScope } from '../../core/token/scopes.ts';
import { csrfField, requireCsrf } from '../csrf.ts';
import { drawLine, html, nothing, sendPage } from '../pages.ts';
import { SignInNeeded } from '../sign-in-needed.ts';
import { findSignedIn, requireSignedIn, type SignedInPerson } from '../signed-in.ts';
import { headersOf } from '../web-request.ts';
import { questionIn } from './next.ts';
import { sendOnward } from './onward.ts';

const answer = z.object({
  question: z.string().min(1).max(8000),
  decision: z.enum(['allow', 'deny']),
});

/**
 * `GET /consent?<signed question>`: which program asks, for what, and where the answer goes;
 * `POST /consent` answers for whoever is signed in.
 */
export function consentRoutes(services: Services): Router {
  const router = Router();
  router.get('/consent', async (request, response) => {
    const question = new URL(request.originalUrl, 'http://127.0.0.1').search.slice(1);
    const person = await findSignedIn(services, request);
    const again = questionIn(new URLSearchParams(question));
    if (again === null) throw new Fault('link_not_valid', {});
    // Whoever has signed out meanwhile signs in, and is asked anew.
    if (!person) throw new SignInNeeded(again);
    const program = await services.signIn.readQuestion(question);
    if (!program) throw new Fault('link_not_valid', {});
    sendQuestion(services, response, { person, program, question });
  });
  router.post('/consent', async (request: Request, response) => {
    const person = await requireSignedIn(services, request);
    requireCsrf(services, person.sessionId, request);
    const sent = answer.safeParse(request.body);
    if (!sent.success) throw new Fault('link_not_valid', {});
    const { question, decision } = sent.data;
    const { problem, location, cookies } = await services.signIn.answerQuestion(
      question,
      decision === 'allow',
      headersOf(request),
    );
    if (problem || location === null) throw new Fault('link_not_valid', {});
    sendOnward(response, person.context.locale, { next: location, cookies });
  });
  return router;
}

type Question = {
  readonly person: SignedInPerson;
  readonly program: AskingProgram;
  /** The query of the address, as it was signed. */
  readonly question: string;
};

/** A name that a program gives itself proves nothing, wherever it is read; only the hosts do. */
function sendQuestion(
  services: Services,
  response: Response,
  { person, program, question }: Question,
): void {
  const { context, sessionId, login } = person;
  const words = signInWords[context.locale];
  const query = new URLSearchParams(question);
  const scopes = (query.get('scope') ?? '').split(' ').filter(isScope);
  const name = program.name ?? words.unnamed;
  const may = scopes.map((scope) => html`<li>${words.scopes[scope]}</li>`);
  const body = html`<dl>
      ${drawLine(words.program, html`${name} <span class="dim">(${words.notChecked})</span>`)}
      ${
        program.isDescribed
          ? drawLine(words.describedBy, html`${new URL(program.id).host}`)
          : nothing
      }
      ${drawLine(
        words.may,
        html`<ul>
          ${may}
        </ul>`,
      )}
      ${drawLine(words.goesTo, html`${placeOf(query.get('redirect_uri'), words.thisComputer)}`)}
      ${drawLine(words.account, html`${login.email}`)}
    </dl>
    <p>${words.onlyIfYou}</p>
    <form method="post" action="/consent">
      ${csrfField(services, sessionId)}
      <input type="hidden" name="question" value="${question}" />
      <div class="buttons">
        <button class="main" name="decision" value="allow">${words.allow}</button>
        <button name="decision" value="deny">${words.deny}</button>
      </div>
    </form>
    <form method="post" action="/sign-out">
      ${csrfField(services, sessionId)}<button class="plain">
        ${pageWords[context.locale].signOut}
      </button>
    </form>`;
  const title = words.consent({ program: name });
  sendPage(response, 200, { locale: context.locale, title, body, script: 'forms' });
}

/** The host that the answer is sent to, or that it stays on this computer. */
function placeOf(address: string | null, thisComputer: string): string {
  if (address === null || !URL.canParse(address)) return '';
  const { protocol, hostname, host } = new URL(address);
  if (['127.0.0.1', '[::1]', 'localhost'].includes(hostname)) return `${thisComputer} (${host})`;
  return protocol === 'https:' ? host : `${protocol}//${host}`;
}
