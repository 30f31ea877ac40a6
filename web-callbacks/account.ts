import express, { Router, type Response } from 'express';

import { accountShow } from '../core/account/show.ts';
import { accountUpdate } from '../core/account/update.ts';
import type { Services } from '../core/context.ts';
import type { Fault } from '../core/fault.ts';
import { accountPageWords } from '../core/messages/account-pages.ts';
import { perform, type AnyOperation } from '../core/operation.ts';
import {
  accountFields,
  drawSettings,
  readSettings,
  settingsOf,
  type TypedSettings,
} from './account-form.ts';
import { drawAbout, drawData, leaveRoutes } from './account-leave.ts';
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

const maxFormBytes = 4 * 1024;

export type AccountOptions = SignedInOptions & {
  /** Draws the ways in which the person can sign in. */
  readonly identities?: (signedIn: SignedIn) => Promise<Html>;
};

/**
 * `/account`: the settings of a signed-in person, changed by `POST /account`; the ways to sign in; all
 * data as a file, and `/account/delete`.
 */
export function accountRoutes(
  services: Services,
  operations: readonly AnyOperation[],
  options: AccountOptions,
): Router {
  const router = Router();
  const page = { operations, options };
  router.get('/account', answerAs({ as: 'page' }), async (request, response) => {
    const signedIn = await options.requireSignedIn(services, request);
    const isSaved = request.query['saved'] !== undefined;
    await sendAccount(response, signedIn, { ...page, isSaved, wrong: noneWrong, typed: null });
  });
  const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 20 });
  router.post('/account', answerAs({ as: 'page' }), form, async (request, response) => {
    const signedIn = await requirePress(services, request, options);
    const { typed, wish } = readSettings(request.body);
    const outcome = await perform(accountUpdate, wish, signedIn.context);
    if (outcome.ok) {
      response.set('Cache-Control', 'no-store').redirect(303, '/account?saved=1');
      return;
    }
    const wrong = wrongOf(outcome.fault, signedIn);
    await sendAccount(response, signedIn, { ...page, isSaved: false, wrong, typed });
  });
  router.use(leaveRoutes(services, operations, options));
  return router;
}

/** @throws what is about none of the fields. */
function wrongOf(fault: Fault, { context }: SignedIn): Wrong {
  const wrong = problemsOf(fault, accountFields, context.locale);
  if (wrong.size === 0) throw fault;
  return wrong;
}

type AccountPage = {
  readonly operations: readonly AnyOperation[];
  readonly options: AccountOptions;
  readonly isSaved: boolean;
  readonly wrong: Wrong;
  /** What was typed and could not be kept; null: what is kept is shown. */
  readonly typed: TypedSettings | null;
};

async function sendAccount(response: Response, signedIn: SignedIn, page: AccountPage) {
  const { context, sessionId } = signedIn;
  const { locale } = context;
  const { operations, options, isSaved, wrong, typed } = page;
  const outcome = await perform(accountShow, {}, context, { isUncounted: typed !== null });
  if (!outcome.ok) throw outcome.fault;
  const shown = accountShow.output.parse(outcome.value);
  const words = accountPageWords[locale].account;
  const csrf = csrfField(context, sessionId);
  const identities = await options.identities?.(signedIn);
  const settings = { locale, typed: typed ?? settingsOf(shown), wrong, shown, csrf };
  const body = html`${isSaved ? drawNotice('good', words.saved) : nothing}
    ${typed === null ? nothing : drawNotice('bad', words.notSaved)}
    <div class="pair">
      ${drawSettings(settings)}
      <div class="stack">
        ${drawAbout(shown, context)}
        ${identities === undefined ? nothing : drawIdentities(identities, words.identities)}
        ${await drawData(operations, { context, csrf })}
      </div>
    </div>`;
  const status = typed === null ? 200 : 400;
  await sendSignedInPage(response, signedIn, {
    current: 'account',
    title: words.title,
    body,
    status,
  });
}

const drawIdentities = (identities: Html, heading: string): Html =>
  html`<section class="card" aria-labelledby="identities-heading">
    <h2 id="identities-heading">${heading}</h2>
    ${identities}
  </section>`;
