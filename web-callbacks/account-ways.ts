import { readWays } from '../core/account/ways.ts';
import { accountWaysWords } from '../core/messages/account-ways.ts';
import { csrfField } from './csrf.ts';
import { drawLine, html, nothing, type Html } from './pages.ts';
import type { SignedIn } from './signed-in-page.ts';

/** The ways in which a person comes to the account, and how to end every session. */
export async function drawWays({ accountId, sessionId, context }: SignedIn): Promise<Html> {
  const words = accountWaysWords[context.locale];
  const { logins, providers } = await readWays(context, accountId);
  const named = (names: Readonly<Record<string, string>>, all: readonly string[]) =>
    all.map((one) => names[one] ?? one).join(', ');
  const hasPassword = logins.some(({ methods }) => methods.includes('credential'));
  return html`<dl>
      ${logins.map(({ email, methods }) => drawLine(email, html`${named(words.methods, methods)}`))}
      ${
        providers.length === 0
          ? nothing
          : drawLine(words.known, html`${named(words.elsewhere, providers)}`)
      }
    </dl>
    ${hasPassword ? html`<p><a href="/reset">${words.change}</a></p>` : nothing}
    <p class="small dim">${words.link}</p>
    <form method="post" action="/sign-out/everywhere">
      ${csrfField(context, sessionId)}
      <button class="plain">${words.everywhere}</button>
      <p class="small dim">${words.everywhereHint}</p>
    </form>`;
}
