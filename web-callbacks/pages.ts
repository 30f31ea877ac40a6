import type { Request, Response } from 'express';

import type { Locale } from '../core/messages/catalogue.ts';
import { pageWords } from '../core/messages/page.ts';
import { scriptElement, scriptHash, styleElement, type ScriptName } from './page/assets.ts';

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

type Tone = 'good' | 'bad' | 'warn' | 'calm';

/** A state in one or two words; its words say all that its colour says. */
export const drawBadge = (tone: Tone, words: string): Html =>
  html`<span class="badge ${tone}">${words}</span>`;

/** A line that has to be seen. */
export const drawNotice = (tone: Tone, words: Html | string): Html =>
  html`<p class="notice ${tone}" dir="auto">${words}</p>`;

/** How much of something there is; `text` says it beside the bar. */
export const drawMeter = (p: {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly text: string;
}): Html =>
  html`<div class="meter">
    <div><span>${p.label}</span><span class="number">${p.text}</span></div>
    <progress value="${p.value}" max="${p.max}" aria-label="${p.label}"></progress>
  </div>`;

export type Place = 'dashboard' | 'videos' | 'tokens' | 'account';

/** For whoever is signed in: where they can go, who they are, and the way out. */
export type Navigation = {
  /** What the person is called. */
  readonly name: string;
  readonly current: Place;
  /** `csrfField` of the session, for the button that ends it. */
  readonly csrf: Html;
};

export type Page = {
  readonly locale: Locale;
  readonly title: string;
  readonly body: Html;
  /** Boxes of its own (`.card`) over the whole width, in place of one narrow box. */
  readonly wide?: boolean;
  /** Nothing but the body, for a frame of another page. */
  readonly bare?: boolean;
  readonly navigation?: Navigation | undefined;
  /** `forms` on every page with a form; `video` follows progress as well. */
  readonly script?: ScriptName | undefined;
  /** Further elements of the head. */
  readonly head?: Html;
};

const places = ['dashboard', 'tokens', 'account'] as const;

function drawTop({ locale, navigation }: Page): Html {
  const words = pageWords[locale];
  if (!navigation) return html`<header class="top"><p class="brand">Jilo</p></header>`;
  const { name, current, csrf } = navigation;
  const links = places.map((place) =>
    place === current
      ? html`<a href="/${place}" aria-current="page">${words[place]}</a>`
      : html`<a href="/${place}">${words[place]}</a>`,
  );
  return html`<a class="skip" href="#main">${words.skip}</a>
    <header class="top">
      <a class="brand" href="/dashboard">Jilo</a>
      <nav aria-label="${words.navigation}">${links}</nav>
      <div class="person">
        <span dir="auto" title="${name}">${name}</span>
        <form class="inline" method="post" action="/sign-out">
          ${csrf}<button class="quiet">${words.signOut}</button>
        </form>
      </div>
    </header>`;
}

/** What the page runs; the way out of a signed-in page is a form as well. */
const scriptNameOf = ({ script, navigation }: Page): ScriptName | undefined =>
  script ?? (navigation ? 'forms' : undefined);

/** The place where the script says whether there is a line, and the script. */
function drawScript(page: Page): Html {
  const name = scriptNameOf(page);
  if (!name) return nothing;
  const { offline, waiting, back } = pageWords[page.locale];
  return html`<p
      class="line"
      id="line"
      role="status"
      data-offline="${offline}"
      data-waiting="${waiting}"
      data-back="${back}"
    ></p>
    ${new Html(scriptElement(name))}`;
}

const drawBody = (page: Page, wide: boolean): Html =>
  html`<body>
    ${drawTop(page)}
    <main id="main" tabindex="-1" class="${wide ? 'wide' : 'narrow'}">
      <h1 dir="auto">${page.title}</h1>
      ${page.body}
    </main>
    ${drawScript(page)}
  </body>`;

/** A whole document; it works without its script, and loads nothing but what its body shows. */
function renderPage(page: Page): string {
  const { locale, title, body, wide = false, bare = false, head = nothing } = page;
  const language = locale === 'zh' ? 'zh-CN' : 'en';
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Jilo</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        ${head}${new Html(styleElement)}
      </head>
      ${
        bare
          ? html`<body class="bare">
              ${body}
            </body>`
          : drawBody(page, wide)
      }
    </html> `;
  return document.text;
}

/** Sends a page that is never kept by a cache; its policy lets in its own script and no other. */
export function sendPage(response: Response, status: number, page: Page): void {
  const name = scriptNameOf(page);
  const policy = response.get('Content-Security-Policy');
  if (name && policy !== undefined)
    response.set(
      'Content-Security-Policy',
      `${policy};script-src ${scriptHash(name)};connect-src 'self'`,
    );
  response.set('Cache-Control', 'no-store').status(status).type('html').send(renderPage(page));
}

/** The language that a browser asks for. */
export const localeOfRequest = (request: Request): Locale =>
  request.acceptsLanguages(['en', 'zh']) === 'zh' ? 'zh' : 'en';
