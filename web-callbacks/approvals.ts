import express, { Router, type Request } from 'express';
import { z } from 'zod';

import { readChoices } from '../core/consent/choices.ts';
import { decideApproval, findApproval, type PendingApproval } from '../core/consent/decide.ts';
import { isApprovalLink } from '../core/consent/link.ts';
import { signInNeededFor } from '../core/consent/sign-in.ts';
import { isModelSurface, type Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { fieldFault } from '../core/input-fault.ts';
import { catalogue, locales, type Locale } from '../core/messages/catalogue.ts';
import type { AnyOperation } from '../core/operation.ts';
import { answerAs } from './errors.ts';
import { isOwnPage } from './own-page.ts';
import {
  drawLine,
  drawTime,
  html,
  localeOfRequest,
  nothing,
  sendPage,
  type Page,
} from './pages.ts';
import { drawFields, readFields } from './person-fields.ts';
import { requireSignedIn } from './signed-in.ts';

const maxFormBytes = 16 * 1024;

const signatureSchema = z.object({ sig: z.string().min(1).max(200) });
const decisionSchema = z.looseObject({ decision: z.enum(['approve', 'decline']) });

/**
 * `/approvals/:id`: the page on which a person decides. Looking at it decides nothing, so a preview
 * bot or a prefetch is harmless; the decision is a POST from our own page that carries the signature.
 */
export function approvalRoutes(services: Services, operations: readonly AnyOperation[]): Router {
  const router = Router();
  const path = '/approvals/:id';
  router.use(path, answerAs({ as: 'page' }));
  // Express 5 takes the rejection of an async handler to the error handler by itself.
  router.get(path, async (request, response) => {
    const { id } = request.params;
    const signature = checkLink(services, id, request.query);
    const approval = await findApproval(services, id);
    await requireApprover(services, request, { id, signature });
    const locale = localeOfRequest(request);
    if (approval.status === 'used') throw new Fault('approval_not_valid', {});
    sendPage(
      response,
      200,
      approval.status === 'pending'
        ? questionPage(approval, operationOf(operations, approval), signature, locale)
        : answerPage(approval.status, locale),
    );
  });
  const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 60 });
  router.post(path, form, async (request, response) => {
    const { id } = request.params;
    if (!isOwnPage(services, request)) throw new Fault('link_not_valid', {});
    const signature = checkLink(services, id, request.body);
    const sent = decisionSchema.safeParse(request.body);
    if (!sent.success)
      throw fieldFault('decision', { problem: 'approve_or_decline', params: null });
    const approval = await findApproval(services, id);
    await requireApprover(services, request, { id, signature });
    const operation = operationOf(operations, approval);
    const approved = sent.data.decision === 'approve';
    const choices =
      approved && isModelSurface(approval.surface)
        ? readChoices(operation, readFields(operation, sent.data))
        : {};
    await decideApproval(services, { id, approved, by: null, surface: 'web', choices });
    sendPage(
      response,
      200,
      answerPage(approved ? 'approved' : 'declined', localeOfRequest(request)),
    );
  });
  return router;
}

/** @throws Fault `link_not_valid` unless `from` holds our signature for this approval. */
function checkLink(services: Services, id: string, from: unknown): string {
  const given = signatureSchema.safeParse(from);
  if (!given.success || !isApprovalLink(services, id, given.data.sig))
    throw new Fault('link_not_valid', {});
  return given.data.sig;
}

/**
 * A program that asks is told the link, so its person has to be signed in, where they can be.
 * @throws SignInNeeded where nobody is, Fault `link_not_valid` where somebody else is.
 */
async function requireApprover(
  services: Services,
  request: Request,
  { id, signature }: { readonly id: string; readonly signature: string },
): Promise<void> {
  const approverId = await signInNeededFor(services, id);
  if (approverId === null) return;
  const back = `${request.path}?sig=${encodeURIComponent(signature)}`;
  const { accountId } = await requireSignedIn(services, request, back);
  if (accountId !== approverId) throw new Fault('link_not_valid', {});
}

/** @throws Fault `approval_not_valid` when the operation is no longer offered. */
function operationOf(operations: readonly AnyOperation[], approval: PendingApproval): AnyOperation {
  const operation = operations.find(({ name }) => name === approval.operation);
  if (!operation) throw new Fault('approval_not_valid', {});
  return operation;
}

const surfaceNames = new Map([
  ['mcp', 'MCP'],
  ['agent', 'Jilo'],
  ['discord', 'Discord'],
  ['terminal', 'Terminal'],
  ['web', 'Web'],
]);

function questionPage(
  approval: PendingApproval,
  operation: AnyOperation,
  signature: string,
  locale: Locale,
): Page {
  const { words } = catalogue(locale);
  const { preview, expiresAt, surface } = approval;
  const fields = isModelSurface(approval.surface) ? drawFields(operation, locale) : [];
  const body = html`<dl>
      ${preview.lines.map(([label, value]) => drawLine(label, html`${value}`))}
      ${saysQuota(approval) ? nothing : drawLine(words.quota, html`${preview.cost}`)}
      ${drawLine(words.askedBy, html`${surfaceNames.get(surface) ?? surface}`)}${drawLine(words.validUntil, drawTime(expiresAt))}
    </dl>
    <form method="post" action="/approvals/${approval.id}">
      <input type="hidden" name="sig" value="${signature}" />
      ${fields.length > 0 ? html`<fieldset>${fields}</fieldset>` : nothing}
      <div class="buttons">
        <button class="main" name="decision" value="approve">${words.approve}</button>
        <button name="decision" value="decline">${words.decline}</button>
      </div>
    </form>`;
  return { locale, title: preview.title, body, script: 'forms' };
}

/** Some previews say the price in a line of their own, in the language of whoever asked. */
const saysQuota = ({ preview }: PendingApproval): boolean =>
  preview.lines.some(([label]) =>
    locales.some((locale) => label === catalogue(locale).words.quota),
  );

function answerPage(status: 'approved' | 'declined', locale: Locale): Page {
  const { words } = catalogue(locale);
  return { locale, title: words[status], body: html`<p>${words.closePage}</p>` };
}
