import type { CardInput, CardProblems } from './card-input.ts';
import { attribute, html, type Html } from './html.ts';
import type { Setting } from './page.ts';
import { testCards } from './test-cards.ts';
import type { Words } from './words-en.ts';

type Field = {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly problem: string | null;
  readonly type?: string;
  readonly numeric?: boolean;
  readonly hint?: string;
  readonly isFocused?: boolean;
};

/** A labelled field with what is wrong at it; browsers are asked not to fill in real cards. */
export const drawField = (field: Field): Html =>
  html`<div class="field">
    <label for="${field.name}">${field.label}</label>
    <input
      id="${field.name}"
      name="${field.name}"
      type="${field.type ?? 'text'}"
      value="${field.value}"
      autocomplete="off"
      required${attribute('inputmode', field.numeric ? 'numeric' : null)}${attribute('placeholder', field.hint ?? null)}${attribute('aria-invalid', field.problem === null ? null : 'true')}${attribute('aria-describedby', field.problem === null ? null : `${field.name}-problem`)}${field.isFocused ? html` autofocus` : null}
    />
    ${field.problem === null ? null : html`<p class="wrong" id="${field.name}-problem">${field.problem}</p>`}
  </div>`;

type CardFields = {
  readonly input: CardInput;
  readonly problems: CardProblems;
  /** Whether the first field with a problem gets the focus. */
  readonly isFocused: boolean;
};

/** Number, expiry and security code. */
export function drawCardFields({ words }: Setting, fields: CardFields): Html {
  const { input, problems, isFocused } = fields;
  const order = ['number', 'expiry', 'cvc'] as const;
  const first = isFocused ? order.find((name) => problems[name] !== undefined) : undefined;
  const draw = (name: keyof CardInput, label: string, hint: string) => {
    const problem = problems[name];
    return drawField({
      name,
      label,
      hint,
      value: input[name],
      problem: problem === undefined ? null : words.problems[problem],
      numeric: true,
      isFocused: first === name,
    });
  };
  return html`<div class="stack when-card">
    ${draw('number', words.number, '1234 1234 1234 1234')}
    <div class="pair">
      ${draw('expiry', words.expiry, 'MM / YY')} ${draw('cvc', words.cvc, '123')}
    </div>
    <p class="dim">${words.noRealCard}</p>
  </div>`;
}

/** The cards to pick from. Their buttons send the form whose id is given, to be filled in. */
export const drawTestCards = ({ words }: Setting, formId: string, chosen: string): Html =>
  html`<section class="panel" aria-labelledby="test-cards">
    <div class="tight">
      <h2 id="test-cards">${words.testCards}</h2>
      <p class="dim">${words.testCardsNote}</p>
    </div>
    <div class="cards">
      ${testCards.map(({ name, number }) => {
        return html`<button
          form="${formId}"
          name="fill"
          value="${number}"
          formnovalidate
          ${attribute('aria-current', chosen.replace(/\D/gu, '') === number ? 'true' : null)}
        >
          <span>${words.testCard[name]}</span><span class="digits">•••• ${number.slice(-4)}</span>
        </button>`;
      })}
    </div>
  </section>`;

/** Why a payment did not work; it gets the focus, so that it is read first. */
export const drawDecline = (words: Words, decline: Decline | null): Html | null =>
  decline === null
    ? null
    : html`<p class="alert" role="alert" tabindex="-1" autofocus>${words.declines[decline]}</p>`;

/** What people are told; a lost or stolen card is not named to who holds it. */
export type Decline = keyof Words['declines'];
