import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import {
  closeAll,
  open,
  openCheckout,
  pack,
  pro,
  sdkFor,
  starter,
  subscribe,
} from '../../test/kit/stripe-api.ts';

afterEach(closeAll);

describe('the door', () => {
  test('lets nobody in without the right key', async () => {
    const { stripe } = await open();
    await expect(sdkFor(stripe, 'sk_test_other').customers.list()).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
    });
    const bare = await fetch(`${stripe.url}/v1/customers`);
    expect(bare.status).toBe(401);
  });

  test('knows one version', async () => {
    const { sdk } = await open();
    const list = sdk.customers.list({}, { apiVersion: '2019-01-01' });
    await expect(list).rejects.toMatchObject({ statusCode: 400 });
  });

  test('gives every answer a request id', async () => {
    const { sdk } = await open();
    const made = await sdk.customers.create({ name: 'Ada' });
    expect(made.lastResponse.requestId).toMatch(/^req_\w{14}$/);
    const error = await sdk.customers.retrieve('cus_none').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ requestId: expect.stringMatching(/^req_/) });
  });

  test('refuses JSON bodies and unknown addresses', async () => {
    const { stripe } = await open();
    const headers = { authorization: 'Bearer sk_test_kit', 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: '{"name":"Ada"}' };
    expect((await fetch(`${stripe.url}/v1/customers`, request)).status).toBe(400);
    expect((await fetch(`${stripe.url}/v1/nothing`, { headers })).status).toBe(404);
    expect(stripe.state.customers.size).toBe(0);
  });
});

describe('a new checkout', () => {
  test.each<[string, object, object]>([
    ['an old ui_mode', { ui_mode: 'hosted' }, { param: 'ui_mode' }],
    ['an unknown mode', { mode: 'gift' }, { param: 'mode' }],
    [
      'no address to return to',
      { success_url: undefined },
      { code: 'parameter_missing', param: 'success_url' },
    ],
    [
      'an address that is none',
      { success_url: 'done' },
      { code: 'url_invalid', param: 'success_url' },
    ],
    ['no items', { line_items: undefined }, { code: 'parameter_missing', param: 'line_items' }],
    [
      'an unknown price',
      { line_items: [{ price: 'price_none', quantity: 1 }] },
      { code: 'resource_missing', param: 'line_items[0][price]' },
    ],
    [
      'no quantity',
      { line_items: [{ price: starter }] },
      { code: 'parameter_missing', param: 'line_items[0][quantity]' },
    ],
    [
      'an unknown customer',
      { customer: 'cus_none' },
      { code: 'resource_missing', param: 'customer' },
    ],
    ['a customer and an address', { customer_email: 'a@b.c' }, {}],
    ['a pack in a plan', { line_items: [{ price: pack, quantity: 1 }] }, { param: 'line_items' }],
    [
      'data for the other mode',
      { payment_intent_data: { metadata: { a: 'b' } } },
      { param: 'payment_intent_data' },
    ],
    ['too short a life', { expires_at: 1_795_348_800 + 1799 }, { param: 'expires_at' }],
    ['too long a life', { expires_at: 1_795_348_800 + 86_401 }, { param: 'expires_at' }],
    ['a key that is too long', { metadata: { ['k'.repeat(41)]: 'v' } }, {}],
    ['a value that is too long', { metadata: { k: 'v'.repeat(501) } }, {}],
  ])('is refused with %s', async (_name, change, error) => {
    const world = await open();
    await expect(openCheckout(world, starter, change)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      ...error,
    });
    expect(world.stripe.state.checkouts.size).toBe(0);
  });

  test('is refused with a parameter that Stripe does not know', async () => {
    const { stripe } = await open();
    const headers = { authorization: 'Bearer sk_test_kit' };
    const body = new URLSearchParams({ mode: 'payment', 'line_items[0][cost]': '5' });
    const answer = await fetch(`${stripe.url}/v1/checkout/sessions`, {
      method: 'POST',
      headers,
      body,
    });
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    const other = await fetch(`${stripe.url}/v1/customers`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ 'shoe[size]': '43' }),
    });
    expect(await other.json()).toMatchObject({
      error: { code: 'parameter_unknown', param: 'shoe' },
    });
  });

  test('takes the longest metadata and the shortest life', async () => {
    const world = await open();
    const session = await openCheckout(world, starter, {
      metadata: { ['k'.repeat(40)]: 'v'.repeat(500) },
      expires_at: 1_795_348_800 + 1800,
    });
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 900 });
    expect(session.url).toBe(`${world.stripe.url}/c/pay/${session.id}`);
  });
});

