import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { authenticate, payCheckout, type PayOutcome } from './acts.ts';
import type { StripeHouse } from './house.ts';
import { checkCard, emptyCard, isEmail } from './pages/card-input.ts';
import {
  answerCheckout,
  answerConfirmation,
  answerEnding,
  answerMissing,
  type Entry,
  type Purchase,
} from './pages/checkout-view.ts';
import { declineOf, fieldOf, readCard, readForm } from './pages/entry.ts';
import { chooseLanguage } from './pages/language.ts';
import { goTo, settingOf, type Setting } from './pages/page.ts';
import { bankAccounts } from './pages/test-cards.ts';
import type { CheckoutRecord } from './records.ts';

/** A checkout that somebody looks at. */
type Visit = {
  readonly stripe: StripeHouse;
  readonly setting: Setting;
  readonly checkout: CheckoutRecord;
  readonly path: string;
};

/** The pages on which a checkout is paid. */
export function checkoutRoutes(stripe: StripeHouse): Route[] {
  const visiting =
    (answer: (visit: Visit, request: EmulatorRequest) => EmulatorAnswer) =>
    (request: EmulatorRequest): EmulatorAnswer => {
      const accepted = request.header('accept-language');
      const checkout = stripe.state.checkouts.get(request.params['id'] ?? '');
      const setting = settingOf(chooseLanguage(checkout?.locale ?? null, accepted));
      if (!checkout || checkout.uiMode !== 'hosted_page') return answerMissing(setting);
      return answer({ stripe, setting, checkout, path: `/c/pay/${checkout.id}` }, request);
    };
  const pay = /\/c\/pay\/(?<id>[^/]+)/u;
  const confirm = /\/c\/pay\/(?<id>[^/]+)\/confirm/u;
  return [
    { method: 'GET', path: pay, handle: visiting(showCheckout) },
    { method: 'POST', path: pay, handle: visiting(tryToPay) },
    { method: 'GET', path: confirm, handle: visiting(showConfirmation) },
    { method: 'POST', path: confirm, handle: visiting(decide) },
  ];
}

const blank: Entry = {
  email: '',
  method: 'card',
  bank: 'pays',
  card: emptyCard,
  problems: {},
  isEmailWrong: false,
  decline: null,
  isFilled: false,
};

function showCheckout(visit: Visit): EmulatorAnswer {
  return isOpen(visit) ? draw(visit, 200, blank) : answerOver(visit);
}

function tryToPay(visit: Visit, request: EmulatorRequest): EmulatorAnswer {
  const { stripe, checkout } = visit;
  if (!isOpen(visit)) return leave(visit);
  const form = readForm(request);
  const known = knownEmail(visit);
  const { input, isFilled } = readCard(form, stripe.clock);
  const entry: Entry = {
    ...blank,
    email: fieldOf(form, 'email'),
    method: !isFilled && form.get('method') === 'bank' ? 'bank' : 'card',
    bank: form.get('bank') === 'refuses' ? 'refuses' : 'pays',
    card: input,
    isFilled,
  };
  if (isFilled) return draw(visit, 200, entry);
  const isEmailWrong = known === null && !isEmail(entry.email);
  const checked = checkCard(input, stripe.clock.now());
  const problems = entry.method === 'card' && 'problems' in checked ? checked.problems : {};
  if (isEmailWrong || Object.keys(problems).length > 0) {
    return draw(visit, 422, { ...entry, isEmailWrong, problems });
  }
  const number =
    entry.method === 'card' && 'card' in checked ? checked.card.number : bankAccounts[entry.bank];
  const email = known === null ? [entry.email] : [];
  return follow(visit, payCheckout(stripe, checkout.id, number, ...email), entry);
}

/** Leads on by what came of a try to pay. */
function follow(visit: Visit, outcome: PayOutcome, entry: Entry): EmulatorAnswer {
  if (outcome.kind === 'authenticate') return goTo(`${visit.path}/confirm`);
  if (outcome.kind !== 'declined') return leave(visit);
  // The card is not shown again, as another one is asked for.
  return draw(visit, 402, { ...entry, card: emptyCard, decline: declineOf(outcome.failure) });
}

function showConfirmation(visit: Visit): EmulatorAnswer {
  const { stripe, setting, checkout, path } = visit;
  const intent = stripe.state.intents.get(checkout.intent ?? '');
  if (!isOpen(visit) || intent?.status !== 'requires_action') return goTo(path);
  return answerConfirmation(setting, {
    action: `${path}/confirm`,
    seller: sellerOf(checkout),
    amount: checkout.amount,
    currency: checkout.currency,
    card: stripe.state.methods.get(intent.method ?? '')?.number.slice(-4) ?? '',
  });
}

function decide(visit: Visit, request: EmulatorRequest): EmulatorAnswer {
  const { stripe, checkout, path } = visit;
  if (!isOpen(visit)) return leave(visit);
  const intent = stripe.state.intents.get(checkout.intent ?? '');
  if (intent?.status !== 'requires_action') return goTo(path);
  const isApproved = readForm(request).get('decision') === 'complete';
  return follow(visit, authenticate(stripe, checkout.id, isApproved), blank);
}

const isOpen = ({ checkout }: Visit): boolean => checkout.status === 'open';

const knownEmail = ({ stripe, checkout }: Visit): string | null =>
  stripe.state.customers.get(checkout.customer ?? '')?.email ?? checkout.customerEmail;

/** The sandbox knows no name of the seller, so that its host stands for it. */
function sellerOf({ successUrl, cancelUrl, returnUrl }: CheckoutRecord): string {
  const address = successUrl ?? cancelUrl ?? returnUrl;
  return address === null ? 'Sandbox' : new URL(address).host;
}

const successUrlOf = ({ id, successUrl }: CheckoutRecord): string | null =>
  successUrl?.replaceAll('{CHECKOUT_SESSION_ID}', id) ?? null;

/** To where a paid checkout leads, as often as it is asked for; one that is over says so. */
function leave(visit: Visit): EmulatorAnswer {
  const address = visit.checkout.status === 'complete' ? successUrlOf(visit.checkout) : null;
  return address === null ? answerOver(visit) : goTo(address);
}

function answerOver({ setting, checkout }: Visit): EmulatorAnswer {
  const { words } = setting;
  const isComplete = checkout.status === 'complete';
  const url = isComplete ? successUrlOf(checkout) : checkout.cancelUrl;
  return answerEnding(isComplete ? 200 : 410, setting, {
    title: isComplete ? words.over.complete : words.over.expired,
    text: isComplete ? words.over.completeText : words.over.expiredText,
    next: url === null ? null : { label: isComplete ? words.over.goOn : words.back, url },
  });
}

function draw(visit: Visit, status: number, entry: Entry): EmulatorAnswer {
  return answerCheckout(status, visit.setting, {
    action: visit.path,
    purchase: purchaseOf(visit),
    knownEmail: knownEmail(visit),
    entry,
  });
}

function purchaseOf({ stripe, checkout }: Visit): Purchase {
  const lines = checkout.lines.map(({ price, quantity }) => {
    const record = stripe.state.prices.get(price);
    return {
      name: record?.name ?? price,
      quantity,
      amount: (record?.amount ?? 0) * quantity,
      interval: record?.interval ?? null,
    };
  });
  return {
    name: lines.map(({ name }) => name).join(', '),
    seller: sellerOf(checkout),
    lines,
    total: checkout.amount,
    currency: checkout.currency,
    interval: lines.find(({ interval }) => interval !== null)?.interval ?? null,
    cancelUrl: checkout.cancelUrl,
  };
}
