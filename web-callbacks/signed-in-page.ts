import type { Request, Response } from 'express';
import { z } from 'zod';

import { accountShow } from '../core/account/show.ts';
import type { Context, Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { perform } from '../core/operation.ts';
import { csrfField, requireCsrf } from './csrf.ts';
import { withDashboardStyle } from './dashboard-style.ts';
import { sendPage, type Html, type Page, type Place } from './pages.ts';

/** Somebody whom the browser's session names. */
export type SignedIn = {
  readonly accountId: string;
  readonly sessionId: string;
  readonly context: Context;
};

/** How the pages of a signed-in person know who it is. */
export type SignedInOptions = {
  /** Leads whoever is not signed in to where they can. */
  readonly requireSignedIn: (services: Services, request: Request) => Promise<SignedIn>;
};

const pressSchema = z.looseObject({ csrf: z.string() });

/**
 * Who has pressed a button on a page of their own, which has been parsed. What is no form of ours is
 * refused before anybody is asked to sign in for it.
 * @throws Fault `link_not_valid`.
 */
export async function requirePress(
  services: Services,
  request: Request,
  { requireSignedIn }: SignedInOptions,
): Promise<SignedIn> {
  if (!pressSchema.safeParse(request.body).success) throw new Fault('link_not_valid', {});
  const signedIn = await requireSignedIn(services, request);
  requireCsrf(services, signedIn.sessionId, request);
  return signedIn;
}

type OwnPage = {
  readonly current: Place;
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  readonly script?: Page['script'];
};

/** Sends one of the person's own pages, in their language, with the way to the others. */
export async function sendSignedInPage(
  response: Response,
  { context, sessionId }: SignedIn,
  { current, title, body, status = 200, script }: OwnPage,
): Promise<void> {
  const csrf = csrfField(context, sessionId);
  sendPage(response, status, {
    locale: context.locale,
    title,
    body,
    script,
    wide: true,
    navigation: { name: await nameOf(context), current, csrf },
    head: withDashboardStyle(response),
  });
}

/** What the person is called; the page stands without it as well. */
async function nameOf(context: Context): Promise<string> {
  const outcome = await perform(accountShow, {}, context, { isUncounted: true });
  return outcome.ok ? accountShow.output.parse(outcome.value).name : '';
}
