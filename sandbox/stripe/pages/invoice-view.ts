import type { EmulatorAnswer } from '../../http.ts';
import { dayText, moneyText } from './amounts.ts';
import { drawCardFields, drawDecline, drawTestCards, type Decline } from './card-form.ts';
import type { CardInput, CardProblems } from './card-input.ts';
import { html, type Html } from './html.ts';
import { answerPage, type Setting } from './page.ts';
import type { Words } from './words-en.ts';

export type InvoiceStatus = keyof Words['invoiceStatus'];

type InvoiceView = {
  readonly action: string;
  readonly number: string;
  readonly status: InvoiceStatus;
  readonly createdAt: Date;
  readonly lines: readonly { readonly name: string; readonly amount: number }[];
  readonly due: number;
  readonly currency: string;
  /** The last four digits of the saved card; null for none. */
  readonly savedCard: string | null;
  readonly needsConfirmation: boolean;
  /** Whether the bank has still to say whether it pays. */
  readonly isProcessing: boolean;
  readonly entry: {
    readonly card: CardInput;
    readonly problems: CardProblems;
    readonly decline: Decline | null;
    readonly isFilled: boolean;
  };
  /** Where the portal or the seller is; null where nobody said. */
  readonly backUrl: string | null;
};

const good: readonly string[] = ['active', 'trialing', 'paid'];
const bad: readonly string[] = ['past_due', 'unpaid', 'open', 'uncollectible', 'incomplete'];

/** A status as a word on a coloured ground. */
export const drawBadge = (status: string, word: string): Html =>
  html`<span
    class="badge ${good.includes(status) ? 'good' : ''}${bad.includes(status) ? 'bad' : ''}"
    >${word}</span
  >`;

/** The part of an open invoice in which it is paid. */
function drawPayment(setting: Setting, view: InvoiceView): Html {
  const { words, language } = setting;
  const { entry, savedCard } = view;
  const pay = words.pay(moneyText(view.due, view.currency, language));
  return html`${
      view.needsConfirmation && entry.decline === null
        ? html`<p class="alert">${words.invoice.needsConfirmation}</p>`
        : null
    }
    ${
      savedCard === null
        ? null
        : html`<form class="panel" method="post" action="${view.action}">
            <h2>${words.invoice.saved(savedCard)}</h2>
            <button class="main" name="with" value="saved">
              ${view.needsConfirmation ? words.confirm.title : pay}
            </button>
          </form>`
    }
    <form class="panel" id="pay" method="post" action="${view.action}" novalidate>
      <h2>${savedCard === null ? words.paymentMethod : words.invoice.other}</h2>
      ${drawCardFields(setting, { input: entry.card, problems: entry.problems, isFocused: true })}
      <button
        class="${savedCard === null ? 'main' : ''}"
        name="with"
        value="card"
        ${entry.isFilled ? html` autofocus` : null}
      >
        ${pay}
      </button>
    </form>
    ${drawTestCards(setting, 'pay', entry.card.number)}`;
}

function drawClosed({ words }: Setting, { status, isProcessing }: InvoiceView): Html {
  if (status === 'paid') return html`<p class="done" role="status">${words.invoice.paid}</p>`;
  const text = isProcessing || status === 'open' ? words.invoice.processing : words.invoice[status];
  return html`<p class="panel" role="status">${text}</p>`;
}

/** An invoice with its own page: paid, or to be paid or confirmed here. */
export function answerInvoice(status: number, setting: Setting, view: InvoiceView): EmulatorAnswer {
  const { words, language } = setting;
  const money = (amount: number) => moneyText(amount, view.currency, language);
  const isOpen = view.status === 'open';
  const title = words.invoice.title(view.number);
  const body = html`<section class="summary stack">
      ${
        view.backUrl === null
          ? null
          : html`<div class="top"><a href="${view.backUrl}">← ${words.back}</a></div>`
      }
      <div class="tight">
        <h1>${title}</h1>
        <p>${drawBadge(view.status, words.invoiceStatus[view.status])}</p>
      </div>
      <div class="tight">
        <p class="dim">${words.invoice.due}</p>
        <p class="price">${money(isOpen ? view.due : 0)}</p>
        <p class="dim">${words.invoice.of(dayText(view.createdAt, language))}</p>
      </div>
      <ul class="rows">
        ${view.lines.map(
          ({ name, amount }) =>
            html`<li>
              <div>${name}</div>
              <span class="amount">${money(amount)}</span>
            </li>`,
        )}
      </ul>
    </section>
    <div class="stack">
      ${drawDecline(words, view.entry.decline)}
      ${isOpen && !view.isProcessing ? drawPayment(setting, view) : drawClosed(setting, view)}
    </div>`;
  return answerPage(status, setting, { title, body, layout: 'two' });
}
