import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import {
  cancelAtPeriodEnd,
  changePlan,
  portalSession,
  replaceCard,
  resume,
  type PortalView,
} from './acts.ts';
import type { StripeHouse } from './house.ts';
import { invoicePath } from './page-invoice.ts';
import { checkCard, emptyCard } from './pages/card-input.ts';
import { answerEnding, answerMissing } from './pages/checkout-view.ts';
import { declineOf, fieldOf, readCard, readForm } from './pages/entry.ts';
import { chooseLanguage } from './pages/language.ts';
import { goTo, settingOf, type Setting } from './pages/page.ts';
import {
  answerCancelQuestion,
  answerCard,
  answerChange,
  answerChangeQuestion,
} from './pages/portal-steps-view.ts';
import {
  answerPortal,
  outcomes,
  type Outcome,
  type PlanOption,
  type PortalPlace,
  type PortalPlan,
} from './pages/portal-view.ts';
import type { PriceRecord, SubscriptionRecord } from './records.ts';

/** A portal that somebody looks at. */
type Visit = {
  readonly stripe: StripeHouse;
  readonly setting: Setting;
  readonly view: PortalView;
  readonly place: PortalPlace;
};

/** A visit to one subscription that can still be changed. */
type PlanVisit = Visit & {
  readonly subscription: SubscriptionRecord;
  readonly priceId: string;
  readonly planPath: string;
};

/** The pages on which a customer looks after plan, card and invoices. */
export function portalRoutes(stripe: StripeHouse): Route[] {
  const visiting =
    (answer: (visit: Visit, request: EmulatorRequest) => EmulatorAnswer) =>
    (request: EmulatorRequest): EmulatorAnswer =>
      visit(stripe, request, answer);
  const ofPlan = (answer: (visit: PlanVisit, request: EmulatorRequest) => EmulatorAnswer) =>
    visiting((found, request) => {
      const plan = planOf(found, request.params['plan'] ?? '');
      return plan ? answer(plan, request) : home(found, 'not_possible');
    });
  const at = (rest: string) => new RegExp(`/p/session/(?<id>[^/]+)${rest}`, 'u');
  const plan = (act: string) => at(`/plans/(?<plan>[^/]+)/${act}`);
  return [
    { method: 'GET', path: at(''), handle: visiting(enter) },
    { method: 'GET', path: at('/home'), handle: visiting(showHome) },
    { method: 'GET', path: at('/card'), handle: visiting(showCard) },
    { method: 'POST', path: at('/card'), handle: visiting(saveCard) },
    { method: 'GET', path: plan('change'), handle: ofPlan((found) => drawChange(found, 200)) },
    { method: 'POST', path: plan('change'), handle: ofPlan(change) },
    { method: 'GET', path: plan('confirm'), handle: ofPlan(askAboutChange) },
    { method: 'GET', path: plan('cancel'), handle: ofPlan(askAboutEnd) },
    { method: 'POST', path: plan('cancel'), handle: ofPlan(cancel) },
    { method: 'POST', path: plan('resume'), handle: ofPlan(goOn) },
  ];
}

function visit(
  stripe: StripeHouse,
  request: EmulatorRequest,
  answer: (visit: Visit, request: EmulatorRequest) => EmulatorAnswer,
): EmulatorAnswer {
  const portal = stripe.state.portals.get(request.params['id'] ?? '');
  const locale = portal?.locale ?? null;
  const setting = settingOf(chooseLanguage(locale, request.header('accept-language')));
  if (!portal) return answerMissing(setting);
  const view = portalSession(stripe, portal.id);
  const { returnUrl } = portal;
  const seller = returnUrl === null ? 'Sandbox' : new URL(returnUrl).host;
  if (view) {
    const place = { path: `/p/session/${portal.id}`, seller, returnUrl };
    return answer({ stripe, setting, view, place }, request);
  }
  const say = setting.words;
  return answerEnding(410, setting, {
    title: say.over.portalExpired,
    text: say.over.portalExpiredText,
    next: returnUrl === null ? null : { label: say.portal.back(seller), url: returnUrl },
  });
}

/** Straight to what the link was made for, or to the portal itself. */
function enter(found: Visit): EmulatorAnswer {
  const { flow } = found.view.portal;
  if (flow?.type === 'payment_method_update') return goTo(`${found.place.path}/card`);
  const plan = planOf(found, flow?.subscription ?? '');
  if (!flow) return drawHome(found, 200, null);
  if (!plan) return home(found, 'not_possible');
  if (flow.type === 'subscription_cancel') return goTo(`${plan.planPath}/cancel`);
  return goTo(flow.price === null ? `${plan.planPath}/change` : confirmPath(plan, flow.price));
}

const confirmPath = ({ planPath }: PlanVisit, price: string): string =>
  `${planPath}/confirm?${new URLSearchParams({ price }).toString()}`;

/** To the first page of the portal, which says what came of it. */
const home = ({ place }: Visit, outcome: Outcome): EmulatorAnswer =>
  goTo(`${place.path}/home?outcome=${outcome}`);

function showHome(found: Visit, { url }: EmulatorRequest): EmulatorAnswer {
  const told = url.searchParams.get('outcome');
  const outcome = outcomes.find((one) => one === told) ?? null;
  return drawHome(found, outcome === 'not_possible' ? 409 : 200, outcome);
}

