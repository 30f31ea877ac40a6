import type { Locale } from '../../core/messages/catalogue.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import { html, nothing, type Html } from '../pages.ts';

type Field = {
  readonly name: string;
  readonly label: string;
  readonly type: 'email' | 'password' | 'text';
  /** What browsers and password managers fill in. */
  readonly autocomplete: string;
  readonly value?: string;
  readonly hint?: string;
  /** What is wrong with what was typed. */
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
  /** Further attributes, such as what the page checks while somebody types. */
  readonly rules?: Html;
};

/** What the page says of an address while it is typed. */
export const emailRule = (locale: Locale): Html =>
  html`data-email="${signInWords[locale].emailNotValid}"`;

/** One labelled field with its hint and its error, which are read out with it. */
export function drawField(field: Field): Html {
  const { name, label, type, autocomplete, value = '', hint, error, rules = nothing } = field;
  return html`<label class="field"
    ><span>${label}</span
    ><input
      type="${type}"
      name="${name}"
      value="${type === 'password' ? '' : value}"
      autocomplete="${autocomplete}"
      aria-describedby="${name}-hint ${name}-error"
      ${field.isOptional ? nothing : html`required`}
      ${error ? html`aria-invalid="true"` : nothing}
      ${rules}
    /><span class="small dim" id="${name}-hint">${hint ?? ''}</span
    ><span class="small error" id="${name}-error" role="status">${error ?? ''}</span></label
  >`;
}
