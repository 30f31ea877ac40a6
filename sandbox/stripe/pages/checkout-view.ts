import type { EmulatorAnswer } from '../../http.ts';
import { moneyText } from './amounts.ts';
import {
  drawCardFields,
  drawDecline,
  drawField,
  drawTestCards,
  type Decline,
} from './card-form.ts';
import type { CardInput, CardProblems } from './card-input.ts';
import { html, type Html } from './html.ts';
import { answerPage, type Setting } from './page.ts';

/** How often something is paid. */
export type Interval = 'day' | 'week' | 'month' | 'year';

type Line = { readonly name: string; readonly quantity: number; readonly amount: number };

/** What is bought. */
export type Purchase = {
  /** What the whole is called. */
  readonly name: string;
  readonly seller: string;
  readonly lines: readonly Line[];
  readonly total: number;
  readonly currency: string;
  /** null: paid once. */
  readonly interval: Interval | null;
  /** Where Back leads; null where the seller named nothing. */
  readonly cancelUrl: string | null;
};

/** What was typed so far, and what is wrong with it. */
export type Entry = {
  readonly email: string;
  readonly method: 'card' | 'bank';
  readonly bank: 'pays' | 'refuses';
  readonly card: CardInput;
  readonly problems: CardProblems;
  readonly isEmailWrong: boolean;
  readonly decline: Decline | null;
  /** Whether a card was just picked from the list, so that only Pay is left to press. */
  readonly isFilled: boolean;
};

type CheckoutView = {
  readonly action: string;
  readonly purchase: Purchase;
  /** The address that the seller knows already, which cannot be changed here. */
  readonly knownEmail: string | null;
  readonly entry: Entry;
};

const titleOf = ({ words }: Setting, { interval, name }: Purchase): string =>
  interval ? words.subscribeTo(name) : words.payFor(name);

function drawSummary(setting: Setting, purchase: Purchase): Html {
  const { words, language } = setting;
  const { interval, currency, cancelUrl, total } = purchase;
  const money = (amount: number) => moneyText(amount, currency, language);
  const period = interval ? words.each[interval] : words.once;
  return html`<section class="summary stack">
    <div class="top">
      ${cancelUrl === null ? null : html`<a href="${cancelUrl}">← ${words.back}</a>`}
      <p class="seller">${purchase.seller}</p>
    </div>
    <div class="tight">
      <h1>${titleOf(setting, purchase)}</h1>
      <p class="price">${money(total)} <small>${period}</small></p>
    </div>
    <ul class="rows sum">
      ${purchase.lines.map(
        ({ name, quantity, amount }) =>
          html`<li>
            <div>
              ${name}${quantity === 1 ? null : html`<p class="dim">${words.quantity(quantity)}</p>`}
            </div>
            <span class="amount">${money(amount)}</span>
          </li>`,
      )}
      <li>
        <div>${words.total}</div>
        <span class="amount">${money(total)}</span>
      </li>
    </ul>
    ${interval ? html`<p class="dim">${words.renews(money(total), period)}</p>` : null}
  </section>`;
}

type Choice = {
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly isChosen: boolean;
};

/** A radio button with its text. */
const drawChoice = ({ name, value, label, isChosen }: Choice): Html =>
  html`<label class="choice"
    ><input type="radio" name="${name}" value="${value}" ${isChosen ? html` checked` : null} /><span
      >${label}</span
    ></label
  >`;

function drawMethods({ words }: Setting, { method, bank }: Entry): Html {
  return html`<div class="pair">
      ${drawChoice({
        name: 'method',
        value: 'card',
        label: words.card,
        isChosen: method === 'card',
      })}
      ${drawChoice({
        name: 'method',
        value: 'bank',
        label: words.bank,
        isChosen: method === 'bank',
      })}
    </div>
    <div class="stack when-bank">
      <p class="dim">${words.bankNote}</p>
      ${drawChoice({
        name: 'bank',
        value: 'pays',
        label: words.bankPays,
        isChosen: bank === 'pays',
      })}
      ${drawChoice({
        name: 'bank',
        value: 'refuses',
        label: words.bankRefuses,
        isChosen: bank === 'refuses',
      })}
    </div>`;
}

