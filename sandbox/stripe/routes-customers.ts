import { z } from 'zod';

import { newCustomer } from './checkouts.ts';
import { find } from './errors.ts';
import type { ApiRoute } from './gate.ts';
import { isWithin, page } from './lists.ts';
import { createdForm, flag, metadataForm, paging, readParams, text } from './params.ts';
import { wireCustomer, wirePrice } from './wire-customer.ts';

const createForm = z.strictObject({
  name: text.optional(),
  email: text.max(512).optional(),
  description: text.optional(),
  metadata: metadataForm.optional(),
  preferred_locales: z.array(text).optional(),
});

const listForm = z.strictObject({
  ...paging,
  email: text.optional(),
  created: createdForm.optional(),
});

const pricesForm = z.strictObject({
  ...paging,
  active: flag.optional(),
  currency: text.optional(),
  product: text.optional(),
  type: z.enum(['one_time', 'recurring']).optional(),
});

const none = z.strictObject({});

/** Customers, and the prices that the account was set up with. */
export const customerRoutes: readonly ApiRoute[] = [
  {
    method: 'POST',
    path: /\/v1\/customers/,
    run({ house, input }) {
      const { preferred_locales: locales = [], ...rest } = readParams(createForm, input);
      const { name, email, description, metadata } = rest;
      const customer = newCustomer(house, {
        name: name ?? null,
        email: email ?? null,
        description: description ?? null,
        metadata: metadata ?? {},
        locales,
      });
      return wireCustomer(customer);
    },
  },
  {
    method: 'GET',
    path: /\/v1\/customers/,
    run({ house, input }) {
      const { email, created, ...rest } = readParams(listForm, input);
      const found = [...house.state.customers.values()].filter(
        (one) => (email === undefined || one.email === email) && isWithin(one.created, created),
      );
      return page(found, rest, { url: '/v1/customers', what: 'customer', render: wireCustomer });
    },
  },
  {
    method: 'GET',
    path: /\/v1\/customers\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireCustomer(find(house.state.customers, 'customer', id));
    },
  },
  {
    method: 'GET',
    path: /\/v1\/prices/,
    run({ house, input }) {
      const { active, currency, product, type, ...rest } = readParams(pricesForm, input);
      const found = [...house.state.prices.values()].filter(
        (one) =>
          (active === undefined || one.active === active) &&
          (currency === undefined || one.currency === currency) &&
          (product === undefined || one.product === product) &&
          (type === undefined || (type === 'recurring') === (one.interval !== null)),
      );
      return page(found, rest, { url: '/v1/prices', what: 'price', render: wirePrice });
    },
  },
  {
    method: 'GET',
    path: /\/v1\/prices\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wirePrice(find(house.state.prices, 'price', id));
    },
  },
];
