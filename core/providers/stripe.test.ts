import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { isFault } from '../fault.ts';
import type { Payments } from '../ports/payments.ts';
import { createStripePayments } from './stripe.ts';

type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly form: Record<string, string>;
  readonly headers: IncomingMessage['headers'];
};
type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The connection ends instead of an answer. */
  readonly reset?: boolean;
};

/** By method and path; a list is answered one after another, the last one again and again. */
let answers: Record<string, Answer | Answer[]>;
let asked: Asked[];
let server: Server;
let payments: Payments;

const missing: Answer = {
  status: 404,
  body: { error: { type: 'invalid_request_error', code: 'resource_missing', param: 'id' } },
};

async function answerOne(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stripe');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { method = '', headers } = request;
  const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
  const query = Object.fromEntries(url.searchParams);
  asked.push({ method, path: url.pathname, query, form, headers });
  const planned = answers[`${method} ${url.pathname}`] ?? missing;
  const answer = Array.isArray(planned) ? planned[0] : planned;
  if (Array.isArray(planned) && planned.length > 1) planned.shift();
  if (!answer || answer.reset) return void request.socket.destroy();
  const { status = 200, body = {} } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...answer.headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

beforeAll(async () => {
  server = createServer((request, response) => void answerOne(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.int() }).parse(server.address());
  payments = createStripePayments({
    url: `http://127.0.0.1:${port}`,
    secretKey: 'sk_test_1',
    webhookSecrets: ['whsec_1'],
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answers = {};
  asked = [];
});

const seconds = (text: string): number => Date.parse(text) / 1000;
const start = '2026-11-22T08:00:00.000Z';
const end = '2026-12-22T08:00:00.000Z';
const list = (data: readonly unknown[], hasMore = false) => ({
  body: { object: 'list', data, has_more: hasMore, url: '/v1/x' },
});

const session = {
  id: 'cs_1',
  object: 'checkout.session',
  mode: 'payment',
  status: 'open',
  payment_status: 'unpaid',
  url: 'https://checkout.stripe.test/c/cs_1',
  customer: 'cus_1',
  subscription: null,
  payment_intent: null,
  invoice: null,
  amount_total: 500,
  currency: 'usd',
  metadata: { account: 'acc_1', product: 'small', checkout: 'chk_1' },
  expires_at: seconds(end),
};

const subscription = {
  id: 'sub_1',
  object: 'subscription',
  customer: 'cus_1',
  status: 'active',
  items: {
    data: [
      {
        price: { id: 'price_pro' },
        current_period_start: seconds(start),
        current_period_end: seconds(end),
      },
    ],
  },
  cancel_at: null,
  cancel_at_period_end: false,
  ended_at: null,
  metadata: { account: 'acc_1' },
  created: seconds(start),
};

const line = (amount: number, price: string | null, period: readonly [string, string]) => ({
  amount,
  period: { start: seconds(period[0]), end: seconds(period[1]) },
  pricing: price === null ? null : { type: 'price_details', price_details: { price } },
});
const paymentOf = (status: string, intent: string) => ({
  status,
  payment: { type: 'payment_intent', payment_intent: intent },
});
const invoice = {
  id: 'in_1',
  customer: 'cus_1',
  status: 'paid',
  billing_reason: 'subscription_cycle',
  parent: {
    type: 'subscription_details',
    subscription_details: { subscription: 'sub_1', metadata: {} },
  },
  lines: { data: [line(2900, 'price_pro', [start, end])] },
  payments: { data: [paymentOf('canceled', 'pi_0'), paymentOf('paid', 'pi_1')] },
  // What is over, and not what is paid for.
  period_start: seconds('2026-10-22T08:00:00.000Z'),
  period_end: seconds(start),
  amount_paid: 2900,
  amount_due: 2900,
  currency: 'usd',
  hosted_invoice_url: 'https://invoice.stripe.test/i/1',
};

const intent = {
  id: 'pi_1',
  customer: 'cus_1',
  amount: 2900,
  amount_received: 2900,
  status: 'succeeded',
  last_payment_error: null,
  latest_charge: { id: 'ch_1', amount_refunded: 0 },
};

describe('prices', () => {
  const price = { id: 'price_1', unit_amount: 900, currency: 'usd', active: true };

  test.each([
    [{ interval: 'month', interval_count: 1 }, 'month'],
    [null, null],
  ])('paid as %j', async (recurring, interval) => {
    answers['GET /v1/prices/price_1'] = { body: { ...price, recurring } };
    expect(await payments.readPrice('price_1')).toEqual({
      id: 'price_1',
      amount: 900,
      currency: 'usd',
      interval,
      isActive: true,
    });
    expect(await payments.readPrice('price_2')).toBeNull();
  });

  test('without one fixed amount is nothing that we can sell', async () => {
    answers['GET /v1/prices/price_1'] = { body: { ...price, unit_amount: null } };
    await expect(payments.readPrice('price_1')).rejects.toThrow('Stripe could not do this');
  });
});

describe('customers', () => {
  test('are made with our key, and with our version of the API', async () => {
    answers['POST /v1/customers'] = { body: { id: 'cus_1' } };
    const made = await payments.createCustomer({ accountId: 'acc_1', name: '张三', key: 'k_1' });
    expect(made).toBe('cus_1');
    expect(asked[0]?.form).toEqual({ name: '张三', 'metadata[account]': 'acc_1' });
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer sk_test_1',
      'idempotency-key': 'k_1',
      'stripe-version': '2026-10-28.endive',
    });
  });

  test('are made without telling Stripe how long the call before took', async () => {
    const body = subscription;
    answers['GET /v1/subscriptions/sub_1'] = { body, headers: { 'request-id': 'req_1' } };
    await payments.readSubscription('sub_1');
    await payments.readSubscription('sub_1');
    expect(asked).toHaveLength(2);
    expect(asked[1]?.headers).not.toHaveProperty('x-stripe-client-telemetry');
  });
});

describe('checkouts', () => {
  const wish = {
    priceId: 'price_1',
    customerId: 'cus_1',
    accountId: 'acc_1',
    metadata: { account: 'acc_1', product: 'small', checkout: 'chk_1' },
    successUrl: 'https://jilo.test/billing/done?checkout=chk_1',
    cancelUrl: 'https://jilo.test/billing/cancelled',
    locale: 'zh',
    key: 'checkout:chk_1',
  } as const;
  const sent = {
    'line_items[0][price]': 'price_1',
    'line_items[0][quantity]': '1',
    customer: 'cus_1',
    client_reference_id: 'acc_1',
    'metadata[account]': 'acc_1',
    'metadata[product]': 'small',
    'metadata[checkout]': 'chk_1',
    success_url: wish.successUrl,
    cancel_url: wish.cancelUrl,
    locale: 'zh',
  };

  test.each([
    ['plan', 'subscription', 'subscription_data'],
    ['pack', 'payment', 'payment_intent_data'],
  ] as const)(
    'of a %s write our metadata on what comes of them as well',
    async (kind, mode, on) => {
      answers['POST /v1/checkout/sessions'] = { body: { ...session, mode } };
      const opened = await payments.openCheckout({ ...wish, kind });
      expect(asked[0]?.form).toEqual({
        mode,
        ...sent,
        [`${on}[metadata][account]`]: 'acc_1',
        [`${on}[metadata][product]`]: 'small',
        [`${on}[metadata][checkout]`]: 'chk_1',
      });
      expect(asked[0]?.headers['idempotency-key']).toBe('checkout:chk_1');
      expect(opened).toEqual({
        id: 'cs_1',
        status: 'open',
        payment: 'unpaid',
        kind,
        url: session.url,
        customerId: 'cus_1',
        subscriptionId: null,
        paymentId: null,
        amount: 500,
        currency: 'usd',
        metadata: session.metadata,
        expiresAt: new Date(end),
      });
    },
  );

  const complete = { ...session, status: 'complete', url: null, payment_intent: 'pi_1' };
  const failed = {
    ...intent,
    status: 'requires_payment_method',
    last_payment_error: { code: 'insufficient_funds' },
  };

  test.each<[string, object, object, string, string | null]>([
    ['paid', { payment_status: 'paid' }, intent, 'paid', 'pi_1'],
    ['free', { payment_status: 'no_payment_required', payment_intent: null }, {}, 'paid', null],
    ['with a slow bank', {}, { ...intent, status: 'processing' }, 'processing', null],
    ['with a voucher to pay', {}, { ...intent, status: 'requires_action' }, 'processing', null],
    ['with a bank that said no', {}, failed, 'unpaid', null],
  ])('completed and %s', async (_what, change, payment, expected, paymentId) => {
    answers['GET /v1/checkout/sessions/cs_1'] = { body: { ...complete, ...change } };
    answers['GET /v1/payment_intents/pi_1'] = { body: payment };
    expect(await payments.readCheckout('cs_1')).toMatchObject({
      status: 'complete',
      payment: expected,
      paymentId,
      url: null,
    });
  });

  test('of a plan whose bank said no are told by the invoice', async () => {
    const plan = { ...complete, mode: 'subscription', payment_intent: null, invoice: 'in_1' };
    const open = { ...invoice, status: 'open', payments: { data: [paymentOf('open', 'pi_1')] } };
    answers['GET /v1/checkout/sessions/cs_1'] = { body: { ...plan, subscription: 'sub_1' } };
    answers['GET /v1/invoices/in_1'] = { body: open };
    answers['GET /v1/payment_intents/pi_1'] = [
      { body: { ...intent, status: 'processing' } },
      { body: failed },
    ];
    const first = await payments.readCheckout('cs_1');
    expect(first).toMatchObject({ kind: 'plan', payment: 'processing', subscriptionId: 'sub_1' });
    expect(await payments.readCheckout('cs_1')).toMatchObject({ payment: 'unpaid' });
  });

  test('that Stripe does not know are null', async () => {
    expect(await payments.readCheckout('cs_9')).toBeNull();
  });

  test('are ended, and stay as they are when they are over', async () => {
    answers['GET /v1/checkout/sessions/cs_1'] = { body: session };
    const expired = { ...session, status: 'expired', url: null };
    answers['POST /v1/checkout/sessions/cs_1/expire'] = { body: expired };
    expect(await payments.expireCheckout('cs_1')).toMatchObject({ status: 'expired', url: null });
    asked = [];
    answers['GET /v1/checkout/sessions/cs_1'] = { body: { ...complete, payment_status: 'paid' } };
    expect(await payments.expireCheckout('cs_1')).toMatchObject({ status: 'complete' });
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
  });

  test('that are paid just before they are ended count as paid', async () => {
    const paid = { ...complete, payment_status: 'paid' };
    answers['GET /v1/checkout/sessions/cs_1'] = [{ body: session }, { body: paid }];
    answers['POST /v1/checkout/sessions/cs_1/expire'] = {
      status: 400,
      body: { error: { type: 'invalid_request_error', message: 'Only open sessions' } },
    };
    expect(await payments.expireCheckout('cs_1')).toMatchObject({ payment: 'paid' });
  });

  test('that stay open although they should end say so', async () => {
    answers['GET /v1/checkout/sessions/cs_1'] = { body: session };
    answers['POST /v1/checkout/sessions/cs_1/expire'] = {
      status: 400,
      body: { error: { type: 'invalid_request_error' } },
    };
    await expect(payments.expireCheckout('cs_1')).rejects.toThrow('could not do this');
    await expect(payments.expireCheckout('cs_9')).rejects.toThrow('could not do this');
  });
});

describe('subscriptions', () => {
  const path = '/v1/subscriptions/sub_1';
  const read = {
    id: 'sub_1',
    customerId: 'cus_1',
    status: 'active',
    priceId: 'price_pro',
    periodStart: new Date(start),
    periodEnd: new Date(end),
    endsAt: null,
    metadata: { account: 'acc_1' },
    createdAt: new Date(start),
  };
  const leap = '2027-01-05T00:00:00.000Z';

  test.each<[string, object, object]>([
    ['that renews', {}, {}],
    ['that ends with its period', { cancel_at_period_end: true }, { endsAt: new Date(end) }],
    ['that ends on a day', { cancel_at: seconds(leap) }, { endsAt: new Date(leap) }],
    [
      'that has ended',
      { status: 'canceled', cancel_at_period_end: true, ended_at: seconds(start) },
      { status: 'canceled', endsAt: new Date(start) },
    ],
    ['with the customer written out', { customer: { id: 'cus_1', name: 'Ada' } }, {}],
  ])('one %s', async (_what, change, expected) => {
    answers[`GET ${path}`] = { body: { ...subscription, ...change } };
    expect(await payments.readSubscription('sub_1')).toEqual({ ...read, ...expected });
  });

  test('a period of the old place is not read', async () => {
    const { items: _, ...old } = subscription;
    const body = { ...old, current_period_start: 1, current_period_end: 2, items: { data: [] } };
    answers[`GET ${path}`] = { body };
    await expect(payments.readSubscription('sub_1')).rejects.toThrow('could not do this');
    expect(await payments.readSubscription('sub_2')).toBeNull();
  });

  test('are listed over all pages, ended ones as well, newest first', async () => {
    const older = { ...subscription, id: 'sub_0', status: 'canceled', created: seconds(start) - 9 };
    answers['GET /v1/subscriptions'] = [list([older], true), list([subscription])];
    const found = await payments.listSubscriptions('cus_1');
    expect(found.map(({ id }) => id)).toEqual(['sub_1', 'sub_0']);
    expect(asked.map(({ query }) => query)).toEqual([
      { customer: 'cus_1', status: 'all', limit: '100' },
      { customer: 'cus_1', status: 'all', limit: '100', starting_after: 'sub_0' },
    ]);
  });

  test.each<[string, object, boolean, object | null]>([
    ['ends with its period', {}, false, { cancel_at_period_end: 'true' }],
    ['goes on after all', { cancel_at_period_end: true }, true, { cancel_at_period_end: 'false' }],
    [
      'goes on after the day that the portal wrote',
      { cancel_at: seconds(end) },
      true,
      { cancel_at: '' },
    ],
    ['ends already', { cancel_at_period_end: true }, false, null],
    ['ends on a day already', { cancel_at: seconds(end) }, false, null],
    ['goes on already', {}, true, null],
    ['is over', { status: 'canceled', cancel_at_period_end: true }, true, null],
  ])('one that %s', async (_what, change, renews, form) => {
    answers[`GET ${path}`] = { body: { ...subscription, ...change } };
    answers[`POST ${path}`] = { body: { ...subscription, status: 'past_due' } };
    const after = await payments.setRenewal('sub_1', renews);
    const posts = asked.filter(({ method }) => method === 'POST');
    expect(posts.map((one) => one.form)).toEqual(form === null ? [] : [form]);
    const before = { ...subscription, ...change };
    expect(after.status).toBe(form === null ? before.status : 'past_due');
  });

  test.each([undefined, 'sub_1'])('are changed in the portal (%s)', async (changeOf) => {
    answers['POST /v1/billing_portal/sessions'] = { body: { url: 'https://portal.test/1' } };
    const link = await payments.openPortal({
      customerId: 'cus_1',
      returnUrl: 'https://jilo.test/billing/back',
      locale: 'en',
      ...(changeOf ? { changeOf } : {}),
    });
    expect(link).toBe('https://portal.test/1');
    expect(asked[0]?.form).toEqual({
      customer: 'cus_1',
      return_url: 'https://jilo.test/billing/back',
      locale: 'en',
      ...(changeOf
        ? {
            'flow_data[type]': 'subscription_update',
            'flow_data[subscription_update][subscription]': 'sub_1',
          }
        : {}),
    });
  });
});

describe('invoices', () => {
  const readWith = async (change: object) => {
    answers['GET /v1/invoices/in_1'] = { body: { ...invoice, ...change } };
    return payments.readInvoice('in_1');
  };

  test('are read where this version has what they are about', async () => {
    expect(await readWith({})).toEqual({
      id: 'in_1',
      customerId: 'cus_1',
      subscriptionId: 'sub_1',
      status: 'paid',
      reason: 'cycle',
      priceId: 'price_pro',
      periodStart: new Date(start),
      periodEnd: new Date(end),
      amount: 2900,
      currency: 'usd',
      paymentId: 'pi_1',
      payUrl: null,
      failure: null,
    });
    expect(asked[0]?.query).toEqual({ 'expand[0]': 'payments' });
    expect(await payments.readInvoice('in_2')).toBeNull();
  });

  test.each([
    ['subscription_create', 'create'],
    ['subscription_update', 'update'],
    ['manual', 'other'],
    ['something_new', 'other'],
  ])('written for %s', async (billing_reason, reason) => {
    expect(await readWith({ billing_reason })).toMatchObject({ reason });
  });

  test('of a change of plan are for the new price, from the change on', async () => {
    const day = '2026-12-01T08:00:00.000Z';
    const lines = [line(-900, 'price_starter', [day, end]), line(2000, 'price_pro', [day, end])];
    expect(await readWith({ lines: { data: lines } })).toMatchObject({
      priceId: 'price_pro',
      periodStart: new Date(day),
      periodEnd: new Date(end),
    });
  });

  test('of a month with a change before it are for the month', async () => {
    const before = '2026-11-10T08:00:00.000Z';
    const lines = [
      line(400, 'price_team', [before, start]),
      line(-200, 'price_pro', [before, start]),
      line(2900, 'price_pro', [start, end]),
    ];
    expect(await readWith({ lines: { data: lines } })).toMatchObject({
      priceId: 'price_pro',
      periodStart: new Date(start),
    });
  });

  test('of two changes are for the later one', async () => {
    const [first, second] = ['2026-12-01T08:00:00.000Z', '2026-12-05T08:00:00.000Z'] as const;
    const lines = [
      line(2000, 'price_pro', [first, end]),
      line(-1600, 'price_pro', [second, end]),
      line(1700, 'price_team', [second, end]),
    ];
    expect(await readWith({ lines: { data: lines } })).toMatchObject({ priceId: 'price_team' });
  });

  test('of a first month with something paid once are for the plan', async () => {
    const lines = [
      line(9900, 'price_once', [start, start]),
      line(2900, 'price_pro', [start, end]),
      line(0, 'price_gift', [start, end]),
    ];
    expect(await readWith({ lines: { data: lines } })).toMatchObject({ priceId: 'price_pro' });
  });

  test('that only give back are for nothing', async () => {
    const lines = { data: [line(-900, 'price_starter', [start, end])] };
    expect(await readWith({ lines })).toMatchObject({ priceId: null });
  });

  test('about no subscription and with no price', async () => {
    const lines = { data: [line(100, null, [start, end])] };
    expect(await readWith({ parent: null, lines, payments: undefined })).toMatchObject({
      subscriptionId: null,
      priceId: null,
      paymentId: null,
      periodStart: new Date('2026-10-22T08:00:00.000Z'),
    });
  });

  const errorOf = (decline_code: string | null, code: string | null = 'card_declined') => ({
    ...intent,
    status: 'requires_payment_method',
    last_payment_error: { type: 'card_error', code, decline_code },
  });

  test.each<[string, object, string | null]>([
    ['no funds', errorOf('insufficient_funds'), 'no_funds'],
    ['a plain no', errorOf('generic_decline'), 'declined'],
    ['a lost card', errorOf('lost_card'), 'declined'],
    ['a stolen card', errorOf('stolen_card'), 'declined'],
    ['a fraud', errorOf('fraudulent'), 'declined'],
    ['an expired card', errorOf(null, 'expired_card'), 'declined'],
    ['a no that nobody explains', errorOf(null, null), 'declined'],
    ['a code of tomorrow', errorOf('sunspots'), 'declined'],
    ['a question of the bank', errorOf('authentication_required'), 'needs_confirmation'],
    ['the same by its code', errorOf(null, 'authentication_required'), 'needs_confirmation'],
    ['a question that is open', { ...intent, status: 'requires_action' }, 'needs_confirmation'],
    ['a bank out of reach', errorOf('issuer_not_available'), 'network'],
    [
      'a line that broke',
      { ...errorOf(null, null), last_payment_error: { type: 'api_connection_error' } },
      'network',
    ],
    ['nothing tried yet', { ...intent, status: 'requires_payment_method' }, null],
    ['a slow bank', { ...intent, status: 'processing' }, null],
  ])('unpaid because of %s', async (_what, payment, failure) => {
    answers['GET /v1/payment_intents/pi_1'] = { body: payment };
    const tried = { data: [paymentOf('open', 'pi_1')] };
    const change = { status: 'open', payments: tried, amount_paid: 0, amount_due: 2000 };
    expect(await readWith(change)).toMatchObject({
      failure,
      amount: 2000,
      paymentId: null,
      payUrl: invoice.hosted_invoice_url,
    });
  });
});

describe('payments', () => {
  const readWith = async (
    charge: object | null,
    disputes: readonly string[] = [],
    invoices: readonly object[] = [],
  ) => {
    answers['GET /v1/payment_intents/pi_1'] = { body: { ...intent, latest_charge: charge } };
    answers['GET /v1/disputes'] = list(disputes.map((status) => ({ id: 'du_1', status })));
    answers['GET /v1/invoice_payments'] = list(invoices);
    return payments.readPayment('pi_1');
  };

  test('with their refunds, their dispute and their invoice', async () => {
    const found = await readWith(
      { id: 'ch_1', amount_refunded: 700 },
      ['needs_response'],
      [
        { status: 'canceled', invoice: 'in_0' },
        { status: 'paid', invoice: 'in_1' },
      ],
    );
    expect(found).toEqual({
      id: 'pi_1',
      customerId: 'cus_1',
      amount: 2900,
      refunded: 700,
      dispute: 'open',
      invoiceId: 'in_1',
    });
    expect(asked.map(({ query }) => query)).toEqual([
      { 'expand[0]': 'latest_charge' },
      { payment_intent: 'pi_1', limit: '100' },
      { 'payment[type]': 'payment_intent', 'payment[payment_intent]': 'pi_1', limit: '100' },
    ]);
  });

  test('that nobody has taken yet', async () => {
    expect(await readWith(null)).toMatchObject({ refunded: 0, dispute: null, invoiceId: null });
    expect(await payments.readPayment('pi_2')).toBeNull();
  });

  test.each<[readonly string[], string | null]>([
    [['under_review'], 'open'],
    [['appeal_under_review'], 'open'],
    [['a_status_of_tomorrow'], 'open'],
    [['won'], 'won'],
    [['lost'], 'lost'],
    [['warning_needs_response'], null],
    [['warning_closed', 'prevented'], null],
    [['won', 'needs_response'], 'open'],
    [['won', 'lost', 'needs_response'], 'lost'],
  ])('disputed as %j', async (statuses, dispute) => {
    expect(await readWith({ amount_refunded: 0 }, statuses)).toMatchObject({ dispute });
  });
});

describe('what Stripe has tried to tell', () => {
  test('comes oldest first, over all pages, of our types only', async () => {
    const event = (id: string, created: number) => ({
      id,
      type: 'invoice.paid',
      created,
      data: { object: { id: `in_${id}` } },
    });
    const at = seconds(start);
    answers['GET /v1/events'] = [
      list([event('evt_3', at + 2), event('evt_2', at + 1)], true),
      list([event('evt_1', at + 1)]),
    ];
    const found: string[] = [];
    for await (const notice of payments.listNotices(new Date(at * 1000 + 999)))
      found.push(notice.id);
    expect(found).toEqual(['evt_1', 'evt_2', 'evt_3']);
    expect(asked[0]?.query).toMatchObject({ 'created[gte]': String(at), limit: '100' });
    expect(asked[0]?.query).toMatchObject({ 'types[0]': 'checkout.session.completed' });
    expect(asked[1]?.query).toMatchObject({ starting_after: 'evt_2', 'created[gte]': String(at) });
  });

  test('is nothing when nothing happened, and busy when the second page does not come', async () => {
    answers['GET /v1/events'] = list([]);
    const read = async () => {
      let count = 0;
      for await (const _ of payments.listNotices(new Date(start))) count += 1;
      return count;
    };
    expect(await read()).toBe(0);
    const page = [{ id: 'e', type: 'invoice.paid', created: 1, data: { object: {} } }];
    answers['GET /v1/events'] = [list(page, true), { status: 429, body: { error: {} } }];
    await expect(read()).rejects.toThrow('busy');
  });
});

describe('what goes wrong', () => {
  const refuse = (status: number, error: object, headers = {}) => ({
    status,
    headers: { 'stripe-should-retry': 'false', ...headers },
    body: { error },
  });
  const tryIt = () =>
    payments.readSubscription('sub_1').then(
      () => 'answered',
      (error: unknown) => error,
    );

  test.each<[string, Answer, string, number | undefined]>([
    ['500', refuse(500, { type: 'api_error' }), 'provider_busy', 10],
    ['503 that says when', refuse(503, {}, { 'retry-after': '42' }), 'provider_busy', 42],
    ['429', refuse(429, { type: 'invalid_request_error' }), 'provider_busy', 10],
    ['a limit as 400', refuse(400, { code: 'rate_limit' }), 'provider_busy', 10],
    ['a key in use', refuse(409, { type: 'idempotency_error' }), 'provider_busy', 10],
    ['401', refuse(401, { type: 'invalid_request_error' }), 'provider_locked', undefined],
    ['403', refuse(403, { type: 'invalid_request_error' }), 'provider_locked', undefined],
    [
      '402',
      refuse(402, { type: 'card_error', decline_code: 'stolen_card' }),
      'provider_failed',
      undefined,
    ],
    ['400', refuse(400, { type: 'invalid_request_error' }), 'provider_failed', undefined],
    [
      'a key of another wish',
      refuse(400, { type: 'idempotency_error' }),
      'provider_failed',
      undefined,
    ],
    [
      '404 of no thing',
      refuse(404, { type: 'invalid_request_error' }),
      'provider_failed',
      undefined,
    ],
    ['no JSON', { body: '<html>' }, 'provider_busy', 10],
    ['another shape', { body: { id: 'sub_1' } }, 'provider_failed', undefined],
  ])('%s', async (_what, answer, code, retryAfterSeconds) => {
    answers['GET /v1/subscriptions/sub_1'] = answer;
    const error = await tryIt();
    expect(isFault(error) && [error.code, error.retryAfterSeconds]).toEqual([
      code,
      retryAfterSeconds,
    ]);
    expect(isFault(error) && error.params).toEqual({ provider: 'Stripe' });
    expect(isFault(error) && error.message).not.toMatch(/stolen|sub_1/);
  });

  test('is tried twice more, a change with the one key of the first', async () => {
    answers['POST /v1/customers'] = [
      { status: 500, body: { error: {} } },
      { reset: true },
      { body: { id: 'cus_1' } },
    ];
    const wish = { accountId: 'acc_1', name: 'Ada', key: 'k_1' };
    expect(await payments.createCustomer(wish)).toBe('cus_1');
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['k_1', 'k_1', 'k_1']);
  });

  test('and then given up: three in all', async () => {
    answers['GET /v1/subscriptions/sub_1'] = { reset: true };
    const error = await tryIt();
    expect(isFault(error, 'provider_busy')).toBe(true);
    expect(asked).toHaveLength(3);
  });
});
