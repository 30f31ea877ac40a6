import { z } from 'zod';

import { find, invalidRequest, noSuch } from './errors.ts';
import type { ApiRoute } from './gate.ts';
import { metadataForm, paging, readParams, text, whole } from './params.ts';
import { page } from './lists.ts';
import { refundReasons } from './records.ts';
import { newRefund } from './refunds.ts';
import { wireCharge, wireDispute, wireIntent, wireRefund } from './wire-payment.ts';

const refundForm = z.strictObject({
  payment_intent: text.optional(),
  charge: text.optional(),
  amount: whole.pipe(z.number().min(1)).optional(),
  reason: z.enum(refundReasons).optional(),
  metadata: metadataForm.optional(),
});

const listForm = z.strictObject({
  ...paging,
  payment_intent: text.optional(),
  charge: text.optional(),
});
const none = z.strictObject({});

/** Payments and what becomes of them afterwards. */
export const paymentRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: /\/v1\/payment_intents\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireIntent(house, find(house.state.intents, 'payment_intent', id, 'intent'));
    },
  },
  {
    method: 'GET',
    path: /\/v1\/charges\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireCharge(house, find(house.state.charges, 'charge', id));
    },
  },
  {
    method: 'POST',
    path: /\/v1\/refunds/,
    run({ house, input }) {
      const wish = readParams(refundForm, input);
      const { charges, intents } = house.state;
      const intentId = wish.payment_intent;
      if (wish.charge === undefined && intentId === undefined) {
        throw invalidRequest(
          'One of the following params should be provided for this request: payment_intent or charge.',
        );
      }
      const intent = intentId === undefined ? undefined : intents.get(intentId);
      if (intentId !== undefined && !intent) {
        throw noSuch('payment_intent', intentId, 'payment_intent');
      }
      const charge = charges.get(wish.charge ?? intent?.charge ?? '');
      if (!charge) throw noSuch('charge', wish.charge ?? '', 'charge');
      const refund = newRefund(house, charge, {
        amount: wish.amount ?? null,
        reason: wish.reason ?? null,
        metadata: wish.metadata ?? {},
      });
      return wireRefund(house, refund);
    },
  },
  {
    method: 'GET',
    path: /\/v1\/refunds/,
    run({ house, input }) {
      const { payment_intent, charge, ...rest } = readParams(listForm, input);
      const found = [...house.state.refunds.values()].filter(
        (one) =>
          (charge === undefined || one.charge === charge) &&
          (payment_intent === undefined ||
            house.state.charges.get(one.charge)?.intent === payment_intent),
      );
      const render = (one: (typeof found)[number]) => wireRefund(house, one);
      return page(found, rest, { url: '/v1/refunds', what: 'refund', render });
    },
  },
  {
    method: 'GET',
    path: /\/v1\/refunds\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireRefund(house, find(house.state.refunds, 'refund', id));
    },
  },
  {
    method: 'GET',
    path: /\/v1\/disputes/,
    run({ house, input }) {
      const { payment_intent, charge, ...rest } = readParams(listForm, input);
      const found = [...house.state.disputes.values()].filter(
        (one) =>
          (charge === undefined || one.charge === charge) &&
          (payment_intent === undefined ||
            house.state.charges.get(one.charge)?.intent === payment_intent),
      );
      const render = (one: (typeof found)[number]) => wireDispute(house, one);
      return page(found, rest, { url: '/v1/disputes', what: 'dispute', render });
    },
  },
  {
    method: 'GET',
    path: /\/v1\/disputes\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireDispute(house, find(house.state.disputes, 'dispute', id));
    },
  },
];
