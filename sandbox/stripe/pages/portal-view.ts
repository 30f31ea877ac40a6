import type { EmulatorAnswer } from '../../http.ts';
import { dayText, moneyText } from './amounts.ts';
import type { Interval } from './checkout-view.ts';
import { html, type Html } from './html.ts';
import { drawBadge, type InvoiceStatus } from './invoice-view.ts';
import { answerPage, type Setting } from './page.ts';
import type { Words } from './words-en.ts';

export type SubscriptionState = keyof Words['subscriptionStatus'];

/** A price that a plan can be changed to. */
export type PlanOption = {
  readonly priceId: string;
  readonly name: string;
  readonly amount: number;
  readonly currency: string;
  readonly interval: Interval;
};

export type PortalPlan = PlanOption & {
  /** Where it is changed, ended and renewed. */
  readonly path: string;
  readonly status: SubscriptionState;
  readonly periodEnd: Date;
  /** Whether it ends with its period. */
  readonly isEnding: boolean;
};

export type PortalInvoice = {
  readonly url: string;
  readonly createdAt: Date;
  readonly amount: number;
  readonly currency: string;
  readonly status: InvoiceStatus;
};

/** What has just been done, or could not be done. */
export const outcomes = ['changed', 'canceled', 'resumed', 'card', 'not_possible'] as const;
export type Outcome = (typeof outcomes)[number];

/** What every page of a portal shows. */
export type PortalPlace = {
  /** Where the pages of the portal lie. */
  readonly path: string;
  readonly seller: string;
  readonly returnUrl: string | null;
};

type PortalView = PortalPlace & {
  readonly plans: readonly PortalPlan[];
  /** Whether there is another price to change to. */
  readonly canChange: boolean;
  readonly card: string | null;
  readonly invoices: readonly PortalInvoice[];
  readonly outcome: Outcome | null;
};

/** What a plan costs and how often. */
export const priceText = ({ words, language }: Setting, option: PlanOption): string =>
  words.priceEach(moneyText(option.amount, option.currency, language), words.each[option.interval]);

/** The way out of the portal. */
export const drawTop = ({ words }: Setting, { returnUrl, seller }: PortalPlace): Html | null =>
  returnUrl === null
    ? null
    : html`<div class="top"><a href="${returnUrl}">← ${words.portal.back(seller)}</a></div>`;

function planSentence({ words, language }: Setting, plan: PortalPlan): string {
  const say = words.portal;
  const day = dayText(plan.periodEnd, language);
  if (plan.status === 'past_due' || plan.status === 'unpaid') return say.pastDue;
  if (plan.status === 'paused') return say.paused;
  return plan.isEnding ? say.ends(day) : say.renews(day);
}

function drawPlan(setting: Setting, plan: PortalPlan, canChange: boolean): Html {
  const { path } = plan;
  const say = setting.words.portal;
  const endOrGoOn = plan.isEnding
    ? html`<form method="post" action="${path}/resume">
        <button class="main">${say.resume}</button>
      </form>`
    : html`<a class="button" href="${path}/cancel">${say.cancel}</a>`;
  return html`<div class="tight">
      <p class="seller">
        ${plan.name} ${drawBadge(plan.status, setting.words.subscriptionStatus[plan.status])}
      </p>
      <p>${priceText(setting, plan)}</p>
      <p class="dim">${planSentence(setting, plan)}</p>
    </div>
    <div class="buttons across">
      ${canChange && !plan.isEnding ? html`<a class="button main" href="${path}/change">${say.change}</a>` : null}
      ${endOrGoOn}
    </div>`;
}

function drawInvoices(setting: Setting, invoices: readonly PortalInvoice[]): Html {
  const { words, language } = setting;
  if (invoices.length === 0) return html`<p class="dim">${words.portal.noInvoices}</p>`;
  return html`<ul class="rows">
    ${invoices.map(({ url, createdAt, amount, currency, status }) => {
      const day = dayText(createdAt, language);
      const price = moneyText(amount, currency, language);
      const label = status === 'open' ? words.portal.pay : words.portal.view;
      return html`<li>
        <div>
          ${day}
          <p class="amount dim">${price}</p>
        </div>
        ${drawBadge(status, words.invoiceStatus[status])}
        <a
          class="button small${status === 'open' ? ' main' : ''}"
          href="${url}"
          aria-label="${label}: ${words.portal.invoiceName(day, price)}"
          >${label}</a
        >
      </li>`;
    })}
  </ul>`;
}

function drawOutcome({ words }: Setting, outcome: Outcome | null): Html | null {
  if (outcome === null) return null;
  return outcome === 'not_possible'
    ? html`<p class="alert" role="alert">${words.portal.notPossible}</p>`
    : html`<p class="done" role="status">${words.portal.done[outcome]}</p>`;
}

/** The portal: the plan, the card and the invoices of a customer. */
export function answerPortal(status: number, setting: Setting, view: PortalView): EmulatorAnswer {
  const say = setting.words.portal;
  const body = html`${drawTop(setting, view)}
    <h1>${say.title}</h1>
    ${drawOutcome(setting, view.outcome)}
    <section class="panel">
      <h2>${say.current}</h2>
      ${view.plans.length === 0 ? html`<p>${say.none}</p>` : null}
      ${view.plans.map((plan) => drawPlan(setting, plan, view.canChange))}
    </section>
    <section class="panel">
      <h2>${say.card}</h2>
      <p>${view.card === null ? say.noCard : say.cardEnding(view.card)}</p>
      <div class="buttons across">
        <a class="button" href="${view.path}/card">${say.updateCard}</a>
      </div>
    </section>
    <section class="panel">
      <h2>${say.invoices}</h2>
      ${drawInvoices(setting, view.invoices)}
    </section>`;
  return answerPage(status, setting, { title: say.title, body, layout: 'list' });
}
