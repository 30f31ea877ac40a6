import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import { contextOfAccount } from '../core/account/acting.ts';
import type { Context, Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { videoPageWords } from '../core/messages/video-page.ts';
import { perform, type AnyOperation } from '../core/operation.ts';
import { publicationShow } from '../core/publication/show.ts';
import { judgeVideoPageLink } from '../core/video/page-link.ts';
import { readOwner, readVideoPage } from '../core/video/page.ts';
import { videoShow } from '../core/video/show.ts';
import { formatWebVtt } from '../core/video/web-vtt.ts';
import { answerAs } from './errors.ts';
import { html, localeOfRequest, sendPage } from './pages.ts';
import { sendSignedInPage } from './signed-in-page.ts';
import { SignInNeeded } from './sign-in-needed.ts';
import { findSignedIn, type SignedInPerson } from './signed-in.ts';
import { drawVideoPage, titleOf } from './video-page-draw.ts';

const idSchema = z.string().regex(/^\w{1,64}$/);
const signatureSchema = z.object({
  exp: z.string().regex(/^\d{1,12}$/),
  sig: z.string().min(1).max(200),
});

/** Somebody who may see everything of a video. */
type Visit = {
  readonly id: string;
  /** Of its owner, in the language of whoever looks. */
  readonly context: Context;
  /** Absent for the holder of a link who is not signed in as its owner. */
  readonly owner?: SignedInPerson;
  /** What let the visitor in and lets them into the parts of the page: `?exp…`, or nothing for a session. */
  readonly query: string;
};

/**
 * `GET /videos/<id>?exp&sig`: all about one video for its owner, by a signed link or signed in: how far it is, live,
 * and then the film, what it cost and where it is published. `captions.vtt` are its lines for the player.
 */
export function videoPageRoutes(services: Services): Router {
  const router = Router();
  const asPage = answerAs({ as: 'page' });
  router.get('/videos/:id', asPage, async (request, response) => {
    const visit = await admit(services, request, response);
    if (visit) await sendVideoPage(visit, response);
  });
  router.get('/videos/:id/captions.vtt', asPage, async (request, response) => {
    const visit = await admit(services, request, response);
    if (!visit) return;
    const { lines } = await readVideoPage(visit.context, visit.id);
    response
      .set({ 'Content-Type': 'text/vtt; charset=utf-8', 'Cache-Control': 'private, max-age=300' })
      .send(formatWebVtt(lines));
  });
  return router;
}

/**
 * Who looks; null once a link that has expired was answered.
 * @throws Fault `link_not_valid` for a link that is not ours, SignInNeeded without link and session.
 */
async function admit(
  services: Services,
  request: Request,
  response: Response,
): Promise<Visit | null> {
  const id = idSchema.safeParse(request.params['id']);
  if (!id.success) throw new Fault('link_not_valid', {});
  const signature = signatureSchema.safeParse(request.query);
  const person = await findSignedIn(services, request);
  if (!signature.success) {
    if (!person) throw new SignInNeeded(request.originalUrl);
    return { id: id.data, context: person.context, owner: person, query: '' };
  }
  const video = { id: id.data, audience: 'owner' } as const;
  const verdict = judgeVideoPageLink(services, video, signature.data);
  if (verdict === 'unknown') throw new Fault('link_not_valid', {});
  const accountId = await readOwner(services, id.data);
  if (accountId !== null && person?.accountId === accountId)
    return { id: id.data, context: person.context, owner: person, query: '' };
  const locale = localeOfRequest(request);
  if (verdict === 'expired') {
    const { title, body } = videoPageWords[locale].expired;
    sendPage(response, 410, { locale, title, body: html`<p>${body}</p>` });
    return null;
  }
  if (accountId === null) throw new Fault('not_found', { what: 'video', id: id.data });
  const { signal } = new AbortController();
  const context = await contextOfAccount(services, { accountId, surface: 'web', signal });
  const query = `?${new URLSearchParams(signature.data).toString()}`;
  return { id: id.data, context: { ...context, locale }, query };
}

async function sendVideoPage(visit: Visit, response: Response): Promise<void> {
  const { id, context, owner, query } = visit;
  const { units, publications, lines } = await readVideoPage(context, id);
  const video = videoShow.output.parse(await read(videoShow, { video: id }, context));
  const published = await Promise.all(
    publications.map(async (publication) =>
      publicationShow.output.parse(await read(publicationShow, { publication }, context)),
    ),
  );
  const captions = lines.length > 0 ? `/videos/${id}/captions.vtt${query}` : null;
  const seen = { video, units, published, captions, query };
  const page = {
    title: titleOf(video),
    body: drawVideoPage(seen, context),
    script: 'video',
  } as const;
  if (owner) {
    await sendSignedInPage(response, owner, { current: 'videos', ...page });
    return;
  }
  sendPage(response, 200, { locale: context.locale, wide: true, ...page });
}

/** One page is one request of its owner, however many operations it asks; the address is counted by the web app. */
async function read(operation: AnyOperation, input: object, context: Context): Promise<unknown> {
  const outcome = await perform(operation, input, context, { isUncounted: true });
  if (!outcome.ok) throw outcome.fault;
  return outcome.value;
}
