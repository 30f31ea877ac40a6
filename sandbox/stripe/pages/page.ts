import type { EmulatorAnswer } from '../../http.ts';
import { html, type Html } from './html.ts';
import type { Language } from './language.ts';
import { style } from './style.ts';
import { en, type Words } from './words-en.ts';
import { zh } from './words-zh.ts';

const words: Readonly<Record<Language, Words>> = { en, zh };

/** What every page has to know to be drawn. */
export type Setting = { readonly language: Language; readonly words: Words };

export const settingOf = (language: Language): Setting => ({ language, words: words[language] });

type Page = {
  readonly title: string;
  readonly body: Html;
  /** `two`: side by side where there is room. `list`: a little wider. */
  readonly layout?: 'two' | 'list';
};

// Kept out of the template, so that no formatter of markup changes it.
const styleElement: Html = { markup: `<style>${style}</style>` };

const document = ({ language, words: say }: Setting, { title, body, layout }: Page): Html =>
  html`<!doctype html>
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
        <p class="note">${say.sandbox}</p>
        <main class="${layout ?? 'one'}">${body}</main>
      </body>
    </html> `;

/** A whole page as an answer. It runs no script, loads nothing and is kept by no cache. */
export const answerPage = (status: number, setting: Setting, page: Page): EmulatorAnswer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  },
  body: document(setting, page).markup,
});

/** Sends the browser on, so that a reload does not send the form again. */
export const goTo = (address: string): EmulatorAnswer => ({
  status: 303,
  headers: { location: address, 'cache-control': 'no-store' },
});
