import express, { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import type { accountShow } from '../core/account/show.ts';
import { decideApproval, findApproval, type PendingApproval } from '../core/consent/decide.ts';
import type { Context, Services } from '../core/context.ts';
import { Fault, isFault } from '../core/fault.ts';
import { viewFault } from '../core/fault-view.ts';
import { accountPageWords } from '../core/messages/account-pages.ts';
import { perform, type AnyOperation } from '../core/operation.ts';
import { csrfField } from './csrf.ts';
import { drawDay, minuteOf, ownPath } from './dashboard/draw.ts';
import { answerAs } from './errors.ts';
import { drawLine, drawNotice, html, nothing, sendPage, type Html } from './pages.ts';
import {
  requirePress,
  sendSignedInPage,
  type SignedIn,
  type SignedInOptions,
} from './signed-in-page.ts';

const path = '/account/delete';
const deletion = 'account_delete';
const exporting = 'account_export';
const maxPressBytes = 1024;

const askedSchema = z.object({ approval: z.string().min(1).max(100) });
const decisionSchema = askedSchema.extend({ decision: z.enum(['approve', 'decline']) });
const exportSchema = z.object({ link: z.string(), file: z.string() });

const named = (operations: readonly AnyOperation[], name: string): AnyOperation | undefined =>
  operations.find((operation) => operation.name === name);

/**
 * `/account/delete`: a press asks, the page after it shows what would go, and a second press there is
 * the person's decision, which is carried out at once. No routes where accounts cannot be deleted.
 */
export function leaveRoutes(
  services: Services,
  operations: readonly AnyOperation[],
  options: SignedInOptions,
): Router {
  const router = Router();
  const operation = named(operations, deletion);
  if (!operation) return router;
  const asPage = answerAs({ as: 'page' });
  router.get(path, asPage, async (request, response) => {
    const signedIn = await options.requireSignedIn(services, request);
    const approval = await readQuestion(services, signedIn, request.query);
    await sendQuestion(response, signedIn, approval);
  });
  const press = express.urlencoded({ extended: false, limit: maxPressBytes, parameterLimit: 10 });
  router.post(path, asPage, press, async (request, response) => {
    const signedIn = await requirePress(services, request, options);
    if (decisionSchema.safeParse(request.body).success)
      await decide(services, operation, signedIn, { request, response });
    else await ask(operation, signedIn, response);
  });
  return router;
}

/** @throws Fault `approval_not_valid` for a question about anything else, or of anybody else. */
async function readQuestion(
  services: Services,
  { accountId }: SignedIn,
  from: unknown,
): Promise<PendingApproval> {
  const asked = askedSchema.safeParse(from);
  if (!asked.success) throw new Fault('approval_not_valid', {});
  const approval = await findApproval(services, asked.data.approval, accountId);
  if (approval.operation !== deletion || approval.status !== 'pending')
    throw new Fault('approval_not_valid', {});
  return approval;
}

/** Asks for it as every surface does, so that it is the person who is asked. */
async function ask(operation: AnyOperation, signedIn: SignedIn, response: Response) {
  const { context } = signedIn;
  const outcome = await perform(operation, {}, context);
  if (outcome.ok) throw new Error(`${operation.name} went through without a question`);
  const { fault } = outcome;
  if (isFault(fault, 'approval_required')) {
    const address = `${path}?approval=${fault.params.id}`;
    response.set('Cache-Control', 'no-store').redirect(303, address);
    return;
  }
  const { message, next } = viewFault(fault, context.locale);
  const words = accountPageWords[context.locale].account;
  const body = html`<section class="card">
    ${drawNotice('warn', message)}
    <p>${next}</p>
    <p><a class="button plain" href="/account">${words.back}</a></p>
  </section>`;
  const title = words.delete;
  await sendSignedInPage(response, signedIn, { current: 'account', title, body, status: 409 });
}

async function sendQuestion(response: Response, signedIn: SignedIn, approval: PendingApproval) {
  const { context, sessionId } = signedIn;
  const words = accountPageWords[context.locale].account;
  const { preview, id, expiresAt } = approval;
  const body = html`<section class="card">
    <dl>${preview.lines.map(([label, value]) => drawLine(label, html`${value}`))}</dl>
    <p class="soft small">
      ${words.validUntil({ when: minuteOf(expiresAt.toISOString(), context) })}
    </p>
    <form method="post" action="${path}">
      ${csrfField(context, sessionId)}<input type="hidden" name="approval" value="${id}" />
      <div class="buttons">
        <button class="main" name="decision" value="decline">${words.deleteNo}</button>
        <button class="danger" name="decision" value="approve">${words.deleteYes}</button>
      </div>
    </form>
  </section>`;
  const title = preview.title;
  await sendSignedInPage(response, signedIn, { current: 'account', title, body });
}

type Exchange = { readonly request: Request; readonly response: Response };

/** The page is the person: what they decide is recorded as theirs, and carried out once. */
async function decide(
  services: Services,
  operation: AnyOperation,
  signedIn: SignedIn,
  { request, response }: Exchange,
): Promise<void> {
  const { context, accountId } = signedIn;
  const { decision } = decisionSchema.parse(request.body);
  const { id } = await readQuestion(services, signedIn, request.body);
  const approved = decision === 'approve';
  await decideApproval(services, { id, approved, by: accountId, surface: 'web' });
  if (!approved) {
    response.set('Cache-Control', 'no-store').redirect(303, '/account');
    return;
  }
  const outcome = await perform(operation, {}, context, { approvalId: id });
  if (!outcome.ok) throw outcome.fault;
  const { locale } = context;
  const title = accountPageWords[locale].account.deleted;
  sendPage(response, 200, { locale, title, body: html`<p>${outcome.text}</p>` });
}

type Shown = z.output<typeof accountShow.output>;

/** What the account is called, since when, and what it may spend. */
export function drawAbout(shown: Shown, context: Context): Html {
  const words = accountPageWords[context.locale].account;
  return html`<section class="card" aria-labelledby="about-heading">
    <h2 id="about-heading">${words.about}</h2>
    <dl>
      ${drawLine(words.name, html`${shown.name}`)}
      ${drawLine(words.since, drawDay(shown.member_since, context))}
      ${drawLine(words.quota, html`<a href="/dashboard#quota">${shown.quota_available}</a>`)}
    </dl>
  </section>`;
}

type View = { readonly context: Context; readonly csrf: Html };

/** All data as a file, and the way out; each only where it is offered. */
export async function drawData(operations: readonly AnyOperation[], view: View): Promise<Html> {
  const exported = await drawExport(named(operations, exporting), view);
  const isDeletable = named(operations, deletion) !== undefined;
  if (exported === nothing && !isDeletable) return nothing;
  const words = accountPageWords[view.context.locale].account;
  const leave = html`<p class="soft">${words.deleteLead}</p>
    <form class="inline" method="post" action="${path}">
      ${view.csrf}<button class="danger">${words.deleteAsk}</button>
    </form>`;
  return html`<section class="card" aria-labelledby="data-heading">
    <h2 id="data-heading">${words.data}</h2>
    ${exported} ${isDeletable ? leave : nothing}
  </section>`;
}

/** The link is made with the page: making one changes nothing. */
async function drawExport(operation: AnyOperation | undefined, { context }: View): Promise<Html> {
  if (!operation) return nothing;
  const words = accountPageWords[context.locale].account;
  const outcome = await perform(operation, {}, context, { isUncounted: true });
  if (!outcome.ok) return drawNotice('warn', viewFault(outcome.fault, context.locale).message);
  const { link, file } = exportSchema.parse(outcome.value);
  const href = ownPath(link, context) ?? link;
  return html`<p class="soft">${words.exportLead}</p>
    <p><a class="button plain" href="${href}" download="${file}">${words.export}</a></p>`;
}
