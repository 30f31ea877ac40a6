import { Router } from 'express';
import { z } from 'zod';

import { claimWelcome } from '../core/account/welcome.ts';
import type { Services } from '../core/context.ts';
import { countRequest } from '../core/limits/rates.ts';
import { dashboardWords } from '../core/messages/dashboard.ts';
import type { AnyOperation } from '../core/operation.ts';
import { channelsSection } from './dashboard/channels.ts';
import { trendsSection, watchesSection } from './dashboard/found.ts';
import { historySection } from './dashboard/history.ts';
import { publicationsSection } from './dashboard/publications.ts';
import { quotaSection } from './dashboard/quota.ts';
import { showSection, type Section, type View } from './dashboard/section.ts';
import { statsSection } from './dashboard/stats.ts';
import { videosSection } from './dashboard/videos.ts';
import { drawWelcome } from './dashboard/welcome.ts';
import { answerAs } from './errors.ts';
import { html, nothing, type Html } from './pages.ts';
import { sendSignedInPage, type SignedInOptions } from './signed-in-page.ts';

const addressSchema = z.object({
  videos: z.string().min(1).max(100).optional().catch(undefined),
  moves: z.coerce.number().int().min(1).optional().catch(undefined),
  welcome: z.literal('1').optional().catch(undefined),
});

/**
 * `GET /dashboard?videos&moves&welcome`: what a signed-in person has. The first look leads to the
 * welcome, which stays until it is left; later ones find it by its link.
 */
export function dashboardRoutes(
  services: Services,
  operations: readonly AnyOperation[],
  { requireSignedIn }: SignedInOptions,
): Router {
  const router = Router();
  router.get('/dashboard', answerAs({ as: 'page' }), async (request, response) => {
    const signedIn = await requireSignedIn(services, request);
    const { context, accountId } = signedIn;
    await countRequest(context, context.actor);
    const { videos: beforeVideo, moves: beforeEntry, welcome } = addressSchema.parse(request.query);
    // Who looks whether the page is there has not read it.
    const isFirst = request.method === 'GET' && (await claimWelcome(services, accountId));
    if (isFirst && welcome === undefined) {
      response.set('Cache-Control', 'no-store').redirect(303, '/dashboard?welcome=1');
      return;
    }
    const words = dashboardWords[context.locale];
    const view = { context, words, asked: { beforeVideo, beforeEntry } };
    const body = await drawDashboard(view, operations, welcome !== undefined);
    await sendSignedInPage(response, signedIn, { current: 'dashboard', title: words.title, body });
  });
  return router;
}

async function drawDashboard(
  view: View,
  operations: readonly AnyOperation[],
  isWelcome: boolean,
): Promise<Html> {
  const { words, context } = view;
  const show = (section: Section) => showSection(section, operations, view);
  const [quota, videos, publications, stats, trends, watches, channels, history] =
    await Promise.all([
      show(quotaSection),
      show(videosSection),
      show(publicationsSection),
      show(statsSection),
      show(trendsSection),
      show(watchesSection),
      show(channelsSection),
      show(historySection),
    ]);
  const start = html`<a href="/dashboard?welcome=1">${words.firstSteps}</a>`;
  return html`${isWelcome ? drawWelcome(words) : nothing} ${quota} ${videos}
    <div class="pair even">
      ${publications}
      <div class="stack">${channels} ${watches}</div>
    </div>
    ${stats} ${trends} ${history}
    <p class="row soft small">
      <span>${words.times({ zone: context.timeZone })}</span>${isWelcome ? nothing : start}
    </p>`;
}
