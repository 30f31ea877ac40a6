import { afterEach, describe, expect, test } from 'vitest';

import { closeAll, listen, open, openCheckout, pack, verify } from '../../test/kit/stripe-api.ts';
import { payCheckout } from './acts.ts';

afterEach(closeAll);

async function heard(answer?: (nth: number) => number | null) {
  const world = await open();
  const listener = await listen(answer);
  world.stripe.webhook.setUrl(listener.url);
  return { ...world, received: listener.received };
}

describe('an event', () => {
  test('is delivered in order, signed, in the form of its version', async () => {
    const world = await heard();
    const session = await openCheckout(world, pack);
    payCheckout(world.stripe, session.id, '4242424242424242');
    await world.stripe.webhook.flush();
    const events = world.received.map((one) => verify(world, one, world.clock.now()));
    expect(events.map(({ type }) => type)).toEqual(world.types());
    expect(events.at(-1)).toMatchObject({
      type: 'checkout.session.completed',
      api_version: '2026-10-28.endive',
      data: { object: { id: session.id } },
    });
    const listed = await world.sdk.events.retrieve(events[0]?.id ?? '');
    expect(listed.pending_webhooks).toBe(0);
    expect(listed.request?.idempotency_key).toMatch(/^stripe-node-retry-/);
  });

  test('is not taken when a byte was changed', async () => {
    const world = await heard();
    world.stripe.misbehave({ on: 'webhook', how: 'altered', times: 1 });
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    const [one] = world.received;
    expect(() => one && verify(world, one, world.clock.now())).toThrow('signature');
  });

  test.each([
    ['forged', 'signature'],
    ['unsigned', 'header'],
    ['stale', 'Timestamp outside'],
  ] as const)('that is %s does not pass', async (how, words) => {
    const world = await heard();
    world.stripe.misbehave({ on: 'webhook', how, times: 1 });
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(1);
    const [one] = world.received;
    expect(() => one && verify(world, one, world.clock.now())).toThrow(words);
  });

  test('of the future passes the SDK', async () => {
    const world = await heard();
    world.stripe.misbehave({ on: 'webhook', how: 'future', times: 1, delayMs: 3_600_000 });
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    const [one] = world.received;
    expect(one?.signature).toContain(`t=${1_795_348_800 + 3600},`);
    expect(one && verify(world, one, world.clock.now()).type).toBe('customer.created');
  });

  test('passes with two signatures while the secret is replaced', async () => {
    const world = await heard();
    world.stripe.misbehave({ on: 'webhook', how: 'rotating', times: 1 });
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    const [one] = world.received;
    expect(one?.signature.match(/v1=/g)).toHaveLength(2);
    expect(one && verify(world, one, world.clock.now()).type).toBe('customer.created');
  });

  test('comes twice, or never, though it is listed', async () => {
    const world = await heard();
    world.stripe.misbehave({ on: 'webhook', how: 'duplicate', times: 1 });
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    const ids = world.received.map((one) => verify(world, one, world.clock.now()).id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    world.stripe.misbehave({ on: 'webhook', how: 'lost', times: 1, event: 'customer.created' });
    await world.sdk.customers.create({ name: 'Bob' });
    world.days(4);
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(2);
    expect((await world.sdk.events.list()).data).toHaveLength(2);
  });

  test('that is late carries the time of its try', async () => {
    const world = await heard();
    world.stripe.misbehave({ on: 'webhook', how: 'late', times: 1, delayMs: 7_200_000 });
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(0);
    world.clock.advance(7_200_000);
    await world.stripe.webhook.flush();
    const [one] = world.received;
    const event = one && verify(world, one, world.clock.now());
    expect(event?.created).toBe(1_795_348_800);
    expect(one?.signature).toContain(`t=${1_795_348_800 + 7200},`);
  });
});

describe('deliveries', () => {
  test('that were refused come again with growing waits, freshly signed', async () => {
    const world = await heard((nth) => (nth === 1 ? 500 : nth === 2 ? null : 200));
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    world.clock.advance(299_999);
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(1);
    world.clock.advance(1);
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(2);
    world.clock.advance(1_800_000);
    await world.stripe.webhook.flush();
    expect(world.stripe.webhook.attempts.map(({ status }) => status)).toEqual([500, null, 200]);
    const last = world.received.at(-1);
    expect(last && verify(world, last, world.clock.now()).type).toBe('customer.created');
    world.days(4);
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(3);
  });

  test('are given up after three days', async () => {
    const world = await heard(() => 400);
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    for (let hours = 0; hours < 24 * 5; hours += 1) {
      world.clock.advance(3_600_000);
      await world.stripe.webhook.flush();
    }
    const [delivery] = world.stripe.state.deliveries.values();
    expect(delivery).toMatchObject({ outcome: 'given_up', nextAt: null });
    expect(world.received.length).toBeGreaterThan(5);
    expect(world.received.length).toBeLessThan(15);
  });

  test('are held back and let go in another order', async () => {
    const world = await heard();
    world.stripe.webhook.hold();
    const session = await openCheckout(world, pack);
    payCheckout(world.stripe, session.id, '4242424242424242');
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(0);
    world.stripe.webhook.release({ shuffle: 7 });
    await world.stripe.webhook.flush();
    const types = world.received.map((one) => verify(world, one, world.clock.now()).type);
    expect(types).not.toEqual(world.types());
    expect(types.toSorted()).toEqual(world.types().toSorted());
  });

  test('come once more when they are asked for', async () => {
    const world = await heard();
    await world.sdk.customers.create({ name: 'Ada' });
    await world.stripe.webhook.flush();
    const [event] = world.stripe.state.events.keys();
    world.stripe.webhook.resend(event ?? '');
    await world.stripe.webhook.flush();
    expect(world.received).toHaveLength(2);
  });

  test('go to an endpoint that was set up over the API, for its kinds only', async () => {
    const world = await open();
    const { url, received } = await listen();
    const endpoint = await world.sdk.webhookEndpoints.create({
      url,
      enabled_events: ['invoice.paid', 'payment_intent.succeeded'],
      api_version: '2026-10-28.endive',
    });
    expect(endpoint.secret).toMatch(/^whsec_/);
    const session = await openCheckout(world, pack);
    payCheckout(world.stripe, session.id, '4242424242424242');
    await world.stripe.webhook.flush();
    const events = received.map((one) => verify(world, one, world.clock.now(), endpoint.secret));
    expect(events.map(({ type }) => type)).toEqual(['payment_intent.succeeded']);
    const [listed] = (await world.sdk.webhookEndpoints.list()).data;
    expect(listed?.secret).toBeUndefined();
  });
});
