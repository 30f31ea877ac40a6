import { createServer } from 'node:http';

import { Stripe } from 'stripe';

import { createManualClock } from '../../sandbox/clock.ts';
import { payCheckout } from '../../sandbox/stripe/acts.ts';
import {
  startStripe,
  type StripeEmulator,
  type StripeOptions,
} from '../../sandbox/stripe/stripe.ts';

const cleanups: (() => Promise<unknown>)[] = [];

/** Closes what `open` and `listen` have opened; call it after each test. */
export async function closeAll(): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
}

const secretKey = 'sk_test_kit';
const webhookSecret = 'whsec_kit';
const dayMs = 86_400_000;
/** Prices of the usual catalogue. */
export const starter = 'price_sandbox_starter';
export const pro = 'price_sandbox_pro';
export const pack = 'price_sandbox_pack_small';

/** The real SDK, led to the stand-in. */
export function sdkFor(stripe: StripeEmulator, key = secretKey): Stripe {
  const { hostname: host, port } = new URL(stripe.url);
  const options = { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false } as const;
  return new Stripe(key, options);
}

/** A stand-in on a clock that stands still, with the real SDK. */
export async function open(options: Partial<StripeOptions> = {}) {
  const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
  const stripe = await startStripe({ clock, secretKey, webhookSecret, seed: 1, ...options });
  cleanups.push(() => stripe.close());
  return {
    stripe,
    clock,
    sdk: sdkFor(stripe),
    days: (count: number) => clock.advance(count * dayMs),
    types: () => [...stripe.state.events.values()].map(({ type }) => type),
  };
}

type World = Awaited<ReturnType<typeof open>>;

/** An open checkout of a new customer. */
export async function openCheckout(
  { sdk }: World,
  price: string,
  more: object = {},
): Promise<Stripe.Checkout.Session> {
  const customer = await sdk.customers.create({ name: 'Ada' });
  return sdk.checkout.sessions.create({
    mode: price === pack ? 'payment' : 'subscription',
    customer: customer.id,
    line_items: [{ price, quantity: 1 }],
    success_url: 'https://jilo.test/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://jilo.test/back',
    ...more,
  });
}

/** A subscription that has been paid, and its parts. */
export async function subscribe(world: World, price = starter, card = '4242424242424242') {
  const session = await openCheckout(world, price);
  payCheckout(world.stripe, session.id, card);
  const paid = await world.sdk.checkout.sessions.retrieve(session.id);
  const id = idOf(paid.subscription);
  return { id, customer: idOf(paid.customer), invoice: idOf(paid.invoice), session: session.id };
}

/** The id of what may have been expanded. */
export function idOf(reference: string | { readonly id?: string } | null | undefined): string {
  const id = typeof reference === 'string' ? reference : reference?.id;
  if (id === undefined) throw new Error('there is nothing');
  return id;
}

export type Received = {
  readonly path: string;
  readonly body: Buffer;
  readonly signature: string;
};

/** A server that takes webhooks; `answer` gives the status, null cuts the connection. */
export async function listen(answer: (nth: number) => number | null = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature'] ?? '');
      received.push({ path: request.url ?? '', body: Buffer.concat(parts), signature });
      const status = answer(received.length);
      if (status === null) request.socket.destroy();
      else response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return { url: `http://127.0.0.1:${address.port}/webhooks/stripe`, received };
}

/** Reads a delivery as the product would; `at` is the time of the receiver. */
export function verify(
  { sdk }: World,
  { body, signature }: Received,
  at: Date,
  secret = webhookSecret,
): Stripe.Event {
  return sdk.webhooks.constructEvent(body, signature, secret, 300, undefined, at.getTime());
}