describe('idempotency', () => {
  test('gives the first answer again', async () => {
    const { sdk, stripe } = await open();
    const options = { idempotencyKey: 'k1' };
    const first = await sdk.customers.create({ name: 'Ada' }, options);
    const second = await sdk.customers.create({ name: 'Ada' }, options);
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(stripe.state.customers.size).toBe(1);
  });

  test('refuses the key for other parameters and other addresses', async () => {
    const world = await open();
    const { sdk } = world;
    const options = { idempotencyKey: 'k1' };
    await sdk.customers.create({ name: 'Ada' }, options);
    const error = { type: 'StripeIdempotencyError', statusCode: 400 };
    await expect(sdk.customers.create({ name: 'Bob' }, options)).rejects.toMatchObject(error);
    const { id } = await subscribe(world);
    const other = sdk.subscriptions.update(id, { cancel_at_period_end: true }, options);
    await expect(other).rejects.toMatchObject(error);
  });

  test('forgets a key after a day, not before', async () => {
    const { sdk, clock, stripe } = await open();
    const options = { idempotencyKey: 'k1' };
    await sdk.customers.create({ name: 'Ada' }, options);
    clock.advance(86_399_000);
    await sdk.customers.create({ name: 'Ada' }, options);
    expect(stripe.state.customers.size).toBe(1);
    clock.advance(1000);
    await sdk.customers.create({ name: 'Ada' }, options);
    expect(stripe.state.customers.size).toBe(2);
  });

  test('does not keep what was refused before anything happened', async () => {
    const world = await open();
    const { sdk, stripe } = world;
    const wish = { customer: 'cus_none', return_url: 'https://jilo.test' };
    const options = { idempotencyKey: 'k1' };
    await expect(sdk.billingPortal.sessions.create(wish, options)).rejects.toThrow('No such');
    const { id } = await sdk.customers.create({ name: 'Ada' });
    await sdk.billingPortal.sessions.create({ ...wish, customer: id }, options);
    expect(stripe.state.portals.size).toBe(1);
  });

  test('is refused while the first request is under way', async () => {
    const { sdk, stripe, clock } = await open();
    stripe.misbehave({ on: 'api', how: 'late', times: 1, delayMs: 5000 });
    const options = { idempotencyKey: 'k1' };
    const first = sdk.customers.create({ name: 'Ada' }, options);
    await expect.poll(() => stripe.state.customers.size).toBe(1);
    const second = sdk.customers.create({ name: 'Ada' }, options);
    await expect(second).rejects.toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    clock.advance(5000);
    await first;
    expect(stripe.state.customers.size).toBe(1);
  });
});

