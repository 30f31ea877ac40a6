import type { Context } from '../../core/context.ts';
import { wallClockOf } from '../../core/local-time.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { html, nothing, type Html } from '../pages.ts';

const languages: Record<Locale, string> = { en: 'en', zh: 'zh-CN' };

/** A number as the person writes it, such as `12,345`. */
export const count = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(languages[locale]).format(value);

/** A change of a number with its sign, such as `+120`. */
export const change = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(languages[locale], { signDisplay: 'exceptZero' }).format(value);

/** A large number in few characters, such as `8.2M`. */
export const short = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(languages[locale], {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value);

type Person = Pick<Context, 'timeZone'>;

const localText = (at: string, { timeZone }: Person, length: number): string =>
  wallClockOf(new Date(at), timeZone).toISOString().slice(0, length).replace('T', ' ');

const minuteLength = 16;
const dayLength = 10;

/** A moment in the person's time zone, to the minute, as text. */
export const minuteOf = (at: string, person: Person): string => localText(at, person, minuteLength);

/** The day of a moment in the person's time zone, as text. */
export const dayOf = (at: string, person: Person): string => localText(at, person, dayLength);

/** The same to the minute, for machines as well. @param at ISO 8601. */
export const drawMinute = (at: string, person: Person): Html =>
  html`<time datetime="${at}">${minuteOf(at, person)}</time>`;

/** @param at ISO 8601. */
export const drawDay = (at: string, person: Person): Html =>
  html`<time datetime="${at}">${dayOf(at, person)}</time>`;

/**
 * The path of an address of our own, so that a page loads it from wherever it was opened itself; null
 * for one that leads elsewhere, as our pages load nothing from others.
 */
export function ownPath(address: string | null, context: Context): string | null {
  const base = context.publicUrl();
  if (address === null || base === null || !address.startsWith(`${base}/`)) return null;
  return address.slice(base.length);
}

/** The address if it is one that a browser may be sent to; a stranger's may be anything. */
export const webAddress = (address: string | null): string | null =>
  address !== null && /^https?:\/\//i.test(address) ? address : null;

/** As much of a text as a list has room for. @param most In characters. */
export function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most).join('').trimEnd()}…` : text;
}

/** What a part says while there is nothing in it, and how to begin. */
export const drawEmpty = (words: string): Html => html`<p class="empty">${words}</p>`;

/** One line of a list: a picture, a name with what is known of it, and what is at its end. */
export const drawRow = (p: {
  readonly picture?: Html;
  readonly name: string;
  /** Where the name leads; null: nowhere. */
  readonly href: string | null;
  readonly facts: Html;
  readonly end?: Html;
}): Html => {
  const name = html`<span class="name" dir="auto">${p.name}</span>`;
  return html`<li>
    ${p.picture ?? nothing}
    <div class="text">
      ${p.href === null ? name : html`<a href="${p.href}" rel="noopener noreferrer">${name}</a>`}
      <span class="soft small" dir="auto">${p.facts}</span>
    </div>
    ${p.end === undefined ? nothing : html`<span class="end">${p.end}</span>`}
  </li> `;
};

/** Facts on one line, those that are absent left out. */
export const joinFacts = (facts: readonly (Html | string | null)[]): Html =>
  facts
    .filter((fact) => fact !== null)
    .map((fact) => html`${fact}`)
    .reduce((line, fact) => html`${line} · ${fact}`);
