import { z } from 'zod';

import { cardError, invalidRequest, noSuch } from './errors.ts';
import type { StripeHouse } from './house.ts';
import { emptyable, flag, metadataForm, text, whole } from './params.ts';
import type { SubscriptionRecord } from './records.ts';
import { change } from './subscription-status.ts';
import { changeItems } from './subscriptions.ts';

const pauseForm = z.strictObject({
  behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']),
  resumes_at: whole.optional(),
});

/** Parameters of a change to a subscription. */
export const updateForm = z.strictObject({
  cancel_at_period_end: flag.optional(),
  cancellation_details: z
    .strictObject({ comment: emptyable.optional(), feedback: emptyable.optional() })
    .optional(),
  items: z
    .array(
      z.strictObject({
        id: text.optional(),
        price: text.optional(),
        quantity: whole.pipe(z.number().min(0)).optional(),
      }),
    )
    .max(20)
    .optional(),
  metadata: metadataForm.optional(),
  proration_behavior: z.enum(['always_invoice', 'create_prorations', 'none']).optional(),
  payment_behavior: z
    .enum([
      'allow_incomplete',
      'default_incomplete',
      'error_if_incomplete',
      'pending_if_incomplete',
    ])
    .optional(),
  default_payment_method: text.optional(),
  pause_collection: z.union([pauseForm, z.literal('')]).optional(),
});
type Update = z.infer<typeof updateForm>;

/** Changes a subscription as it is wished, and its invoice with it. @throws ApiError as Stripe refuses it; after a declined payment the change stays. */
export function updateSubscription(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  wish: Update,
): void {
  refuseEnded(subscription, wish);
  checkWish(house, subscription, wish);
  change(house, subscription, () => edit(house, subscription, wish));
  const { items = [], proration_behavior: proration = 'create_prorations' } = wish;
  const invoice = changeItems(
    house,
    subscription,
    items.map(({ id = null, price = null, quantity = null }) => ({ id, price, quantity })),
    proration,
  );
  const intent = house.state.intents.get(invoice?.intent ?? '');
  if (wish.payment_behavior === 'error_if_incomplete' && intent?.failure) {
    throw cardError(intent.failure, intent);
  }
}

function refuseEnded({ status }: SubscriptionRecord, wish: Update): void {
  const { metadata, cancellation_details, ...rest } = wish;
  void metadata;
  void cancellation_details;
  if (status !== 'canceled' || Object.keys(rest).length === 0) return;
  throw invalidRequest(
    'A canceled subscription can only update its cancellation_details and metadata.',
  );
}

function checkWish({ state }: StripeHouse, subscription: SubscriptionRecord, wish: Update): void {
  const { default_payment_method: method, items = [] } = wish;
  if (wish.payment_behavior === 'pending_if_incomplete') {
    throw invalidRequest('This stand-in for Stripe does not know pending updates yet.', {
      param: 'payment_behavior',
    });
  }
  if (method !== undefined && !state.methods.has(method)) {
    throw noSuch('PaymentMethod', method, 'default_payment_method');
  }
  for (const [index, { id, price }] of items.entries()) {
    if (price !== undefined && !state.prices.has(price)) {
      throw noSuch('price', price, `items[${index}][price]`);
    }
    if (id === undefined && price === undefined) {
      throw invalidRequest(`Missing required param: items[${index}][price].`, {
        code: 'parameter_missing',
        param: `items[${index}][price]`,
      });
    }
    if (id !== undefined && !subscription.items.some((item) => item.id === id)) {
      throw noSuch('subscription item', id, `items[${index}][id]`);
    }
  }
}

function edit(house: StripeHouse, subscription: SubscriptionRecord, wish: Update): void {
  const { cancel_at_period_end: ends, pause_collection: pause } = wish;
  if (ends !== undefined && ends !== subscription.cancelAtPeriodEnd) {
    subscription.cancelAtPeriodEnd = ends;
    subscription.canceledAt = ends ? house.now() : null;
    subscription.cancelReason = ends ? 'cancellation_requested' : null;
  }
  if (wish.metadata) subscription.metadata = merged(subscription.metadata, wish.metadata);
  if (wish.default_payment_method !== undefined) subscription.method = wish.default_payment_method;
  if (pause === '') subscription.pauseCollection = null;
  else if (pause) {
    subscription.pauseCollection = {
      behavior: pause.behavior,
      resumesAt: pause.resumes_at ?? null,
    };
  }
}

/** An empty value takes its key away. */
function merged(
  before: Readonly<Record<string, string>>,
  wish: Readonly<Record<string, string>>,
): Record<string, string> {
  const both = Object.entries({ ...before, ...wish });
  return Object.fromEntries(both.filter(([, value]) => value !== ''));
}
