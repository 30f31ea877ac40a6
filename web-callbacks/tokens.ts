import express, { Router, type Response } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { isFault, type Fault } from '../core/fault.ts';
import { viewFault } from '../core/fault-view.ts';
import { accountPageWords } from '../core/messages/account-pages.ts';
import { perform } from '../core/operation.ts';
import { tokenCreate } from '../core/token/create.ts';
import { tokenList } from '../core/token/list.ts';
import { tokenRevoke } from '../core/token/revoke.ts';
import { csrfField } from './csrf.ts';
import { answerAs } from './errors.ts';
import { noneWrong, problemsOf, type Wrong } from './form-field.ts';
import { drawNotice, html, nothing, type Html } from './pages.ts';
import {
  requirePress,
  sendSignedInPage,
  type SignedIn,
  type SignedInOptions,
} from './signed-in-page.ts';
import {
  drawTokenForm,
  drawTokens,
  freshToken,
  tokenFields,
  type TypedToken,
} from './token-parts.ts';
import { carryToken, takeToken, type NewToken } from './token-once.ts';

const maxFormBytes = 4 * 1024;
const maxPressBytes = 1024;

const listSchema = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const formSchema = z.looseObject({
  name: z.string().catch(''),
  scopes: listSchema.catch([]),
  days: z.string().catch(''),
});

/**
 * `/tokens`: the access tokens of a signed-in person; `POST /tokens` makes one, which the page after it
 * shows once, and `POST /tokens/:id/revoke` ends one.
 */
export function tokenRoutes(services: Services, options: SignedInOptions): Router {
  const router = Router();
  const asPage = answerAs({ as: 'page' });
  router.get('/tokens', asPage, async (request, response) => {
    const signedIn = await options.requireSignedIn(services, request);
    const made = request.method === 'GET' ? takeToken(request, response, signedIn) : null;
    const isRevoked = request.query['revoked'] !== undefined;
    await sendTokens(response, signedIn, { ...freshForm, made, isRevoked });
  });
  const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 20 });
  router.post('/tokens', asPage, form, async (request, response) => {
    const signedIn = await requirePress(services, request, options);
    const { name, scopes, days } = formSchema.parse(request.body);
    const typed = { name, scopes, days };
    const wish = { name, scopes: scopes.join(','), days: days === '' ? Number.NaN : Number(days) };
    const outcome = await perform(tokenCreate, wish, signedIn.context);
    if (!outcome.ok) {
      await refuse(response, signedIn, typed, outcome.fault);
      return;
    }
    const made = tokenCreate.output.parse(outcome.value);
    carryToken(response, signedIn, { token: made.token, name: made.name, use: made.how_to_use });
    response.set('Cache-Control', 'no-store').redirect(303, '/tokens');
  });
  const press = express.urlencoded({ extended: false, limit: maxPressBytes, parameterLimit: 10 });
  router.post('/tokens/:id/revoke', asPage, press, async (request, response) => {
    const { context } = await requirePress(services, request, options);
    const outcome = await perform(tokenRevoke, { token: request.params['id'] }, context);
    if (!outcome.ok) throw outcome.fault;
    response.set('Cache-Control', 'no-store').redirect(303, '/tokens?revoked=1');
  });
  return router;
}

type Shown = {
  readonly typed: TypedToken;
  readonly wrong: Wrong;
  readonly notice: string | null;
  readonly made: NewToken | null;
  readonly isRevoked: boolean;
  readonly status?: number;
};

const freshForm = {
  typed: freshToken,
  wrong: noneWrong,
  notice: null,
  made: null,
  isRevoked: false,
};

/** What was typed stays, with what is wrong beside it. @throws what is about none of the fields. */
async function refuse(
  response: Response,
  signedIn: SignedIn,
  typed: TypedToken,
  fault: Fault,
): Promise<void> {
  const { locale } = signedIn.context;
  const wrong = problemsOf(fault, tokenFields, locale);
  const isLimit = isFault(fault, 'token_limit');
  if (wrong.size === 0 && !isLimit) throw fault;
  const words = accountPageWords[locale].tokens;
  const notice = isLimit ? `${viewFault(fault, locale).message} ${words.limit}` : null;
  await sendTokens(response, signedIn, { ...freshForm, typed, wrong, notice, status: 400 });
}

async function sendTokens(response: Response, signedIn: SignedIn, shown: Shown): Promise<void> {
  const { context, sessionId } = signedIn;
  const outcome = await perform(tokenList, {}, context);
  if (!outcome.ok) throw outcome.fault;
  const { tokens } = tokenList.output.parse(outcome.value);
  const words = accountPageWords[context.locale].tokens;
  const csrf = csrfField(context, sessionId);
  const { typed, wrong, notice, made, isRevoked, status = 200 } = shown;
  const body = html`<p class="lead">${words.lead}</p>
    ${isRevoked ? drawNotice('good', words.revoked) : nothing}
    ${notice === null ? nothing : drawNotice('bad', notice)}
    ${made === null ? nothing : drawMade(made, words)}
    <div class="pair">
      ${drawTokens(tokens, { context, csrf })} ${drawTokenForm(typed, wrong, { context, csrf })}
    </div>`;
  await sendSignedInPage(response, signedIn, {
    current: 'tokens',
    title: words.title,
    body,
    status,
  });
}

const drawMade = (
  { token, name, use }: NewToken,
  words: (typeof accountPageWords)['en']['tokens'],
): Html =>
  html`<section class="card" aria-labelledby="made-heading">
    <h2 id="made-heading">${words.made({ name })}</h2>
    ${drawNotice('warn', words.once)}
    <pre class="secret">${token}</pre>
    <p>${use}</p>
  </section>`;
