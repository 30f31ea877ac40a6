import type { EmulatorAnswer } from '../http.ts';
import { html, type Html } from '../stripe/pages/html.ts';
import type { Language } from '../stripe/pages/language.ts';
import { style } from '../stripe/pages/style.ts';
import type { KeptMail } from './inbox.ts';
import { wordsOf, type Words } from './words.ts';

const ownStyle = `
main{max-width:760px}
.mail{display:grid;gap:2px;padding:12px 0;border-top:1px solid var(--line);text-decoration:none;color:inherit}
.mail strong{overflow-wrap:anywhere}
.mail:hover strong{text-decoration:underline}
.facts{margin:0;display:grid;grid-template-columns:auto minmax(0,1fr);gap:4px 16px}
.facts dt{color:var(--dim)}
.facts dd{margin:0;overflow-wrap:anywhere}
.text{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
iframe{width:100%;height:560px;border:1px solid var(--line);border-radius:10px;background:#fff}
`;

// Kept out of the template, so that no formatter of markup changes it.
const styleElement: Html = { markup: `<style>${style}${ownStyle}</style>` };

/** Nothing runs and nothing is fetched, but for the page of the mail itself. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A link of a mail may open a new window; no script of it runs, wherever it is opened. */
const allowed = 'allow-popups allow-popups-to-escape-sandbox';
const mailPolicy = `sandbox ${allowed}; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`;

const headersWith = (contentPolicy: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': contentPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});

type Page = { readonly title: string; readonly body: Html };

const answerPage = (status: number, language: Language, { title, body }: Page): EmulatorAnswer => ({
  status,
  headers: headersWith(policy),
  body: html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <p class="note">${wordsOf(language).note}</p>
        <main>${body}</main>
      </body>
    </html> `.markup,
});

const timeOf = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const subjectOf = ({ subject }: KeptMail, say: Words): string =>
  subject === '' ? say.noSubject : subject;

const drawLine = (mail: KeptMail, say: Words): Html =>
  html`<a class="mail" href="/mails/${mail.id}">
    <strong>${subjectOf(mail, say)}</strong>
    <span class="dim">${mail.to.join(', ')} · ${timeOf(mail.receivedAt)}</span>
  </a>`;

/** The list, newest first. */
export function answerInbox(
  language: Language,
  mails: readonly KeptMail[],
  to: string | null,
): EmulatorAnswer {
  const say = wordsOf(language);
  const way = to === null ? '/' : `/?${new URLSearchParams({ to }).toString()}`;
  const only =
    to === null ? null : html`<p class="dim">${say.onlyTo(to)} · <a href="/">${say.all}</a></p>`;
  const list =
    mails.length === 0
      ? html`<p class="dim">${say.empty}</p>`
      : html`<div>${mails.map((mail) => drawLine(mail, say))}</div>`;
  const body = html`<h1>${say.title}</h1>
    ${only}
    <section class="panel">${list}</section>
    <p><a href="${way}">${say.refresh}</a></p>`;
  return answerPage(200, language, { title: `${say.title} - Jilo`, body });
}

/** A text in which addresses of the web can be pressed. */
const drawText = (text: string): Html[] =>
  text
    .split(/(https?:\/\/[^\s<>"]+)/u)
    .map((piece, index) =>
      index % 2 === 1
        ? html`<a href="${piece}" target="_blank" rel="noopener noreferrer">${piece}</a>`
        : html`${piece}`,
    );

/** One mail: its text, and its page in a frame in which nothing runs. */
export function answerMail(language: Language, mail: KeptMail): EmulatorAnswer {
  const say = wordsOf(language);
  const title = subjectOf(mail, say);
  const shown =
    mail.html === null
      ? html`<p class="dim">${say.noPage}</p>`
      : html`<iframe
          src="/mails/${mail.id}/html"
          sandbox="${allowed}"
          referrerpolicy="no-referrer"
          title="${say.page}"
        ></iframe>`;
  const body = html`<div class="top"><a href="/">← ${say.back}</a></div>
    <h1>${title}</h1>
    <dl class="facts">
      <dt>${say.from}</dt>
      <dd>${mail.sender}</dd>
      <dt>${say.to}</dt>
      <dd>${mail.to.join(', ')}</dd>
      <dt>${say.receivedAt}</dt>
      <dd>${timeOf(mail.receivedAt)}</dd>
    </dl>
    <section class="panel">
      <h2>${say.text}</h2>
      <pre class="text">${drawText(mail.text)}</pre>
    </section>
    <section class="panel">
      <h2>${say.page}</h2>
      ${shown}
    </section>`;
  return answerPage(200, language, { title: `${title} - Jilo`, body });
}

/** The page of a mail as it was sent, under a policy that holds outside the frame as well. */
export const answerMailPage = (mail: KeptMail): EmulatorAnswer => ({
  status: 200,
  headers: headersWith(mailPolicy),
  body: `<base target="_blank">${mail.html ?? ''}`,
});

/** There is nothing at this address. */
export function answerMissing(language: Language): EmulatorAnswer {
  const say = wordsOf(language);
  const body = html`<div class="top"><a href="/">← ${say.back}</a></div>
    <h1>${say.missing}</h1>
    <p class="dim">${say.missingText}</p>`;
  return answerPage(404, language, { title: say.missing, body });
}
