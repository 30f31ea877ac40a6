import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { authenticate, payInvoice, portalSession, type PayOutcome } from './acts.ts';
import type { StripeHouse } from './house.ts';
import type { Decline } from './pages/card-form.ts';
import { checkCard, emptyCard, type CardInput, type CardProblems } from './pages/card-input.ts';
import { answerConfirmation, answerMissing } from './pages/checkout-view.ts';
import { declineOf, readCard, readForm } from './pages/entry.ts';
import { answerInvoice } from './pages/invoice-view.ts';
import { chooseLanguage } from './pages/language.ts';
import { goTo, settingOf, type Setting } from './pages/page.ts';
import type { InvoiceRecord } from './records.ts';

/** An invoice that somebody looks at. */
type Visit = {
  readonly stripe: StripeHouse;
  readonly setting: Setting;
  readonly invoice: InvoiceRecord;
  /** The portal that the person comes from; null for none. */
  readonly portal: string | null;
};

type Entry = {
  readonly card: CardInput;
  readonly problems: CardProblems;
  readonly decline: Decline | null;
  readonly isFilled: boolean;
};

const blank: Entry = { card: emptyCard, problems: {}, decline: null, isFilled: false };

/** The pages on which an invoice is read, paid and confirmed. */
export function invoiceRoutes(stripe: StripeHouse): Route[] {
  const visiting =
    (answer: (visit: Visit, request: EmulatorRequest) => EmulatorAnswer) =>
    (request: EmulatorRequest): EmulatorAnswer => {
      const invoice = stripe.state.invoices.get(request.params['id'] ?? '');
      const customer = stripe.state.customers.get(invoice?.customer ?? '');
      const from = portalSession(stripe, request.url.searchParams.get('from') ?? '');
      const portal = from && from.customer.id === invoice?.customer ? from.portal : null;
      const locale = portal?.locale ?? customer?.locales[0] ?? null;
      const setting = settingOf(chooseLanguage(locale, request.header('accept-language')));
      if (!invoice) return answerMissing(setting);
      return answer({ stripe, setting, invoice, portal: portal?.id ?? null }, request);
    };
  const shown = /\/i\/(?<id>[^/]+)/u;
  const confirm = /\/i\/(?<id>[^/]+)\/confirm/u;
  return [
    { method: 'GET', path: shown, handle: visiting((visit) => draw(visit, 200, blank)) },
    { method: 'POST', path: shown, handle: visiting(tryToPay) },
    { method: 'GET', path: confirm, handle: visiting(showConfirmation) },
    { method: 'POST', path: confirm, handle: visiting(decide) },
  ];
}

/** The address of an invoice's page, which leads back to the portal that it was opened from. */
export const invoicePath = (invoice: string, portal: string | null): string =>
  `/i/${invoice}${fromPortal(portal)}`;

const confirmPath = ({ invoice, portal }: Visit): string =>
  `/i/${invoice.id}/confirm${fromPortal(portal)}`;

const fromPortal = (portal: string | null): string =>
  portal === null ? '' : `?${new URLSearchParams({ from: portal }).toString()}`;

const pathOf = ({ invoice, portal }: Visit): string => invoicePath(invoice.id, portal);

// While the bank works on a debit, paying once more would pay twice.
const isUnpaid = (visit: Visit): boolean =>
  visit.invoice.status === 'open' && intentOf(visit)?.status !== 'processing';

function tryToPay(visit: Visit, request: EmulatorRequest): EmulatorAnswer {
  const { stripe, invoice } = visit;
  if (!isUnpaid(visit)) return goTo(pathOf(visit));
  const form = readForm(request);
  if (form.get('with') === 'saved') {
    if (isToBeConfirmed(visit)) return goTo(confirmPath(visit));
    return follow(visit, payInvoice(stripe, invoice.id), blank);
  }
  const { input, isFilled } = readCard(form, stripe.clock);
  const entry: Entry = { ...blank, card: input, isFilled };
  if (isFilled) return draw(visit, 200, entry);
  const checked = checkCard(input, stripe.clock.now());
  if ('problems' in checked) return draw(visit, 422, { ...entry, problems: checked.problems });
  return follow(visit, payInvoice(stripe, invoice.id, checked.card.number), entry);
}

function follow(visit: Visit, outcome: PayOutcome, entry: Entry): EmulatorAnswer {
  if (outcome.kind === 'authenticate') return goTo(confirmPath(visit));
  if (outcome.kind !== 'declined') return goTo(pathOf(visit));
  return draw(visit, 402, { ...entry, card: emptyCard, decline: declineOf(outcome.failure) });
}

const intentOf = ({ stripe, invoice }: Visit) => stripe.state.intents.get(invoice.intent ?? '');

const isToBeConfirmed = (visit: Visit): boolean =>
  isUnpaid(visit) && intentOf(visit)?.status === 'requires_action';

function showConfirmation(visit: Visit): EmulatorAnswer {
  const { stripe, setting, invoice } = visit;
  if (!isToBeConfirmed(visit)) return goTo(pathOf(visit));
  return answerConfirmation(setting, {
    action: confirmPath(visit),
    seller: 'Sandbox',
    amount: invoice.amountDue - invoice.amountPaid,
    currency: invoice.currency,
    card: stripe.state.methods.get(intentOf(visit)?.method ?? '')?.number.slice(-4) ?? '',
  });
}

function decide(visit: Visit, request: EmulatorRequest): EmulatorAnswer {
  if (!isToBeConfirmed(visit)) return goTo(pathOf(visit));
  const isApproved = readForm(request).get('decision') === 'complete';
  return follow(visit, authenticate(visit.stripe, visit.invoice.id, isApproved), blank);
}

/** The last four digits of the card that waits for the person, or that is charged each time; null for none. */
function savedCardOf(visit: Visit): string | null {
  const { state } = visit.stripe;
  const { subscription, customer } = visit.invoice;
  const waiting = isToBeConfirmed(visit) ? intentOf(visit)?.method : null;
  const saved = state.subscriptions.get(subscription)?.method;
  const method = waiting ?? saved ?? state.customers.get(customer)?.method;
  return state.methods.get(method ?? '')?.number.slice(-4) ?? null;
}

function draw(visit: Visit, status: number, entry: Entry): EmulatorAnswer {
  const { invoice, portal } = visit;
  return answerInvoice(status, visit.setting, {
    action: pathOf(visit),
    number: invoice.number ?? invoice.id,
    status: invoice.status,
    createdAt: new Date(invoice.created * 1000),
    lines: invoice.lines.map(({ description, amount }) => ({ name: description, amount })),
    due: invoice.amountDue - invoice.amountPaid,
    currency: invoice.currency,
    savedCard: savedCardOf(visit),
    needsConfirmation: isToBeConfirmed(visit),
    isProcessing: intentOf(visit)?.status === 'processing',
    entry,
    backUrl: portal === null ? null : `/p/session/${portal}/home`,
  });
}
