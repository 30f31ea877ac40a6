import type { Response } from 'express';

import type { Locale } from '../../core/messages/catalogue.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import { html, sendPage } from '../pages.ts';
import { setCookies } from '../web-request.ts';

/**
 * Takes a browser on by a page and not by a redirect: what a form is redirected to is held against the
 * form's policy, and on the way to a program nobody knows where it ends.
 */
export function sendOnward(
  response: Response,
  locale: Locale,
  { next, cookies }: { readonly next: string; readonly cookies: readonly string[] },
): void {
  const words = signInWords[locale];
  setCookies(response, cookies);
  sendPage(response, 200, {
    locale,
    title: words.onward,
    head: html`<meta http-equiv="refresh" content="0;url=${next}" />`,
    body: html`<p>${words.onwardBody}</p>
      <p><a class="button" href="${next}">${words.goOn}</a></p>`,
  });
}
