import { z } from 'zod';

import { ApiError, cardError, find, invalidRequest, noSuch } from './errors.ts';
import type { ApiRoute } from './gate.ts';
import { attemptInvoice, finalizeInvoice, methodFor } from './invoices.ts';
import { isWithin, page } from './lists.ts';
import { createdForm, flag, paging, readParams, text } from './params.ts';
import { wireInvoice, wireInvoicePayment } from './wire-invoice.ts';

const listForm = z.strictObject({
  ...paging,
  customer: text.optional(),
  subscription: text.optional(),
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
  created: createdForm.optional(),
});

const payForm = z.strictObject({
  payment_method: text.optional(),
  off_session: flag.optional(),
});

const paymentsForm = z.strictObject({
  ...paging,
  invoice: text.optional(),
  status: z.enum(['canceled', 'open', 'paid']).optional(),
  payment: z
    .strictObject({
      type: z.enum(['payment_intent', 'payment_record']),
      payment_intent: text.optional(),
      payment_record: text.optional(),
    })
    .optional(),
});
const none = z.strictObject({});

/** Invoices, and what ties them to payments. */
export const invoiceRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: /\/v1\/invoices/,
    run({ house, input }) {
      const { customer, subscription, status, created, ...rest } = readParams(listForm, input);
      const found = [...house.state.invoices.values()].filter(
        (one) =>
          (customer === undefined || one.customer === customer) &&
          (subscription === undefined || one.subscription === subscription) &&
          (status === undefined || one.status === status) &&
          isWithin(one.created, created),
      );
      return page(found, rest, {
        url: '/v1/invoices',
        what: 'invoice',
        render: (one) => wireInvoice(house, one),
      });
    },
  },
  {
    method: 'GET',
    path: /\/v1\/invoices\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireInvoice(house, find(house.state.invoices, 'invoice', id));
    },
  },
  {
    method: 'POST',
    path: /\/v1\/invoices\/(?<id>[^/]+)\/pay/,
    run({ house, id, input }) {
      const wish = readParams(payForm, input);
      const invoice = find(house.state.invoices, 'invoice', id);
      if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid');
      if (invoice.status !== 'open' && invoice.status !== 'draft') {
        throw invalidRequest(`Invoices with status ${invoice.status} cannot be paid.`);
      }
      const chosen = house.state.methods.get(wish.payment_method ?? '');
      if (wish.payment_method !== undefined && !chosen) {
        throw noSuch('PaymentMethod', wish.payment_method, 'payment_method');
      }
      if (invoice.status === 'draft') finalizeInvoice(house, invoice);
      attemptInvoice(house, invoice, {
        method: chosen ?? methodFor(house, invoice),
        presence: 'present',
      });
      const intent = house.state.intents.get(invoice.intent ?? '');
      if (intent?.status === 'requires_action') throw needsAction();
      if (intent?.failure) throw cardError(intent.failure, intent);
      return wireInvoice(house, invoice);
    },
  },
  {
    method: 'GET',
    path: /\/v1\/invoice_payments/,
    run({ house, input }) {
      const { invoice, status, payment, ...rest } = readParams(paymentsForm, input);
      const found = [...house.state.invoices.values()].flatMap((one) => {
        const wired = wireInvoicePayment(one);
        const isWanted =
          wired !== null &&
          (invoice === undefined || one.id === invoice) &&
          (status === undefined || wired['status'] === status) &&
          (payment === undefined || one.intent === payment.payment_intent);
        return isWanted && one.payment !== null ? [{ id: one.payment, wired }] : [];
      });
      return page(found, rest, {
        url: '/v1/invoice_payments',
        what: 'invoice_payment',
        render: ({ wired }) => wired,
      });
    },
  },
];

const needsAction = () =>
  new ApiError(
    402,
    {
      code: 'invoice_payment_intent_requires_action',
      message:
        'Payment for this invoice requires additional user action before it can be completed successfully.',
      type: 'card_error',
    },
    true,
  );