function drawHome(found: Visit, status: number, outcome: Outcome | null): EmulatorAnswer {
  const { view, place } = found;
  const plans = view.subscriptions.flatMap((subscription) => portalPlanOf(found, subscription));
  return answerPortal(status, found.setting, {
    ...place,
    plans,
    canChange: optionsOf(found).length > 1,
    card: view.cardNumber?.slice(-4) ?? null,
    invoices: view.invoices.map((invoice) => ({
      url: invoicePath(invoice.id, view.portal.id),
      createdAt: new Date(invoice.created * 1000),
      amount: invoice.total,
      currency: invoice.currency,
      status: invoice.status,
    })),
    outcome,
  });
}

function portalPlanOf(found: Visit, subscription: SubscriptionRecord): PortalPlan[] {
  const price = found.stripe.state.prices.get(subscription.items[0]?.price ?? '');
  const option = price && optionOf(price);
  const plan = planOf(found, subscription.id);
  if (!option || !plan) return [];
  return [
    {
      ...option,
      path: plan.planPath,
      status: subscription.pauseCollection ? 'paused' : subscription.status,
      periodEnd: new Date(subscription.periodEnd * 1000),
      isEnding: subscription.cancelAtPeriodEnd,
    },
  ];
}

const optionOf = ({ id, name, amount, currency, interval }: PriceRecord): PlanOption | null =>
  interval && { priceId: id, name, amount, currency, interval };

const optionsOf = ({ view }: Visit): PlanOption[] =>
  view.prices.flatMap((price) => optionOf(price) ?? []).toSorted((a, b) => a.amount - b.amount);

function planOf(found: Visit, id: string): PlanVisit | null {
  const subscription = found.view.subscriptions.find((one) => one.id === id);
  const priceId = subscription?.items[0]?.price;
  if (!subscription || priceId === undefined) return null;
  return { ...found, subscription, priceId, planPath: `${found.place.path}/plans/${id}` };
}

function drawChange(found: PlanVisit, status: number): EmulatorAnswer {
  return answerChange(status, found.setting, {
    ...found.place,
    planPath: found.planPath,
    options: optionsOf(found),
    currentId: found.priceId,
  });
}

function askAboutChange(found: PlanVisit, { url }: EmulatorRequest): EmulatorAnswer {
  const wished = url.searchParams.get('price');
  const option = optionsOf(found).find(({ priceId }) => priceId === wished);
  if (!option || wished === found.priceId) return goTo(`${found.planPath}/change`);
  return answerChangeQuestion(found.setting, { ...found.place, planPath: found.planPath }, option);
}

function change(found: PlanVisit, request: EmulatorRequest): EmulatorAnswer {
  const { stripe, subscription, view } = found;
  const wished = fieldOf(readForm(request), 'price');
  if (!optionsOf(found).some(({ priceId }) => priceId === wished)) {
    return home(found, 'not_possible');
  }
  const outcome = changePlan(stripe, subscription.id, wished);
  const isDone = outcome.kind === 'closed' && outcome.status === 'complete';
  if (isDone || outcome.kind === 'paid' || outcome.kind === 'processing') {
    return home(found, 'changed');
  }
  const invoice = stripe.state.invoices.get(subscription.latestInvoice ?? '');
  // The difference is still to be paid or confirmed, which its invoice's page can do.
  return invoice?.status === 'open'
    ? goTo(invoicePath(invoice.id, view.portal.id))
    : home(found, 'not_possible');
}

function askAboutEnd(found: PlanVisit): EmulatorAnswer {
  const { subscription, place, planPath } = found;
  if (subscription.cancelAtPeriodEnd) return home(found, 'canceled');
  const end = new Date(subscription.periodEnd * 1000);
  return answerCancelQuestion(found.setting, { ...place, planPath }, end);
}

function cancel(found: PlanVisit): EmulatorAnswer {
  const { stripe, subscription } = found;
  if (!subscription.cancelAtPeriodEnd) cancelAtPeriodEnd(stripe, subscription.id);
  return home(found, 'canceled');
}

function goOn(found: PlanVisit): EmulatorAnswer {
  const { stripe, subscription } = found;
  if (subscription.cancelAtPeriodEnd) resume(stripe, subscription.id);
  return home(found, 'resumed');
}

const noCard = { input: emptyCard, problems: {}, decline: null, isFilled: false };

const showCard = ({ setting, place }: Visit): EmulatorAnswer =>
  answerCard(200, setting, { ...place, ...noCard });

function saveCard(found: Visit, request: EmulatorRequest): EmulatorAnswer {
  const { stripe, setting, place, view } = found;
  const { input, isFilled } = readCard(readForm(request), stripe.clock);
  if (isFilled) return answerCard(200, setting, { ...place, ...noCard, input, isFilled });
  const checked = checkCard(input, stripe.clock.now());
  if ('problems' in checked) {
    return answerCard(422, setting, { ...place, ...noCard, input, problems: checked.problems });
  }
  const failure = replaceCard(stripe, view.customer.id, checked.card.number);
  if (failure === null) return home(found, 'card');
  return answerCard(402, setting, { ...place, ...noCard, decline: declineOf(failure) });
}