function drawEmail({ words }: Setting, { knownEmail, entry }: CheckoutView): Html {
  if (knownEmail !== null) {
    return html`<div class="tight">
      <p class="dim">${words.email}</p>
      <p>${knownEmail}</p>
    </div>`;
  }
  return drawField({
    name: 'email',
    label: words.email,
    value: entry.email,
    type: 'email',
    hint: 'ada@example.com',
    problem: entry.isEmailWrong ? words.problems.email : null,
    isFocused: entry.isEmailWrong,
  });
}

/** The page on which a checkout is paid. */
export function answerCheckout(
  status: number,
  setting: Setting,
  view: CheckoutView,
): EmulatorAnswer {
  const { words, language } = setting;
  const { entry, purchase } = view;
  const label = purchase.interval
    ? words.subscribe
    : words.pay(moneyText(purchase.total, purchase.currency, language));
  const body = html`${drawSummary(setting, purchase)}
    <div class="stack">
      <section class="panel">
        ${drawDecline(words, entry.decline)}
        <form id="pay" method="post" action="${view.action}" novalidate>
          ${drawEmail(setting, view)}
          <fieldset>
            <legend>${words.paymentMethod}</legend>
            ${drawMethods(setting, entry)}
            ${drawCardFields(setting, {
              input: entry.card,
              problems: entry.problems,
              isFocused: !entry.isEmailWrong,
            })}
          </fieldset>
          <button class="main" ${entry.isFilled ? html` autofocus` : null}>${label}</button>
        </form>
      </section>
      ${drawTestCards(setting, 'pay', entry.card.number)}
    </div>`;
  return answerPage(status, setting, {
    title: `${titleOf(setting, purchase)} · ${words.checkout}`,
    body,
    layout: 'two',
  });
}

type Confirmation = {
  readonly action: string;
  readonly seller: string;
  readonly amount: number;
  readonly currency: string;
  /** The last four digits of the card. */
  readonly card: string;
};

/** The step of 3-D Secure at the bank of the card. */
export function answerConfirmation(setting: Setting, view: Confirmation): EmulatorAnswer {
  const { words, language } = setting;
  const { confirm } = words;
  const amount = moneyText(view.amount, view.currency, language);
  return answerPage(200, setting, {
    title: confirm.title,
    body: html`<section class="panel">
      <p class="dim">${confirm.bank}</p>
      <h1>${confirm.title}</h1>
      <p>${confirm.text(amount, view.seller, view.card)}</p>
      <form method="post" action="${view.action}">
        <div class="buttons">
          <button class="main" name="decision" value="complete">${confirm.complete}</button>
          <button name="decision" value="fail">${confirm.fail}</button>
        </div>
      </form>
    </section>`,
  });
}

type Ending = {
  readonly title: string;
  readonly text: string;
  /** Where the person can go on to; null for nowhere. */
  readonly next: { readonly label: string; readonly url: string } | null;
};

/** A page on which there is nothing left to do. */
export const answerEnding = (
  status: number,
  setting: Setting,
  { title, text, next }: Ending,
): EmulatorAnswer =>
  answerPage(status, setting, {
    title,
    body: html`<section class="panel">
      <h1>${title}</h1>
      <p>${text}</p>
      ${next ? html`<a class="button main" href="${next.url}">${next.label}</a>` : null}
    </section>`,
  });

/** The page for an address that leads to nothing. */
export const answerMissing = (setting: Setting): EmulatorAnswer =>
  answerEnding(404, setting, {
    title: setting.words.over.missing,
    text: setting.words.over.missingText,
    next: null,
  });
