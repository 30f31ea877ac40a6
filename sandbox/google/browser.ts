import { z } from 'zod';

import { consent, type ConsentChoice } from './consent.ts';

/** Where Google sends a browser back to, and what that browser then brings along. */
export type WayBack = { readonly address: string; readonly cookie: string };

const formPattern =
  /<form method="post" action="(?<action>[^"]*)">\s*<input type="hidden" name="state" value="(?<state>[^"]*)"/u;

/**
 * Plays a person's browser from the link that connects a channel over Google's page to the way back,
 * which is not gone. Throws with the page's text when a page refuses.
 * @internal
 */
export async function goToGoogle(link: string, choice: ConsentChoice = {}): Promise<WayBack> {
  const shown = await fetch(link);
  const page = await shown.text();
  const { action, state } = formPattern.exec(page)?.groups ?? {};
  if (!shown.ok || action === undefined || state === undefined)
    throw new Error(`the start page refused: ${page}`);
  const sent = await fetch(new URL(action, link), {
    method: 'POST',
    body: new URLSearchParams({ state }),
    headers: { origin: new URL(link).origin },
    redirect: 'manual',
  });
  const googlePage = sent.headers.get('location');
  if (sent.status !== 303 || googlePage === null)
    throw new Error(`the start page refused: ${await sent.text()}`);
  const [cookie] = sent.headers.getSetCookie();
  const [pair] = z.string().parse(cookie).split(';');
  return { address: await consent(googlePage, choice), cookie: pair ?? '' };
}

/** The same, and back: answers with the page that is shown in the end. */
export async function connectThroughGoogle(
  link: string,
  choice: ConsentChoice = {},
): Promise<Response> {
  const { address, cookie } = await goToGoogle(link, choice);
  return fetch(address, { headers: { cookie } });
}
