import { Router, type Request, type Response } from 'express';
import { z } from 'zod';

import { secondsAfter } from '../core/clock.ts';
import { requirePublicUrl, type Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { sharePageWords } from '../core/messages/share.ts';
import { ensurePoster } from '../core/video/poster.ts';
import { findShared, type Shared } from '../core/video/share-link.ts';
import { answerAs } from './errors.ts';
import { sendStored } from './media.ts';
import { drawTime, html, localeOfRequest, sendPage, type Html } from './pages.ts';
import { drawPlayerTags, sharePlaces } from './share-tags.ts';

/** What a browser keeps of a shared file: a link that was taken back is soon forgotten there too. */
const longestKeptSeconds = 300;

/**
 * `GET /s/<token>`: the player of a shared video for anybody, with nothing of whose it is; `player` is the same
 * for a frame of another site, `video.mp4` and `poster.jpg` are its files. The token is the permission, and all of
 * them end with it.
 */
export function shareRoutes(services: Services): Router {
  const router = Router();
  const asPage = answerAs({ as: 'page', statuses: { link_not_valid: 404 } });
  router.get('/s/:token', asPage, async (request, response) => {
    const shared = await findOrTell(services, request, response);
    if (shared) sendShared(services, shared, { request, response });
  });
  router.get('/s/:token/:file', asPage, async (request, response) => {
    const shared = await findOrTell(services, request, response);
    if (shared) await sendPart(services, shared, { request, response });
  });
  return router;
}

type Exchange = { readonly request: Request; readonly response: Response };

const tokenOf = ({ params }: Request): string => z.string().parse(params['token']);

/** What the token leads to; where that is nothing, says so in words for people. */
async function findOrTell(
  services: Services,
  request: Request,
  response: Response,
): Promise<Shared | null> {
  response.set('X-Robots-Tag', 'noindex');
  const found = await findShared(services, tokenOf(request));
  if (found !== 'unknown' && found !== 'gone') return found;
  const locale = localeOfRequest(request);
  const { title, body } = sharePageWords[locale][found];
  sendPage(response, found === 'gone' ? 410 : 404, { locale, title, body: html`<p>${body}</p>` });
  return null;
}

function sendShared(services: Services, shared: Shared, { request, response }: Exchange): void {
  const locale = localeOfRequest(request);
  const words = sharePageWords[locale];
  const base = `${requirePublicUrl(services)}/s/${tokenOf(request)}`;
  const expiresAt = secondsAfter(services.clock.now(), shared.secondsLeft);
  sendPage(response, 200, {
    locale,
    title: words.title,
    wide: true,
    head: drawPlayerTags(base, shared, locale),
    body: html`<div class="stack">
      ${drawPlayer(shared, tokenOf(request), words.film)}
      <p>${words.note}</p>
      <p class="soft small">${words.until} ${drawTime(expiresAt)}</p>
    </div>`,
  });
}

const drawPlayer = ({ video }: Shared, token: string, label: string): Html =>
  html`<div class="film">
    <video
      controls
      playsinline
      preload="metadata"
      src="/s/${token}/${sharePlaces.film}"
      poster="/s/${token}/${sharePlaces.poster}"
      width="${video.width ?? ''}"
      height="${video.height ?? ''}"
      aria-label="${label}"
    ></video>
  </div>`;

/** @throws Fault `link_not_valid` for a part that there is not. */
async function sendPart(
  services: Services,
  shared: Shared,
  { request, response }: Exchange,
): Promise<void> {
  const file = z.string().parse(request.params['file']);
  if (file === sharePlaces.player) {
    sendFrame(shared, { request, response });
    return;
  }
  const key = await keyOf(services, shared, file);
  if (key === null) throw new Fault('link_not_valid', {});
  const secondsLeft = Math.min(shared.secondsLeft, longestKeptSeconds);
  await sendStored(services, { request, response }, { key, saveAs: null, secondsLeft });
}

/** A still is made when it is first asked for. */
async function keyOf(services: Services, { video }: Shared, file: string): Promise<string | null> {
  if (file === sharePlaces.film) return video.fileKey;
  return file === sharePlaces.poster ? ensurePoster(services, video) : null;
}

/** There is nothing to press in it but play, so any site may frame it. */
function sendFrame(shared: Shared, { request, response }: Exchange): void {
  const locale = localeOfRequest(request);
  const { title, film } = sharePageWords[locale];
  const policy = response.get('Content-Security-Policy') ?? '';
  response.removeHeader('X-Frame-Options');
  response.set({
    'Content-Security-Policy': policy.replace(/frame-ancestors 'none'/, 'frame-ancestors *'),
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  sendPage(response, 200, {
    locale,
    title,
    bare: true,
    body: drawPlayer(shared, tokenOf(request), film),
  });
}
