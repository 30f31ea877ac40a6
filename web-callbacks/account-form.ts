import { z } from 'zod';

import type { accountShow } from '../core/account/show.ts';
import { purposes } from '../core/account/purposes.ts';
import { accountPageWords } from '../core/messages/account-pages.ts';
import { accountWords } from '../core/messages/cards/account.ts';
import { locales, type Locale } from '../core/messages/catalogue.ts';
import { choiceLabel } from '../core/messages/fields.ts';
import { drawField, drawProblem, drawSelect, type Wrong } from './form-field.ts';
import { html, nothing, type Html } from './pages.ts';

type Shown = z.output<typeof accountShow.output>;

/** The fields of `account_update`, as they stand in the form. */
export const accountFields = [
  'locale',
  'time_zone',
  'purpose',
  'notices',
  'leash',
  'daily_cap',
] as const;

/** What stands in the form, as it was typed. */
export type TypedSettings = Readonly<Record<(typeof accountFields)[number], string>>;

/** The settings as they are kept. */
export const settingsOf = (shown: Shown): TypedSettings => ({
  locale: shown.locale,
  time_zone: shown.time_zone,
  purpose: shown.purpose ?? '',
  notices: shown.notices ? 'on' : '',
  leash: String(shown.leash),
  daily_cap: shown.daily_cap === null ? '' : String(shown.daily_cap),
});

const text = z.string().catch('');
const typedSchema = z.object({
  locale: text,
  time_zone: text,
  purpose: text,
  notices: text,
  leash: text,
  daily_cap: text,
});

/** What a browser has sent, and the input of `account_update` that it means. */
export function readSettings(sent: unknown): { typed: TypedSettings; wish: object } {
  const typed = typedSchema.parse(sent);
  const { locale, purpose, leash, daily_cap: cap } = typed;
  const wish = {
    locale,
    time_zone: typed.time_zone,
    // A browser leaves an empty checkbox out.
    notices: typed.notices === 'on',
    leash: leash.trim() === '' ? Number.NaN : Number(leash),
    daily_cap: cap.trim() === '' ? 'off' : cap,
    ...(purpose === '' ? {} : { purpose }),
  };
  return { typed, wish };
}

type View = {
  readonly locale: Locale;
  readonly typed: TypedSettings;
  readonly wrong: Wrong;
  readonly shown: Shown;
  readonly csrf: Html;
};

/** The settings of the account, to be changed. */
export function drawSettings(view: View): Html {
  const { locale, csrf } = view;
  const words = accountPageWords[locale].account;
  return html`<section class="card" aria-labelledby="settings-heading">
    <h2 id="settings-heading">${words.settings}</h2>
    <form method="post" action="/account">
      ${csrf} ${drawPlace(view)} ${drawPurpose(view)} ${drawNotices(view)} ${drawLimits(view)}
      <button class="main">${words.submit}</button>
    </form>
  </section>`;
}

/** The name of every zone, for a browser to suggest while one types. */
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

function drawPlace({ locale, typed, wrong }: View): Html {
  const words = accountPageWords[locale].account;
  const languages = locales.map((value) => ({
    value,
    label: accountWords[locale].languages[value],
  }));
  return html`${drawField({
      name: 'locale',
      label: words.locale,
      wrong,
      control: (attributes) => drawSelect(attributes, languages, typed.locale),
    })}
    ${drawField({
      name: 'time_zone',
      label: words.timeZone,
      hint: words.timeZoneHint,
      wrong,
      control: (attributes) =>
        html`<input
          type="text"
          ${attributes}
          value="${typed.time_zone}"
          list="zones"
          maxlength="64"
          required
          autocomplete="off"
          spellcheck="false"
        />`,
    })} <datalist id="zones">${zones.map((zone) => html`<option>${zone}</option>`)}</datalist>`;
}

function drawPurpose({ locale, typed, wrong }: View): Html {
  const words = accountPageWords[locale].account;
  const place = { operation: 'account_update', field: 'purpose' };
  const known = purposes.map((value) => ({ value, label: choiceLabel(place, value, locale) }));
  // What was said once is changed, and not unsaid.
  const choices = typed.purpose === '' ? [{ value: '', label: words.notSaid }, ...known] : known;
  return drawField({
    name: 'purpose',
    label: words.purpose,
    wrong,
    control: (attributes) => drawSelect(attributes, choices, typed.purpose),
  });
}

function drawNotices({ locale, typed, wrong }: View): Html {
  const words = accountPageWords[locale].account;
  const checked = typed.notices === 'on' ? html` checked` : nothing;
  return html`<label class="tick">
      <input type="checkbox" name="notices" value="on" ${checked} />
      <span>${words.notices}</span>
    </label>
    ${drawProblem('notices', wrong)}`;
}

function drawLimits({ locale, typed, wrong, shown }: View): Html {
  const words = accountPageWords[locale].account;
  return html`${drawField({
    name: 'leash',
    label: words.leash,
    hint: words.leashHint({ used: shown.leash_used }),
    wrong,
    control: (attributes) =>
      html`<input type="number" ${attributes} value="${typed.leash}" min="0" max="20" required />`,
  })}
  ${drawField({
    name: 'daily_cap',
    label: words.dailyCap,
    hint: words.dailyCapHint({ spent: shown.spent_today }),
    wrong,
    control: (attributes) =>
      html`<input type="number" ${attributes} value="${typed.daily_cap}" min="0" max="100000" />`,
  })}`;
}
