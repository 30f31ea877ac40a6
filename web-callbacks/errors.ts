import { STATUS_CODES } from 'node:http';

import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { Fault, type FaultCode } from '../core/fault.ts';
import { fieldFault } from '../core/input-fault.ts';
import { toFault } from '../core/fault-of.ts';
import { viewFault } from '../core/fault-view.ts';
import type { Locale } from '../core/messages/catalogue.ts';
import { html, localeOfRequest, sendPage } from './pages.ts';
import { isRefusal, noteRefusal } from './refusals.ts';
import { SignInNeeded } from './sign-in-needed.ts';

/** How a route answers when something did not work. */
type AnswerStyle = {
  /** `callback`: a status and a code, nothing else. `rpc`: an error of JSON-RPC. */
  readonly as: 'page' | 'json' | 'callback' | 'rpc';
  /** Where this route's status differs from the usual one. */
  readonly statuses?: Partial<Record<FaultCode, number>>;
  /** What to do next, where this route knows better than the catalogue. */
  readonly next?: Partial<Record<FaultCode, (locale: Locale) => string>>;
};

const usual: Partial<Record<FaultCode, number>> = {
  link_not_valid: 403,
  not_found: 404,
  unknown_operation: 404,
  approval_required: 409,
  approval_refused: 409,
  approval_not_valid: 410,
  rate_limited: 429,
  provider_failed: 502,
  provider_locked: 502,
  provider_busy: 503,
  service_missing: 503,
  storage_full: 503,
  database_down: 503,
  internal: 500,
};

/** What body parsers and file senders throw for a request that they refuse; a provider's error is not that. */
const refusal = z.object({ status: z.int().min(400).max(499), expose: z.literal(true) });

/** null for anything but a request that Express itself refuses. */
const refusedStatus = (error: unknown): number | null =>
  error instanceof URIError ? 400 : (refusal.safeParse(error).data?.status ?? null);

const styles = new WeakMap<Response, AnswerStyle>();

/** Says how the routes after it answer errors; without it the Accept header decides. */
export const answerAs =
  (style: AnswerStyle): RequestHandler =>
  (_request, response, next) => {
    styles.set(response, style);
    next();
  };

/** Answers what no route took. */
export const answerMissing: RequestHandler = (request, response) => {
  const style = styles.get(response) ?? styleOf(request);
  styles.set(response, { ...style, statuses: { link_not_valid: 404 } });
  throw new Fault('link_not_valid', {});
};

const styleOf = (request: Request): AnswerStyle => ({
  as: request.accepts(['html', 'json']) === 'json' ? 'json' : 'page',
});

/** The one place of the web app that catches: words for a Fault, a reference for a defect, never a stack. */
export const handleErrors =
  (services: Services): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    if (error instanceof SignInNeeded && !response.headersSent) {
      const next = encodeURIComponent(error.next);
      response.set('Cache-Control', 'no-store').redirect(303, `/sign-in?next=${next}`);
      return;
    }
    const refused = refusedStatus(error);
    const fault =
      refused === null
        ? toFault(error, services, `${request.method} ${request.path}`).fault
        : refusedFault(refused);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const style = styles.get(response) ?? styleOf(request);
    const status = refused ?? statusOf(fault, style);
    if (fault.retryAfterSeconds !== undefined)
      response.set('Retry-After', String(Math.ceil(fault.retryAfterSeconds)));
    if (isRefusal(status)) noteRefusal(services, request, { response, status, code: fault.code });
    answer(fault, status, style, request, response);
  };

const refusedFault = (status: number): Fault =>
  status === 404 || status === 400
    ? new Fault('link_not_valid', {})
    : fieldFault('request', {
        problem: 'not_readable',
        params: { reason: STATUS_CODES[status] ?? String(status) },
      });

/** The first of the codes that JSON-RPC leaves to servers. */
const serverError = -32_000;

/** A callback that we could not take in for a reason of our own must come again, so it gets 500. */
function statusOf(fault: Fault, style: AnswerStyle): number {
  const otherwise = style.as === 'callback' ? 500 : (usual[fault.code] ?? 400);
  return style.statuses?.[fault.code] ?? otherwise;
}

function answer(
  fault: Fault,
  status: number,
  style: AnswerStyle,
  request: Request,
  response: Response,
): void {
  const locale = localeOfRequest(request);
  const view = viewFault(fault, locale);
  if (style.as === 'page') {
    const body = html`<p>${style.next?.[fault.code]?.(locale) ?? view.next}</p>`;
    sendPage(response, status, { locale, title: view.message, body });
    return;
  }
  response.set('Cache-Control', 'no-store').status(status);
  if (style.as === 'rpc') {
    const error = { code: serverError, message: view.message, data: view };
    response.json({ jsonrpc: '2.0', id: null, error });
    return;
  }
  const word = status >= 500 ? 'failed' : 'refused';
  response.json(style.as === 'json' ? { error: view } : { status: word, code: fault.code });
}
