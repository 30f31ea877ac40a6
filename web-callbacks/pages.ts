import { createHash } from 'node:crypto';

import type { Request, Response } from 'express';

import type { Locale } from '../core/messages/catalogue.ts';

/** Markup that may stand in a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"'`]/g, (character) => entities[character] ?? '');

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escape(String(part));
}

/** A template tag: every value is escaped, unless it is markup itself. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(String.raw({ raw: strings }, ...parts.map(render)));

export const nothing = new Html('');

/** One labelled value of a list. */
export const drawLine = (label: string, value: Html): Html =>
  html`<div>
    <dt>${label}</dt>
    <dd dir="auto">${value}</dd>
  </div> `;

export const drawTime = (at: Date): Html =>
  html`<time datetime="${at.toISOString()}"
    >${at.toISOString().slice(0, 16).replace('T', ' ')} UTC</time
  >`;

const style = `
:root{color-scheme:light dark;--back:#f4f4f1;--card:#fff;--ink:#1a1c1e;--dim:#62676d;--line:#e2e3df;--main:#1f5eff;--on:#fff}
@media(prefers-color-scheme:dark){:root{--back:#101214;--card:#1a1d21;--ink:#eceef0;--dim:#9aa1a9;--line:#2c3137;--main:#7da2ff;--on:#0b1020}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:1rem;background:var(--back);color:var(--ink);font:1rem/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;display:grid;align-content:start;justify-items:center}
main{width:100%;max-width:34rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.25rem}
@media(min-width:40rem){body{padding:3rem 1rem}main{padding:2rem}}
.brand{margin:0 0 1rem;color:var(--dim);font-weight:600;letter-spacing:.04em}
h1{margin:0 0 1rem;font-size:1.35rem;line-height:1.3;overflow-wrap:anywhere}
dl{margin:0 0 1.25rem;border-top:1px solid var(--line)}
dl div{padding:.6rem 0;border-bottom:1px solid var(--line);display:grid;gap:.1rem}
@media(min-width:30rem){dl div{grid-template-columns:9rem 1fr;gap:1rem}}
dt{color:var(--dim)}
dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:16rem;overflow:auto}
fieldset{margin:0 0 1.25rem;padding:0;border:0;display:grid;gap:.75rem}
label{display:flex;gap:.75rem;align-items:center;justify-content:space-between;min-height:2.75rem}
select,input[type=text],input[type=number]{font:inherit;color:inherit;background:var(--back);border:1px solid var(--line);border-radius:.6rem;padding:.5rem .75rem;min-height:2.75rem}
input[type=checkbox]{width:1.4rem;height:1.4rem;accent-color:var(--main)}
.buttons{display:grid;gap:.75rem}
@media(min-width:30rem){.buttons{grid-template-columns:1fr 1fr}}
button{font:inherit;font-weight:600;min-height:3rem;border-radius:.75rem;border:1px solid var(--line);background:none;color:inherit;cursor:pointer}
a.button{display:grid;place-items:center;min-height:3rem;padding:.5rem 1rem;border-radius:.75rem;background:var(--main);color:var(--on);font-weight:600;text-decoration:none;overflow-wrap:anywhere}
button.main{background:var(--main);border-color:var(--main);color:var(--on)}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
p{margin:0 0 1rem}
`;

/** Goes into the Content-Security-Policy: no other style, and no script at all, runs in our pages. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

// Whole, so that no formatter of markup moves a byte that the hash is over.
const styleElement = new Html(`<style>${style}</style>`);

export type Page = { readonly locale: Locale; readonly title: string; readonly body: Html };

/** A whole document; it needs no script and loads nothing. */
function renderPage({ locale, title, body }: Page): string {
  const language = locale === 'zh' ? 'zh-CN' : 'en';
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Jilo</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <p class="brand">Jilo</p>
          <h1 dir="auto">${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
  return document.text;
}

/** Sends a page that is never kept by a cache. */
export function sendPage(response: Response, status: number, page: Page): void {
  response.set('Cache-Control', 'no-store').status(status).type('html').send(renderPage(page));
}

/** The language that a browser asks for. */
export const localeOfRequest = (request: Request): Locale =>
  request.acceptsLanguages(['en', 'zh']) === 'zh' ? 'zh' : 'en';
