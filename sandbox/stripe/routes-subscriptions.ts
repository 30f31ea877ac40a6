import { z } from 'zod';

import { find, invalidRequest, noSuch } from './errors.ts';
import type { FormTree } from './forms.ts';
import type { ApiRoute } from './gate.ts';
import type { StripeHouse } from './house.ts';
import { isWithin, page } from './lists.ts';
import { createdForm, emptyable, flag, paging, readParams, text } from './params.ts';
import { subscriptionStatuses, type SubscriptionRecord } from './records.ts';
import { cancelSubscription, setStatus } from './subscription-status.ts';
import { updateForm, updateSubscription } from './subscription-updates.ts';
import { resumeSubscription } from './subscriptions.ts';
import { publish } from './events.ts';
import { wireSubscription } from './wire-subscription.ts';

const listForm = z.strictObject({
  ...paging,
  customer: text.optional(),
  price: text.optional(),
  status: z.enum([...subscriptionStatuses, 'ended', 'all']).optional(),
  created: createdForm.optional(),
});

const cancelForm = z.strictObject({
  cancellation_details: z
    .strictObject({ comment: emptyable.optional(), feedback: emptyable.optional() })
    .optional(),
  invoice_now: flag.optional(),
  prorate: flag.optional(),
});

const resumeForm = z.strictObject({
  billing_cycle_anchor: z.enum(['now', 'unchanged']).optional(),
  proration_behavior: z.enum(['always_invoice', 'create_prorations', 'none']).optional(),
});
const none = z.strictObject({});

const one = (house: StripeHouse, id: string) => find(house.state.subscriptions, 'subscription', id);

/** Subscriptions; Checkout makes them. */
export const subscriptionRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: /\/v1\/subscriptions/, run: ({ house, input }) => list(house, input) },
  {
    method: 'GET',
    path: /\/v1\/subscriptions\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireSubscription(house, one(house, id));
    },
  },
  {
    method: 'POST',
    path: /\/v1\/subscriptions\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      const wish = readParams(updateForm, input);
      const subscription = one(house, id);
      updateSubscription(house, subscription, wish);
      return wireSubscription(house, subscription);
    },
  },
  {
    method: 'DELETE',
    path: /\/v1\/subscriptions\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(cancelForm, input);
      const subscription = one(house, id);
      if (subscription.status === 'canceled') throw noSuch('subscription', id);
      cancelSubscription(house, subscription, 'cancellation_requested');
      return wireSubscription(house, subscription);
    },
  },
  {
    method: 'POST',
    path: /\/v1\/subscriptions\/(?<id>[^/]+)\/pause/,
    run({ house, id }) {
      const subscription = one(house, id);
      if (subscription.status !== 'active') throw notIn(subscription, 'active');
      setStatus(house, subscription, 'paused');
      publish(house, 'customer.subscription.paused', wireSubscription(house, subscription));
      return wireSubscription(house, subscription);
    },
  },
  {
    method: 'POST',
    path: /\/v1\/subscriptions\/(?<id>[^/]+)\/resume/,
    run({ house, id, input }) {
      const wish = readParams(resumeForm, input);
      const subscription = one(house, id);
      if (subscription.status !== 'paused') throw notIn(subscription, 'paused');
      resumeSubscription(house, subscription, wish.billing_cycle_anchor ?? 'now');
      return wireSubscription(house, subscription);
    },
  },
];

const notIn = ({ id, status }: SubscriptionRecord, wanted: string) =>
  invalidRequest(`Subscription ${id} must be ${wanted}, but it is ${status}.`);

function list(house: StripeHouse, input: FormTree) {
  const { customer, price, status, created, ...rest } = readParams(listForm, input);
  const found = [...house.state.subscriptions.values()].filter(
    (record) =>
      (customer === undefined || record.customer === customer) &&
      (price === undefined || record.items.some((item) => item.price === price)) &&
      isListed(record, status) &&
      isWithin(record.created, created),
  );
  return page(found, rest, {
    url: '/v1/subscriptions',
    what: 'subscription',
    render: (record) => wireSubscription(house, record),
  });
}

function isListed(
  { status }: SubscriptionRecord,
  wanted: z.infer<typeof listForm>['status'],
): boolean {
  const hasEnded = status === 'canceled' || status === 'incomplete_expired';
  if (wanted === 'all') return true;
  if (wanted === 'ended') return hasEnded;
  return wanted === undefined ? status !== 'canceled' : status === wanted;
}
