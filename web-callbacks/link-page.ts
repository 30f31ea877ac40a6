import express, { Router, type Request } from 'express';
import { z } from 'zod';

import { answerLink, readLink, type OpenedLink } from '../core/account/answer.ts';
import { mergeLines } from '../core/account/merge.ts';
import type { Services } from '../core/context.ts';
import { countRequest } from '../core/limits/rates.ts';
import { Fault } from '../core/fault.ts';
import { linkPageWords } from '../core/messages/link-page.ts';
import { csrfField, requireCsrf } from './csrf.ts';
import { answerAs } from './errors.ts';
import { drawLine, html, sendPage, type Page } from './pages.ts';
import { requireSignedIn, type SignedInPerson } from './signed-in.ts';

const path = '/link/:id';
const maxFormBytes = 4 * 1024;

const addressSchema = z.object({ sig: z.string().min(1).max(200) });
const answerSchema = addressSchema.extend({ decision: z.enum(['accept', 'decline']) });

/**
 * `/link/:id?sig`: the link that another account has made to become one with this one. Looking at it
 * changes nothing; whoever is signed in accepts or declines, and then the other account is asked.
 */
export function linkRoutes(services: Services): Router {
  const router = Router();
  const asPage = answerAs({ as: 'page' });
  router.get(path, asPage, async (request, response) => {
    const person = await requireSignedIn(services, request);
    const { accountId, context } = person;
    await countRequest(context, context.actor);
    const { sig } = parse(addressSchema, request.query);
    const opened = await readLink(services, { id: idOf(request), sig, accountId });
    sendPage(response, 200, questionPage(services, person, { request, sig, opened }));
  });
  const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 10 });
  router.post(path, asPage, form, async (request, response) => {
    const { data: sent } = addressSchema.safeParse(request.body);
    const back = `${request.path}?sig=${encodeURIComponent(sent?.sig ?? '')}`;
    const { accountId, sessionId, context } = await requireSignedIn(services, request, back);
    requireCsrf(services, sessionId, request);
    await countRequest(context, context.actor);
    const { sig, decision } = parse(answerSchema, request.body);
    const accept = decision === 'accept';
    const answer = { id: idOf(request), sig, accountId, accept };
    const { outcome, fromName } = await answerLink(services, answer);
    const { locale } = context;
    const { title, body } = linkPageWords[locale][outcome];
    sendPage(response, 200, { locale, title, body: html`<p>${body({ name: fromName })}</p>` });
  });
  return router;
}

/** @throws Fault `link_not_valid` for what no page of ours sends. */
function parse<T>(shape: z.ZodType<T>, sent: unknown): T {
  const read = shape.safeParse(sent);
  if (!read.success) throw new Fault('link_not_valid', {});
  return read.data;
}

const idOf = (request: Request): string => String(request.params['id']);

type Asked = {
  readonly request: Request;
  readonly sig: string;
  readonly opened: OpenedLink;
};

function questionPage(
  services: Services,
  { accountId, sessionId, context }: SignedInPerson,
  { request, sig, opened }: Asked,
): Page {
  const { locale } = context;
  const words = linkPageWords[locale];
  const lines = mergeLines(opened.plan, accountId, locale);
  const body = html`<dl>${lines.map(([label, value]) => drawLine(label, html`${value}`))}</dl>
    <p>${words.onlyIfYours}</p>
    <form method="post" action="/link/${idOf(request)}">
      ${csrfField(services, sessionId)}
      <input type="hidden" name="sig" value="${sig}" />
      <div class="buttons">
        <button class="main" name="decision" value="accept">${words.accept}</button>
        <button name="decision" value="decline">${words.decline}</button>
      </div>
    </form>`;
  return { locale, title: words.question({ name: opened.fromName }), body, script: 'forms' };
}