describe('lists', () => {
  test('come newest first and in pages', async () => {
    const { sdk } = await open();
    const made: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) made.push((await sdk.customers.create({ name })).id);
    const first = await sdk.customers.list({ limit: 3 });
    expect(first.data.map(({ name }) => name)).toEqual(['d', 'c', 'b']);
    expect(first.has_more).toBe(true);
    const rest = await sdk.customers.list({ limit: 3, starting_after: first.data[2]?.id ?? '' });
    expect(rest).toMatchObject({ data: [{ name: 'a' }], has_more: false });
    const before = await sdk.customers.list({ limit: 2, ending_before: made[0] ?? '' });
    expect(before.data.map(({ name }) => name)).toEqual(['c', 'b']);
    const walked: (string | null | undefined)[] = [];
    for await (const { name } of sdk.customers.list({ limit: 1 })) walked.push(name);
    expect(walked).toEqual(['d', 'c', 'b', 'a']);
  });

  test.each([0, 101])('hold no page of %d', async (limit) => {
    const { sdk } = await open();
    await expect(sdk.events.list({ limit })).rejects.toMatchObject({ param: 'limit' });
    await expect(sdk.events.list({ limit: 100 })).resolves.toMatchObject({ data: [] });
  });

  test('tell events by type and time', async () => {
    const { sdk, clock } = await open();
    await sdk.customers.create({ name: 'Ada' });
    clock.advance(10_000);
    await sdk.customers.create({ name: 'Bob' });
    const since = 1_795_348_800 + 10;
    const list = await sdk.events.list({ types: ['customer.created'], created: { gte: since } });
    expect(list.data).toMatchObject([{ data: { object: { name: 'Bob' } } }]);
    const later = await sdk.events.list({ created: { gt: since } });
    expect(later.data).toEqual([]);
    const event = await sdk.events.retrieve(list.data[0]?.id ?? '');
    expect(event.api_version).toBe('2026-10-28.endive');
  });
});

describe('the API itself', () => {
  test.each([
    ['http_429', 429, 0],
    ['error', 500, 0],
    ['http_503', 503, 0],
    ['http_503_after', 503, 1],
  ] as const)('answers %s with %d', async (how, statusCode, made) => {
    const { sdk, stripe } = await open();
    stripe.misbehave({ on: 'api', how, times: 1, request: /POST \/v1\/customers/ });
    await sdk.customers.list();
    await expect(sdk.customers.create({ name: 'Ada' })).rejects.toMatchObject({ statusCode });
    expect(stripe.state.customers.size).toBe(made);
  });

  test.each([
    ['reset_before', 0],
    ['reset_after', 1],
  ] as const)('loses its answer by %s', async (how, made) => {
    const { sdk, stripe } = await open();
    // A connection that was closed is tried once more by the SDK, whatever it is told.
    stripe.misbehave({ on: 'api', how, times: 2 });
    const options = { idempotencyKey: 'k1' };
    const lost = sdk.customers.create({ name: 'Ada' }, options);
    await expect(lost).rejects.toMatchObject({ type: 'StripeConnectionError' });
    expect(stripe.state.customers.size).toBe(made);
    await sdk.customers.create({ name: 'Ada' }, options);
    expect(stripe.state.customers.size).toBe(1);
  });

  test('is asked once more by the SDK with the same key', async () => {
    const { sdk, stripe } = await open();
    stripe.misbehave({ on: 'api', how: 'reset_after', times: 1 });
    await sdk.customers.create({ name: 'Ada' }, { maxNetworkRetries: 1 });
    expect(stripe.state.customers.size).toBe(1);
    expect(stripe.requests.map(({ isReplay }) => isReplay)).toEqual([false, true]);
  });
});

test('what is sold stands in the list of prices', async () => {
  const { sdk } = await open();
  const prices = await sdk.prices.list({ active: true });
  const amounts = prices.data.map(({ unit_amount: amount }) => amount);
  expect(amounts.toReversed()).toEqual([900, 2900, 9900, 500, 2000]);
  expect(await sdk.prices.retrieve(pro)).toMatchObject({
    recurring: { interval: 'month' },
    currency: 'usd',
  });
  await expect(sdk.prices.retrieve('price_none')).rejects.toMatchObject({ statusCode: 404 });
});

test('everything is there again after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stripe-'));
  const stateFile = join(folder, 'stripe.json');
  const first = await open({ stateFile });
  const { id, customer } = await subscribe(first);
  await first.sdk.customers.create({ name: 'Bob' }, { idempotencyKey: 'k1' });
  await first.stripe.close();
  const second = await open({ stateFile });
  second.days(31);
  const invoices = await second.sdk.invoices.list({ subscription: id });
  expect(invoices.data).toHaveLength(2);
  expect(await second.sdk.customers.retrieve(customer)).toMatchObject({ name: 'Ada' });
  await rm(folder, { recursive: true });
});
