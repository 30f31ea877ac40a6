import { z } from 'zod';

import { readCheckoutForm } from './checkout-form.ts';
import { checkoutLife, expireCheckout } from './checkouts.ts';
import { find, invalidRequest } from './errors.ts';
import type { ApiRoute } from './gate.ts';
import { newId } from './ids.ts';
import { isWithin, page } from './lists.ts';
import { createdForm, paging, readParams, text } from './params.ts';
import type { CheckoutRecord } from './records.ts';
import { wireCheckout, wireCheckoutLines } from './wire-checkout.ts';

const listForm = z.strictObject({
  ...paging,
  customer: text.optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
  subscription: text.optional(),
  payment_intent: text.optional(),
  created: createdForm.optional(),
});
const none = z.strictObject({});

/** Checkout sessions. */
export const checkoutRoutes: readonly ApiRoute[] = [
  {
    method: 'POST',
    path: /\/v1\/checkout\/sessions/,
    run({ house, input }) {
      const { items, expiresAt, ...wish } = readCheckoutForm(house, input);
      const created = house.now();
      const checkout: CheckoutRecord = {
        ...wish,
        id: newId(house.state, 'cs_test', 58),
        status: 'open',
        paymentStatus: 'unpaid',
        lines: items.map((item) => ({ ...item, id: newId(house.state, 'li') })),
        subscription: null,
        invoice: null,
        intent: null,
        created,
        expiresAt: expiresAt ?? created + checkoutLife,
      };
      house.state.checkouts.set(checkout.id, checkout);
      return wireCheckout(house, checkout);
    },
  },
  {
    method: 'GET',
    path: /\/v1\/checkout\/sessions/,
    run({ house, input }) {
      const { customer, status, subscription, created, payment_intent, ...rest } = readParams(
        listForm,
        input,
      );
      const found = [...house.state.checkouts.values()].filter(
        (one) =>
          (customer === undefined || one.customer === customer) &&
          (status === undefined || one.status === status) &&
          (subscription === undefined || one.subscription === subscription) &&
          (payment_intent === undefined || one.intent === payment_intent) &&
          isWithin(one.created, created),
      );
      return page(found, rest, {
        url: '/v1/checkout/sessions',
        what: 'checkout.session',
        render: (one) => wireCheckout(house, one),
      });
    },
  },
  {
    method: 'GET',
    path: /\/v1\/checkout\/sessions\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireCheckout(house, find(house.state.checkouts, 'checkout.session', id));
    },
  },
  {
    method: 'GET',
    path: /\/v1\/checkout\/sessions\/(?<id>[^/]+)\/line_items/,
    run({ house, id, input }) {
      readParams(z.strictObject(paging), input);
      return wireCheckoutLines(house, find(house.state.checkouts, 'checkout.session', id));
    },
  },
  {
    method: 'POST',
    path: /\/v1\/checkout\/sessions\/(?<id>[^/]+)\/expire/,
    run({ house, id, input }) {
      readParams(none, input);
      const checkout = find(house.state.checkouts, 'checkout.session', id);
      if (checkout.status !== 'open') {
        throw invalidRequest(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${checkout.status}.`,
        );
      }
      expireCheckout(house, checkout);
      return wireCheckout(house, checkout);
    },
  },
];
